#pragma once

#include <string>

#include <streamforge/core/media_time.hpp>

namespace streamforge::manifest {

/// "PT66.733333333S": exact where nine decimals can hold it, else rounded. Not for negative times.
[[nodiscard]] std::string xs_duration(const MediaTime& time, Rounding rounding = Rounding::nearest);

}  // namespace streamforge::manifest
