#include <streamforge/packaging/mp4_reader.hpp>

#include <algorithm>
#include <gtest/gtest.h>
#include <random>

#include "packaging/box_reader.hpp"
#include "unit/packaging/support/allocation_meter.hpp"
#include "unit/packaging/support/media.hpp"
#include "unit/packaging/support/mp4_builder.hpp"
#include "unit/packaging/support/tools.hpp"

namespace streamforge::packaging {
namespace {

using namespace test;

Result<Mp4File> read_bytes_as_mp4(Bytes bytes, const Mp4Limits& limits = {}) {
    const auto source = bytes_source(std::move(bytes));
    return read_mp4(*source, limits);
}

/// The samples that the index points at, with their bytes.
std::vector<EncodedSample> samples_of(const Mp4Track& track, ByteView file) {
    std::vector<EncodedSample> samples;
    for (auto cursor = track.index->cursor(); !cursor.at_end();) {
        const IndexedSample sample = cursor.next();
        const ByteView data = file.subspan(static_cast<std::size_t>(sample.offset), sample.size_bytes);
        samples.push_back({sample.dts, sample.pts(), sample.duration, sample.sync, Bytes(data.begin(), data.end())});
    }
    return samples;
}

void expect_equal(const std::vector<EncodedSample>& got, const std::vector<EncodedSample>& wanted) {
    ASSERT_EQ(got.size(), wanted.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
        ASSERT_EQ(got[i].dts, wanted[i].dts) << i;
        ASSERT_EQ(got[i].pts, wanted[i].pts) << i;
        ASSERT_EQ(got[i].sync, wanted[i].sync) << i;
        ASSERT_EQ(got[i].data, wanted[i].data) << i;
    }
}

std::vector<BuiltTrack> two_tracks() {
    BuiltTrack video{tiny_h264_format(), tiny_h264_samples(50, 10, 1), -1, 0};
    for (std::size_t i = 0; i < video.samples.size(); ++i) video.samples[i].pts += static_cast<std::int64_t>(i % 3);
    return {video, {tiny_aac_format(), tiny_aac_samples(80), 1024, 0}};
}

TEST(Mp4Reader, samples_of_interleaved_tracks_are_found_whatever_the_layout) {
    const auto tracks = two_tracks();
    for (const std::size_t per_chunk : {1U, 3U, 7U, 1000U}) {
        for (const bool long_offsets : {false, true}) {
            for (const unsigned compact : {0U, 4U, 8U, 16U}) {
                for (const bool moov_first : {false, true}) {
                    const Bytes file = build_mp4(tracks, {per_chunk, long_offsets, compact, moov_first, {}});
                    const auto read = read_bytes_as_mp4(file);
                    ASSERT_TRUE(read) << read.error().describe();
                    ASSERT_EQ(read->tracks.size(), 2u);
                    EXPECT_TRUE(read->warnings.empty());
                    EXPECT_FALSE(read->fragmented);
                    for (std::size_t t = 0; t < 2; ++t) expect_equal(samples_of(read->tracks[t], file), tracks[t].samples);
                }
            }
        }
    }
}

TEST(Mp4Reader, formats_come_back_as_they_were_described) {
    auto tracks = two_tracks();
    tracks[0].format.video.colour = {9, 16, 9, true};
    tracks[0].format.video.sample_aspect = {4, 3};
    tracks[0].format.video.mastering_display = MasteringDisplay{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    tracks[0].format.video.content_light = ContentLight{1000, 400};
    const auto read = read_bytes_as_mp4(build_mp4(tracks));
    ASSERT_TRUE(read);
    const TrackFormat& video = read->tracks[0].format;
    EXPECT_EQ(video.codec, Codec::h264);
    EXPECT_EQ(video.codec_config, tracks[0].format.codec_config);
    EXPECT_EQ(video.timescale, 30);
    EXPECT_EQ(video.video.width_px, 16u);
    EXPECT_EQ(video.video.colour, tracks[0].format.video.colour);
    EXPECT_EQ(video.video.sample_aspect, (Rational{4, 3}));
    EXPECT_EQ(video.video.mastering_display, tracks[0].format.video.mastering_display);
    EXPECT_EQ(video.video.content_light, tracks[0].format.video.content_light);
    EXPECT_EQ(video.video.frame_rate, (Rational{30, 1}));
    const TrackFormat& audio = read->tracks[1].format;
    EXPECT_EQ(audio.codec, Codec::aac);
    EXPECT_EQ(audio.codec_config, tracks[1].format.codec_config);
    EXPECT_EQ(audio.audio.sample_rate_hz, 48000u);
    EXPECT_EQ(audio.audio.channels, 2u);
    EXPECT_EQ(audio.audio.priming_samples, 1024u);
}

TEST(Mp4Reader, edit_lists_become_a_media_start_and_a_presentation_start) {
    auto tracks = two_tracks();
    tracks[0].media_start = 2;
    tracks[0].wait_ms = 1500;
    const auto read = read_bytes_as_mp4(build_mp4(tracks));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->tracks[0].media_start, 2);
    EXPECT_EQ(read->tracks[0].presentation_start, (MediaTime{1500, 1000}));
    EXPECT_EQ(read->tracks[1].media_start, 1024);
    EXPECT_EQ(read->tracks[1].presentation_start, (MediaTime{0, 1}));
}

TEST(Mp4Reader, fragments_of_our_own_writer_are_read_back_identically) {
    auto samples = tiny_h264_samples(100, 10, 3);
    std::mt19937 random(9);
    for (std::size_t i = 0; i < samples.size(); i += 10) {  // shuffle presentation times within each closed run
        std::shuffle(samples.begin() + static_cast<std::ptrdiff_t>(i) + 1, samples.begin() + static_cast<std::ptrdiff_t>(i) + 10,
                     random);
        for (std::size_t k = i; k < i + 10; ++k) samples[k].dts = static_cast<std::int64_t>(k) * 3;
    }
    CmafOptions options;
    options.video_reordering = VideoReordering::signed_offsets;
    const Bytes file = write_all(tiny_h264_format(), samples, {1, 1}, options).joined();
    const auto read = read_bytes_as_mp4(file);
    ASSERT_TRUE(read) << read.error().describe();
    EXPECT_TRUE(read->fragmented);
    expect_equal(samples_of(read->tracks.at(0), file), samples);
    EXPECT_EQ(read->tracks[0].index->end_dts(), 300);

    // The same behind an edit list: everything is later by the reordering delay, and the edit takes it off.
    for (auto& sample : samples) sample.dts -= 27;
    const Bytes edited = write_all(tiny_h264_format(), samples, {1, 1}).joined();
    const auto again = read_bytes_as_mp4(edited);
    ASSERT_TRUE(again) << again.error().describe();
    EXPECT_EQ(again->tracks.at(0).media_start, 27);
    for (auto& sample : samples) {
        sample.dts += 27;
        sample.pts += 27;
    }
    expect_equal(samples_of(again->tracks[0], edited), samples);
}

TEST(Mp4Reader, audio_fragments_keep_their_priming_edit) {
    const auto samples = tiny_aac_samples(200);
    const Bytes file = write_all(tiny_aac_format(2112), samples, {1, 1}).joined();
    const auto read = read_bytes_as_mp4(file);
    ASSERT_TRUE(read);
    expect_equal(samples_of(read->tracks.at(0), file), samples);
    EXPECT_EQ(read->tracks[0].media_start, 2112);
    EXPECT_EQ(read->tracks[0].format.audio.priming_samples, 2112u);
}

TEST(Mp4Reader, a_later_fragment_stretches_the_last_sample_before_a_gap) {
    const auto first = write_all(tiny_h264_format(), tiny_h264_samples(3, 3, 1), {1, 1});
    auto late = tiny_h264_samples(3, 3, 1);
    for (auto& sample : late) sample.pts = sample.dts += 60;
    const auto second = write_all(tiny_h264_format(), late, {1, 1});
    Bytes file = first.joined();
    file.insert(file.end(), second.segments[0].bytes.begin(), second.segments[0].bytes.end());
    const auto read = read_bytes_as_mp4(file);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->tracks[0].index->sample(2).duration, 58);
    EXPECT_EQ(read->tracks[0].index->sample(3).dts, 60);
    EXPECT_TRUE(read->warnings.empty());
}

TEST(Mp4Reader, overlapping_fragments_are_put_behind_each_other_with_a_warning) {
    const auto written = write_all(tiny_h264_format(), tiny_h264_samples(3, 3, 1), {1, 1});
    Bytes file = written.joined();
    file.insert(file.end(), written.segments[0].bytes.begin(), written.segments[0].bytes.end());
    const auto read = read_bytes_as_mp4(file);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->tracks[0].index->sample(3).dts, 3);
    EXPECT_EQ(read->warnings.size(), 1u);
}

