#include "server/conditions.hpp"

#include <gtest/gtest.h>

namespace streamforge::server {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

const HttpDate modified = sys_days(1994y / November / 6) + 8h + 49min + 37s;
const HttpDate now = modified + 240h;
const Validators current{"\"abc\"", modified};
const std::string same = "Sun, 06 Nov 1994 08:49:37 GMT";
const std::string before = "Sun, 06 Nov 1994 08:49:36 GMT";
const std::string after = "Sun, 06 Nov 1994 08:49:38 GMT";

TEST(HttpDate, all_three_forms_are_read) {
    EXPECT_EQ(parse_http_date(same, now), modified);
    EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT", now), modified);
    EXPECT_EQ(parse_http_date("Sun Nov  6 08:49:37 1994", now), modified);
    EXPECT_EQ(format_http_date(modified), same);
}

TEST(HttpDate, two_digit_years_are_not_far_in_the_future) {
    const HttpDate in_2026 = sys_days(2026y / January / 1);
    EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT", in_2026), modified);
    EXPECT_EQ(parse_http_date("Friday, 06-Nov-26 08:49:37 GMT", in_2026), sys_days(2026y / November / 6) + 8h + 49min + 37s);
}

TEST(HttpDate, writing_and_reading_agree_over_the_calendar) {
    for (HttpDate date = sys_days(1970y / January / 1); date < sys_days(2100y / January / 1); date += days(37) + 12345s) {
        ASSERT_EQ(parse_http_date(format_http_date(date), now), date) << format_http_date(date);
    }
}

TEST(HttpDate, what_is_no_date_is_refused) {
    for (const auto* text : {"", "x", "Sun, 06 Nov 1994", "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",
                             "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 06 Nov 94 08:49:37 GMT", "1994-11-06T08:49:37Z",
                             "Sunday, 06+Nov+94 08:49:37 GMT", "Sun Nov 06 1994 08:49:37", "784111777"}) {
        EXPECT_EQ(parse_http_date(text, now), std::nullopt) << text;
    }
}

TEST(Conditions, each_field_decides_as_rfc_9110_says) {
    using enum Condition;
    const std::pair<Headers, Condition> cases[] = {
        {{}, proceed},
        {{{"If-Match", "\"abc\""}}, proceed},
        {{{"If-Match", "\"x\", \"abc\""}}, proceed},
        {{{"If-Match", "*"}}, proceed},
        {{{"If-Match", "\"x\""}}, failed},
        {{{"If-Match", "W/\"abc\""}}, failed},
        {{{"If-Match", "abc"}}, failed},
        {{{"If-Match", ""}}, failed},
        {{{"If-None-Match", "\"abc\""}}, not_modified},
        {{{"If-None-Match", "W/\"abc\""}}, not_modified},
        {{{"If-None-Match", "\"x\",\"y,z\" , \"abc\""}}, not_modified},
        {{{"If-None-Match", "\"x\""}, {"If-None-Match", "\"abc\""}}, not_modified},
        {{{"If-None-Match", "*"}}, not_modified},
        {{{"If-None-Match", "\"x\""}}, proceed},
        {{{"If-None-Match", "\"abc"}}, proceed},
        {{{"If-Modified-Since", same}}, not_modified},
        {{{"If-Modified-Since", after}}, not_modified},
        {{{"If-Modified-Since", before}}, proceed},
        {{{"If-Modified-Since", "rubbish"}}, proceed},
        {{{"If-Unmodified-Since", same}}, proceed},
        {{{"If-Unmodified-Since", before}}, failed},
        {{{"If-Unmodified-Since", "rubbish"}}, proceed},
        // Tags win over dates.
        {{{"If-None-Match", "\"x\""}, {"If-Modified-Since", same}}, proceed},
        {{{"If-Match", "\"abc\""}, {"If-Unmodified-Since", before}}, proceed},
        // If-Match is looked at first.
        {{{"If-Match", "\"x\""}, {"If-None-Match", "\"abc\""}}, failed},
        {{{"If-Match", "\"abc\""}, {"If-None-Match", "\"abc\""}}, not_modified},
    };
    for (std::size_t index = 0; index < std::size(cases); ++index) {
        EXPECT_EQ(evaluate_conditions(cases[index].first, current, now), cases[index].second) << "case " << index;
    }
}

TEST(IfRange, only_the_same_strong_version_lets_a_range_through) {
    const auto applies = [](const std::string& value, HttpDate at = now) {
        return range_applies({{"If-Range", value}}, current, at);
    };
    EXPECT_TRUE(range_applies({}, current, now));
    EXPECT_TRUE(applies("\"abc\""));
    EXPECT_FALSE(applies("\"x\""));
    EXPECT_FALSE(applies("W/\"abc\""));
    EXPECT_TRUE(applies(same));
    EXPECT_FALSE(applies(before));
    EXPECT_FALSE(applies(after));
    EXPECT_FALSE(applies(same, modified + 30s)) << "the object could have changed twice within that second";
    EXPECT_FALSE(applies("rubbish"));
}

}  // namespace
}  // namespace streamforge::server
