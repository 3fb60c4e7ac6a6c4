#pragma once

#include <chrono>
#include <functional>

#include <streamforge/core/export.hpp>

namespace streamforge {

/// The time of day, injected wherever a decision depends on it.
using Clock = std::function<std::chrono::system_clock::time_point()>;

/// The machine's clock.
[[nodiscard]] STREAMFORGE_EXPORT Clock system_clock();

}  // namespace streamforge
