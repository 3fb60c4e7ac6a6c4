#include <streamforge/core/media_time.hpp>

#include <gtest/gtest.h>
#include <limits>

#include <streamforge/core/cut_list.hpp>

namespace streamforge {
namespace {

TEST(MediaTime, equal_instants_on_different_timescales_compare_equal) {
    EXPECT_EQ((MediaTime{1, 2}), (MediaTime{500, 1000}));
    EXPECT_LT((MediaTime{1001, 30000}), (MediaTime{1, 29}));
}

TEST(MediaTime, sum_is_exact_on_the_common_timescale) {
    const MediaTime sum = MediaTime{1001, 30000} + MediaTime{1024, 48000};
    EXPECT_EQ(sum, (MediaTime{1001 * 8 + 1024 * 5, 240000}));
    EXPECT_EQ(sum - (MediaTime{1024, 48000}), (MediaTime{1001, 30000}));
}

TEST(MediaTime, an_hour_of_ntsc_frames_does_not_drift) {
    MediaTime total{0, 30000};
    for (int frame = 0; frame < 107892; ++frame) total = total + MediaTime{1001, 30000};
    EXPECT_EQ(total, (MediaTime{107892LL * 1001, 30000}));
}

TEST(MediaTime, rescale_rounds_as_asked_also_below_zero) {
    EXPECT_EQ((MediaTime{1, 3}).rescaled(10, Rounding::down).ticks, 3);
    EXPECT_EQ((MediaTime{1, 3}).rescaled(10, Rounding::up).ticks, 4);
    EXPECT_EQ((MediaTime{-1, 3}).rescaled(10, Rounding::down).ticks, -4);
    EXPECT_EQ((MediaTime{-1, 3}).rescaled(10, Rounding::nearest).ticks, -3);
}

TEST(MediaTime, overflow_saturates_instead_of_wrapping) {
    constexpr auto huge = std::numeric_limits<std::int64_t>::max();
    EXPECT_EQ((MediaTime{huge, 1}).rescaled(90000, Rounding::nearest).ticks, huge);
    EXPECT_EQ(mul_div(huge, huge, 1, Rounding::down), huge);
    EXPECT_EQ(((MediaTime{huge, 1}) * 2).ticks, huge);
}

TEST(Rational, reduces_with_a_positive_denominator) {
    const auto reduced = Rational{-60000, -2002}.reduced();
    EXPECT_EQ(reduced.num, 30000);
    EXPECT_EQ(reduced.den, 1001);
    EXPECT_EQ(reduced.to_string(), "30000/1001");
    EXPECT_EQ((Rational{2, 4}), (Rational{1, 2}));
}

TEST(CutList, segment_boundaries_are_half_open_and_exact) {
    const CutList cuts{MediaTime{120 * 1001, 30000}};
    EXPECT_EQ(cuts.segment_at({0, 1}), 0);
    EXPECT_EQ(cuts.segment_at({120 * 1001 - 1, 30000}), 0);
    EXPECT_EQ(cuts.segment_at({120 * 1001, 30000}), 1);
    EXPECT_EQ(cuts.segment_at({-5, 1}), 0);
    EXPECT_EQ(cuts.start_of(900), (MediaTime{120LL * 1001 * 900, 30000}));
}

}  // namespace
}  // namespace streamforge
