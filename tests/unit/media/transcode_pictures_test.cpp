#include <gtest/gtest.h>

#include "media/ffmpeg/picture_jpeg.hpp"
#include "media/ffmpeg/picture_schedule.hpp"
#include "media/ffmpeg/picture_score.hpp"
#include "media/ffmpeg/scale_picture.hpp"
#include "unit/media/transcode_support.hpp"

namespace streamforge::media {
namespace {

using namespace testing;
using namespace ffmpeg;

TEST(PictureSchedule, counts_the_instants_inside_each_span_once) {
    PictureSchedule schedule({1, 1});
    EXPECT_EQ(schedule.wanted({0, 25}, {1, 25}), 1U);
    EXPECT_EQ(schedule.wanted({1, 25}, {25, 25}), 0U);
    EXPECT_EQ(schedule.wanted({25, 25}, {26, 25}), 1U);
    EXPECT_EQ(schedule.wanted({26, 25}, {110, 25}), 3U);
    EXPECT_FALSE(schedule.over());
}

TEST(PictureSchedule, ends_before_its_limit) {
    PictureSchedule schedule({1, 1}, MediaTime{2, 1});
    EXPECT_EQ(schedule.wanted({0, 1}, {10, 1}), 2U);
    EXPECT_TRUE(schedule.over());
    EXPECT_EQ(schedule.wanted({10, 1}, {20, 1}), 0U);
}

TEST(PosterSearch, looks_at_about_ten_candidates_in_the_first_fifth) {
    const auto hour = plan_poster_search(MediaTime{3600, 1});
    EXPECT_EQ(hour.until, (MediaTime{600, 1}));
    EXPECT_EQ(hour.interval, (MediaTime{60, 1}));
    const auto minute = plan_poster_search(MediaTime{60, 1});
    EXPECT_EQ(minute.until, (MediaTime{12, 1}));
    const auto unknown = plan_poster_search(std::nullopt);
    EXPECT_EQ(unknown.until, (MediaTime{10, 1}));
    const auto blink = plan_poster_search(MediaTime{1, 100});
    EXPECT_GT(blink.until, (MediaTime{0, 1}));
    EXPECT_GT(blink.interval, (MediaTime{0, 1}));
}

FramePtr painted(int (*value)(int x, int y)) {
    BufferPoolPtr pool;
    auto picture = pooled_picture(pool, AV_PIX_FMT_YUV420P, 160, 90);
    for (int y = 0; y < 90; ++y) {
        for (int x = 0; x < 160; ++x) (*picture)->data[0][y * (*picture)->linesize[0] + x] = static_cast<std::uint8_t>(value(x, y));
    }
    for (int plane = 1; plane < 3; ++plane) {
        for (int y = 0; y < 45; ++y) std::fill_n((*picture)->data[plane] + y * (*picture)->linesize[plane], 80, std::uint8_t{128});
    }
    return *std::move(picture);
}

TEST(PosterScore, detail_beats_grey_and_grey_beats_black_and_white) {
    const double detailed = poster_score(*painted([](int x, int y) { return 60 + (x * 7 + y * 13) % 140; }));
    const double grey = poster_score(*painted([](int x, int) { return 120 + x % 3; }));
    const double black = poster_score(*painted([](int, int) { return 16; }));
    const double white = poster_score(*painted([](int, int) { return 235; }));
    const double nearly_black = poster_score(*painted([](int x, int y) { return x < 10 && y < 10 ? 200 : 17; }));
    EXPECT_GT(detailed, 5 * grey);
    EXPECT_GE(grey, black);
    EXPECT_GT(detailed, 5 * nearly_black);
    EXPECT_GT(detailed, 100 * white + 1);
}

TEST(Jpeg, quality_maps_to_falling_quantisers) {
    int last = 32;
    for (int quality = 1; quality <= 100; ++quality) {
        const int quantiser = jpeg_quantiser(quality);
        EXPECT_LE(quantiser, last);
        EXPECT_GE(quantiser, 1);
        EXPECT_LE(quantiser, 31);
        last = quantiser;
    }
    EXPECT_EQ(jpeg_quantiser(80), 4);
    EXPECT_EQ(jpeg_quantiser(50), 10);
}

FramePtr decode_jpeg(const Bytes& jpeg) {
    CodecContextPtr context(avcodec_alloc_context3(avcodec_find_decoder(AV_CODEC_ID_MJPEG)));
    PacketPtr packet(av_packet_alloc());
    FramePtr frame(av_frame_alloc());
    av_new_packet(packet.get(), static_cast<int>(jpeg.size()));
    std::copy(jpeg.begin(), jpeg.end(), packet->data);
    if (avcodec_open2(context.get(), context->codec, nullptr) < 0 || avcodec_send_packet(context.get(), packet.get()) < 0 ||
        avcodec_send_packet(context.get(), nullptr) < 0 || avcodec_receive_frame(context.get(), frame.get()) < 0) {
        ADD_FAILURE() << "not a JPEG";
    }
    return frame;
}

TEST(Jpeg, better_quality_is_larger_and_decodes_to_the_picture) {
    const FramePtr picture = painted([](int x, int y) { return (x * x / 50 + y * 2) % 256; });
    const auto coarse = encode_jpeg(*picture, 20);
    const auto fine = encode_jpeg(*picture, 95);
    ASSERT_TRUE(coarse && fine);
    EXPECT_GT(fine->size(), coarse->size());
    EXPECT_EQ((*fine)[0], 0xFF);
    EXPECT_EQ((*fine)[1], 0xD8);
    const FramePtr decoded = decode_jpeg(*fine);
    EXPECT_EQ(decoded->width, 160);
    EXPECT_NEAR(plane_mean(*decoded, 0), plane_mean(*picture, 0), 2.0);
}

/// Each second another grey, the first one black.
std::string steps_clip() {
    return make_clip("steps.mkv",
        "-f lavfi -i nullsrc=size=320x180:rate=25:duration=7.5 -vf \"format=yuv420p,geq=lum='if(lt(T,1),16,if(lt(mod(X,20),10),"
        "40+20*floor(T),60+20*floor(T)))':cb=128:cr=128\" -c:v libx264 -preset ultrafast -crf 8");
}

EncodePlan picture_plan() {
    EncodePlan plan = simple_plan({25, 1}, 25, 320, 180);
    plan.pictures.poster = true;
    plan.pictures.storyboard = true;
    plan.pictures.storyboard_interval = {1, 1};
    plan.pictures.tile_width_px = 64;
    plan.pictures.tile_height_px = 36;
    plan.pictures.columns = 2;
    plan.pictures.rows = 2;
    return plan;
}

TEST(TranscodePictures, sheets_hold_the_picture_of_each_instant_in_its_tile) {
    REQUIRE_FFMPEG();
    CollectingSink sink;
    ASSERT_TRUE(run_transcode(steps_clip(), picture_plan(), sink));
    std::vector<Picture> sheets;
    for (const auto& picture : sink.pictures) {
        if (picture.kind == Picture::Kind::storyboard_sheet) sheets.push_back(picture);
    }
    ASSERT_EQ(sheets.size(), 2U);
    EXPECT_EQ(sheets[0].number, 1U);
    EXPECT_EQ(sheets[1].number, 2U);
    EXPECT_EQ(sheets[0].tiles, 4U);
    EXPECT_EQ(sheets[1].tiles, 4U);
    for (std::uint32_t sheet = 0; sheet < 2; ++sheet) {
        EXPECT_EQ(sheets[sheet].width_px, 128U);
        EXPECT_EQ(sheets[sheet].height_px, 72U);
        const FramePtr decoded = decode_jpeg(sheets[sheet].jpeg);
        ASSERT_EQ(decoded->width, 128);
        ASSERT_EQ(decoded->height, 72);
        for (int tile = 0; tile < 4; ++tile) {
            const int second = static_cast<int>(sheet) * 4 + tile;
            const double limited = second == 0 ? 16 : 50 + 20 * second;
            const double full = (limited - 16) * 255 / 219;
            const double left = tile % 2 * 0.5, top = tile / 2 * 0.5;
            EXPECT_NEAR(plane_mean(*decoded, 0, left + 0.05, top + 0.05, left + 0.45, top + 0.45), full, 4.0) << "second " << second;
        }
    }
}

TEST(TranscodePictures, last_sheet_counts_only_its_own_tiles) {
    REQUIRE_FFMPEG();
    EncodePlan plan = picture_plan();
    plan.pictures.rows = 3;
    plan.pictures.poster = false;
    CollectingSink sink;
    ASSERT_TRUE(run_transcode(steps_clip(), plan, sink));
    ASSERT_EQ(sink.pictures.size(), 2U);
    EXPECT_EQ(sink.pictures[0].tiles, 6U);
    EXPECT_EQ(sink.pictures[1].tiles, 2U);
    EXPECT_EQ(sink.pictures[1].height_px, 108U);
}

TEST(TranscodePictures, poster_is_not_the_black_beginning) {
    REQUIRE_FFMPEG();
    EncodePlan plan = picture_plan();
    plan.pictures.storyboard = false;
    plan.pictures.poster_max_width_px = 160;
    CollectingSink sink;
    ASSERT_TRUE(run_transcode(steps_clip(), plan, sink));
    ASSERT_EQ(sink.pictures.size(), 1U);
    const Picture& poster = sink.pictures[0];
    EXPECT_EQ(poster.kind, Picture::Kind::poster);
    EXPECT_EQ(poster.width_px, 160U);
    EXPECT_EQ(poster.height_px, 90U);
    const FramePtr decoded = decode_jpeg(poster.jpeg);
    EXPECT_EQ(decoded->width, 160);
    EXPECT_GT(plane_mean(*decoded, 0), 40.0);
}

TEST(TranscodePictures, poster_is_never_larger_than_the_picture) {
    REQUIRE_FFMPEG();
    EncodePlan plan = picture_plan();
    plan.pictures.storyboard = false;
    CollectingSink sink;
    ASSERT_TRUE(run_transcode(steps_clip(), plan, sink));
    ASSERT_EQ(sink.pictures.size(), 1U);
    EXPECT_EQ(sink.pictures[0].width_px, 320U);
    EXPECT_EQ(sink.pictures[0].height_px, 180U);
}

TEST(TranscodePictures, colours_are_right_in_jpegs_own_matrix) {
    REQUIRE_FFMPEG();
    const std::string path = make_clip("green.mkv",
        "-f lavfi -i color=lime:size=320x180:rate=25:duration=1 -vf scale=out_color_matrix=bt709:out_range=tv,format=yuv420p "
        "-c:v libx264 -preset ultrafast -crf 5 -colorspace bt709 -color_range tv");
    CollectingSink sink;
    ASSERT_TRUE(run_transcode(path, picture_plan(), sink));
    ASSERT_FALSE(sink.pictures.empty());
    for (const auto& picture : sink.pictures) {
        const FramePtr decoded = decode_jpeg(picture.jpeg);
        // Pure green in BT.601, full range, at the first tile's middle.
        EXPECT_NEAR(plane_mean(*decoded, 0, 0.1, 0.1, 0.3, 0.3), 150, 4);
        EXPECT_NEAR(plane_mean(*decoded, 1, 0.1, 0.1, 0.3, 0.3), 44, 4);
        EXPECT_NEAR(plane_mean(*decoded, 2, 0.1, 0.1, 0.3, 0.3), 21, 4);
    }
}

TEST(TranscodePictures, hdr_only_ladder_still_gets_sdr_pictures) {
    REQUIRE_FFMPEG();
    const std::string path = make_clip("hdr_only.mkv",
        "-f lavfi -i nullsrc=size=320x180:rate=25:duration=1 -vf \"format=yuv420p10,geq=lum='64+876*X/W':cb=512:cr=512\" "
        "-c:v libx265 -preset ultrafast -x265-params log-level=none:colorprim=bt2020:colormatrix=bt2020nc:transfer=smpte2084");
    ASSERT_FALSE(path.empty());
    EncodePlan plan = picture_plan();
    plan.video_source->range = VideoRange::pq;
    plan.video_source->colour = {9, 16, 9, false};
    plan.video[0].codec = Codec::hevc;
    plan.video[0].range = VideoRange::pq;
    plan.video[0].bit_depth = 10;
    CollectingSink sink;
    const auto summary = run_transcode(path, plan, sink);
    ASSERT_TRUE(summary) << summary.error().describe();
    ASSERT_EQ(sink.pictures.size(), 2U);
    for (const auto& picture : sink.pictures) {
        if (picture.kind != Picture::Kind::poster) continue;
        const FramePtr decoded = decode_jpeg(picture.jpeg);
        EXPECT_NEAR(plane_mean(*decoded, 0, 0.48, 0.4, 0.52, 0.6), (173 - 16) * 255.0 / 219, 14);
    }
}

}  // namespace
}  // namespace streamforge::media
