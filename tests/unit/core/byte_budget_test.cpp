#include <streamforge/core/byte_budget.hpp>

#include <gtest/gtest.h>
#include <thread>

#include <streamforge/core/random.hpp>
#include <streamforge/core/bytes.hpp>
#include <streamforge/core/secret.hpp>

namespace streamforge {
namespace {

TEST(ByteBudget, waits_for_a_ticket_to_come_back) {
    ByteBudget budget(100);
    auto first = budget.acquire(80);
    ASSERT_TRUE(first);
    std::jthread releaser([ticket = *std::move(first)]() mutable { ticket.release(); });
    const auto second = budget.acquire(80);
    ASSERT_TRUE(second);
    EXPECT_EQ(budget.held_bytes(), 80u);
    EXPECT_EQ(budget.peak_bytes(), 80u);
}

TEST(ByteBudget, an_oversized_request_is_granted_alone) {
    ByteBudget budget(100);
    EXPECT_TRUE(budget.acquire(1000));
    EXPECT_EQ(budget.held_bytes(), 0u);
}

TEST(ByteBudget, a_stop_request_ends_the_wait) {
    ByteBudget budget(10);
    const auto held = budget.acquire(10);
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(budget.acquire(1, stop.get_token()).error().code, Errc::cancelled);
}

TEST(Secret, prints_stars_and_moves_out) {
    Secret secret("hunter2");
    EXPECT_EQ(to_string(secret), "***");
    Secret moved = std::move(secret);
    EXPECT_EQ(moved.reveal(), "hunter2");
    EXPECT_TRUE(secret.empty());  // NOLINT: the moved-from state is the promise under test
}

TEST(Random, seeded_is_reproducible_and_system_is_not) {
    Bytes a(32), b(32);
    seeded_random(5)(a);
    seeded_random(5)(b);
    EXPECT_EQ(a, b);
    system_random()(b);
    EXPECT_NE(a, b);
}

}  // namespace
}  // namespace streamforge
