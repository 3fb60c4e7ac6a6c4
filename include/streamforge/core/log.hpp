#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace streamforge {

enum class LogLevel : std::uint8_t { debug, info, warning, error };

/// Where a call writes its log lines. Passed in options; there is no global logger. An empty function drops the lines.
/// *Thread safety*: may be called from several threads at once. Lines hold no secrets.
using LogSink = std::function<void(LogLevel level, std::string_view component, std::string_view message)>;

}  // namespace streamforge
