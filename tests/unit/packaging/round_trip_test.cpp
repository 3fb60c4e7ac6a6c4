// Properties that hold for any track: what goes into the writer comes out of the reader, and times chain.
#include <algorithm>
#include <gtest/gtest.h>
#include <random>

#include <streamforge/packaging/cmaf_writer.hpp>
#include <streamforge/packaging/mp4_reader.hpp>
#include <streamforge/packaging/single_file.hpp>

#include "packaging/box_reader.hpp"
#include "unit/packaging/support/media.hpp"
#include "unit/packaging/support/tools.hpp"

namespace streamforge::packaging {
namespace {

using namespace test;

/// Frames of unequal length in closed runs, reordered within each as an encoder with that delay would.
std::vector<EncodedSample> random_video(std::mt19937& random) {
    const std::size_t count = 1 + random() % 150;
    const bool constant = random() % 2 == 0;
    std::vector<std::int64_t> shown;
    std::int64_t pts = 0;
    for (std::size_t i = 0; i <= count; ++i) {
        shown.push_back(pts);
        pts += constant ? 3 : 1 + static_cast<std::int64_t>(random() % 9);
    }
    auto samples = tiny_h264_samples(count, count, 1);
    const std::size_t delay = random() % 3;
    std::size_t begin = 0;
    while (begin < count) {
        const std::size_t end = std::min(count, begin + 1 + random() % 40);
        std::vector<std::size_t> order;
        for (std::size_t i = begin; i < end; ++i) order.push_back(i);
        // A frame may be decoded at most `delay` places before its turn.
        for (std::size_t i = 1; i + delay < order.size() && delay > 0; i += delay + 1) {
            std::rotate(order.begin() + static_cast<std::ptrdiff_t>(i), order.begin() + static_cast<std::ptrdiff_t>(i + delay),
                        order.begin() + static_cast<std::ptrdiff_t>(i + delay + 1));
        }
        for (std::size_t i = begin; i < end; ++i) {
            samples[i].pts = shown[order[i - begin]];
            samples[i].duration = shown[order[i - begin] + 1] - samples[i].pts;
            samples[i].sync = i == begin;
            samples[i].data.at(4) = samples[i].sync ? 0x65 : 0x41;
        }
        begin = end;
    }
    for (std::size_t i = 0; i < count; ++i) {
        // Late enough for every frame, early enough for the one shown next.
        samples[i].dts = (i >= delay ? shown[i - delay] : shown[0] - static_cast<std::int64_t>(delay - i)) - (delay > 0 ? 1 : 0);
    }
    return samples;
}

TEST(RoundTrip, video_comes_back_sample_by_sample_under_every_policy) {
    std::mt19937 random(31);
    for (int round = 0; round < 200; ++round) {
        const auto samples = random_video(random);
        CmafOptions options;
        options.video_reordering = random() % 2 == 0 ? VideoReordering::edit_list : VideoReordering::signed_offsets;
        options.segment_type_box = random() % 2 == 0;
        const MediaTime period{1 + static_cast<std::int64_t>(random() % 90), 30};
        const Written written = write_all(tiny_h264_format(), samples, period, options);
        const Bytes file = written.joined();
        const auto source = bytes_source(file);
        const auto movie = read_mp4(*source);
        ASSERT_TRUE(movie) << movie.error().describe();
        EXPECT_TRUE(movie->warnings.empty());
        const Mp4Track& track = movie->tracks.at(0);
        ASSERT_EQ(track.index->size(), samples.size());
        auto cursor = track.index->cursor();
        for (const EncodedSample& sample : samples) {
            const IndexedSample got = cursor.next();
            ASSERT_EQ(got.pts() - track.media_start, sample.pts);
            ASSERT_EQ(got.sync, sample.sync);
            ASSERT_GE(got.dts, 0);
            const auto data = ByteView(file).subspan(static_cast<std::size_t>(got.offset), got.size_bytes);
            ASSERT_TRUE(std::equal(data.begin(), data.end(), sample.data.begin(), sample.data.end()));
        }
    }
}

TEST(RoundTrip, segments_chain_and_start_with_key_frames_whose_range_is_exact) {
    std::mt19937 random(32);
    for (int round = 0; round < 200; ++round) {
        const auto samples = random_video(random);
        const Written written = write_all(tiny_h264_format(), samples, {1 + static_cast<std::int64_t>(random() % 60), 30});
        ASSERT_FALSE(written.segments.empty());
        MediaTime at{0, 1};
        for (const MediaSegment& segment : written.segments) {
            EXPECT_EQ(segment.start, at);
            EXPECT_GT(segment.duration.ticks, 0);
            at = at + segment.duration;
            ASSERT_TRUE(segment.starts_with_sync);
            const auto& bytes = segment.bytes;
            EXPECT_EQ(fourcc_text(read_u32(ByteView(bytes).subspan(static_cast<std::size_t>(segment.key_frame.offset) + 4))), "moof");
            const auto end = static_cast<std::size_t>(segment.key_frame.offset + segment.key_frame.length);
            // The first sample is 7 bytes long: its length, a header of type 5, a number and the stop bit.
            EXPECT_EQ(bytes.at(end - 3), 0x65);
            EXPECT_EQ(bytes.at(end - 1), 0x80);
        }
        const auto last = std::max_element(samples.begin(), samples.end(), [](auto& a, auto& b) { return a.pts < b.pts; });
        EXPECT_EQ(at, (MediaTime{last->pts + last->duration, 30}));
    }
}

TEST(RoundTrip, audio_of_any_priming_keeps_its_sound_at_its_time) {
    std::mt19937 random(33);
    for (int round = 0; round < 200; ++round) {
        const auto priming = static_cast<std::uint32_t>(random() % 4000);
        const auto samples = tiny_aac_samples(8 + random() % 200);
        CmafOptions options;
        options.audio_priming = random() % 2 == 0 ? AudioPriming::edit_list : AudioPriming::drop_packets;
        const Written written = write_all(tiny_aac_format(priming), samples, {1 + static_cast<std::int64_t>(random() % 30), 10}, options);
        const Bytes file = written.joined();
        const auto movie = read_mp4(*bytes_source(file));
        ASSERT_TRUE(movie);
        const Mp4Track& track = movie->tracks.at(0);
        const std::size_t dropped = samples.size() - static_cast<std::size_t>(track.index->size());
        const std::int64_t exact_shift = static_cast<std::int64_t>(priming);
        for (std::size_t i = 0; i < track.index->size(); ++i) {
            const IndexedSample got = track.index->sample(i);
            ASSERT_EQ(file.at(static_cast<std::size_t>(got.offset) + 1), samples[i + dropped].data[1]);
            const std::int64_t late = got.pts() - track.media_start - (samples[i + dropped].pts - exact_shift);
            if (options.audio_priming == AudioPriming::edit_list) {
                ASSERT_EQ(late, 0);
            } else {
                ASSERT_GE(late, 0);
                ASSERT_LT(late, 1024);
            }
        }
        MediaTime at{0, 1};
        for (const MediaSegment& segment : written.segments) {
            EXPECT_EQ(segment.start, at);
            at = at + segment.duration;
        }
    }
}

TEST(RoundTrip, single_file_index_agrees_with_the_fragments_it_names) {
    std::mt19937 random(34);
    for (int round = 0; round < 50; ++round) {
        const auto samples = random_video(random);
        CmafOptions options;
        options.segment_type_box = false;
        const Written written = write_all(tiny_h264_format(), samples, {1 + static_cast<std::int64_t>(random() % 60), 30}, options);
        const std::vector<SegmentFacts> facts(written.segments.begin(), written.segments.end());
        const auto layout = layout_single_file(written.init.size(), facts, 30);
        ASSERT_TRUE(layout);
        Bytes file = written.init;
        file.insert(file.end(), layout->sidx.begin(), layout->sidx.end());
        for (const auto& segment : written.segments) file.insert(file.end(), segment.bytes.begin(), segment.bytes.end());
        ASSERT_EQ(file.size(), layout->size_bytes);
        for (const ByteRange& range : layout->segments) {
            EXPECT_EQ(fourcc_text(read_u32(ByteView(file).subspan(static_cast<std::size_t>(range.offset) + 4))), "moof");
        }
        const auto movie = read_mp4(*bytes_source(file));
        ASSERT_TRUE(movie);
        EXPECT_EQ(movie->tracks.at(0).index->size(), samples.size());
    }
}

}  // namespace
}  // namespace streamforge::packaging
