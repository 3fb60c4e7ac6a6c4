#pragma once

#include <string_view>

#include <streamforge/core/media_time.hpp>
#include <streamforge/core/result.hpp>

namespace streamforge::app {

/// "4s", "2.5s", "500ms", "5m", "1h", or a plain number of seconds; exact. *Errors*: `invalid_argument`.
[[nodiscard]] Result<MediaTime> parse_duration(std::string_view text);

}  // namespace streamforge::app
