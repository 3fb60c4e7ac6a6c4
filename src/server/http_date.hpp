#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace streamforge::server {

using HttpDate = std::chrono::sys_seconds;

/// "Sun, 06 Nov 1994 08:49:37 GMT". *Source*: RFC 9110 §5.6.7.
[[nodiscard]] std::string format_http_date(HttpDate date);

/// Reads all three forms of RFC 9110 §5.6.7; `now` decides the century of a two-digit year. Nothing when it is none of them.
[[nodiscard]] std::optional<HttpDate> parse_http_date(std::string_view text, HttpDate now);

}  // namespace streamforge::server
