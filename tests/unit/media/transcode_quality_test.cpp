#include <gtest/gtest.h>

#include <cmath>
#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>

#include "media/ffmpeg/quality_metrics.hpp"
#include "unit/media/transcode_support.hpp"

namespace streamforge::media {
namespace {

using namespace testing;
using ffmpeg::compare_planes;
using ffmpeg::PlanePair;
using ffmpeg::QualitySum;

template <class Sample>
struct TwoPlanes {
    std::vector<Sample> a, b;
    int width, height;

    TwoPlanes(int w, int h, int peak, int noise, unsigned seed) : width(w), height(h) {
        std::mt19937 random(seed);
        for (int i = 0; i < w * h; ++i) {
            const int value = static_cast<int>(random() % static_cast<unsigned>(peak + 1));
            const int change = noise == 0 ? 0 : static_cast<int>(random() % static_cast<unsigned>(2 * noise + 1)) - noise;
            a.push_back(static_cast<Sample>(value));
            b.push_back(static_cast<Sample>(std::clamp(value + change, 0, peak)));
        }
    }
    [[nodiscard]] PlanePair pair(int depth) const {
        const auto stride = static_cast<std::ptrdiff_t>(width * static_cast<int>(sizeof(Sample)));
        return {reinterpret_cast<const std::uint8_t*>(a.data()), stride, reinterpret_cast<const std::uint8_t*>(b.data()), stride,
                width, height, depth};
    }
    [[nodiscard]] std::uint64_t squared_error() const {
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i < a.size(); ++i) {
            const std::int64_t d = std::int64_t{a[i]} - b[i];
            sum += static_cast<std::uint64_t>(d * d);
        }
        return sum;
    }
    /// The textbook: every window summed by itself, in double.
    [[nodiscard]] double ssim(double peak) const {
        const double c1 = std::floor(0.01 * 0.01 * peak * peak * 64 + 0.5);
        const double c2 = std::floor(0.03 * 0.03 * peak * peak * 64 * 63 + 0.5);
        double total = 0;
        int windows = 0;
        for (int y = 0; y + 8 <= height / 4 * 4; y += 4) {
            for (int x = 0; x + 8 <= width / 4 * 4; x += 4) {
                double s1 = 0, s2 = 0, ss = 0, s12 = 0;
                for (int j = 0; j < 8; ++j) {
                    for (int i = 0; i < 8; ++i) {
                        const double p = a[static_cast<std::size_t>((y + j) * width + x + i)];
                        const double q = b[static_cast<std::size_t>((y + j) * width + x + i)];
                        s1 += p;
                        s2 += q;
                        ss += p * p + q * q;
                        s12 += p * q;
                    }
                }
                total += (2 * s1 * s2 + c1) * (2 * (s12 * 64 - s1 * s2) + c2) /
                         ((s1 * s1 + s2 * s2 + c1) * (ss * 64 - s1 * s1 - s2 * s2 + c2));
                ++windows;
            }
        }
        return total / windows;
    }
};

TEST(ComparePlanes, agrees_with_the_textbook_for_any_size) {
    for (const auto& [width, height] : {std::pair{8, 8}, {16, 12}, {33, 21}, {64, 64}, {131, 37}, {320, 18}}) {
        const TwoPlanes<std::uint8_t> planes(width, height, 255, 20, static_cast<unsigned>(width));
        const auto result = compare_planes(planes.pair(8));
        EXPECT_EQ(result.squared_error, planes.squared_error()) << width << "x" << height;
        EXPECT_NEAR(result.ssim, planes.ssim(255), 1e-4) << width << "x" << height;
        const TwoPlanes<std::uint16_t> deep(width, height, 1023, 90, static_cast<unsigned>(height));
        const auto deep_result = compare_planes(deep.pair(10));
        EXPECT_EQ(deep_result.squared_error, deep.squared_error()) << width << "x" << height;
        EXPECT_NEAR(deep_result.ssim, deep.ssim(1023), 1e-4) << width << "x" << height;
    }
}

TEST(ComparePlanes, equal_planes_are_perfect) {
    const TwoPlanes<std::uint8_t> planes(100, 50, 255, 0, 1);
    const auto result = compare_planes(planes.pair(8));
    EXPECT_EQ(result.squared_error, 0U);
    EXPECT_NEAR(result.ssim, 1.0, 1e-6);
}

TEST(ComparePlanes, tiny_planes_are_equal_or_not) {
    const TwoPlanes<std::uint8_t> same(5, 5, 255, 0, 1);
    EXPECT_EQ(compare_planes(same.pair(8)).ssim, 1.0);
    const TwoPlanes<std::uint8_t> other(5, 5, 255, 50, 1);
    EXPECT_EQ(compare_planes(other.pair(8)).ssim, 0.0);
    EXPECT_EQ(compare_planes(other.pair(8)).squared_error, other.squared_error());
}

TEST(QualitySum, means_ssim_by_frame_and_error_by_sample) {
    QualitySum sum(8);
    EXPECT_EQ(sum.score().frames, 0U);
    for (int plane = 0; plane < 3; ++plane) {
        sum.add(plane, {1.0, 0}, 100);
        sum.add(plane, {0.5, 650250}, 100);
    }
    sum.count_frame();
    sum.count_frame();
    const auto score = sum.score();
    EXPECT_EQ(score.frames, 2U);
    EXPECT_DOUBLE_EQ(score.ssim_y, 0.75);
    EXPECT_NEAR(score.psnr_u, 10 * std::log10(255.0 * 255 * 200 / 650250), 1e-9);
    QualitySum perfect(8);
    perfect.add(0, {1.0, 0}, 100);
    EXPECT_EQ(perfect.score().psnr_y, 100.0);
}

double value_after(const std::string& text, const std::string& key) {
    const auto at = text.rfind(key);
    return at == std::string::npos ? -1.0 : std::atof(text.c_str() + at + key.size());
}

TEST(TranscodeQuality, agrees_with_ffmpegs_own_filters) {
    REQUIRE_FFMPEG();
    const std::string path = make_clip("measured.mkv",
        "-f lavfi -i testsrc2=size=320x180:rate=25:duration=2 -vf noise=alls=12:allf=t -c:v libx264 -preset ultrafast -crf 5 -pix_fmt yuv420p");
    ASSERT_FALSE(path.empty());
    EncodePlan plan = simple_plan({25, 1}, 25, 320, 180);
    plan.video[0].rate.crf = 32;
    plan.cuts.period = {10, 1};
    plan.measure_quality = true;
    CollectingSink sink;
    ASSERT_TRUE(run_transcode(path, plan, sink));
    ASSERT_EQ(sink.video().quality.size(), 1U);
    const QualityScore& score = sink.video().quality.at(0);
    EXPECT_EQ(score.frames, 50U);

    const auto folder = ClipFolder::instance().path();
    const std::string encoded = (folder / "measured.264").string();
    std::ofstream out(encoded, std::ios::binary);
    const auto write = [&](const Bytes& bytes) {
        out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    };
    write(sink.video().format.codec_config);
    for (const auto& sample : sink.video().samples) write(sample.data);
    out.close();
    const std::string log = (folder / "measured.log").string();
    ASSERT_EQ(std::system(("ffmpeg -nostdin -hide_banner -r 25 -i '" + encoded + "' -r 25 -i '" + path +
                           "' -lavfi \"[0][1]ssim;[0][1]psnr\" -f null - >'" + log + "' 2>&1").c_str()), 0);
    std::ifstream in(log);
    const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    EXPECT_NEAR(score.ssim_y, value_after(text, "SSIM Y:"), 1e-3) << text;
    EXPECT_NEAR(score.ssim_u, value_after(text, " U:"), 1e-3);
    EXPECT_NEAR(score.psnr_y, value_after(text, "PSNR y:"), 0.01);
    EXPECT_NEAR(score.psnr_v, value_after(text, " v:"), 0.01);
}

TEST(TranscodeQuality, every_segment_of_every_rendition_is_scored_over_all_its_frames) {
    REQUIRE_FFMPEG();
    const std::string path = make_clip("scored.mkv",
        "-f lavfi -i testsrc2=size=320x180:rate=25:duration=3.2 -c:v libx264 -preset ultrafast -pix_fmt yuv420p");
    EncodePlan plan = simple_plan({25, 1}, 25, 320, 180);
    plan.video[0].speed = "medium";
    VideoRendition small = plan.video[0];
    small.id = "small";
    small.width_px = 160;
    small.height_px = 90;
    plan.video.push_back(small);
    plan.measure_quality = true;
    CollectingSink sink;
    ASSERT_TRUE(run_transcode(path, plan, sink));
    for (std::size_t i = 0; i < 2; ++i) {
        const auto& quality = sink.video(i).quality;
        ASSERT_EQ(quality.size(), 4U);
        for (const auto& [segment, score] : quality) {
            EXPECT_EQ(score.frames, segment == 3 ? 5U : 25U);
            EXPECT_GT(score.ssim_y, 0.9);
            EXPECT_LE(score.ssim_y, 1.0);
        }
    }
}

TEST(TranscodeQuality, is_left_out_when_not_planned) {
    REQUIRE_FFMPEG();
    const std::string path = make_clip("scored.mkv",
        "-f lavfi -i testsrc2=size=320x180:rate=25:duration=3.2 -c:v libx264 -preset ultrafast -pix_fmt yuv420p");
    const EncodePlan plan = simple_plan({25, 1}, 25, 320, 180);
    CollectingSink sink;
    ASSERT_TRUE(run_transcode(path, plan, sink));
    EXPECT_TRUE(sink.video().quality.empty());
}

}  // namespace
}  // namespace streamforge::media
