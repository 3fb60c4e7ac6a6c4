#include <streamforge/packaging/remux.hpp>

#include <algorithm>
#include <gtest/gtest.h>
#include <random>

#include "unit/packaging/support/media.hpp"
#include "unit/packaging/support/remux_support.hpp"
#include "unit/packaging/support/tools.hpp"

namespace streamforge::packaging {
namespace {

using namespace test;

constexpr MediaTime one_second{1, 1};

RemuxPlan plan_of(const std::vector<RemuxInput>& inputs, const RemuxOptions& options) {
    auto plan = plan_remux(inputs, options);
    if (!plan) {
        ADD_FAILURE() << plan.error().describe();
        return {};
    }
    return *std::move(plan);
}

std::vector<double> starts_of(const RemuxTrack& track) {
    std::vector<double> starts;
    for (std::size_t i = 0; i < track.segment_count(); ++i) starts.push_back(track.facts(i).start.approximate_seconds());
    return starts;
}

BuiltTrack video_track(std::size_t count, std::size_t gop, std::int64_t timescale = 30) {
    BuiltTrack track{tiny_h264_format(), tiny_h264_samples(count, gop, 1), -1, 0};
    track.format.timescale = timescale;
    return track;
}

BuiltTrack audio_track(std::size_t count, std::int64_t media_start = -1) {
    return {tiny_aac_format(0), tiny_aac_samples(count), media_start, 0};
}

TEST(RemuxPlan, video_is_cut_at_key_frames_and_audio_follows_by_time) {
    const auto prepared = prepare_input({video_track(120, 20), audio_track(188)});
    const auto plan = plan_of({prepared.input}, {.period = one_second});
    ASSERT_EQ(plan.tracks.size(), 2u);
    // Key frames each 2/3 s: the first at or after 1 s is 4/3 s, then 2 s, 10/3 s.
    EXPECT_EQ(plan.cuts, (std::vector<MediaTime>{{0, 30}, {40, 30}, {60, 30}, {100, 30}}));
    EXPECT_EQ(plan.tracks[0].segment_count(), 4u);
    ASSERT_EQ(plan.tracks[1].segment_count(), 4u);
    for (std::size_t i = 0; i < 4; ++i) {
        const MediaTime start = plan.tracks[1].facts(i).start;
        const MediaTime half_packet{512, 48000};
        EXPECT_LE(plan.cuts[i] - half_packet, start);
        EXPECT_GE(plan.cuts[i] + half_packet, start);
    }
    EXPECT_EQ(plan.tracks[0].codec_string(), "avc1.42C00A");
    EXPECT_EQ(plan.tracks[1].codec_string(), "mp4a.40.2");
    EXPECT_EQ(plan.duration, (MediaTime{188 * 1024, 48000}));
}

TEST(RemuxPlan, same_cuts_as_the_writer_for_the_same_samples) {
    std::mt19937 random(21);
    for (int round = 0; round < 20; ++round) {
        const auto gop = 1 + random() % 40;
        const auto video = video_track(60 + random() % 200, gop);
        const auto audio = audio_track(100 + random() % 200);
        const MediaTime period{1 + static_cast<std::int64_t>(random() % 90), 30};
        const auto prepared = prepare_input({video, audio});
        const auto alone = plan_of({{"v", prepared.input.file, {0}}}, {.period = period});
        const auto written = write_all(video.format, video.samples, period);
        ASSERT_EQ(alone.tracks[0].segment_count(), written.segments.size());
        for (std::size_t i = 0; i < written.segments.size(); ++i) {
            const SegmentFacts& facts = written.segments[i];
            EXPECT_EQ(alone.tracks[0].facts(i), facts);
        }
        const auto sound = plan_of({{"a", prepared.input.file, {1}}}, {.period = period});
        const auto sound_written = write_all(audio.format, audio.samples, period);
        ASSERT_EQ(sound.tracks[0].segment_count(), sound_written.segments.size());
        for (std::size_t i = 0; i < sound_written.segments.size(); ++i) {
            EXPECT_EQ(*materialise(sound.tracks[0].segment(i), *prepared.source), sound_written.segments[i].bytes);
        }
    }
}

TEST(RemuxPlan, half_a_frame_before_a_cut_counts_as_on_it) {
    auto video = video_track(6, 3, 3000);
    for (std::size_t i = 0; i < video.samples.size(); ++i) {
        video.samples[i].dts = video.samples[i].pts = static_cast<std::int64_t>(i) * 999;  // millisecond rounding
        video.samples[i].duration = 999;
    }
    const auto prepared = prepare_input({video});
    EXPECT_EQ(plan_of({prepared.input}, {.period = one_second}).tracks[0].segment_count(), 2u);
}

/// What the source's track shows: samples from the first sync sample on, on the presentation's timeline before the origin.
std::vector<PlayedSample> expected_video(const BuiltTrack& track, std::size_t first) {
    std::vector<PlayedSample> samples;
    for (std::size_t i = first; i < track.samples.size(); ++i) {
        samples.push_back({track.samples[i].pts, track.samples[i].sync, track.samples[i].data});
    }
    std::int64_t least = samples.front().pts;
    for (const auto& sample : samples) least = std::min(least, sample.pts);
    for (auto& sample : samples) sample.pts -= least;
    return samples;
}

TEST(RemuxPlan, every_sample_comes_out_once_and_at_its_time_for_all_policies_and_layouts) {
    std::mt19937 random(22);
    for (int round = 0; round < 60; ++round) {
        const std::size_t gop = 4 + random() % 30;
        auto video = video_track(gop * (1 + random() % 8), gop);
        for (std::size_t i = 0; i < video.samples.size(); i += gop) {  // closed runs, reordered within
            std::vector<std::int64_t> times;
            for (std::size_t k = i + 1; k < i + gop; ++k) times.push_back(static_cast<std::int64_t>(k));
            for (std::size_t k = 0; k + 2 < times.size(); k += 3) std::swap(times[k], times[k + 2]);
            for (std::size_t k = i + 1; k < i + gop; ++k) video.samples[k].pts = times[k - i - 1];
        }
        for (auto& sample : video.samples) sample.pts += 2;  // as files with an edit list count
        video.media_start = 2;
        auto audio = audio_track(40 + random() % 300, static_cast<std::int64_t>(random() % 3) * 1056);
        BuildOptions layout;
        layout.samples_per_chunk = 1 + random() % 9;
        const auto prepared = prepare_input({video, audio}, layout);
        RemuxOptions options;
        options.period = {1 + static_cast<std::int64_t>(random() % 60), 30};
        options.audio_priming = random() % 2 == 0 ? AudioPriming::edit_list : AudioPriming::drop_packets;
        options.video_reordering = random() % 2 == 0 ? VideoReordering::edit_list : VideoReordering::signed_offsets;
        const auto plan = plan_of({prepared.input}, options);
        ASSERT_EQ(plan.tracks.size(), 2u);
        EXPECT_EQ(played(joined_track(plan.tracks[0], *prepared.source)), expected_video(video, 0));

        const auto sound = played(joined_track(plan.tracks[1], *prepared.source));
        const std::size_t dropped = audio.samples.size() - sound.size();
        EXPECT_TRUE(options.audio_priming == AudioPriming::drop_packets || dropped == 0);
        EXPECT_LE(static_cast<std::int64_t>(dropped) * 1024, std::max<std::int64_t>(audio.media_start, 0));
        for (std::size_t i = 0; i < sound.size(); ++i) {
            ASSERT_EQ(sound[i].data, audio.samples[i + dropped].data);
            const std::int64_t exact = audio.samples[i + dropped].pts - audio.media_start;
            ASSERT_GE(sound[i].pts, exact);
            ASSERT_LT(sound[i].pts, exact + (options.audio_priming == AudioPriming::edit_list ? 1 : 1024));
        }
    }
}

TEST(RemuxPlan, segments_of_a_track_follow_each_other_without_gap_or_negative_time) {
    std::mt19937 random(23);
    for (int round = 0; round < 40; ++round) {
        auto video = video_track(100 + random() % 100, 1 + random() % 30);
        video.wait_ms = static_cast<std::int64_t>(random() % 3) * 40;
        video.media_start = 0;
        auto audio = audio_track(100 + random() % 400, static_cast<std::int64_t>(random() % 2500));
        audio.wait_ms = static_cast<std::int64_t>(random() % 3) * 31;
        const auto prepared = prepare_input({video, audio});
        const auto plan = plan_of({prepared.input}, {.period = {1 + static_cast<std::int64_t>(random() % 100), 30}});
        MediaTime earliest{1000, 1};
        for (const RemuxTrack& track : plan.tracks) {
            MediaTime at = track.facts(0).start;
            EXPECT_GE(at.ticks, 0);
            earliest = std::min(earliest, at);
            for (std::size_t i = 0; i < track.segment_count(); ++i) {
                const SegmentFacts facts = track.facts(i);
                EXPECT_EQ(facts.start, at);
                EXPECT_EQ(facts.number, static_cast<std::int64_t>(i) + 1);
                EXPECT_TRUE(facts.starts_with_sync);
                at = at + facts.duration;
            }
        }
        EXPECT_LE(earliest, (MediaTime{1, 1000})) << "the first thing that plays plays at 0, to a tick";
    }
}

TEST(RemuxPlan, delayed_tracks_keep_their_distance) {
    auto video = video_track(60, 30);
    video.media_start = 0;
    video.wait_ms = 100;
    const auto prepared = prepare_input({video, audio_track(94)});
    const auto plan = plan_of({prepared.input}, {.period = one_second});
    EXPECT_EQ(plan.tracks[0].facts(0).start, (MediaTime{3, 30}));
    EXPECT_EQ(plan.tracks[1].facts(0).start, (MediaTime{0, 1}));
    EXPECT_EQ(starts_of(plan.tracks[0]), (std::vector<double>{0.1, 1.1})) << "the grid begins with the picture";
}

TEST(RemuxPlan, edit_that_starts_within_a_run_keeps_the_pictures_it_needs) {
    auto video = video_track(60, 10);
    video.media_start = 25;
    const auto prepared = prepare_input({video, audio_track(94, 40000)});
    const auto plan = plan_of({prepared.input}, {.period = {100, 1}});
    const auto pictures = played(joined_track(plan.tracks[0], *prepared.source));
    ASSERT_EQ(pictures.size(), 40u) << "from the key frame at 20 on";
    EXPECT_EQ(pictures[0].pts, 0);
    // Sound at the edit's start belongs to picture 25, which is now shown at 5/30 s.
    const auto sound = played(joined_track(plan.tracks[1], *prepared.source));
    EXPECT_EQ(sound.size(), 94u - 38) << "one packet before the first that is heard";
    EXPECT_EQ(sound[1].pts, 8000 - (40000 - 39 * 1024));
    EXPECT_EQ(plan.tracks[1].facts(0).start, (MediaTime{sound[0].pts, 48000}));
}

TEST(RemuxPlan, tracks_without_video_are_cut_by_the_period) {
    const auto prepared = prepare_input({audio_track(200)});
    const auto plan = plan_of({prepared.input}, {.period = one_second});
    EXPECT_EQ(plan.tracks[0].segment_count(), 5u);
    EXPECT_EQ(plan.cuts.size(), 5u);
}

TEST(RemuxPlan, sound_after_the_picture_gets_segments_of_its_own) {
    const auto prepared = prepare_input({video_track(60, 30), audio_track(250)});  // 2 s and 5.33 s
    const auto plan = plan_of({prepared.input}, {.period = one_second});
    EXPECT_EQ(plan.tracks[0].segment_count(), 2u);
    EXPECT_EQ(plan.tracks[1].segment_count(), 5u) << "the last third of a second stays with the fifth";
    EXPECT_EQ(plan.duration, (MediaTime{250 * 1024, 48000}));
}

TEST(RemuxPlan, renditions_with_the_same_key_frames_share_their_cuts) {
    auto fine = video_track(120, 15, 90000);
    for (std::size_t i = 0; i < fine.samples.size(); ++i) {
        fine.samples[i].dts = fine.samples[i].pts = static_cast<std::int64_t>(i) * 3000;
        fine.samples[i].duration = 3000;
    }
    const auto first = prepare_input({video_track(120, 30)}, {}, "low.mp4");
    const auto second = prepare_input({fine}, {}, "high.mp4");
    const auto plan = plan_of({first.input, second.input}, {.period = one_second});
    ASSERT_EQ(plan.tracks.size(), 2u);
    ASSERT_EQ(plan.tracks[0].segment_count(), plan.tracks[1].segment_count());
    for (std::size_t i = 0; i < plan.tracks[0].segment_count(); ++i) {
        EXPECT_EQ(plan.tracks[0].facts(i).start, plan.tracks[1].facts(i).start);
        EXPECT_EQ(plan.tracks[0].facts(i).duration, plan.tracks[1].facts(i).duration);
    }
    EXPECT_EQ(plan.tracks[1].input(), 1u);
}

TEST(RemuxPlan, rendition_with_other_key_frames_is_named_with_the_time) {
    const auto first = prepare_input({video_track(120, 30)}, {}, "low.mp4");
    const auto second = prepare_input({video_track(120, 31)}, {}, "high.mp4");
    const auto plan = plan_remux(std::vector<RemuxInput>{first.input, second.input}, {.period = one_second});
    ASSERT_FALSE(plan);
    EXPECT_EQ(plan.error().code, Errc::precondition_failed);
    const std::string text = plan.error().describe();
    EXPECT_NE(text.find("high.mp4"), std::string::npos) << text;
    EXPECT_NE(text.find("time=30/30"), std::string::npos) << text;
}

TEST(RemuxPlan, rendition_that_lacks_the_last_key_frame_is_named_too) {
    const auto first = prepare_input({video_track(60, 30)}, {}, "low.mp4");
    const auto second = prepare_input({video_track(60, 60)}, {}, "high.mp4");
    const auto plan = plan_remux(std::vector<RemuxInput>{first.input, second.input}, {.period = one_second});
    ASSERT_FALSE(plan);
    EXPECT_EQ(plan.error().code, Errc::precondition_failed);
}

TEST(RemuxPlan, shorter_rendition_simply_ends_earlier) {
    const auto first = prepare_input({video_track(120, 30)}, {}, "low.mp4");
    const auto second = prepare_input({video_track(60, 30)}, {}, "high.mp4");
    const auto plan = plan_of({first.input, second.input}, {.period = one_second});
    EXPECT_EQ(plan.tracks[0].segment_count(), 4u);
    EXPECT_EQ(plan.tracks[1].segment_count(), 2u);
}

TEST(RemuxPlan, chosen_tracks_only_are_packaged) {
    const auto prepared = prepare_input({video_track(60, 30), audio_track(94), audio_track(94)});
    RemuxInput input = prepared.input;
    input.tracks = {2, 0};
    const auto plan = plan_of({input}, {.period = one_second});
    ASSERT_EQ(plan.tracks.size(), 2u);
    EXPECT_EQ(plan.tracks[0].input_track(), 2u);
    EXPECT_EQ(plan.tracks[1].input_track(), 0u);
}

TEST(RemuxPlan, arguments_out_of_range_are_errors) {
    const auto prepared = prepare_input({video_track(60, 30)});
    EXPECT_EQ(plan_remux({}).error().code, Errc::invalid_argument);
    EXPECT_EQ(plan_remux(std::vector<RemuxInput>{prepared.input}, {.period = {0, 1}}).error().code, Errc::invalid_argument);
    RemuxInput wrong = prepared.input;
    wrong.tracks = {7};
    EXPECT_EQ(plan_remux(std::vector<RemuxInput>{wrong}).error().code, Errc::invalid_argument);
    EXPECT_EQ(plan_remux(std::vector<RemuxInput>{RemuxInput{}}).error().code, Errc::no_streams);
}

TEST(RemuxPlan, video_without_any_key_frame_is_malformed) {
    auto video = video_track(10, 10);
    video.samples[0].sync = false;
    const auto prepared = prepare_input({video});
    EXPECT_EQ(plan_remux(std::vector<RemuxInput>{prepared.input}).error().code, Errc::malformed);
}

TEST(RemuxPlan, single_file_layout_follows_from_the_plan_alone) {
    const auto prepared = prepare_input({video_track(120, 30), audio_track(188)});
    const auto plan = plan_of({prepared.input}, {.period = one_second, .single_file = true});
    for (const RemuxTrack& track : plan.tracks) {
        const auto layout = track.single_file();
        ASSERT_TRUE(layout);
        EXPECT_EQ(layout->segments.size(), track.segment_count());
        EXPECT_EQ(layout->init.length, track.init_segment().size());
        for (std::size_t i = 0; i < track.segment_count(); ++i) {
            EXPECT_EQ(layout->segments[i].length, materialise(track.segment(i), *prepared.source)->size());
        }
    }
}

TEST(RemuxPlan, rotation_of_the_source_stays_in_the_header) {
    BuildOptions turned;
    turned.spoil = [](std::string_view type, std::size_t body, BoxWriter& out) {
        if (type != "tkhd") return;
        constexpr std::size_t matrix = 40;
        const std::vector<std::uint32_t> quarter{0, 0x10000, 0, 0xFFFF0000, 0, 0, 0, 0, 0x40000000};
        for (std::size_t i = 0; i < quarter.size(); ++i) out.put_u32(body + matrix + 4 * i, quarter[i]);
    };
    const auto prepared = prepare_input({video_track(30, 30)}, turned);
    EXPECT_EQ(prepared.input.file.tracks.at(0).clockwise_degrees, 90);
    const auto plan = plan_of({prepared.input}, {.period = one_second});
    const Bytes tkhd = find_box(plan.tracks[0].init_segment(), "tkhd");
    EXPECT_EQ(to_hex(ByteView(tkhd).subspan(40, 20)), "00000000" "00010000" "00000000" "ffff0000" "00000000");
}

}  // namespace
}  // namespace streamforge::packaging
