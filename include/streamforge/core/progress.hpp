#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include <streamforge/core/media_time.hpp>

namespace streamforge {

/// How far a blocking call is.
struct Progress {
    std::string stage;      ///< "probe", "transcode", "package", "publish", …
    double fraction = 0.0;  ///< 0…1 of the whole call; never goes back.
    MediaTime media_done;   ///< Presentation time finished in the slowest track.
    std::optional<MediaTime> media_total;
    double speed = 0.0;  ///< Media seconds per wall second since the start; 0 when unknown.
    std::optional<std::chrono::milliseconds> eta;
    std::uint64_t bytes_written = 0;
};

/// Called in order and never concurrently, from a thread of the call; must return quickly and must not throw.
using ProgressObserver = std::function<void(const Progress&)>;

}  // namespace streamforge
