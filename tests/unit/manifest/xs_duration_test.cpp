#include "manifest/xs_duration.hpp"

#include <gtest/gtest.h>

#include <streamforge/manifest/mpd_parser.hpp>

namespace streamforge::manifest {
namespace {

TEST(XsDuration, is_exact_where_it_can_be) {
    EXPECT_EQ(xs_duration({0, 1}), "PT0S");
    EXPECT_EQ(xs_duration({4, 1}), "PT4S");
    EXPECT_EQ(xs_duration({120120, 30000}), "PT4.004S");
    EXPECT_EQ(xs_duration({3600 * 25, 1}), "PT90000S");
    EXPECT_EQ(xs_duration({1, 1'000'000'000}), "PT0.000000001S");
}

TEST(XsDuration, rounds_what_has_no_end) {
    EXPECT_EQ(xs_duration({1, 3}), "PT0.333333333S");
    EXPECT_EQ(xs_duration({2, 3}), "PT0.666666667S");
    EXPECT_EQ(xs_duration({1, 3}, Rounding::up), "PT0.333333334S");
    EXPECT_EQ(xs_duration({2, 3}, Rounding::down), "PT0.666666666S");
}

TEST(ParseXsDuration, reads_days_to_fractions) {
    EXPECT_EQ(parse_xs_duration("PT0S").value(), (MediaTime{0, 1}));
    EXPECT_EQ(parse_xs_duration("PT1H2M3.5S").value(), (MediaTime{7447, 2}));
    EXPECT_EQ(parse_xs_duration("P1DT1S").value(), (MediaTime{86401, 1}));
    EXPECT_EQ(parse_xs_duration("PT90M").value(), (MediaTime{5400, 1}));
    EXPECT_EQ(parse_xs_duration("PT0.1234567891S").value(), (MediaTime{123456789, 1'000'000'000}));
}

TEST(ParseXsDuration, reads_back_what_is_written) {
    for (const MediaTime time : {MediaTime{120120, 30000}, MediaTime{1, 1000}, MediaTime{987654321, 1000}}) {
        EXPECT_EQ(parse_xs_duration(xs_duration(time)).value(), time);
    }
}

TEST(ParseXsDuration, refuses_other_forms) {
    for (const char* text : {"", "P", "PT", "PT1", "1S", "PT-1S", "-PT1S", "PT1S1S", "PT1S1M", "PT1.S", "PT1.5M", "P1Y", "P1M",
                             "P1DT", "PTT1S", "PT99999999999999999999S", "PT9999999999S", "P1S", "PT1D", "PT 1S"}) {
        const auto result = parse_xs_duration(text);
        ASSERT_FALSE(result) << text;
        EXPECT_EQ(result.error().code, Errc::malformed);
    }
}

}  // namespace
}  // namespace streamforge::manifest