/// Reads a file in which one table was changed, and gives the reason why its first track is missing.
Error spoiled(std::string_view type, const std::function<void(std::size_t, BoxWriter&)>& change) {
    BuildOptions options;
    options.spoil = [&](std::string_view name, std::size_t body, BoxWriter& out) {
        if (name == type) change(body, out);
    };
    const auto read = read_bytes_as_mp4(build_mp4({{tiny_h264_format(), tiny_h264_samples(50, 10, 1), 0, 0}}, options));
    return read ? make_error(Errc::internal, "test", "was read") : read.error();
}

std::string box_of(const Error& error) {
    for (const auto& [key, value] : error.context) {
        if (key == "box") return value;
    }
    return {};
}

TEST(Mp4Reader, counts_beyond_their_box_are_malformed_and_name_it) {
    const auto huge_count = [](std::size_t at) { return [at](std::size_t body, BoxWriter& out) { out.put_u32(body + at, 0xFFFFFFFF); }; };
    const std::string stbl = "moov/trak/mdia/minf/stbl/";
    for (const auto& [type, at, path] :
         {std::tuple{"stts", 4, stbl + "stts"}, std::tuple{"stss", 4, stbl + "stss"}, std::tuple{"stsc", 4, stbl + "stsc"},
          std::tuple{"stco", 4, stbl + "stco"}, std::tuple{"stsz", 8, stbl + "stsz"},
          std::tuple{"elst", 4, std::string("moov/trak/edts/elst")}}) {
        const Error error = spoiled(type, huge_count(static_cast<std::size_t>(at)));
        EXPECT_EQ(error.code, Errc::malformed) << type;
        EXPECT_EQ(box_of(error), path) << error.describe();
    }
}

