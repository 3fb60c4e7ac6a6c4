#pragma once

#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <streamforge/cdn/sign_policy.hpp>

namespace streamforge::cdn {

/// Times between 2001 and 2286: exactly ten digits, so that no format with a number behind free text is ambiguous.
inline constexpr std::int64_t min_epoch = 1'000'000'000;
inline constexpr std::int64_t max_epoch = 9'999'999'999;

inline void append_decimal(std::string& out, std::int64_t value) {
    char digits[20];
    const auto [end, failure] = std::to_chars(digits, digits + sizeof digits, value);
    (void)failure;  // 20 characters hold every 64-bit number
    out.append(digits, end);
}

inline void append_epoch(std::string& out, TimePoint time) { append_decimal(out, time.time_since_epoch().count()); }

[[nodiscard]] inline std::string decimal(TimePoint time) { return std::to_string(time.time_since_epoch().count()); }

/// A time in its one spelling: ten digits, the first not 0.
[[nodiscard]] inline std::optional<TimePoint> parse_epoch(std::string_view digits) noexcept {
    std::int64_t value = 0;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (digits.size() != 10 || failure != std::errc{} || end != digits.data() + digits.size() || value < min_epoch) return std::nullopt;
    return TimePoint(std::chrono::seconds(value));
}

}  // namespace streamforge::cdn
