#include <streamforge/server/range.hpp>

#include <gtest/gtest.h>

namespace streamforge::server {
namespace {

using Kind = RangeOutcome::Kind;

RangeOutcome part(std::uint64_t offset, std::uint64_t length) { return {Kind::part, {offset, length}}; }
const RangeOutcome whole{};
const RangeOutcome unsatisfiable{Kind::unsatisfiable, {}};

TEST(Range, each_form_resolves_as_rfc_9110_says) {
    const std::tuple<std::string, std::uint64_t, RangeOutcome> cases[] = {
        {"bytes=0-0", 10, part(0, 1)},
        {"bytes=0-499", 10000, part(0, 500)},
        {"bytes=500-999", 10000, part(500, 500)},
        {"bytes=-500", 10000, part(9500, 500)},
        {"bytes=9500-", 10000, part(9500, 500)},
        {"bytes=0-", 10, part(0, 10)},
        {"bytes=9-9", 10, part(9, 1)},
        {"bytes=9-100", 10, part(9, 1)},
        {"bytes=-100", 10, part(0, 10)},
        {"BYTES = 1-2 ", 10, part(1, 2)},
        {"bytes=10-", 10, unsatisfiable},
        {"bytes=10-20", 10, unsatisfiable},
        {"bytes=-0", 10, unsatisfiable},
        {"bytes=0-0", 0, unsatisfiable},
        {"bytes=-1", 0, unsatisfiable},
        {"bytes=0-", 0, unsatisfiable},
        {"bytes=1-18446744073709551615", 10, part(1, 9)},
        {"bytes=1-99999999999999999999999999", 10, part(1, 9)},
        {"bytes=99999999999999999999999999-", 10, unsatisfiable},
        {"bytes=-99999999999999999999999999", 10, part(0, 10)},
        {"bytes=0-18446744073709551615", UINT64_MAX, part(0, UINT64_MAX)},
        {"bytes=18446744073709551614-", UINT64_MAX, part(UINT64_MAX - 1, 1)},
    };
    for (const auto& [header, size, outcome] : cases) EXPECT_EQ(resolve_range(header, size), outcome) << header << " of " << size;
}

TEST(Range, what_is_not_understood_is_ignored) {
    for (const auto* header : {"", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=1", "bytes=2-1", "bytes=+1-2", "bytes=1--2", "bytes=1-2-3",
                               "bytes=0x1-2", "bytes= 1 - 2", "items=0-1", "bytes:0-1", "=0-1", "bytes=1-2;", "bytes=\xff-"}) {
        EXPECT_EQ(resolve_range(header, 10), whole) << header;
    }
}

TEST(Range, several_ranges_are_answered_as_the_whole) {
    for (const auto* header : {"bytes=0-1,3-4", "bytes=0-1, -1", "bytes=,0-1", "bytes=0-,0-,0-,0-,0-,0-"}) {
        EXPECT_EQ(resolve_range(header, 10), whole) << header;
    }
}

}  // namespace
}  // namespace streamforge::server