TEST(Mp4Reader, contradictions_between_tables_are_malformed) {
    const auto word = [](std::size_t at, std::uint32_t value) {
        return [=](std::size_t body, BoxWriter& out) { out.put_u32(body + at, value); };
    };
    EXPECT_EQ(spoiled("stsz", word(4, 7)).code, Errc::internal) << "a constant size is legal";
    EXPECT_EQ(spoiled("stsz", word(4, 0x7FFFFFFF)).code, Errc::malformed) << "more than the file holds";
    EXPECT_EQ(spoiled("stsc", word(8, 0)).code, Errc::malformed) << "chunks count from 1";
    EXPECT_EQ(spoiled("stsc", word(12, 1)).code, Errc::malformed) << "too few samples in all chunks";
    EXPECT_EQ(spoiled("stsc", word(16, 2)).code, Errc::unsupported) << "a second sample description";
    EXPECT_EQ(spoiled("mdhd", word(12, 0)).code, Errc::malformed);
    EXPECT_EQ(spoiled("tkhd", word(12, 0)).code, Errc::malformed);
    EXPECT_EQ(spoiled("stco", word(8, 0xFFFFFFF0)).code, Errc::malformed) << "the first sample lies behind the file";
}

TEST(Mp4Reader, endless_constant_samples_are_bounded_by_the_file) {
    const Error error = spoiled("stsz", [](std::size_t body, BoxWriter& out) {
        out.put_u32(body + 4, 1);
        out.put_u32(body + 8, 0xFFFFFFFF);
    });
    EXPECT_EQ(error.code, Errc::malformed);
}

TEST(Mp4Reader, handlers_other_than_video_and_sound_are_skipped_with_their_reason) {
    auto tracks = two_tracks();
    BuildOptions options;
    int handlers = 0;
    options.spoil = [&](std::string_view name, std::size_t body, BoxWriter& out) {
        if (name == "hdlr" && handlers++ % 2 == 0) out.put_u32(body + 8, fourcc("meta"));
    };
    const auto read = read_bytes_as_mp4(build_mp4(tracks, options));
    ASSERT_TRUE(read) << read.error().describe();
    EXPECT_EQ(read->tracks.size(), 1u);
    ASSERT_EQ(read->skipped.size(), 1u);
    EXPECT_EQ(read->skipped[0].handler, "meta");
    EXPECT_EQ(read->skipped[0].track_id, 1u);
    EXPECT_EQ(read->skipped[0].reason.code, Errc::unsupported_codec);
}

TEST(Mp4Reader, encrypted_and_unknown_sample_entries_have_their_own_codes) {
    const auto rename = [](std::string_view to) {
        return [to](std::size_t body, BoxWriter& out) { out.put_u32(body + 12, fourcc(to)); };
    };
    EXPECT_EQ(spoiled("stsd", rename("encv")).code, Errc::encrypted);
    EXPECT_EQ(spoiled("stsd", rename("vvc1")).code, Errc::unsupported_codec);
    EXPECT_EQ(spoiled("stsd", rename("mp4v")).code, Errc::unsupported_codec);
    EXPECT_EQ(spoiled("stsd", rename("hvc1")).code, Errc::malformed) << "no hvcC";
}

