#include "storage/transfer/part_concurrency.hpp"

#include <gtest/gtest.h>

namespace streamforge::storage {
namespace {

using Clock = PartConcurrency::Clock;
using std::chrono::milliseconds;

constexpr std::uint64_t part_bytes = 8 << 20;
const Clock::time_point begin{};

/// A store over a link that gives as many parts a second as `rate` says for so many at once.
template <class Rate>
std::uint32_t permitted_after(std::uint32_t limit, int parts, Rate rate) {
    PartConcurrency concurrency(limit, begin);
    std::chrono::duration<double> now(0);
    for (int part = 0; part < parts; ++part) {
        const double in_all = rate(concurrency.permitted());
        now += std::chrono::duration<double>(1 / in_all);
        const std::chrono::duration<double> took(concurrency.permitted() / in_all);
        concurrency.acknowledged(part_bytes, std::chrono::duration_cast<Clock::duration>(took),
                                 begin + std::chrono::duration_cast<Clock::duration>(now));
    }
    return concurrency.permitted();
}

TEST(PartConcurrency, begins_with_few_and_never_passes_its_limit) {
    EXPECT_EQ(PartConcurrency(1, begin).permitted(), 1U);
    EXPECT_EQ(PartConcurrency(2, begin).permitted(), 2U);
    EXPECT_EQ(PartConcurrency(64, begin).permitted(), 3U);
    EXPECT_EQ(permitted_after(2, 50, [](std::uint32_t) { return 200.0; }), 2U);
}

TEST(PartConcurrency, one_slow_part_permits_all) {
    PartConcurrency concurrency(64, begin);
    concurrency.acknowledged(part_bytes, milliseconds(100), begin + milliseconds(100));
    EXPECT_EQ(concurrency.permitted(), 64U);
}

TEST(PartConcurrency, waiting_in_vain_permits_all) {
    PartConcurrency concurrency(64, begin);
    EXPECT_GT(concurrency.slow_at(part_bytes), begin + milliseconds(65));
    EXPECT_LT(concurrency.slow_at(part_bytes), begin + milliseconds(100));
    EXPECT_GT(concurrency.slow_at(64 << 20), begin + milliseconds(500)) << "longer parts have more time";
    concurrency.waited_in_vain();
    EXPECT_EQ(concurrency.permitted(), 64U);
}

TEST(PartConcurrency, a_machine_that_is_busy_with_few_gets_no_more) {
    EXPECT_EQ(permitted_after(64, 200, [](std::uint32_t) { return 200.0; }), 3U);
}

TEST(PartConcurrency, a_link_that_gives_each_connection_the_same_gets_all) {
    EXPECT_EQ(permitted_after(64, 2000, [](std::uint32_t at_once) { return 30.0 * at_once; }), 64U);
}

TEST(PartConcurrency, more_are_added_only_while_they_make_the_whole_quicker) {
    const auto permitted = permitted_after(64, 2000, [](std::uint32_t at_once) { return 30.0 * std::min(at_once, 12U); });
    EXPECT_GE(permitted, 8U);
    EXPECT_LE(permitted, 20U);
}

}  // namespace
}  // namespace streamforge::storage
