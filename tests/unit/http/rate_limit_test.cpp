#include "http/rate_limit.hpp"

#include <gtest/gtest.h>

namespace streamforge::http {
namespace {

using namespace std::chrono_literals;

TEST(RateLimit, zero_means_no_limit) {
    RateLimit limit(0);
    EXPECT_EQ(limit.take(1'000'000'000, {}), 1'000'000'000U);
    EXPECT_TRUE(limit.is_open({}));
}

TEST(RateLimit, passes_the_rate_over_time_whatever_the_steps) {
    for (const auto step : {1ms, 7ms, 50ms}) {
        RateLimit limit(10'000'000);
        RateLimit::TimePoint now{1h};
        std::uint64_t passed = 0;
        for (auto elapsed = 0ms; elapsed < 10'000ms; elapsed += step) {
            passed += limit.take(10'000'000, now);
            now += step;
        }
        EXPECT_NEAR(static_cast<double>(passed), 100'000'000.0, 1'000'000.0) << step.count();
    }
}

TEST(RateLimit, what_came_too_early_is_paid_back) {
    RateLimit limit(1'000'000);
    RateLimit::TimePoint now{1h};
    EXPECT_TRUE(limit.is_open(now));
    limit.take_late(1'050'000, now);  // a burst of 50,000 and a debt of one second
    EXPECT_FALSE(limit.is_open(now));
    EXPECT_FALSE(limit.is_open(now + 900ms));
    EXPECT_TRUE(limit.is_open(now + 1100ms));
}

TEST(RateLimit, a_long_pause_earns_no_more_than_a_burst) {
    RateLimit limit(1'000'000);
    RateLimit::TimePoint now{1h};
    (void)limit.take(1'000'000, now);
    EXPECT_EQ(limit.take(1'000'000, now + 1h), 50'000U);
}

TEST(RateLimit, very_small_rates_still_move) {
    RateLimit limit(3);
    RateLimit::TimePoint now{1h};
    std::uint64_t passed = 0;
    for (int step = 0; step < 10'000; ++step) passed += limit.take(100, now += 1ms);
    EXPECT_GE(passed, 28U);
    EXPECT_LE(passed, 32U);
}

}  // namespace
}  // namespace streamforge::http
