#include <streamforge/core/media_time.hpp>

#include <algorithm>
#include <limits>
#include <numeric>

#include <streamforge/core/cut_list.hpp>

namespace streamforge {
namespace {

__extension__ typedef __int128 Wide;  // 64-bit products must not overflow

std::int64_t saturate(Wide value) noexcept {
    constexpr Wide low = std::numeric_limits<std::int64_t>::min();
    constexpr Wide high = std::numeric_limits<std::int64_t>::max();
    return static_cast<std::int64_t>(std::clamp(value, low, high));
}

Wide floor_div(Wide value, Wide divisor) noexcept {
    const Wide quotient = value / divisor;
    return (value % divisor != 0 && (value < 0) != (divisor < 0)) ? quotient - 1 : quotient;
}

Wide divide(Wide value, Wide divisor, Rounding rounding) noexcept {
    if (divisor < 0) {
        value = -value;
        divisor = -divisor;
    }
    switch (rounding) {
        case Rounding::down: return floor_div(value, divisor);
        case Rounding::up: return -floor_div(-value, divisor);
        case Rounding::nearest: return floor_div(2 * value + divisor, 2 * divisor);
    }
    return 0;
}

std::strong_ordering compare(Wide a, Wide b) noexcept {
    if (a < b) return std::strong_ordering::less;
    if (a > b) return std::strong_ordering::greater;
    return std::strong_ordering::equal;
}

MediaTime combine(const MediaTime& a, const MediaTime& b, int sign) noexcept {
    if (a.timescale == b.timescale) return {saturate(Wide{a.ticks} + sign * Wide{b.ticks}), a.timescale};
    const std::int64_t divisor = std::gcd(a.timescale, b.timescale);
    const Wide common = Wide{a.timescale} / divisor * b.timescale;
    const Wide sum = Wide{a.ticks} * (b.timescale / divisor) + sign * Wide{b.ticks} * (a.timescale / divisor);
    constexpr Wide limit = std::numeric_limits<std::int64_t>::max();
    if (common <= limit && sum <= limit && sum >= -limit) {
        return {static_cast<std::int64_t>(sum), static_cast<std::int64_t>(common)};
    }
    const std::int64_t finer = std::max(a.timescale, b.timescale);
    return {saturate(divide(sum, common / finer, Rounding::nearest)), finer};
}

}  // namespace

std::int64_t mul_div(std::int64_t value, std::int64_t mul, std::int64_t div, Rounding rounding) noexcept {
    return saturate(divide(Wide{value} * mul, div, rounding));
}

Rational Rational::reduced() const noexcept {
    const std::int64_t divisor = std::gcd(num, den);
    if (divisor == 0) return *this;
    const std::int64_t sign = den < 0 ? -1 : 1;
    return {sign * num / divisor, sign * den / divisor};
}

std::string Rational::to_string() const {
    if (den == 1) return std::to_string(num);
    return std::to_string(num) + "/" + std::to_string(den);
}

std::strong_ordering operator<=>(const Rational& a, const Rational& b) noexcept {
    const Wide sign = (a.den < 0) != (b.den < 0) ? -1 : 1;
    return compare(sign * a.num * b.den, sign * b.num * a.den);
}

MediaTime MediaTime::from_seconds(Rational seconds) noexcept {
    const Rational exact = seconds.reduced();
    return {exact.num, exact.den > 0 ? exact.den : 1};
}

MediaTime MediaTime::rescaled(std::int64_t new_timescale, Rounding rounding) const noexcept {
    return {mul_div(ticks, new_timescale, timescale, rounding), new_timescale};
}

std::string MediaTime::to_string() const { return std::to_string(ticks) + "/" + std::to_string(timescale); }

std::strong_ordering operator<=>(const MediaTime& a, const MediaTime& b) noexcept {
    return compare(Wide{a.ticks} * b.timescale, Wide{b.ticks} * a.timescale);
}

MediaTime operator+(const MediaTime& a, const MediaTime& b) noexcept { return combine(a, b, 1); }
MediaTime operator-(const MediaTime& a, const MediaTime& b) noexcept { return combine(a, b, -1); }
MediaTime operator*(const MediaTime& a, std::int64_t count) noexcept { return {saturate(Wide{a.ticks} * count), a.timescale}; }

std::int64_t CutList::segment_at(const MediaTime& time) const noexcept {
    if (time.ticks <= 0 || period.ticks <= 0) return 0;
    // time/period = (time.ticks * period.timescale) / (time.timescale * period.ticks)
    const Wide numerator = Wide{time.ticks} * period.timescale;
    const Wide denominator = Wide{time.timescale} * period.ticks;
    return saturate(numerator / denominator);
}

}  // namespace streamforge