TEST(Mp4Reader, files_that_are_no_movie_are_malformed) {
    for (const Bytes& bytes : {Bytes{}, Bytes{1, 2, 3}, Bytes(100, 0), hex("00000008 6d6f6f76"), hex("00000010 66747970 69736f6d 00000000")}) {
        const auto read = read_bytes_as_mp4(bytes);
        ASSERT_FALSE(read);
        EXPECT_TRUE(read.error().code == Errc::malformed || read.error().code == Errc::no_streams) << read.error().describe();
    }
    EXPECT_EQ(read_bytes_as_mp4(hex("00000003 66726565")).error().code, Errc::malformed);
    EXPECT_EQ(read_bytes_as_mp4(hex("00000001 66726565 0000000000000008")).error().code, Errc::malformed);
}

TEST(Mp4Reader, limits_are_kept) {
    const Bytes file = build_mp4(two_tracks());
    Mp4Limits few_samples;
    few_samples.max_samples = 129;
    EXPECT_EQ(read_bytes_as_mp4(file, few_samples).error().code, Errc::limit_exceeded);
    few_samples.max_samples = 130;
    EXPECT_TRUE(read_bytes_as_mp4(file, few_samples));
    Mp4Limits one_track;
    one_track.max_tracks = 1;
    EXPECT_EQ(read_bytes_as_mp4(file, one_track).error().code, Errc::limit_exceeded);
    Mp4Limits small_moov;
    small_moov.max_moov_bytes = 100;
    EXPECT_EQ(read_bytes_as_mp4(file, small_moov).error().code, Errc::limit_exceeded);
    Mp4Limits small_config;
    small_config.max_config_bytes = 16;
    EXPECT_EQ(read_bytes_as_mp4(file, small_config).error().code, Errc::limit_exceeded);
    const Bytes fragmented = write_all(tiny_h264_format(), tiny_h264_samples(90, 30, 1), {1, 1}).joined();
    Mp4Limits few_fragments;
    few_fragments.max_fragments = 2;
    EXPECT_EQ(read_bytes_as_mp4(fragmented, few_fragments).error().code, Errc::limit_exceeded);
    Mp4Limits no_tracks;
    no_tracks.max_tracks = 0;
    EXPECT_EQ(read_bytes_as_mp4(file, no_tracks).error().code, Errc::invalid_argument);
}

TEST(Mp4Reader, file_cut_at_any_byte_gives_a_shorter_index_or_an_error) {
    const auto tracks = two_tracks();
    for (const bool moov_first : {true, false}) {
        const Bytes file = build_mp4(tracks, {3, false, 0, moov_first, {}});
        for (std::size_t size = 0; size < file.size(); ++size) {
            const auto read = read_bytes_as_mp4(Bytes(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size)));
            if (!read) continue;
            EXPECT_FALSE(read->warnings.empty()) << size;
            for (const Mp4Track& track : read->tracks) EXPECT_LE(track.index->total_bytes(), size);
        }
    }
}

TEST(Mp4Reader, any_byte_of_the_header_may_be_wrong_without_harm) {
    const Bytes progressive = build_mp4(two_tracks());
    const Bytes fragmented = write_all(tiny_aac_format(), tiny_aac_samples(100), {1, 1}).joined();
    std::mt19937 random(10);
    for (const Bytes& file : {progressive, fragmented}) {
        for (std::size_t at = 0; at < file.size(); ++at) {
            for (const std::uint8_t value : {std::uint8_t{0}, std::uint8_t{0x7F}, std::uint8_t{0xFF}, static_cast<std::uint8_t>(random())}) {
                Bytes broken = file;
                broken[at] = value;
                const auto source = bytes_source(std::move(broken));
                const AllocationMeter meter;
                const auto read = read_mp4(*source);
                ASSERT_LE(meter.largest(), file.size() + (std::size_t{1} << 17)) << "byte " << at;
                if (!read) continue;
                for (const Mp4Track& track : read->tracks) {
                    ASSERT_LE(track.index->total_bytes(), file.size());
                    if (!track.index->empty()) static_cast<void>(track.index->sample(track.index->size() - 1));
                }
            }
        }
    }
}

}  // namespace
}  // namespace streamforge::packaging
