#include "duration.hpp"

#include <gtest/gtest.h>

namespace streamforge::app {
namespace {

TEST(Duration, takes_units_and_decimals_exactly) {
    EXPECT_EQ(*parse_duration("4s"), (MediaTime{4, 1}));
    EXPECT_EQ(*parse_duration("4"), (MediaTime{4, 1}));
    EXPECT_EQ(*parse_duration("2.5s"), (MediaTime{5, 2}));
    EXPECT_EQ(*parse_duration("500ms"), (MediaTime{1, 2}));
    EXPECT_EQ(*parse_duration("1.5m"), (MediaTime{90, 1}));
    EXPECT_EQ(*parse_duration("1h"), (MediaTime{3600, 1}));
}

TEST(Duration, refuses_what_is_none) {
    for (const char* text : {"", "s", "-4s", "4x", "4 s", "1e3", "4.", ".", "1.1234567", "9999999999999", "0x4"}) {
        const auto parsed = parse_duration(text);
        ASSERT_FALSE(parsed) << text;
        EXPECT_EQ(parsed.error().code, Errc::invalid_argument);
    }
}

}  // namespace
}  // namespace streamforge::app
