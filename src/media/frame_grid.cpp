#include "media/frame_grid.hpp"

#include <algorithm>

namespace streamforge::media {
namespace {

constexpr std::int64_t usual_timescale = 90000;
constexpr std::int64_t fine_enough = 10000;  // ticks per second: 1/10 ms
constexpr std::int64_t finest = 10'000'000;

/// The smallest power of ten times `base` that is fine enough: 24 → 24000, 30000 → 30000.
std::int64_t refined(std::int64_t base) noexcept {
    while (base < fine_enough) base *= 10;
    return base;
}

std::int64_t variable_timescale(std::int64_t source_timescale) noexcept {
    if (source_timescale <= 1 || usual_timescale % source_timescale == 0) return usual_timescale;
    return source_timescale <= finest ? refined(source_timescale) : usual_timescale;
}

}  // namespace

bool fits_grid(const Rational& rate) noexcept {
    constexpr Rational highest{1000, 1};
    const Rational reduced = rate.reduced();
    return reduced.is_positive() && reduced <= highest && reduced.num <= finest && reduced.den <= finest;
}

FrameGrid plan_frame_grid(const Rational& rate, std::int64_t source_timescale, const MediaTime& segment) noexcept {
    FrameGrid grid;
    grid.cuts.period = segment;
    if (!fits_grid(rate)) {
        grid.timescale = variable_timescale(source_timescale);
        return grid;
    }
    grid.frame_rate = rate.reduced();
    grid.timescale = refined(grid.frame_rate.num);
    const std::int64_t frame_ticks = grid.timescale / grid.frame_rate.num * grid.frame_rate.den;
    const std::int64_t frames =
        std::max<std::int64_t>(1, mul_div(segment.ticks, grid.timescale, segment.timescale * frame_ticks, Rounding::nearest));
    grid.cuts.period = {frames * frame_ticks, grid.timescale};
    return grid;
}

}  // namespace streamforge::media
