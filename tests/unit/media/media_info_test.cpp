#include <gtest/gtest.h>
#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include <streamforge/media/media_info.hpp>

#include "media/ffmpeg/durations.hpp"
#include "media/ffmpeg/luma_picture.hpp"
#include "media/ffmpeg/stream_facts.hpp"

namespace streamforge::media {
namespace {

MediaInfo sample_info() {
    StreamInfo picture;
    picture.index = 0;
    picture.kind = StreamInfo::Kind::video;
    picture.codec = "hevc";
    picture.decodable = true;
    picture.start = {1001, 30000};
    picture.duration = MediaTime{12012, 3000};
    VideoInfo video;
    video.width_px = 1920;
    video.height_px = 1080;
    video.frame_rate = {30000, 1001};
    video.orientation = {true, 270};
    video.scan = ScanType::telecine;
    video.scan_from_content = true;
    video.colour = {9, 16, 9, false};
    video.range = VideoRange::pq;
    video.mastering_display = MasteringDisplay{.red_x = 1, .white_y = 2, .max_luminance = 10000000, .min_luminance = 50};
    video.content_light = ContentLight{1000, 400};
    picture.video = video;
    StreamInfo sound;
    sound.index = 1;
    sound.kind = StreamInfo::Kind::audio;
    sound.title = "caf\xE9 \"quoted\"";
    sound.audio = AudioInfo{48000, 6, "5.1(side)"};
    StreamInfo words;
    words.index = 2;
    words.kind = StreamInfo::Kind::subtitle;
    words.text_subtitle = true;
    MediaInfo info;
    info.name = "a.mkv";
    info.streams = {picture, sound, words};
    info.warnings = {"odd"};
    return info;
}

TEST(MediaInfoJson, holds_exact_values_and_nulls_for_what_is_unknown) {
    const auto json = nlohmann::json::parse(to_json(sample_info()));
    EXPECT_EQ(json.at("schema"), "streamforge.media-info.v1");
    EXPECT_TRUE(json.at("duration").is_null());
    const auto& video = json.at("streams").at(0);
    EXPECT_EQ(video.at("start").at("ticks"), 1001);
    EXPECT_EQ(video.at("start").at("timescale"), 30000);
    EXPECT_EQ(video.at("video").at("frame_rate"), "30000/1001");
    EXPECT_EQ(video.at("video").at("scan"), "telecine");
    EXPECT_EQ(video.at("video").at("mirrored"), true);
    EXPECT_EQ(video.at("video").at("clockwise_degrees"), 270);
    EXPECT_EQ(video.at("video").at("range"), "PQ");
    EXPECT_EQ(video.at("video").at("mastering_display").at("max_luminance"), 10000000);
    EXPECT_EQ(video.at("video").at("content_light").at("max_fall"), 400);
    EXPECT_EQ(json.at("streams").at(1).at("audio").at("channels"), 6);
    EXPECT_FALSE(json.at("streams").at(1).contains("video"));
    EXPECT_EQ(json.at("streams").at(2).at("text_subtitle"), true);
    EXPECT_EQ(json.at("warnings").at(0), "odd");
}

TEST(MediaInfoJson, bytes_that_are_no_utf8_are_replaced) {
    const auto text = to_json(sample_info(), -1);
    EXPECT_EQ(text.find('\n'), std::string::npos);
    EXPECT_EQ(nlohmann::json::parse(text).at("streams").at(1).at("title"), "caf\xEF\xBF\xBD \"quoted\"");
}

TEST(MediaInfo, streams_are_found_by_their_index) {
    const auto info = sample_info();
    ASSERT_NE(info.stream(1), nullptr);
    EXPECT_EQ(info.stream(1)->kind, StreamInfo::Kind::audio);
    EXPECT_EQ(info.stream(9), nullptr);
    EXPECT_EQ(MediaInfo{}.main_video(), nullptr);
}

TEST(MediaInfo, main_video_prefers_playable_then_default_then_large_and_never_cover_art) {
    auto info = sample_info();
    auto cover = info.streams[0];
    cover.video->attached_picture = true;
    cover.is_default = true;
    auto large = info.streams[0];
    large.video->width_px = 3840;
    info.streams = {cover, info.streams[0], large};
    EXPECT_EQ(info.main_video(), &info.streams[2]);
    info.streams[1].is_default = true;
    EXPECT_EQ(info.main_video(), &info.streams[1]);
    info.streams[1].decodable = false;
    EXPECT_EQ(info.main_video(), &info.streams[2]);
}

TEST(ScanOf, second_letter_of_a_field_order_is_what_is_shown_first) {
    using ffmpeg::scan_of;
    EXPECT_EQ(scan_of(AV_FIELD_TT), ScanType::interlaced_tff);
    EXPECT_EQ(scan_of(AV_FIELD_BT), ScanType::interlaced_tff);
    EXPECT_EQ(scan_of(AV_FIELD_BB), ScanType::interlaced_bff);
    EXPECT_EQ(scan_of(AV_FIELD_TB), ScanType::interlaced_bff);
    EXPECT_EQ(scan_of(AV_FIELD_UNKNOWN), ScanType::progressive);
}

TEST(ColourOf, reserved_and_private_values_count_as_untagged) {
    const auto colour = ffmpeg::colour_of(AVCOL_PRI_RESERVED0, AVCOL_TRC_RESERVED, AVCOL_SPC_RESERVED, AVCOL_RANGE_JPEG);
    EXPECT_EQ(colour, (ColourInfo{2, 2, 2, true}));
    const auto odd = ffmpeg::colour_of(static_cast<AVColorPrimaries>(300), static_cast<AVColorTransferCharacteristic>(-1),
                                       static_cast<AVColorSpace>(77), AVCOL_RANGE_MPEG);
    EXPECT_EQ(odd, ColourInfo{});
    EXPECT_EQ(ffmpeg::colour_of(AVCOL_PRI_BT709, AVCOL_TRC_IEC61966_2_1, AVCOL_SPC_RGB, AVCOL_RANGE_UNSPECIFIED),
              (ColourInfo{1, 13, 0, false}));
}

TEST(HdrMetadata, impossible_values_are_dropped) {
    AVMasteringDisplayMetadata display{};
    display.has_primaries = 1;
    display.has_luminance = 1;
    for (auto& point : display.display_primaries) point[0] = point[1] = {34000, 50000};
    display.white_point[0] = display.white_point[1] = {15635, 50000};
    display.max_luminance = {1000, 1};
    display.min_luminance = {5, 1000};
    const auto read = ffmpeg::mastering_display_of(display);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->red_x, 34000);
    EXPECT_EQ(read->max_luminance, 10000000U);
    EXPECT_EQ(read->min_luminance, 50U);
    display.min_luminance = {2000, 1};
    EXPECT_FALSE(ffmpeg::mastering_display_of(display)) << "darker than its darkest";
    display.min_luminance = {1, 0};
    EXPECT_FALSE(ffmpeg::mastering_display_of(display));
    display.min_luminance = {0, 1};
    display.display_primaries[1][0] = {5, 1};
    EXPECT_FALSE(ffmpeg::mastering_display_of(display)) << "outside of 16 bits";
    EXPECT_FALSE(ffmpeg::content_light_of({0, 0}));
    EXPECT_FALSE(ffmpeg::content_light_of({70000, 400}));
    EXPECT_EQ(ffmpeg::content_light_of({1000, 400}), (ContentLight{1000, 400}));
}

TEST(Durations, unknown_markers_and_guesses_are_not_believed) {
    using ffmpeg::DurationDoubt;
    const ffmpeg::InputContextPtr context(avformat_alloc_context());
    AVStream* stream = avformat_new_stream(context.get(), nullptr);
    stream->time_base = {1, 30000};
    const auto judge = [&](std::int64_t ticks) {
        stream->duration = ticks;
        return ffmpeg::stream_duration(*context, *stream);
    };
    EXPECT_EQ(judge(60060).value, (MediaTime{60060, 30000}));
    EXPECT_FALSE(judge(0xFFFFFFFF).value);
    EXPECT_EQ(judge(0xFFFFFFFF).doubt, DurationDoubt::unknown_marker);
    EXPECT_EQ(judge(-15000).doubt, DurationDoubt::not_positive);
    EXPECT_EQ(judge(std::numeric_limits<std::int64_t>::max()).doubt, DurationDoubt::not_positive);
    EXPECT_FALSE(judge(AV_NOPTS_VALUE).value);
    EXPECT_FALSE(judge(0).value);
    context->duration = 5 * AV_TIME_BASE;
    EXPECT_EQ(ffmpeg::whole_duration(*context).value, (MediaTime{5, 1}));
    judge(30000);
    EXPECT_EQ(ffmpeg::whole_duration(*context).value, (MediaTime{1, 1}));
    context->duration_estimation_method = AVFMT_DURATION_FROM_BITRATE;
    EXPECT_EQ(ffmpeg::whole_duration(*context).doubt, DurationDoubt::bitrate_guess);
}

TEST(LumaOf, formats_are_read_by_their_layout) {
    const auto picture = [](AVPixelFormat format, int width, int height) {
        ffmpeg::FramePtr frame(av_frame_alloc());
        frame->format = format;
        frame->width = width;
        frame->height = height;
        EXPECT_GE(av_frame_get_buffer(frame.get(), 0), 0);
        return frame;
    };
    const auto gray = picture(AV_PIX_FMT_YUV420P, 64, 16);
    for (int y = 0; y < 16; ++y) std::fill_n(gray->data[0] + y * gray->linesize[0], 64, static_cast<std::uint8_t>(y * 10));
    const auto luma = ffmpeg::luma_of(*gray);
    ASSERT_TRUE(luma);
    EXPECT_EQ(luma->width, 64U);
    EXPECT_EQ(luma->samples.at(64 * 7), 70);

    const auto deep = picture(AV_PIX_FMT_YUV420P10LE, 64, 4);
    for (int y = 0; y < 4; ++y) {
        auto* row = reinterpret_cast<std::uint16_t*>(deep->data[0] + y * deep->linesize[0]);
        std::fill_n(row, 64, std::uint16_t{600});
    }
    EXPECT_EQ(ffmpeg::luma_of(*deep)->samples.at(5), 600 >> 2);

    const auto packed = picture(AV_PIX_FMT_UYVY422, 64, 4);
    for (int x = 0; x < 128; ++x) packed->data[0][x] = x % 2 == 0 ? 10 : 200;
    EXPECT_EQ(ffmpeg::luma_of(*packed)->samples.at(3), 200);

    const auto wide = picture(AV_PIX_FMT_GRAY8, 1920, 4);
    for (int x = 0; x < 1920; ++x) wide->data[0][x] = static_cast<std::uint8_t>(x % 4 * 40);
    EXPECT_EQ(ffmpeg::luma_of(*wide)->width, 480U);
    EXPECT_EQ(ffmpeg::luma_of(*wide)->samples.at(100), 60);

    EXPECT_FALSE(ffmpeg::luma_of(*picture(AV_PIX_FMT_PAL8, 64, 4)));
    EXPECT_FALSE(ffmpeg::luma_of(*picture(AV_PIX_FMT_MONOBLACK, 64, 4)));
}

}  // namespace
}  // namespace streamforge::media
