#include "media/frame_timing.hpp"

#include <gtest/gtest.h>
#include <limits>

namespace streamforge::media {
namespace {

/// `count` times at `rate`, rounded to a tick of 1/`timescale` s.
std::vector<std::int64_t> times_at(Rational rate, std::int64_t timescale, int count, std::int64_t first = 0) {
    std::vector<std::int64_t> times;
    for (int i = 0; i < count; ++i) {
        times.push_back(first + mul_div(i, rate.den * timescale, rate.num, Rounding::nearest));
    }
    return times;
}

FrameTiming judge(std::vector<std::int64_t> times, Rational tick, std::vector<Rational> stated = {}) {
    return judge_frame_timing({.timestamps = std::move(times), .tick = tick, .stated_rates = std::move(stated)});
}

struct ConstantRate {
    Rational rate;
    std::int64_t timescale;
};

class EveryClock : public ::testing::TestWithParam<ConstantRate> {};

TEST_P(EveryClock, constant_rate_is_found_exactly) {
    const auto [rate, timescale] = GetParam();
    const auto timing = judge(times_at(rate, timescale, 300), {1, timescale});
    EXPECT_EQ(timing.rate, rate) << timing.rate.to_string();
    EXPECT_FALSE(timing.variable);
    EXPECT_EQ(timing.holes, 0U);
}

INSTANTIATE_TEST_SUITE_P(
    FrameTiming, EveryClock,
    ::testing::Values(ConstantRate{{24000, 1001}, 90000}, ConstantRate{{24000, 1001}, 1000}, ConstantRate{{24000, 1001}, 24000},
                      ConstantRate{{24, 1}, 1000}, ConstantRate{{25, 1}, 12800}, ConstantRate{{30000, 1001}, 1000},
                      ConstantRate{{30000, 1001}, 600}, ConstantRate{{30, 1}, 1000}, ConstantRate{{30, 1}, 600},
                      ConstantRate{{60000, 1001}, 1000}, ConstantRate{{60000, 1001}, 90000}, ConstantRate{{50, 1}, 1000},
                      ConstantRate{{120, 1}, 1000}, ConstantRate{{240, 1}, 90000}, ConstantRate{{25, 2}, 1000},
                      ConstantRate{{15, 1}, 1000}, ConstantRate{{10, 1}, 100}, ConstantRate{{1, 1}, 1000}));

TEST(FrameTiming, milliseconds_on_a_finer_clock_are_still_one_constant_rate) {
    // A Matroska file remuxed to MP4: times are whole milliseconds, the clock has 16000 ticks.
    auto times = times_at({30000, 1001}, 1000, 300);
    for (auto& time : times) time *= 16;
    const auto timing = judge(std::move(times), {1, 16000}, {{30000, 1001}});
    EXPECT_EQ(timing.rate, (Rational{30000, 1001}));
    EXPECT_FALSE(timing.variable);
}

TEST(FrameTiming, header_that_contradicts_the_timestamps_is_not_believed) {
    const auto timing = judge(times_at({30, 1}, 1000, 200), {1, 1000}, {{1000, 1}, {600, 1}});
    EXPECT_EQ(timing.rate, (Rational{30, 1}));
    EXPECT_FALSE(timing.variable);
}

TEST(FrameTiming, header_decides_between_rates_that_a_short_run_cannot_tell_apart) {
    EXPECT_EQ(judge(times_at({30, 1}, 1000, 8), {1, 1000}, {{30000, 1001}}).rate, (Rational{30000, 1001}));
    EXPECT_EQ(judge(times_at({30, 1}, 1000, 8), {1, 1000}, {{30, 1}}).rate, (Rational{30, 1}));
}

TEST(FrameTiming, long_run_overrules_a_header_that_is_off_by_a_thousandth) {
    EXPECT_EQ(judge(times_at({30, 1}, 1000, 300), {1, 1000}, {{30000, 1001}}).rate, (Rational{30, 1}));
}

TEST(FrameTiming, odd_rate_of_an_avi_header_is_kept_exact) {
    std::vector<std::int64_t> times;
    for (int i = 0; i < 100; ++i) times.push_back(i);
    const auto timing = judge(times, {66667, 1000000}, {{1000000, 66667}});
    EXPECT_EQ(timing.rate, (Rational{1000000, 66667}));
    EXPECT_FALSE(timing.variable);
}

TEST(FrameTiming, unusual_constant_rate_in_milliseconds_is_found_as_the_simplest_fraction) {
    const auto timing = judge(times_at({17, 1}, 1000, 400), {1, 1000});
    EXPECT_EQ(timing.rate, (Rational{17, 1})) << timing.rate.to_string();
    EXPECT_FALSE(timing.variable);
}

TEST(FrameTiming, uneven_intervals_are_variable_with_their_average) {
    std::vector<std::int64_t> times{0};
    for (int i = 0; i < 99; ++i) times.push_back(times.back() + (i % 3 == 0 ? 20 : i % 3 == 1 ? 50 : 90));
    const auto timing = judge(times, {1, 1000});
    EXPECT_TRUE(timing.variable);
    EXPECT_EQ(timing.rate, (Rational{99 * 1000, times.back()}));
}

TEST(FrameTiming, average_of_a_variable_rate_comes_from_the_header_when_it_agrees) {
    std::vector<std::int64_t> times{0};
    for (int i = 0; i < 99; ++i) times.push_back(times.back() + (i % 2 == 0 ? 30 : 44));
    const auto timing = judge(times, {1, 600}, {{24600, 1469}, {600, 1}});
    EXPECT_TRUE(timing.variable);
    EXPECT_EQ(timing.rate, (Rational{24600, 1469}));
}

TEST(FrameTiming, few_missing_frames_leave_the_rate_constant_and_are_counted) {
    auto times = times_at({30000, 1001}, 30000, 200);
    times.erase(times.begin() + 50);
    times.erase(times.begin() + 120);
    const auto timing = judge(times, {1, 30000});
    EXPECT_EQ(timing.rate, (Rational{30000, 1001}));
    EXPECT_FALSE(timing.variable);
    EXPECT_EQ(timing.holes, 2U);
}

TEST(FrameTiming, many_missing_frames_make_it_variable) {
    auto times = times_at({30, 1}, 30000, 200);
    std::vector<std::int64_t> thinned;
    for (std::size_t i = 0; i < times.size(); ++i) {
        if (i % 7 != 3) thinned.push_back(times[i]);
    }
    EXPECT_TRUE(judge(thinned, {1, 30000}).variable);
}

TEST(FrameTiming, frames_without_a_time_are_no_holes) {
    // An MPEG program stream that times two frames of three.
    auto times = times_at({30000, 1001}, 90000, 150);
    std::vector<std::int64_t> told;
    for (std::size_t i = 0; i < times.size(); ++i) {
        if (i % 3 != 1) told.push_back(times[i]);
    }
    const auto timing = judge_frame_timing({.timestamps = told, .untimed = 50, .tick = {1, 90000}});
    EXPECT_EQ(timing.rate, (Rational{30000, 1001}));
    EXPECT_FALSE(timing.variable);
    EXPECT_EQ(timing.holes, 0U);
    EXPECT_TRUE(judge(told, {1, 90000}).variable) << "without that knowledge they are";
}

TEST(FrameTiming, repeated_field_film_is_its_24_frames) {
    std::vector<std::int64_t> times{0};
    for (int i = 0; i < 80; ++i) times.push_back(times.back() + (i % 2 == 0 ? 3003 : 4505));  // 2 and 3 fields at 90 kHz
    const auto timing = judge(times, {1, 90000});
    EXPECT_TRUE(timing.soft_telecine);
    EXPECT_FALSE(timing.variable);
    EXPECT_EQ(timing.rate, (Rational{24000, 1001}));
}

TEST(FrameTiming, order_and_repeats_of_timestamps_do_not_matter) {
    auto times = times_at({25, 1}, 90000, 60, 129600);
    std::swap(times[3], times[7]);
    times.push_back(times[10]);
    EXPECT_EQ(judge(times, {1, 90000}).rate, (Rational{25, 1}));
}

TEST(FrameTiming, without_timestamps_a_sane_header_counts_and_a_mad_one_does_not) {
    EXPECT_EQ(judge({}, {1, 1200000}, {{305, 12}, {25, 1}}).rate, (Rational{25, 1}));
    EXPECT_EQ(judge({}, {1, 1000}, {{305, 12}}).rate, (Rational{305, 12}));
    EXPECT_FALSE(judge({}, {1, 1000}, {{1000, 1}}).rate.is_positive());
    EXPECT_FALSE(judge({7}, {1, 1000}).rate.is_positive());
}

TEST(FrameTiming, two_frames_in_milliseconds_give_the_usual_rate) {
    EXPECT_EQ(judge({0, 33}, {1, 1000}).rate, (Rational{30, 1}));
    EXPECT_EQ(judge({0, 33}, {1, 1000}, {{30000, 1001}}).rate, (Rational{30000, 1001}));
    EXPECT_EQ(judge({0, 40}, {1, 1000}).rate, (Rational{25, 1}));
}

TEST(FrameTiming, times_near_the_ends_of_64_bits_do_no_harm) {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    const auto timing = judge({-most, -5, 0, 40, 80, most - 1, most}, {1, 1000});
    EXPECT_TRUE(timing.rate.is_positive());
    std::vector<std::int64_t> wide;
    for (int i = 0; i < 600; ++i) wide.push_back(i * (std::int64_t{1} << 45) + i % 7);
    EXPECT_NO_FATAL_FAILURE((void)judge(wide, {2147483647, 2147483629}));
    EXPECT_NO_FATAL_FAILURE((void)judge(wide, {1, 2147483647}));
}

TEST(UsualRate, is_what_cameras_and_broadcast_use) {
    EXPECT_TRUE(is_usual_rate({30000, 1001}));
    EXPECT_TRUE(is_usual_rate({50, 2}));
    EXPECT_TRUE(is_usual_rate({25, 2}));
    EXPECT_FALSE(is_usual_rate({600, 1}));
    EXPECT_FALSE(is_usual_rate({0, 1}));
    EXPECT_FALSE(is_usual_rate({-25, 1}));
}

}  // namespace
}  // namespace streamforge::media
