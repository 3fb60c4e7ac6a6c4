#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace streamforge::storage::s3 {

using TimePoint = std::chrono::system_clock::time_point;

/// "Wed, 21 Oct 2015 07:28:00 GMT" (RFC 9110 §5.6.7, the preferred form).
[[nodiscard]] std::optional<TimePoint> parse_http_date(std::string_view text) noexcept;
/// "2009-10-12T17:50:30.000Z" (RFC 3339), with or without a fraction; also with an offset, as "+00:00".
[[nodiscard]] std::optional<TimePoint> parse_iso_time(std::string_view text) noexcept;

}  // namespace streamforge::storage::s3
