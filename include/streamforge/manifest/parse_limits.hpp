#pragma once

#include <cstddef>

namespace streamforge::manifest {

/// How much an untrusted manifest may ask for. Passing a limit is `limit_exceeded`.
struct ParseLimits {
    std::size_t max_bytes = 32U << 20;     ///< Of the text.
    std::size_t max_lines = 2'000'000;     ///< Of a playlist.
    std::size_t max_attributes = 128;      ///< Of one tag or element.
    std::size_t max_elements = 1'000'000;  ///< Of an XML document.
    std::size_t max_depth = 64;            ///< Of nested XML elements.
    std::size_t max_segments = 1'000'000;  ///< That one MPD may expand to.
};

}  // namespace streamforge::manifest
