#include <gtest/gtest.h>

#include "unit/media/transcode_support.hpp"

namespace streamforge::media {
namespace {

using namespace testing;

std::string clip(const std::string& rate, const std::string& seconds) {
    return make_clip("rate_" + std::to_string(std::hash<std::string>{}(rate + "_" + seconds)) + ".mp4",
                     "-f lavfi -i testsrc2=size=320x180:rate=" + rate + ":duration=" + seconds +
                         " -f lavfi -i sine=frequency=440:sample_rate=48000:duration=" + seconds +
                         " -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac -shortest");
}

struct RateCase {
    const char* name;
    Rational rate;
    std::int64_t timescale;
    MediaTime period;
    std::int64_t frames;
};

class ConstantRate : public ::testing::TestWithParam<RateCase> {};

TEST_P(ConstantRate, every_cut_is_an_idr_exactly_on_the_grid) {
    REQUIRE_FFMPEG();
    const RateCase& each = GetParam();
    const std::string path = make_clip(std::string("cfr_") + each.name + ".mp4",
        "-f lavfi -i testsrc2=size=320x180:rate=" + each.rate.to_string() + " -frames:v " + std::to_string(each.frames) +
        " -c:v libx264 -preset ultrafast -pix_fmt yuv420p");
    ASSERT_FALSE(path.empty());
    EncodePlan plan = simple_plan(each.rate, each.timescale, 320, 180);
    plan.cuts.period = each.period;
    CollectingSink sink;
    const auto summary = run_transcode(path, plan, sink);
    ASSERT_TRUE(summary) << summary.error().describe();
    EXPECT_TRUE(sink.broken_rules.empty()) << sink.broken_rules.front();
    const auto& track = sink.video();
    expect_sound_video(track, plan.cuts);
    EXPECT_EQ(track.samples.size(), static_cast<std::size_t>(each.frames));
    const std::int64_t frame = each.timescale * each.rate.den / each.rate.num;
    for (const auto& sample : track.samples) EXPECT_EQ(sample.duration, frame);
    EXPECT_EQ(track.total_duration(), frame * each.frames);
    EXPECT_EQ(summary->frames_decoded, static_cast<std::uint64_t>(each.frames));
    EXPECT_EQ(summary->frames_encoded, static_cast<std::uint64_t>(each.frames));
    EXPECT_EQ(summary->frames_dropped, 0U);
    EXPECT_EQ(summary->frames_filled, 0U);
    EXPECT_EQ(summary->video_end, (MediaTime{frame * each.frames, each.timescale}));
    EXPECT_EQ(decode_track(track).size(), static_cast<std::size_t>(each.frames));
}

INSTANTIATE_TEST_SUITE_P(Rates, ConstantRate,
    ::testing::Values(RateCase{"29_97", {30000, 1001}, 30000, {30030, 30000}, 100},
                      RateCase{"25", {25, 1}, 25, {1, 1}, 80}, RateCase{"24", {24, 1}, 24000, {2, 1}, 121},
                      RateCase{"23_976", {24000, 1001}, 24000, {24024, 24000}, 73},
                      RateCase{"59_94", {60000, 1001}, 60000, {60060, 60000}, 150},
                      RateCase{"12_5", {25, 2}, 25, {2, 1}, 60}),
    [](const auto& instance) { return "fps_" + std::string(instance.param.name); });

TEST(Transcode, sound_keeps_its_exact_number_of_samples) {
    REQUIRE_FFMPEG();
    const std::string path = clip("25", "3");
    ASSERT_FALSE(path.empty());
    EncodePlan plan = simple_plan({25, 1}, 25000, 320, 180);
    plan.audio.push_back(audio_rendition(1));
    CollectingSink sink;
    const auto summary = run_transcode(path, plan, sink);
    ASSERT_TRUE(summary) << summary.error().describe();
    const auto& track = sink.audio();
    EXPECT_EQ(track.format.audio.priming_samples, 1024U);
    EXPECT_EQ(track.samples.front().pts, 0);
    EXPECT_EQ(track.total_duration(), 1024 + 3 * 48000);
    EXPECT_EQ(summary->audio_end, (MediaTime{3, 1}));
}


const char* const h264 = " -c:v libx264 -preset ultrafast -pix_fmt yuv420p ";

TEST(TranscodeTiming, variable_rate_keeps_times_and_the_sources_length) {
    REQUIRE_FFMPEG();
    // 60 pictures with uneven distances; the 1/600 time base of phones.
    const std::string path = make_clip("vfr.mov",
        "-f lavfi -i testsrc2=size=160x90:rate=25:duration=4 -vf \"settb=1/600,setpts='N*24+mod(N*N,7)'\" -vsync passthrough "
        "-enc_time_base 1:600 -video_track_timescale 600" + std::string(h264));
    ASSERT_FALSE(path.empty());
    EncodePlan plan = simple_plan({0, 1}, 90000, 160, 90);
    CollectingSink sink;
    const auto summary = run_transcode(path, plan, sink);
    ASSERT_TRUE(summary) << summary.error().describe();
    const auto& track = sink.video();
    expect_sound_video(track, plan.cuts);
    ASSERT_EQ(track.samples.size(), 100U);
    std::map<std::int64_t, std::int64_t> shown;
    for (const auto& sample : track.samples) shown[sample.pts] = sample.duration;
    std::int64_t n = 0;
    for (const auto& [pts, duration] : shown) {
        EXPECT_EQ(pts, (n * 24 + n * n % 7) * 150) << "frame " << n;
        ++n;
    }
    EXPECT_EQ(summary->frames_filled, 0U);
}

TEST(TranscodeTiming, picture_that_starts_late_is_shown_from_zero_and_cut_on_the_grid) {
    REQUIRE_FFMPEG();
    const std::string path = make_clip("late_video.mkv",
        "-itsoffset 2.5 -f lavfi -i testsrc2=size=160x90:rate=25:duration=2 -f lavfi -i sine=duration=4.5:sample_rate=48000 "
        "-map 0:v -map 1:a -c:a pcm_s16le" + std::string(h264));
    ASSERT_FALSE(path.empty());
    EncodePlan plan = simple_plan({25, 1}, 25, 160, 90);
    plan.audio.push_back(audio_rendition(1));
    CollectingSink sink;
    const auto summary = run_transcode(path, plan, sink);
    ASSERT_TRUE(summary) << summary.error().describe();
    expect_sound_video(sink.video(), plan.cuts);
    EXPECT_EQ(sink.video().total_duration(), 113);  // 2.5 s is half a frame off the grid: 63 + 50
    EXPECT_EQ(summary->frames_filled, 2U);
    EXPECT_FALSE(summary->warnings.empty());
}

TEST(TranscodeTiming, hole_over_cuts_has_a_frame_at_each) {
    REQUIRE_FFMPEG();
    const std::string path = make_clip("hole.mkv",
        "-f lavfi -i testsrc2=size=160x90:rate=25:duration=6 -vf \"select='not(between(n,20,109))'\" -vsync passthrough" +
        std::string(h264));
    ASSERT_FALSE(path.empty());
    const EncodePlan plan = simple_plan({25, 1}, 25, 160, 90);
    CollectingSink sink;
    const auto summary = run_transcode(path, plan, sink);
    ASSERT_TRUE(summary) << summary.error().describe();
    expect_sound_video(sink.video(), plan.cuts);
    EXPECT_EQ(sink.video().total_duration(), 150);
    EXPECT_EQ(summary->frames_filled, 4U);  // at 1, 2, 3 and 4 s
    EXPECT_EQ(sink.video().samples.size(), 64U);
    std::int64_t keys = 0;
    for (const auto& sample : sink.video().samples) keys += sample.sync ? 1 : 0;
    EXPECT_EQ(keys, 6);
}

TEST(TranscodeTiming, one_picture_makes_one_sample) {
    REQUIRE_FFMPEG();
    const std::string path = make_clip("one.mp4", "-f lavfi -i testsrc2=size=160x90:rate=30000/1001 -frames:v 1" + std::string(h264));
    const EncodePlan plan = simple_plan({30000, 1001}, 30000, 160, 90);
    EncodePlan exact = plan;
    exact.cuts.period = {30030, 30000};
    CollectingSink sink;
    const auto summary = run_transcode(path, exact, sink);
    ASSERT_TRUE(summary) << summary.error().describe();
    ASSERT_EQ(sink.video().samples.size(), 1U);
    EXPECT_EQ(sink.video().samples[0].duration, 1001);
    EXPECT_EQ(sink.video().samples[0].pts, 0);
    EXPECT_TRUE(sink.video().samples[0].sync);
}

TEST(TranscodeTiming, file_cut_off_in_the_middle_gives_what_is_there) {
    REQUIRE_FFMPEG();
    const std::string whole = make_clip("whole.mkv",
        "-f lavfi -i testsrc2=size=320x180:rate=25:duration=4 -g 10" + std::string(h264));
    ASSERT_FALSE(whole.empty());
    const std::string half = (ClipFolder::instance().path() / "half.mkv").string();
    std::filesystem::copy_file(whole, half, std::filesystem::copy_options::overwrite_existing);
    std::filesystem::resize_file(half, std::filesystem::file_size(half) / 2);
    const EncodePlan plan = simple_plan({25, 1}, 25, 320, 180);
    CollectingSink sink;
    const auto summary = run_transcode(half, plan, sink);
    ASSERT_TRUE(summary) << summary.error().describe();
    expect_sound_video(sink.video(), plan.cuts);
    EXPECT_GT(sink.video().samples.size(), 20U);
    EXPECT_LT(sink.video().samples.size(), 90U);
}

TEST(TranscodeTiming, damaged_packets_are_skipped_and_the_rest_kept_on_the_grid) {
    REQUIRE_FFMPEG();
    const std::string path = make_clip("noisy.mkv",
        "-f lavfi -i testsrc2=size=320x180:rate=25:duration=4 -g 10 -bsf:v 'noise=drop=not(mod(n+3\\,9))'" + std::string(h264));
    ASSERT_FALSE(path.empty());
    const EncodePlan plan = simple_plan({25, 1}, 25, 320, 180);
    CollectingSink sink;
    const auto summary = run_transcode(path, plan, sink);
    ASSERT_TRUE(summary) << summary.error().describe();
    expect_sound_video(sink.video(), plan.cuts);
    EXPECT_GE(sink.video().total_duration(), 98);
    EXPECT_LE(sink.video().total_duration(), 100);
}

TEST(TranscodeTiming, sound_longer_than_the_picture_holds_the_last_picture) {
    REQUIRE_FFMPEG();
    const std::string path = make_clip("long_audio.mkv",
        "-f lavfi -i testsrc2=size=160x90:rate=25:duration=2 -f lavfi -i sine=duration=6:sample_rate=48000 -c:a pcm_s16le" +
        std::string(h264));
    EncodePlan plan = simple_plan({25, 1}, 25, 160, 90);
    plan.audio.push_back(audio_rendition(1));
    CollectingSink sink;
    const auto summary = run_transcode(path, plan, sink);
    ASSERT_TRUE(summary) << summary.error().describe();
    expect_sound_video(sink.video(), plan.cuts);
    EXPECT_EQ(sink.video().total_duration(), 150);
    EXPECT_EQ(sink.video().samples.size(), 54U);  // one more at 2, 3, 4 and 5 s
    EXPECT_EQ(summary->frames_filled, 4U);
    EXPECT_EQ(summary->video_end, (MediaTime{6, 1}));
    EXPECT_EQ(summary->audio_end, (MediaTime{6, 1}));
}

TEST(TranscodeTiming, sound_a_little_longer_than_the_picture_is_left_alone) {
    REQUIRE_FFMPEG();
    const std::string path = make_clip("bit_longer.mkv",
        "-f lavfi -i testsrc2=size=160x90:rate=25:duration=2 -f lavfi -i sine=duration=2.9:sample_rate=48000 -c:a pcm_s16le" +
        std::string(h264));
    EncodePlan plan = simple_plan({25, 1}, 25, 160, 90);
    plan.audio.push_back(audio_rendition(1));
    CollectingSink sink;
    const auto summary = run_transcode(path, plan, sink);
    ASSERT_TRUE(summary) << summary.error().describe();
    EXPECT_EQ(sink.video().total_duration(), 50);
    EXPECT_EQ(sink.audio().total_duration(), 1024 + 139200);
}

TEST(TranscodeTiming, sound_shorter_by_more_than_a_segment_is_filled_with_silence) {
    REQUIRE_FFMPEG();
    const std::string path = make_clip("short_audio.mkv",
        "-f lavfi -i testsrc2=size=160x90:rate=25:duration=6 -f lavfi -i sine=duration=2:sample_rate=48000 -c:a pcm_s16le" +
        std::string(h264));
    EncodePlan plan = simple_plan({25, 1}, 25, 160, 90);
    plan.audio.push_back(audio_rendition(1));
    CollectingSink sink;
    const auto summary = run_transcode(path, plan, sink);
    ASSERT_TRUE(summary) << summary.error().describe();
    EXPECT_EQ(sink.audio().total_duration(), 1024 + 6 * 48000);
    EXPECT_EQ(summary->audio_end, (MediaTime{6, 1}));
}

TEST(TranscodeTiming, transport_stream_with_a_jump_of_its_clock_is_joined) {
    REQUIRE_FFMPEG();
    const auto part = [](const char* name, const char* offset) {
        return make_clip(name, "-f lavfi -i testsrc2=size=160x90:rate=25:duration=2 -f lavfi -i sine=duration=2:sample_rate=48000 "
                               "-c:a mp2 -muxdelay 0 -output_ts_offset " + std::string(offset) + h264);
    };
    const std::string first = part("part1.ts", "100");
    const std::string second = part("part2.ts", "5000");
    ASSERT_FALSE(first.empty() || second.empty());
    const std::string joined = (ClipFolder::instance().path() / "joined.ts").string();
    ASSERT_EQ(std::system(("cat '" + first + "' '" + second + "' > '" + joined + "'").c_str()), 0);
    EncodePlan plan = simple_plan({25, 1}, 90000, 160, 90);
    plan.origin = {100, 1};
    plan.audio.push_back(audio_rendition(1));
    CollectingSink sink;
    const auto summary = run_transcode(joined, plan, sink);
    ASSERT_TRUE(summary) << summary.error().describe();
    expect_sound_video(sink.video(), plan.cuts);
    EXPECT_NEAR(summary->video_end.approximate_seconds(), 4.0, 0.1);
    EXPECT_NEAR(summary->audio_end.approximate_seconds(), 4.0, 0.15);
    EXPECT_LE(sink.video().samples.size(), 106U);
}

TEST(TranscodeTiming, edit_list_of_a_phone_is_obeyed_by_the_origin) {
    REQUIRE_FFMPEG();
    // B-frames give MP4 an edit list; the first picture is at 0 again.
    const std::string path = make_clip("bframes.mp4",
        "-f lavfi -i testsrc2=size=160x90:rate=25:duration=2 -c:v libx264 -preset medium -bf 3 -pix_fmt yuv420p");
    const EncodePlan plan = simple_plan({25, 1}, 25, 160, 90);
    CollectingSink sink;
    const auto summary = run_transcode(path, plan, sink);
    ASSERT_TRUE(summary) << summary.error().describe();
    expect_sound_video(sink.video(), plan.cuts);
    EXPECT_EQ(sink.video().total_duration(), 50);
    EXPECT_EQ(summary->frames_dropped, 0U);
}

TEST(TranscodeTiming, raw_stream_without_timestamps_takes_the_planned_rate) {
    REQUIRE_FFMPEG();
    const std::string path = make_clip("raw.h264", "-f lavfi -i testsrc2=size=160x90:rate=25:duration=2 -bf 0" + std::string(h264));
    const EncodePlan plan = simple_plan({25, 1}, 25, 160, 90);
    CollectingSink sink;
    const auto summary = run_transcode(path, plan, sink);
    ASSERT_TRUE(summary) << summary.error().describe();
    expect_sound_video(sink.video(), plan.cuts);
    EXPECT_EQ(sink.video().total_duration(), 50);
}

TEST(TranscodeTiming, b_frames_and_ladders_cut_alike) {
    REQUIRE_FFMPEG();
    const std::string path = clip("25", "3");
    EncodePlan plan = simple_plan({25, 1}, 25, 320, 180);
    plan.video[0].speed = "medium";
    for (const std::uint32_t height : {144U, 90U}) {
        VideoRendition smaller = plan.video[0];
        smaller.id = "v" + std::to_string(height);
        smaller.height_px = height;
        smaller.width_px = height * 16 / 9;
        smaller.speed = height == 90 ? "veryfast" : "fast";
        plan.video.push_back(smaller);
    }
    CollectingSink sink;
    const auto summary = run_transcode(path, plan, sink);
    ASSERT_TRUE(summary) << summary.error().describe();
    std::vector<std::int64_t> first_keys;
    for (std::size_t i = 0; i < plan.video.size(); ++i) {
        const auto& track = sink.video(i);
        expect_sound_video(track, plan.cuts);
        EXPECT_LT(track.samples.front().dts, 0) << "B-frames need a decode time before 0";
        std::vector<std::int64_t> keys;
        for (const auto& sample : track.samples) {
            if (sample.sync) keys.push_back(sample.pts);
        }
        if (i == 0) first_keys = keys;
        EXPECT_EQ(keys, first_keys);
        const auto frames = decode_track(track);
        ASSERT_EQ(frames.size(), 75U);
        EXPECT_EQ(frames[0]->width, static_cast<int>(plan.video[i].width_px));
    }
}

TEST(TranscodeTiming, scene_changes_make_no_stray_key_frames) {
    REQUIRE_FFMPEG();
    const std::string path = make_clip("scenes.mp4",
        "-f lavfi -i testsrc2=size=320x180:rate=25:duration=1.24 -f lavfi -i mandelbrot=size=320x180:rate=25 "
        "-f lavfi -i smptebars=size=320x180:rate=25:duration=1 -filter_complex \"[1]trim=duration=0.96[m];[0][m][2]concat=n=3\"" +
        std::string(h264));
    ASSERT_FALSE(path.empty());
    EncodePlan plan = simple_plan({25, 1}, 25, 320, 180);
    plan.video[0].speed = "veryfast";
    plan.cuts.period = {2, 1};
    CollectingSink sink;
    ASSERT_TRUE(run_transcode(path, plan, sink));
    expect_sound_video(sink.video(), plan.cuts);
}

}  // namespace
}  // namespace streamforge::media
