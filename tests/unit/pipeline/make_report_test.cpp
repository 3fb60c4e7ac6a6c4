#include "pipeline/process/make_report.hpp"

#include <array>
#include <gtest/gtest.h>

namespace streamforge::pipeline {
namespace {

TEST(CombineQuality, psnr_is_averaged_by_error_and_ssim_by_frames) {
    const std::array scores{QualityScore{.ssim_y = 1.0, .psnr_y = 30.0, .frames = 100},
                            QualityScore{.ssim_y = 0.7, .psnr_y = 20.0, .frames = 50}};
    const auto all = combine(scores);
    EXPECT_EQ(all.frames, 150u);
    EXPECT_NEAR(all.ssim_y, 0.9, 1e-12);
    // mean error (100 * 1e-3 + 50 * 1e-2) / 150 = 4e-3
    EXPECT_NEAR(all.psnr_y, 23.979400086720375, 1e-9);
}

TEST(CombineQuality, identical_runs_stay_identical) {
    const std::array scores{QualityScore{.psnr_y = 100.0, .frames = 10}, QualityScore{.psnr_y = 100.0, .frames = 10}};
    EXPECT_DOUBLE_EQ(combine(scores).psnr_y, 100.0);
}

TEST(CombineQuality, one_identical_run_does_not_hide_the_other) {
    const std::array scores{QualityScore{.psnr_y = 100.0, .frames = 10}, QualityScore{.psnr_y = 30.0, .frames = 10}};
    EXPECT_NEAR(combine(scores).psnr_y, 33.0103, 1e-4);
}

}  // namespace
}  // namespace streamforge::pipeline
