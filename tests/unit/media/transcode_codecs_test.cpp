#include <gtest/gtest.h>

#include "media/ffmpeg/encode_check.hpp"
#include "media/ffmpeg/encode_options.hpp"
#include "media/ffmpeg/encode_video.hpp"
#include "media/ffmpeg/scale_picture.hpp"
#include "unit/media/transcode_support.hpp"

namespace streamforge::media {
namespace {

using namespace testing;
using namespace ffmpeg;

TEST(BeginsDecodable, only_idr_pictures_count) {
    const Bytes idr{0, 0, 0, 1, 0x06, 5, 0, 0, 1, 0x65, 1, 2};
    const Bytes plain_i{0, 0, 0, 1, 0x41, 1, 2};
    EXPECT_TRUE(begins_decodable(Codec::h264, idr));
    EXPECT_FALSE(begins_decodable(Codec::h264, plain_i));
    EXPECT_FALSE(begins_decodable(Codec::h264, Bytes{}));
    EXPECT_FALSE(begins_decodable(Codec::h264, Bytes{0, 0, 1}));
    const Bytes hevc_idr{0, 0, 0, 1, 0x4E, 1, 0, 0, 1, 0x26, 1, 2};
    const Bytes hevc_cra{0, 0, 0, 1, 0x2A, 1, 2};
    EXPECT_TRUE(begins_decodable(Codec::hevc, hevc_idr));
    EXPECT_FALSE(begins_decodable(Codec::hevc, hevc_cra));
}

TEST(EncoderOptions, text_and_names) {
    EXPECT_EQ(encoder_name(Codec::h264), "libx264");
    EXPECT_EQ(encoder_name(Codec::vp9), "");
    VideoRendition rendition;
    EXPECT_EQ(encoder_pixel_format(rendition), AV_PIX_FMT_YUV420P);
    rendition.bit_depth = 10;
    EXPECT_EQ(encoder_pixel_format(rendition), AV_PIX_FMT_YUV420P10);
    rendition.threads = 3;
    EXPECT_EQ(encoder_threads(rendition), 3);
    rendition.threads = 0;
    EXPECT_GE(encoder_threads(rendition), 1);
    EXPECT_LE(encoder_threads(rendition), 8);
}

VideoEncoderSettings settings_for(Codec codec) {
    VideoEncoderSettings settings;
    settings.rendition.codec = codec;
    settings.rendition.id = "x";
    settings.rendition.width_px = 192;
    settings.rendition.height_px = 108;
    settings.rendition.speed = "ultrafast";
    settings.rendition.threads = 1;
    settings.timescale = 25;
    settings.frame_rate = {25, 1};
    settings.frames_per_segment = 25;
    settings.colour = {1, 1, 1, false};
    return settings;
}

TEST(VideoEncoder, headers_do_not_depend_on_quality) {
    for (const Codec codec : {Codec::h264, Codec::hevc}) {
        VideoEncoderSettings settings = settings_for(codec);
        settings.rendition.rate.crf = 18;
        const auto fine = VideoEncoder::open(settings);
        settings.rendition.rate.crf = 32;
        const auto coarse = VideoEncoder::open(settings);
        ASSERT_TRUE(fine && coarse);
        EXPECT_EQ((*fine)->format().codec_config, (*coarse)->format().codec_config) << to_string(codec);
    }
}

TEST(VideoEncoder, unknown_codec_is_unsupported) {
    const auto encoder = VideoEncoder::open(settings_for(Codec::vp9));
    ASSERT_FALSE(encoder);
    EXPECT_EQ(encoder.error().code, Errc::unsupported_codec);
}

TEST(VideoEncoder, impossible_settings_name_the_rendition) {
    VideoEncoderSettings settings = settings_for(Codec::h264);
    settings.rendition.speed = "no such speed";
    const auto encoder = VideoEncoder::open(settings);
    ASSERT_FALSE(encoder);
    EXPECT_EQ(encoder.error().code, Errc::invalid_argument);
    EXPECT_NE(encoder.error().describe().find("rendition=x"), std::string::npos);
}

TEST(VideoEncoder, time_given_twice_is_caught) {
    auto encoder = VideoEncoder::open(settings_for(Codec::h264));
    ASSERT_TRUE(encoder);
    BufferPoolPtr pool;
    FrameSlot slot{0, 1, 0, true, false};
    Result<void> result;
    for (int i = 0; i < 60 && result; ++i) {
        auto picture = pooled_picture(pool, AV_PIX_FMT_YUV420P, 192, 108);
        ASSERT_TRUE(picture);
        result = (*encoder)->send(*std::move(picture), slot, {});
        slot.starts_segment = false;
    }
    if (result) result = (*encoder)->finish({});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Errc::internal);
}

struct CodecCase {
    const char* name;
    Codec codec;
    std::uint8_t bit_depth;
    bool variable;
};

class CutByCodec : public ::testing::TestWithParam<CodecCase> {};

TEST_P(CutByCodec, every_segment_begins_with_a_key_frame_and_decodes_alone) {
    REQUIRE_FFMPEG();
    const CodecCase& each = GetParam();
    const std::string path = make_clip("codecs.mkv",
        "-f lavfi -i testsrc2=size=192x108:rate=25:duration=3.4 -vf \"select='not(between(n,30,34))'\" -vsync passthrough "
        "-c:v libx264 -preset ultrafast -pix_fmt yuv420p");
    ASSERT_FALSE(path.empty());
    EncodePlan plan = simple_plan(each.variable ? Rational{0, 1} : Rational{25, 1}, 25000, 192, 108);
    plan.video[0].codec = each.codec;
    plan.video[0].bit_depth = each.bit_depth;
    plan.video[0].rate.crf = 30;
    plan.measure_quality = true;
    CollectingSink sink;
    const auto summary = run_transcode(path, plan, sink);
    ASSERT_TRUE(summary) << summary.error().describe() << summary.error().remote_text;
    EXPECT_TRUE(sink.broken_rules.empty()) << sink.broken_rules.front();
    const auto& track = sink.video();
    expect_sound_video(track, plan.cuts);
    EXPECT_EQ(track.samples.size(), 80U);
    EXPECT_EQ(track.total_duration(), 85000);
    EXPECT_EQ(track.format.codec, each.codec);
    EXPECT_EQ(track.format.video.bit_depth, each.bit_depth);
    ASSERT_EQ(track.quality.size(), 4U);
    for (const auto& [segment, score] : track.quality) {
        EXPECT_GT(score.ssim_y, 0.8) << segment;
        EXPECT_GT(score.psnr_y, 20.0) << segment;
    }
    // Each segment by itself, as a player that joins there.
    for (std::int64_t segment = 0; segment < 4; ++segment) {
        CollectedTrack alone;
        alone.format = track.format;
        std::size_t expected = 0;
        for (const auto& sample : track.samples) {
            if (plan.cuts.segment_at({sample.pts, track.format.timescale}) != segment) continue;
            alone.samples.push_back(sample);
            ++expected;
        }
        EXPECT_TRUE(alone.samples.front().sync) << "closed groups: the segment's first sample in decode order is its key frame";
        EXPECT_EQ(decode_track(alone).size(), expected) << "segment " << segment;
    }
}

INSTANTIATE_TEST_SUITE_P(Codecs, CutByCodec,
    ::testing::Values(CodecCase{"h264", Codec::h264, 8, false}, CodecCase{"h264_variable", Codec::h264, 8, true},
                      CodecCase{"hevc", Codec::hevc, 8, false}, CodecCase{"hevc_10", Codec::hevc, 10, false},
                      CodecCase{"av1", Codec::av1, 8, false}, CodecCase{"av1_variable_10", Codec::av1, 10, true}),
    [](const auto& instance) { return std::string(instance.param.name); });

TEST(TranscodeCodecs, hevc_presets_with_b_frames_make_idr_only) {
    REQUIRE_FFMPEG();
    const std::string path = make_clip("hevc_src.mkv",
        "-f lavfi -i testsrc2=size=192x108:rate=25:duration=3 -c:v libx264 -preset ultrafast -pix_fmt yuv420p");
    EncodePlan plan = simple_plan({25, 1}, 25, 192, 108);
    plan.video[0].codec = Codec::hevc;
    plan.video[0].speed = "medium";
    CollectingSink sink;
    const auto summary = run_transcode(path, plan, sink);
    ASSERT_TRUE(summary) << summary.error().describe();
    expect_sound_video(sink.video(), plan.cuts);
    EXPECT_LT(sink.video().samples.front().dts, 0);
    for (const auto& sample : sink.video().samples) {
        EXPECT_EQ(sample.sync, begins_decodable(Codec::hevc, sample.data));
    }
}

TEST(TranscodeCodecs, average_mode_meets_its_rate_and_cap) {
    REQUIRE_FFMPEG();
    const std::string path = make_clip("noise.mkv",
        "-f lavfi -i testsrc2=size=320x180:rate=25:duration=8 -vf noise=alls=40:allf=t -c:v libx264 -preset ultrafast -crf 18 -pix_fmt yuv420p");
    for (const Codec codec : {Codec::h264, Codec::hevc, Codec::av1}) {
        EncodePlan plan = simple_plan({25, 1}, 25, 320, 180);
        plan.video[0].codec = codec;
        plan.video[0].rate = {RateControl::Mode::average, 23.0, 400000, 600000, 600000};
        CollectingSink sink;
        const auto summary = run_transcode(path, plan, sink);
        ASSERT_TRUE(summary) << summary.error().describe() << summary.error().remote_text;
        std::size_t bytes = 0;
        for (const auto& sample : sink.video().samples) bytes += sample.data.size();
        EXPECT_NEAR(static_cast<double>(bytes), 400000.0 / 8 * 8, 150000.0) << to_string(codec);
    }
}

TEST(TranscodeCodecs, capped_quality_stays_below_its_cap) {
    REQUIRE_FFMPEG();
    const std::string path = make_clip("noise.mkv",
        "-f lavfi -i testsrc2=size=320x180:rate=25:duration=8 -vf noise=alls=40:allf=t -c:v libx264 -preset ultrafast -crf 18 -pix_fmt yuv420p");
    EncodePlan plan = simple_plan({25, 1}, 25, 320, 180);
    plan.video[0].rate = {RateControl::Mode::capped_crf, 12.0, 0, 500000, 500000};
    CollectingSink sink;
    ASSERT_TRUE(run_transcode(path, plan, sink));
    std::size_t bytes = 0;
    for (const auto& sample : sink.video().samples) bytes += sample.data.size();
    EXPECT_LT(static_cast<double>(bytes) * 8 / 8.0, 500000.0 * 1.15);
}

TEST(TranscodeCodecs, same_plan_gives_the_same_bytes) {
    REQUIRE_FFMPEG();
    const std::string path = make_clip("codecs.mkv",
        "-f lavfi -i testsrc2=size=192x108:rate=25:duration=3.4 -vf \"select='not(between(n,30,34))'\" -vsync passthrough "
        "-c:v libx264 -preset ultrafast -pix_fmt yuv420p");
    EncodePlan plan = simple_plan({25, 1}, 25, 192, 108);
    plan.video[0].speed = "fast";
    plan.video[0].threads = 2;
    plan.video[0].rate = {RateControl::Mode::capped_crf, 23.0, 0, 300000, 300000};
    CollectingSink first;
    CollectingSink second;
    ASSERT_TRUE(run_transcode(path, plan, first));
    ASSERT_TRUE(run_transcode(path, plan, second));
    ASSERT_EQ(first.video().samples.size(), second.video().samples.size());
    for (std::size_t i = 0; i < first.video().samples.size(); ++i) {
        EXPECT_EQ(first.video().samples[i].data, second.video().samples[i].data) << i;
    }
}

}  // namespace
}  // namespace streamforge::media
