#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include <streamforge/core/export.hpp>

namespace streamforge {

/// An exact fraction, e.g. a frame rate of 30000/1001. `den` is never negative after `reduced()`; 0/0 means "unknown".
struct Rational {
    std::int64_t num = 0;
    std::int64_t den = 1;

    /// The same value in lowest terms with a positive denominator.
    [[nodiscard]] STREAMFORGE_EXPORT Rational reduced() const noexcept;
    [[nodiscard]] bool is_positive() const noexcept { return num > 0 && den > 0; }
    /// For display and rate estimates only, never for time arithmetic.
    [[nodiscard]] double approximate() const noexcept { return den == 0 ? 0.0 : static_cast<double>(num) / static_cast<double>(den); }
    /// "30000/1001", or "25" when the denominator is 1.
    [[nodiscard]] STREAMFORGE_EXPORT std::string to_string() const;

    /// Compares values: 2/4 == 1/2. Exact for all 64-bit operands.
    STREAMFORGE_EXPORT friend std::strong_ordering operator<=>(const Rational& a, const Rational& b) noexcept;
    [[nodiscard]] friend bool operator==(const Rational& a, const Rational& b) noexcept { return (a <=> b) == 0; }
};

/// How a value between two ticks is brought to one.
enum class Rounding : std::uint8_t { down, nearest, up };

/// A point or span of media time: `ticks / timescale` seconds, exact. Never converted through floating point.
struct MediaTime {
    std::int64_t ticks = 0;
    std::int64_t timescale = 1;  ///< Ticks per second, > 0.

    /// The time of `seconds` = num/den, exact.
    [[nodiscard]] static STREAMFORGE_EXPORT MediaTime from_seconds(Rational seconds) noexcept;

    /// The same instant on another timescale; `rounding` decides when it falls between ticks. Saturates at 64 bits.
    [[nodiscard]] STREAMFORGE_EXPORT MediaTime rescaled(std::int64_t new_timescale, Rounding rounding) const noexcept;
    /// For display only.
    [[nodiscard]] double approximate_seconds() const noexcept { return static_cast<double>(ticks) / static_cast<double>(timescale); }
    /// "12012/30000".
    [[nodiscard]] STREAMFORGE_EXPORT std::string to_string() const;

    /// Compares instants: 1/2 == 500/1000.
    STREAMFORGE_EXPORT friend std::strong_ordering operator<=>(const MediaTime& a, const MediaTime& b) noexcept;
    [[nodiscard]] friend bool operator==(const MediaTime& a, const MediaTime& b) noexcept { return (a <=> b) == 0; }

    /// Exact sum and difference, on the operands' timescale when they agree and else on their least common multiple.
    /// When that would leave 64 bits the result is rounded to nearest on the finer of the two timescales.
    STREAMFORGE_EXPORT friend MediaTime operator+(const MediaTime& a, const MediaTime& b) noexcept;
    STREAMFORGE_EXPORT friend MediaTime operator-(const MediaTime& a, const MediaTime& b) noexcept;
    /// Exact product with a count. Saturates at 64 bits.
    STREAMFORGE_EXPORT friend MediaTime operator*(const MediaTime& a, std::int64_t count) noexcept;
};

/// `value * mul / div` with the given rounding, through 128 bits; saturates at 64 bits. `div` must not be 0.
[[nodiscard]] STREAMFORGE_EXPORT std::int64_t mul_div(std::int64_t value, std::int64_t mul, std::int64_t div, Rounding rounding) noexcept;

}  // namespace streamforge
