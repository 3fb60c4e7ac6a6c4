#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <cctype>
#include <filesystem>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include <streamforge/media/ladder.hpp>

#include "unit/media/probe_support.hpp"

namespace streamforge::media {
namespace {

using namespace probe_testing;

struct ExpectedVideo {
    const char* codec;
    std::uint32_t width_px;
    std::uint32_t height_px;
    Rational rate;
    bool variable = false;
    const char* pixel_format = "yuv420p";
    int clockwise_degrees = 0;
    ScanType scan = ScanType::progressive;
    VideoRange range = VideoRange::sdr;
    ColourInfo colour{};
};

struct ExpectedAudio {
    const char* codec;
    std::uint32_t channels;
    std::uint32_t rate_hz;
    const char* language = "und";
};

struct ExpectedClip {
    const char* file;
    std::optional<double> duration_s;
    std::vector<ExpectedVideo> video;
    std::vector<ExpectedAudio> audio;
    std::vector<std::string> text_languages;
    std::vector<std::string> rungs;  ///< Of the default ladder.
};

std::ostream& operator<<(std::ostream& out, const ExpectedClip& clip) { return out << clip.file; }

const std::vector<std::string> full_hd{"1080p", "720p", "540p", "360p", "240p"};
const std::vector<std::string> hd{"720p", "540p", "360p", "240p"};
const std::vector<std::string> sd{"480p", "360p", "240p"};
constexpr ColourInfo bt709{1, 1, 1, false};
constexpr ColourInfo bt601{6, 6, 6, false};

const ExpectedClip clips[]{
    {"audio_only_aac_15s.mp4", 15.02, {}, {{"aac", 2, 48000}}, {}, {}},
    {"audio_only_bear.flac", 2.74, {}, {{"flac", 2, 48000}}, {}, {}},
    {"bbb_1080p30_h264_mp2_10s.ts", 10.01, {{"h264", 1920, 1080, {30, 1}}}, {{"mp2", 2, 48000}}, {}, full_hd},
    {"bbb_480p24_h264_aac5.1_30s.mp4", 30.0, {{"h264", 854, 480, {24, 1}}}, {{"aac", 6, 48000}}, {}, sd},
    {"bbb_720p25_h264_aac5.1_5s.mp4", 5.31, {{"h264", 1280, 720, {25, 1}}}, {{"aac", 6, 48000}}, {}, hd},
    {"bt601_vfr_colr_428p.mov", 1.02, {{.codec = "h264", .width_px = 640, .height_px = 428, .rate = {30000, 1001}, .colour = {6, 1, 6, false}}},
     {{"aac", 1, 44100}}, {}, {"428p", "360p", "240p"}},
    {"cars_overhead_432p12.5_h264_aac_30s.mp4", 30.16, {{.codec = "h264", .width_px = 768, .height_px = 432, .rate = {25, 2}, .colour = bt601}},
     {{"aac", 2, 48000, "en"}}, {}, {"432p", "360p", "240p"}},
    {"iphone_rot90_720p_h264_0.5s.mov", 0.47, {{.codec = "h264", .width_px = 1280, .height_px = 720, .rate = {30, 1}, .clockwise_degrees = 90, .colour = bt709}},
     {{"aac", 1, 44100}}, {}, hd},
    {"mkv_h264_ac3_ass.mkv", 1.14, {{"h264", 1080, 720, {30, 1}}}, {{"ac3", 1, 44100}}, {"und"}, hd},
    {"mkv_h264_ac3_srt.mkv", 1.23, {{"h264", 1080, 720, {30, 1}}}, {{"ac3", 1, 44100}}, {"en"}, hd},
    {"nasa_2v_2a_2subs_270p_17s.mp4", 16.57,
     {{.codec = "h264", .width_px = 320, .height_px = 180, .rate = {25, 1}, .colour = bt709},
      {.codec = "h264", .width_px = 480, .height_px = 270, .rate = {30000, 1001}, .colour = bt709}},
     {{"aac", 2, 8000, "en"}, {"aac", 2, 16000, "en"}}, {"en", "en"}, {"270p"}},
    {"phone_hdr10_pq_av1_vertical_720x1280_4s.mp4", 4.24,
     {{.codec = "av1", .width_px = 720, .height_px = 1280, .rate = {30000, 1001}, .pixel_format = "yuv420p10le", .range = VideoRange::pq, .colour = {9, 16, 9, false}}},
     {{"aac", 2, 48000, "en"}}, {}, hd},
    {"phone_hlg10_hevc_rot90_editlist_1080p_2.5s.mp4", 2.55,
     {{.codec = "hevc", .width_px = 1920, .height_px = 1080, .rate = {30000, 1001}, .pixel_format = "yuv420p10le", .clockwise_degrees = 90, .range = VideoRange::hlg, .colour = {9, 18, 9, false}}},
     {{"aac", 2, 44100}}, {}, full_hd},
    {"tennis_interlaced_480i_h264_jvt.264", std::nullopt, {{.codec = "h264", .width_px = 720, .height_px = 480, .rate = {25, 1}, .scan = ScanType::interlaced_tff}},
     {}, {}, sd},
    {"train_camera_360p30_h264_aac_10s.mp4", 10.03, {{.codec = "h264", .width_px = 640, .height_px = 360, .rate = {30, 1}, .colour = bt709}},
     {{"aac", 2, 48000, "en"}}, {}, {"360p", "240p"}},
    // Its index shows 67 pictures in 444 slots of 1000000/66667 per second: a rate that varies.
    {"tree_cinepak_rgb24_avi_30s.avi", 29.6, {{.codec = "cinepak", .width_px = 320, .height_px = 240, .rate = {67000000, 29533481}, .variable = true, .pixel_format = "rgb24"}},
     {}, {}, {"240p"}},
    {"two_audio_ac3_5.1_plus_aac.mp4", 0.30, {}, {{"ac3", 6, 48000}, {"aac", 2, 48000}}, {}, {}},
    {"webcam_vfr_2subs_movtext_480p.m4v", 7.48, {{.codec = "h264", .width_px = 640, .height_px = 480, .rate = {24600, 1469}, .variable = true, .colour = bt709}},
     {{"aac", 2, 44100}}, {"en", "es"}, sd},
    {"webcam_vfr_480p_h264_7.5s.mov", 7.48, {{.codec = "h264", .width_px = 640, .height_px = 480, .rate = {24600, 1469}, .variable = true, .colour = bt709}},
     {{"aac", 2, 44100}}, {}, sd},
};

class DevClip : public ::testing::TestWithParam<ExpectedClip> {};

TEST_P(DevClip, is_described_and_planned_as_it_is) {
    const ExpectedClip& expected = GetParam();
    const std::string path = std::string(STREAMFORGE_SHARED_DIR) + "/media/dev/" + expected.file;
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "no shared media: " << expected.file;
    const MediaInfo info = probe_file(path);

    EXPECT_EQ(info.duration.has_value(), expected.duration_s.has_value());
    if (info.duration && expected.duration_s) {
        EXPECT_NEAR(info.duration->approximate_seconds(), *expected.duration_s, 0.02);
    }
    std::vector<const StreamInfo*> video;
    std::vector<const StreamInfo*> audio;
    std::vector<std::string> text;
    for (const auto& stream : info.streams) {
        if (stream.video) video.push_back(&stream);
        if (stream.audio) audio.push_back(&stream);
        if (stream.text_subtitle) text.push_back(stream.language);
        EXPECT_EQ(stream.decodable, stream.kind != StreamInfo::Kind::data) << stream.index;
    }
    EXPECT_EQ(text, expected.text_languages);
    ASSERT_EQ(video.size(), expected.video.size());
    for (std::size_t i = 0; i < video.size(); ++i) {
        const VideoInfo& found = *video[i]->video;
        const ExpectedVideo& wanted = expected.video[i];
        EXPECT_EQ(video[i]->codec, wanted.codec);
        EXPECT_EQ(found.width_px, wanted.width_px);
        EXPECT_EQ(found.height_px, wanted.height_px);
        EXPECT_EQ(found.frame_rate, wanted.rate) << found.frame_rate.to_string();
        EXPECT_EQ(found.variable_frame_rate, wanted.variable);
        EXPECT_EQ(found.pixel_format, wanted.pixel_format);
        EXPECT_EQ(found.orientation.clockwise_degrees, wanted.clockwise_degrees);
        EXPECT_FALSE(found.orientation.mirrored);
        EXPECT_EQ(found.scan, wanted.scan);
        EXPECT_EQ(found.range, wanted.range);
        EXPECT_EQ(found.colour, wanted.colour);
    }
    ASSERT_EQ(audio.size(), expected.audio.size());
    for (std::size_t i = 0; i < audio.size(); ++i) {
        EXPECT_EQ(audio[i]->codec, expected.audio[i].codec);
        EXPECT_EQ(audio[i]->audio->channels, expected.audio[i].channels);
        EXPECT_EQ(audio[i]->audio->sample_rate_hz, expected.audio[i].rate_hz);
        EXPECT_EQ(audio[i]->language, expected.audio[i].language);
    }

    const auto plan = plan_encode(info, {});
    ASSERT_TRUE(plan) << plan.error().describe();
    std::vector<std::string> rungs;
    for (const auto& rendition : plan->video) rungs.push_back(rendition.id);
    EXPECT_EQ(rungs, expected.rungs);
    EXPECT_EQ(plan->text.size(), expected.text_languages.size());
}

INSTANTIATE_TEST_SUITE_P(Shared, DevClip, ::testing::ValuesIn(clips), [](const auto& clip) {
    std::string name = clip.param.file;
    for (char& each : name) {
        if (std::isalnum(static_cast<unsigned char>(each)) == 0) each = '_';
    }
    return name;
});

std::string shared_clip(const char* file) { return std::string(STREAMFORGE_SHARED_DIR) + "/media/dev/" + file; }

TEST(DevClips, details_that_only_one_clip_has) {
    if (!std::filesystem::exists(shared_clip("bbb_1080p30_h264_mp2_10s.ts"))) GTEST_SKIP() << "no shared media";
    const auto stream = probe_file(shared_clip("bbb_1080p30_h264_mp2_10s.ts"));
    EXPECT_EQ(stream.streams.at(0).start, (MediaTime{129902, 90000})) << stream.streams.at(0).start.to_string();
    EXPECT_EQ(plan_encode(stream, {})->origin, (MediaTime{126000, 90000}));

    const auto phone = probe_file(shared_clip("phone_hlg10_hevc_rot90_editlist_1080p_2.5s.mp4"));
    EXPECT_TRUE(phone.has_edit_list);
    EXPECT_TRUE(phone.main_video()->video->dolby_vision);
    EXPECT_EQ(phone.main_video()->start, (MediaTime{0, 1}));
    const auto plan = plan_encode(phone, {});
    EXPECT_EQ(plan->video.front().width_px, 1080U);
    EXPECT_EQ(plan->video.front().height_px, 1920U);

    const auto hdr = probe_file(shared_clip("phone_hdr10_pq_av1_vertical_720x1280_4s.mp4"));
    EXPECT_EQ(hdr.main_video()->video->bit_depth, 10);
    EXPECT_FALSE(probe_file(shared_clip("bbb_720p25_h264_aac5.1_5s.mp4")).has_edit_list);
}

}  // namespace
}  // namespace streamforge::media
