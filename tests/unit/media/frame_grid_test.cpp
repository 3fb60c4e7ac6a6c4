#include "media/frame_grid.hpp"

#include <gtest/gtest.h>

namespace streamforge::media {
namespace {

struct GridCase {
    Rational rate;
    std::int64_t timescale;
    MediaTime period_for_4s;
};

TEST(FrameGrid, constant_rate_gives_whole_ticks_and_whole_frames) {
    const GridCase cases[]{
        {{24, 1}, 24000, {4, 1}},          {{24000, 1001}, 24000, {96 * 1001, 24000}}, {{25, 1}, 25000, {4, 1}},
        {{30000, 1001}, 30000, {120 * 1001, 30000}}, {{30, 1}, 30000, {4, 1}},         {{25, 2}, 25000, {4, 1}},
        {{60000, 1001}, 60000, {240 * 1001, 60000}}, {{120, 1}, 12000, {4, 1}},        {{1, 1}, 10000, {4, 1}},
        {{1000000, 66667}, 1000000, {60 * 66667, 1000000}}, {{2997, 125}, 29970, {96 * 1250, 29970}},
        {{1, 10}, 10000, {10, 1}},  // one frame at least
    };
    for (const auto& each : cases) {
        const auto grid = plan_frame_grid(each.rate, 90000, {4, 1});
        EXPECT_EQ(grid.frame_rate, each.rate);
        EXPECT_EQ(grid.timescale, each.timescale) << each.rate.to_string();
        EXPECT_EQ(grid.cuts.period, each.period_for_4s) << each.rate.to_string() << ' ' << grid.cuts.period.to_string();
        EXPECT_EQ(grid.timescale * each.rate.den % each.rate.num, 0) << each.rate.to_string();
        EXPECT_GE(grid.timescale, 10000);
    }
}

TEST(FrameGrid, period_is_the_nearest_number_of_frames) {
    EXPECT_EQ(plan_frame_grid({25, 2}, 90000, {5, 1}).cuts.period, (MediaTime{126, 25}));  // 62.5 frames: up
    EXPECT_EQ(plan_frame_grid({30000, 1001}, 90000, {1, 1}).cuts.period, (MediaTime{30 * 1001, 30000}));
    EXPECT_EQ(plan_frame_grid({30000, 1001}, 90000, {30, 1}).cuts.period, (MediaTime{899 * 1001, 30000}));
}

TEST(FrameGrid, variable_rate_keeps_the_asked_length_and_exact_timestamps) {
    const auto grid = plan_frame_grid({0, 1}, 600, {4, 1});
    EXPECT_EQ(grid.timescale, 90000);  // a multiple of 600
    EXPECT_FALSE(grid.frame_rate.is_positive());
    EXPECT_EQ(grid.cuts.period, (MediaTime{4, 1}));
    EXPECT_EQ(plan_frame_grid({0, 1}, 16000, {4, 1}).timescale, 16000);
    EXPECT_EQ(plan_frame_grid({0, 1}, 3003, {4, 1}).timescale, 30030);
    EXPECT_EQ(plan_frame_grid({0, 1}, 1, {4, 1}).timescale, 90000);
    EXPECT_EQ(plan_frame_grid({0, 1}, 1200000000, {4, 1}).timescale, 90000);
    EXPECT_EQ(plan_frame_grid({0, 1}, -5, {4, 1}).timescale, 90000);
}

TEST(FrameGrid, rate_that_no_grid_holds_counts_as_variable) {
    for (const Rational rate : {Rational{2000, 1}, Rational{0, 0}, Rational{-25, 1}, Rational{1000000007, 40000003}}) {
        EXPECT_FALSE(fits_grid(rate)) << rate.to_string();
        EXPECT_FALSE(plan_frame_grid(rate, 1000, {4, 1}).frame_rate.is_positive());
    }
    EXPECT_TRUE(fits_grid({50, 2}));
    EXPECT_EQ(plan_frame_grid({50, 2}, 1000, {4, 1}).frame_rate.num, 25);
}

}  // namespace
}  // namespace streamforge::media
