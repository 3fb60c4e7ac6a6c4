#include <gtest/gtest.h>

#include <cmath>

#include "media/ffmpeg/scale_picture.hpp"
#include "media/ffmpeg/scale_tone_curve.hpp"
#include "media/ffmpeg/scale_tone_map.hpp"
#include "media/ffmpeg/scale_tone_table.hpp"
#include "unit/media/transcode_support.hpp"

namespace streamforge::media {
namespace {

using namespace testing;
using namespace ffmpeg;

// ---- curves ----

TEST(ToneCurve, pq_meets_its_published_points) {
    EXPECT_NEAR(pq_to_nits(1.0), 10000.0, 0.01);
    EXPECT_NEAR(pq_to_nits(0.0), 0.0, 1e-6);
    EXPECT_NEAR(nits_to_pq(100.0), 0.5081, 0.0001);
    EXPECT_NEAR(nits_to_pq(203.0), 0.5807, 0.0001);
    EXPECT_NEAR(nits_to_pq(1000.0), 0.7518, 0.0001);
    for (double code = 0.01; code < 1.0; code += 0.01) EXPECT_NEAR(nits_to_pq(pq_to_nits(code)), code, 1e-9);
}

TEST(ToneCurve, hlg_reference_white_is_about_203_nits) {
    const Rgb white = hlg_to_nits({0.75, 0.75, 0.75});
    EXPECT_NEAR(white[0], 203.0, 2.0);
    EXPECT_NEAR(hlg_to_nits({1.0, 1.0, 1.0})[1], 1000.0, 1.0);
    EXPECT_EQ(hlg_to_nits({0.0, 0.0, 0.0})[2], 0.0);
}

TEST(ToneCurve, eetf_keeps_darks_is_monotone_and_ends_at_the_target) {
    EXPECT_NEAR(eetf(1.0, 1000, 203), 1.0, 1e-9);
    EXPECT_NEAR(eetf(50.0, 1000, 203), 50.0, 1e-9);
    EXPECT_NEAR(eetf(1000.0, 1000, 203), 203.0, 0.5);
    EXPECT_NEAR(eetf(5000.0, 1000, 203), 203.0, 0.5);
    double last = -1.0;
    for (double nits = 0; nits < 1200; nits += 5) {
        const double mapped = eetf(nits, 1000, 203);
        EXPECT_GE(mapped, last);
        last = mapped;
    }
    EXPECT_EQ(eetf(150.0, 100, 203), 150.0);
}

TEST(ToneCurve, grey_stays_grey_and_white_is_bright) {
    for (const double nits : {0.5, 10.0, 26.0, 203.0, 600.0, 1000.0}) {
        const Rgb code = hdr_light_to_sdr_code({nits, nits, nits}, 1000, false);
        EXPECT_NEAR(code[0], code[1], 0.002);
        EXPECT_NEAR(code[1], code[2], 0.002);
    }
    EXPECT_NEAR(hdr_light_to_sdr_code({203, 203, 203}, 1000, false)[0], 0.90, 0.03);
    EXPECT_NEAR(hdr_light_to_sdr_code({26, 26, 26}, 1000, false)[0], 0.42, 0.02);
    EXPECT_NEAR(hdr_light_to_sdr_code({1000, 1000, 1000}, 1000, false)[0], 1.0, 0.002);
}

TEST(ToneCurve, saturated_light_keeps_its_hue_and_stays_in_range) {
    const Rgb red = hdr_light_to_sdr_code({500, 10, 10}, 1000, false);
    EXPECT_GT(red[0], red[1] + 0.2);
    EXPECT_GT(red[0], red[2] + 0.2);
    for (const double channel : red) {
        EXPECT_GE(channel, 0.0);
        EXPECT_LE(channel, 1.0);
    }
}

TEST(ToneMapPeak, prefers_content_light_and_stays_within_reason) {
    MasteringDisplay display;
    display.max_luminance = 40000000;
    EXPECT_EQ(tone_map_peak_nits(std::nullopt, std::nullopt), 1000.0);
    EXPECT_EQ(tone_map_peak_nits(display, std::nullopt), 4000.0);
    EXPECT_EQ(tone_map_peak_nits(display, ContentLight{600, 200}), 600.0);
    EXPECT_EQ(tone_map_peak_nits(std::nullopt, ContentLight{10, 5}), 400.0);
    EXPECT_EQ(tone_map_peak_nits(std::nullopt, ContentLight{0, 0}), 1000.0);
}

FramePtr flat_hdr(int width, int height, int y, int u, int v) {
    BufferPoolPtr pool;
    auto frame = pooled_picture(pool, AV_PIX_FMT_YUV420P10, width, height);
    const int values[3] = {y, u, v};
    for (int plane = 0; plane < 3; ++plane) {
        for (int row = 0; row < (plane == 0 ? height : (height + 1) / 2); ++row) {
            auto* line = reinterpret_cast<std::uint16_t*>((*frame)->data[plane] + row * (*frame)->linesize[plane]);
            for (int x = 0; x < (plane == 0 ? width : (width + 1) / 2); ++x) line[x] = static_cast<std::uint16_t>(values[plane]);
        }
    }
    return *std::move(frame);
}

TEST(ToneMapper, table_agrees_with_the_exact_curve) {
    ToneMapper mapper({9, 16, 9, false}, 1000, 8);
    for (const double nits : {1.0, 26.0, 100.0, 203.0, 500.0, 900.0}) {
        const int code = static_cast<int>(std::lround(64 + 876 * nits_to_pq(nits)));
        const auto out = mapper.run(*flat_hdr(64, 64, code, 512, 512));
        ASSERT_TRUE(out);
        const double expected = 16 + 219 * hdr_light_to_sdr_code({nits, nits, nits}, 1000, false)[0];
        EXPECT_NEAR(plane_mean(**out, 0), expected, 1.0) << nits;
        EXPECT_NEAR(plane_mean(**out, 1), 128, 0.6) << nits;
        EXPECT_NEAR(plane_mean(**out, 2), 128, 0.6) << nits;
        EXPECT_EQ((*out)->color_trc, AVCOL_TRC_BT709);
    }
}

TEST(ToneTable, interpolation_of_a_linear_transform_is_exact) {
    const ToneTable table([](int y, int u, int v) { return ToneTable::Point{y / 8.0 + u / 16.0, u / 8.0, (v + y) / 16.0}; });
    for (int y = 0; y < 1024; y += 31) {
        for (int u = 0; u < 1024; u += 97) {
            for (int v = 1; v < 1024; v += 89) {
                const std::uint16_t in[3] = {static_cast<std::uint16_t>(y), static_cast<std::uint16_t>(u), static_cast<std::uint16_t>(v)};
                std::uint16_t luma = 0, cb = 0, cr = 0;
                table.luma({&in[0], &in[1], &in[2], 1}, &luma);
                table.chroma({&in[0], &in[1], &in[2], 1}, &cb, &cr);
                ASSERT_NEAR(luma / 256.0, y / 8.0 + u / 16.0, 0.01);
                ASSERT_NEAR(cb / 256.0, u / 8.0, 0.01);
                ASSERT_NEAR(cr / 256.0, (v + y) / 16.0, 0.01);
            }
        }
    }
}

TEST(ToneTable, many_pixels_at_once_give_the_same_as_one_by_one) {
    const ToneTable table([](int y, int u, int v) {
        return ToneTable::Point{std::fmod(y * 0.37 + u * 0.11, 256.0), std::fmod(u * 0.73 + v, 256.0), std::fmod(v * 1.9 + y, 256.0)};
    });
    constexpr int most = 67;
    std::vector<std::uint16_t> y, u, v;
    for (int i = 0; i < most; ++i) {
        y.push_back(static_cast<std::uint16_t>(i * 7919 % 1100));  // beyond 10 bits too
        u.push_back(static_cast<std::uint16_t>(i * 104729 % 1100));
        v.push_back(static_cast<std::uint16_t>(i * 1299709 % 1100));
    }
    for (int count = 1; count <= most; ++count) {
        std::vector<std::uint16_t> luma(most, 1), cb(most, 1), cr(most, 1);
        table.luma({y.data(), u.data(), v.data(), count}, luma.data());
        table.chroma({y.data(), u.data(), v.data(), count}, cb.data(), cr.data());
        for (int i = 0; i < most; ++i) {
            const auto at = static_cast<std::size_t>(i);
            std::uint16_t one[3] = {1, 1, 1};
            if (i < count) {
                table.luma({&y[at], &u[at], &v[at], 1}, &one[0]);
                table.chroma({&y[at], &u[at], &v[at], 1}, &one[1], &one[2]);
            }
            ASSERT_EQ(luma[at], one[0]) << i << " of " << count;
            ASSERT_EQ(cb[at], one[1]) << i << " of " << count;
            ASSERT_EQ(cr[at], one[2]) << i << " of " << count;
        }
    }
}

TEST(ToneMapper, codes_outside_the_legal_range_and_ten_bit_output_are_fine) {
    ToneMapper mapper({9, 18, 9, false}, 1000, 10);
    for (const int code : {0, 64, 940, 1023}) {
        const auto out = mapper.run(*flat_hdr(17, 9, code, code, 1023 - code));
        ASSERT_TRUE(out);
        EXPECT_EQ((*out)->format, AV_PIX_FMT_YUV420P10);
        EXPECT_GE(plane_mean(**out, 0), 64 - 1);
        EXPECT_LE(plane_mean(**out, 0), 940 + 1);
    }
    BufferPoolPtr pool;
    const auto eight_bit = pooled_picture(pool, AV_PIX_FMT_YUV420P, 16, 16);
    EXPECT_FALSE(mapper.run(**eight_bit));
}

// ---- through the transcoder ----

/// Red, green / blue, white quarters.
std::string quarters(const std::string& size, const std::string& options, const std::string& name) {
    return make_clip(name,
        "-f lavfi -i color=red:size=" + size + ":rate=25:duration=0.2 -f lavfi -i color=lime:size=" + size +
        ":rate=25:duration=0.2 -f lavfi -i color=blue:size=" + size + ":rate=25:duration=0.2 -f lavfi -i color=white:size=" + size +
        ":rate=25:duration=0.2 -filter_complex \"[0][1]hstack[a];[2][3]hstack[b];[a][b]vstack" + options);
}

struct Yuv {
    double y, u, v;
};

Yuv at(const AVFrame& frame, double x, double y) {
    return {plane_mean(frame, 0, x - 0.1, y - 0.1, x + 0.1, y + 0.1), plane_mean(frame, 1, x - 0.1, y - 0.1, x + 0.1, y + 0.1),
            plane_mean(frame, 2, x - 0.1, y - 0.1, x + 0.1, y + 0.1)};
}

/// BT.709 limited code values of the pure colours.
constexpr Yuv red709{63, 102, 240}, green709{173, 42, 26}, blue709{32, 240, 118}, white709{235, 128, 128};

void expect_colour(const Yuv& found, const Yuv& wanted, const char* where, double tolerance = 4.0) {
    EXPECT_NEAR(found.y, wanted.y, tolerance) << where;
    EXPECT_NEAR(found.u, wanted.u, tolerance) << where;
    EXPECT_NEAR(found.v, wanted.v, tolerance) << where;
}

std::vector<FramePtr> transcode_pictures(const std::string& path, const EncodePlan& plan) {
    CollectingSink sink;
    const auto summary = run_transcode(path, plan, sink);
    EXPECT_TRUE(summary) << summary.error().describe() << summary.error().remote_text;
    if (!summary) return {};
    return decode_track(sink.video());
}

constexpr const char* tagged_709 =
    ",scale=out_color_matrix=bt709:out_range=tv,format=yuv420p\" -c:v libx264 -preset ultrafast -crf 10 -colorspace bt709 "
    "-color_primaries bt709 -color_trc bt709 -color_range tv";

struct TurnCase {
    const char* name;
    Orientation orientation;
    Yuv top_left, top_right;
};

class Turned : public ::testing::TestWithParam<TurnCase> {};

TEST_P(Turned, picture_stands_upright) {
    REQUIRE_FFMPEG();
    const std::string path = quarters("160x90", tagged_709, "quarters.mp4");
    ASSERT_FALSE(path.empty());
    const TurnCase& each = GetParam();
    const bool sideways = each.orientation.clockwise_degrees % 180 != 0;
    EncodePlan plan = simple_plan({25, 1}, 25, sideways ? 180 : 320, sideways ? 320 : 180);
    plan.video_source->orientation = each.orientation;
    plan.video[0].rate.crf = 10;
    const auto frames = transcode_pictures(path, plan);
    ASSERT_EQ(frames.size(), 5U);
    expect_colour(at(*frames[0], 0.25, 0.25), each.top_left, "top left");
    expect_colour(at(*frames[0], 0.75, 0.25), each.top_right, "top right");
}

INSTANTIATE_TEST_SUITE_P(Turns, Turned,
    ::testing::Values(TurnCase{"as_is", {false, 0}, red709, green709}, TurnCase{"by_90", {false, 90}, blue709, red709},
                      TurnCase{"by_180", {false, 180}, white709, blue709}, TurnCase{"by_270", {false, 270}, green709, white709},
                      TurnCase{"mirrored", {true, 0}, green709, red709},
                      TurnCase{"mirrored_by_90", {true, 90}, white709, green709}),
    [](const auto& instance) { return std::string(instance.param.name); });

struct SourceCase {
    const char* name;
    const char* options;  ///< Of the filter graph and the encoder.
    ColourInfo colour;
    Yuv red;
};

class SourceFormat : public ::testing::TestWithParam<SourceCase> {};

TEST_P(SourceFormat, becomes_limited_eight_bit_420_with_right_colours) {
    REQUIRE_FFMPEG();
    const SourceCase& each = GetParam();
    const std::string path = quarters("160x90", each.options, std::string("source_") + each.name + ".mkv");
    ASSERT_FALSE(path.empty());
    EncodePlan plan = simple_plan({25, 1}, 25, 320, 180);
    plan.video_source->colour = each.colour;
    plan.video[0].rate.crf = 8;
    CollectingSink sink;
    const auto summary = run_transcode(path, plan, sink);
    ASSERT_TRUE(summary) << summary.error().describe();
    EXPECT_FALSE(sink.video().format.video.colour.full_range);
    const auto frames = decode_track(sink.video());
    ASSERT_FALSE(frames.empty());
    EXPECT_EQ(frames[0]->format, AV_PIX_FMT_YUV420P);
    EXPECT_EQ(frames[0]->color_range, AVCOL_RANGE_MPEG);
    EXPECT_EQ(frames[0]->colorspace, sink.video().format.video.colour.matrix);
    expect_colour(at(*frames[0], 0.25, 0.25), each.red, "red");
    expect_colour(at(*frames[0], 0.75, 0.75), white709, "white");
}

constexpr Yuv red601{81, 90, 240};

INSTANTIATE_TEST_SUITE_P(Formats, SourceFormat,
    ::testing::Values(
        SourceCase{"yuvj420p", ",scale=out_color_matrix=bt601:out_range=pc,format=yuvj420p\" -c:v mjpeg -q:v 2", {5, 1, 5, true}, red601},
        SourceCase{"full_range_h264", ",scale=out_color_matrix=bt709:out_range=pc,format=yuv420p\" -c:v libx264 -crf 8 -color_range pc", {1, 1, 1, true}, red709},
        SourceCase{"yuv444p", ",scale=out_color_matrix=bt709,format=yuv444p\" -c:v libx264 -crf 8 -color_range tv", {1, 1, 1, false}, red709},
        SourceCase{"yuv422p10", ",scale=out_color_matrix=bt709,format=yuv422p10\" -c:v libx264 -crf 8 -color_range tv", {1, 1, 1, false}, red709},
        SourceCase{"yuv420p10_601", ",scale=out_color_matrix=bt601,format=yuv420p10\" -c:v libx264 -crf 8 -color_range tv", {6, 6, 6, false}, red601},
        SourceCase{"rgb24", ",format=rgb24\" -c:v png", {1, 1, 1, false}, red709},
        SourceCase{"rgb_tagged_as_gbr", ",format=gbrp\" -c:v ffv1", {1, 13, 0, true}, red601},
        SourceCase{"palette", ",format=pal8\" -c:v png", {1, 1, 1, false}, red709}),
    [](const auto& instance) { return std::string(instance.param.name); });

TEST(TranscodeColour, tags_reach_the_bitstream) {
    REQUIRE_FFMPEG();
    const std::string path = quarters("160x90", tagged_709, "quarters.mp4");
    EncodePlan plan = simple_plan({25, 1}, 25, 320, 180);
    plan.video_source->colour = {6, 6, 6, false};
    const auto frames = transcode_pictures(path, plan);
    ASSERT_FALSE(frames.empty());
    EXPECT_EQ(frames[0]->color_primaries, 6);
    EXPECT_EQ(frames[0]->color_trc, 6);
    EXPECT_EQ(frames[0]->colorspace, 6);
}

TEST(TranscodeColour, chroma_of_other_places_is_moved_and_not_only_relabelled) {
    // A vertical edge in chroma alone: in centred pictures it lies half a luma pixel further right.
    BufferPoolPtr pool;
    auto centred = pooled_picture(pool, AV_PIX_FMT_YUV420P, 64, 64);
    ASSERT_TRUE(centred);
    for (int plane = 0; plane < 3; ++plane) {
        for (int row = 0; row < (plane == 0 ? 64 : 32); ++row) {
            for (int x = 0; x < (plane == 0 ? 64 : 32); ++x) {
                (*centred)->data[plane][row * (*centred)->linesize[plane] + x] = static_cast<std::uint8_t>(plane == 0 ? 120 : x < 16 ? 60 : 200);
            }
        }
    }
    tag_colour(**centred, {1, 1, 1, false});
    PictureScaler scaler({64, 64, AV_PIX_FMT_YUV420P, {1, 1, 1, false}}, {1, 1, 1, false});
    const auto left = scaler.run(**centred);
    ASSERT_TRUE(left);
    EXPECT_EQ((*left)->data[1][16], 200) << "chroma beside the left samples already: passed on as it is";
    (*centred)->chroma_location = AVCHROMA_LOC_CENTER;
    const auto moved = scaler.run(**centred);
    ASSERT_TRUE(moved);
    EXPECT_EQ((*moved)->chroma_location, AVCHROMA_LOC_LEFT);
    EXPECT_NEAR((*moved)->data[1][16], 165, 25) << "between the two";
    EXPECT_EQ((*moved)->data[0][20], 120);
}

TEST(TranscodeColour, uneven_pixels_are_stretched_to_the_planned_square_ones) {
    REQUIRE_FFMPEG();
    const std::string path = quarters("90x90", ",setsar=16/9,scale=out_color_matrix=bt709,format=yuv420p\" -c:v libx264 -crf 10 -preset ultrafast", "sar.mkv");
    ASSERT_FALSE(path.empty());
    const EncodePlan plan = simple_plan({25, 1}, 25, 320, 180);
    const auto frames = transcode_pictures(path, plan);
    ASSERT_FALSE(frames.empty());
    EXPECT_EQ(frames[0]->width, 320);
    EXPECT_TRUE(frames[0]->sample_aspect_ratio.num == 0 || frames[0]->sample_aspect_ratio.num == frames[0]->sample_aspect_ratio.den);
    expect_colour(at(*frames[0], 0.25, 0.25), red709, "red");
    expect_colour(at(*frames[0], 0.75, 0.25), green709, "green");
}

TEST(TranscodeColour, size_change_midway_keeps_the_planned_size) {
    REQUIRE_FFMPEG();
    const std::string a = make_clip("size_a.ts", "-f lavfi -i color=red:size=320x180:rate=25:duration=1 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -muxdelay 0");
    const std::string b = make_clip("size_b.ts", "-f lavfi -i color=blue:size=200x200:rate=25:duration=1 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -muxdelay 0 -output_ts_offset 1");
    ASSERT_FALSE(a.empty() || b.empty());
    const std::string joined = (ClipFolder::instance().path() / "size.ts").string();
    ASSERT_EQ(std::system(("cat '" + a + "' '" + b + "' > '" + joined + "'").c_str()), 0);
    for (const int turn : {0, 90}) {
        EncodePlan plan = simple_plan({25, 1}, 90000, 320, 180);
        plan.video_source->orientation.clockwise_degrees = turn;
        const auto frames = transcode_pictures(joined, plan);
        ASSERT_GE(frames.size(), 48U);
        EXPECT_EQ(frames.back()->width, 320);
        EXPECT_GT(plane_mean(*frames.front(), 2), 200);
        EXPECT_GT(plane_mean(*frames.back(), 1), 200);
    }
}

/// Mean absolute difference between neighbouring rows: large where fields are woven together.
double combing(const AVFrame& frame) {
    double sum = 0;
    std::int64_t count = 0;
    for (int y = 2; y + 2 < frame.height; ++y) {
        const std::uint8_t* row = frame.data[0] + y * frame.linesize[0];
        for (int x = 0; x < frame.width; ++x) {
            const int here = row[x];
            const int near = row[x - frame.linesize[0]] + row[x + frame.linesize[0]];
            const int far = row[x - 2 * frame.linesize[0]] + row[x + 2 * frame.linesize[0]];
            sum += std::max(0, std::abs(2 * here - near) - std::abs(2 * here - far));
            ++count;
        }
    }
    return sum / static_cast<double>(count);
}

TEST(TranscodeColour, unflagged_interlaced_pictures_are_deinterlaced_when_planned) {
    REQUIRE_FFMPEG();
    const std::string path = make_clip("interlaced.mkv",
        "-f lavfi -i testsrc2=size=320x240:rate=50:duration=2 -vf \"crop=300:200:x='mod(n*7\\,20)',tinterlace=interleave_top,setfield=prog\" "
        "-c:v libx264 -preset ultrafast -crf 12 -pix_fmt yuv420p");
    ASSERT_FALSE(path.empty());
    EncodePlan plan = simple_plan({25, 1}, 50, 300, 200);
    plan.video[0].rate.crf = 12;
    const auto woven = transcode_pictures(path, plan);
    plan.video_source->scan = ScanType::interlaced_tff;
    const auto smooth = transcode_pictures(path, plan);
    ASSERT_EQ(smooth.size(), 50U);
    EXPECT_LT(combing(*smooth[20]), 0.5 * combing(*woven[20]));
    plan.video_source->frame_rate = {50, 1};
    const auto fields = transcode_pictures(path, plan);
    EXPECT_NEAR(static_cast<double>(fields.size()), 100.0, 1.0);
}

TEST(TranscodeColour, telecined_film_gets_its_frames_back) {
    REQUIRE_FFMPEG();
    const std::string path = make_clip("telecine.mkv",
        "-f lavfi -i testsrc2=size=320x240:rate=24000/1001:duration=3 -vf telecine -c:v libx264 -preset ultrafast -crf 12 -pix_fmt yuv420p");
    ASSERT_FALSE(path.empty());
    EncodePlan plan = simple_plan({24000, 1001}, 24000, 320, 240);
    plan.cuts.period = {24024, 24000};
    plan.video_source->scan = ScanType::telecine;
    CollectingSink sink;
    const auto summary = run_transcode(path, plan, sink);
    ASSERT_TRUE(summary) << summary.error().describe();
    expect_sound_video(sink.video(), plan.cuts);
    EXPECT_NEAR(static_cast<double>(sink.video().samples.size()), 71.0, 2.0);
}

std::string hdr_clip(const char* transfer, const char* name) {
    // A ramp from black to peak, tagged as HDR.
    return make_clip(name, std::string("-f lavfi -i nullsrc=size=320x180:rate=25:duration=0.4 -vf "
        "\"format=yuv420p10,geq=lum='64+876*X/W':cb=512:cr=512\" -c:v libx265 -preset ultrafast -x265-params '"
        "log-level=none:colorprim=bt2020:colormatrix=bt2020nc:transfer=") + transfer +
        ":hdr10=1:master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50):max-cll=1000,400'");
}

EncodePlan hdr_plan(VideoRange range) {
    EncodePlan plan = simple_plan({25, 1}, 25, 320, 180);
    plan.video_source->range = range;
    plan.video_source->colour = {9, static_cast<std::uint16_t>(range == VideoRange::pq ? 16 : 18), 9, false};
    plan.video[0].rate.crf = 10;
    return plan;
}

TEST(TranscodeHdr, becomes_bright_but_unclipped_sdr_of_bt709) {
    REQUIRE_FFMPEG();
    for (const auto range : {VideoRange::pq, VideoRange::hlg}) {
        const bool pq = range == VideoRange::pq;
        const std::string path = hdr_clip(pq ? "smpte2084" : "arib-std-b67", pq ? "pq.mkv" : "hlg.mkv");
        ASSERT_FALSE(path.empty());
        CollectingSink sink;
        const auto summary = run_transcode(path, hdr_plan(range), sink);
        ASSERT_TRUE(summary) << summary.error().describe();
        EXPECT_EQ(sink.video().format.video.colour, (ColourInfo{1, 1, 1, false}));
        EXPECT_FALSE(sink.video().format.video.mastering_display);
        const auto frames = decode_track(sink.video());
        ASSERT_FALSE(frames.empty());
        double last = 0;
        for (double x = 0.05; x < 0.95; x += 0.05) {
            const double luma = plane_mean(*frames[0], 0, x, 0.4, x + 0.03, 0.6);
            EXPECT_GE(luma, last - 1.0) << "the ramp goes back at " << x;
            last = luma;
        }
        // The middle of a PQ ramp is 93 nits: two thirds up in SDR. Of HLG it is 50 nits.
        EXPECT_NEAR(plane_mean(*frames[0], 0, 0.48, 0.4, 0.52, 0.6), pq ? 173 : 139, 12);
        EXPECT_NEAR(plane_mean(*frames[0], 1), 128, 2);
    }
}

TEST(TranscodeHdr, is_kept_with_its_metadata_where_planned_beside_sdr) {
    REQUIRE_FFMPEG();
    const std::string path = hdr_clip("smpte2084", "pq.mkv");
    ASSERT_FALSE(path.empty());
    EncodePlan plan = hdr_plan(VideoRange::pq);
    VideoRendition hdr = plan.video[0];
    hdr.id = "hdr";
    hdr.codec = Codec::hevc;
    hdr.range = VideoRange::pq;
    hdr.bit_depth = 10;
    plan.video.push_back(hdr);
    hdr.id = "hdr_av1";
    hdr.codec = Codec::av1;
    hdr.rate.crf = 20;
    plan.video.push_back(hdr);
    plan.measure_quality = true;
    CollectingSink sink;
    const auto summary = run_transcode(path, plan, sink);
    ASSERT_TRUE(summary) << summary.error().describe();
    for (std::size_t i = 1; i < 3; ++i) {
        const VideoFormat& format = sink.video(i).format.video;
        EXPECT_EQ(format.colour, (ColourInfo{9, 16, 9, false}));
        EXPECT_EQ(format.bit_depth, 10);
        ASSERT_TRUE(format.mastering_display);
        EXPECT_EQ(format.mastering_display->max_luminance, 10000000U);
        EXPECT_EQ(format.mastering_display->green_y, 34500U);
        ASSERT_TRUE(format.content_light);
        EXPECT_EQ(format.content_light->max_cll, 1000U);
        const auto frames = decode_track(sink.video(i));
        ASSERT_FALSE(frames.empty());
        EXPECT_EQ(frames[0]->format, AV_PIX_FMT_YUV420P10);
        EXPECT_EQ(frames[0]->color_trc, AVCOL_TRC_SMPTE2084);
        EXPECT_EQ(frames[0]->colorspace, AVCOL_SPC_BT2020_NCL);
        EXPECT_NE(av_frame_get_side_data(frames[0].get(), AV_FRAME_DATA_MASTERING_DISPLAY_METADATA), nullptr);
        EXPECT_NE(av_frame_get_side_data(frames[0].get(), AV_FRAME_DATA_CONTENT_LIGHT_LEVEL), nullptr);
        EXPECT_GT(sink.video(i).quality.at(0).psnr_y, 35.0);
    }
    EXPECT_GT(sink.video(0).quality.at(0).psnr_y, 35.0);
}

}  // namespace
}  // namespace streamforge::media
