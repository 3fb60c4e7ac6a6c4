#include <streamforge/http/retry.hpp>

#include <gtest/gtest.h>

namespace streamforge::http {
namespace {

using namespace std::chrono_literals;

Random all_bits(std::uint8_t byte) {
    return [byte](std::span<std::uint8_t> into) { std::fill(into.begin(), into.end(), byte); };
}

/// Notes how long was slept; the clock stands still.
struct Naps {
    std::vector<std::chrono::milliseconds> taken;
    Sleep sleep() {
        return [this](std::chrono::milliseconds span, const std::stop_token& stop) -> Result<void> {
            if (stop.stop_requested()) return make_error(Errc::cancelled, "test", "stopped");
            taken.push_back(span);
            return {};
        };
    }
};

TEST(RetryDelay, doubles_from_the_base_up_to_the_cap_before_jitter) {
    const RetryPolicy policy;
    EXPECT_EQ(retry_delay(policy, RetryKind::transient, 2, 1.0), 50ms);
    EXPECT_EQ(retry_delay(policy, RetryKind::transient, 3, 1.0), 100ms);
    EXPECT_EQ(retry_delay(policy, RetryKind::transient, 6, 1.0), 800ms);
    EXPECT_EQ(retry_delay(policy, RetryKind::throttling, 2, 1.0), 1000ms);
    EXPECT_EQ(retry_delay(policy, RetryKind::throttling, 3, 0.5), 1000ms);
    EXPECT_EQ(retry_delay(policy, RetryKind::throttling, 99, 1.0), 20'000ms);
    EXPECT_EQ(retry_delay(policy, RetryKind::throttling, 99, 0.25), 5'000ms);
    EXPECT_EQ(retry_delay(policy, RetryKind::transient, 4'000'000'000U, 0.0), 0ms);
    EXPECT_EQ(retry_delay(policy, RetryKind::fresh, 5, 1.0), 0ms);
}

TEST(RetryDelay, what_the_remote_asks_counts_within_bounds) {
    const RetryPolicy policy;
    EXPECT_EQ(retry_delay(policy, RetryKind::transient, 2, 1.0, 10ms), 50ms) << "never earlier than computed";
    EXPECT_EQ(retry_delay(policy, RetryKind::transient, 2, 1.0, 3000ms), 3000ms);
    EXPECT_EQ(retry_delay(policy, RetryKind::transient, 2, 1.0, 60'000ms), 5050ms) << "at most 5 s more";
}

TEST(RetryAfter, reads_both_spellings_and_nothing_else) {
    EXPECT_EQ(retry_after({{"x-amz-retry-after", "1500"}, {"Retry-After", "9"}}), 1500ms);
    EXPECT_EQ(retry_after({{"Retry-After", "9"}}), 9000ms);
    EXPECT_EQ(retry_after({{"Retry-After", "99999999999"}}), 24h);
    for (const auto* text : {"", "-1", "soon", "1.5", "Wed, 21 Oct 2015 07:28:00 GMT", "99999999999999999999999"}) {
        EXPECT_EQ(retry_after({{"Retry-After", text}}), std::nullopt) << text;
    }
    EXPECT_EQ(retry_after({}), std::nullopt);
}

TEST(RetryBudget, gives_only_what_it_has_and_never_grows) {
    RetryBudget budget(30);
    EXPECT_TRUE(budget.take(14));
    EXPECT_TRUE(budget.take(14));
    EXPECT_FALSE(budget.take(14));
    budget.give_back(100);
    EXPECT_EQ(budget.left(), 30U);
}

TEST(Retrier, waits_between_attempts_and_stops_at_the_last) {
    Naps naps;
    Retrier retrier({.max_attempts = 4}, all_bits(0x80), naps.sleep());
    auto attempts = retrier.begin();
    EXPECT_TRUE(attempts.again(RetryKind::transient, {}, {}).value());
    EXPECT_TRUE(attempts.again(RetryKind::throttling, {}, {}).value());
    EXPECT_TRUE(attempts.again(RetryKind::transient, {}, {}).value());
    EXPECT_FALSE(attempts.again(RetryKind::transient, {}, {}).value());
    EXPECT_EQ(attempts.made(), 4U);
    const auto half = [](std::chrono::milliseconds full) { return full / 2; };
    ASSERT_EQ(naps.taken.size(), 3U);
    EXPECT_NEAR(static_cast<double>(naps.taken[0].count()), static_cast<double>(half(50ms).count()), 1.0);
    EXPECT_NEAR(static_cast<double>(naps.taken[1].count()), static_cast<double>(half(2000ms).count()), 8.0);
    EXPECT_NEAR(static_cast<double>(naps.taken[2].count()), static_cast<double>(half(200ms).count()), 1.0);
}

TEST(Retrier, what_cannot_help_is_not_repeated) {
    Naps naps;
    Retrier retrier({}, all_bits(0), naps.sleep());
    EXPECT_FALSE(retrier.begin().again(RetryKind::none, {}, {}).value());
    EXPECT_TRUE(naps.taken.empty());
}

TEST(Retrier, fresh_attempts_cost_nothing_but_are_bounded) {
    Naps naps;
    Retrier retrier({.max_attempts = 1}, all_bits(0), naps.sleep());
    auto attempts = retrier.begin();
    int granted = 0;
    while (attempts.again(RetryKind::fresh, {}, {}).value()) ++granted;
    EXPECT_EQ(granted, 4);
    EXPECT_EQ(retrier.budget().left(), 500U);
}

TEST(Retrier, a_spent_budget_ends_all_repetition_until_successes_refill_it) {
    Naps naps;
    Retrier retrier({.max_attempts = 100, .budget_tokens = 28}, all_bits(0), naps.sleep());
    auto attempts = retrier.begin();
    EXPECT_TRUE(attempts.again(RetryKind::transient, {}, {}).value());
    EXPECT_TRUE(attempts.again(RetryKind::transient, {}, {}).value());
    EXPECT_FALSE(attempts.again(RetryKind::transient, {}, {}).value());
    EXPECT_FALSE(retrier.begin().again(RetryKind::transient, {}, {}).value());
    for (int success = 0; success < 14; ++success) retrier.begin().succeeded();
    EXPECT_TRUE(retrier.begin().again(RetryKind::transient, {}, {}).value());
    attempts.succeeded();
    EXPECT_EQ(retrier.budget().left(), 28U);
}

TEST(Retrier, a_stop_ends_the_waiting) {
    Naps naps;
    Retrier retrier({}, all_bits(0), naps.sleep());
    std::stop_source stop;
    stop.request_stop();
    const auto more = retrier.begin().again(RetryKind::transient, {}, stop.get_token());
    ASSERT_FALSE(more);
    EXPECT_EQ(more.error().code, Errc::cancelled);
}

TEST(ThreadSleep, returns_at_once_when_stopped) {
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(thread_sleep()(1h, stop.get_token()).error().code, Errc::cancelled);
    EXPECT_TRUE(thread_sleep()(0ms, {}));
}

TEST(RetryPolicy, bad_fields_are_named) {
    for (const RetryPolicy policy : {RetryPolicy{.max_attempts = 0}, RetryPolicy{.max_attempts = 101}}) {
        EXPECT_NE(policy.validate().error().message.find("max_attempts"), std::string::npos);
    }
    EXPECT_NE(RetryPolicy{.max_delay = -1ms}.validate().error().message.find("max_delay"), std::string::npos);
    EXPECT_TRUE(RetryPolicy{}.validate());
}

}  // namespace
}  // namespace streamforge::http
