#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "media/ffmpeg/handles.hpp"

namespace streamforge::media::ffmpeg {

struct LumaPicture {
    std::vector<std::uint8_t> samples;  ///< 8 bits each, row by row.
    std::size_t width = 0;
    std::size_t height = 0;
};

/// The brightness of `frame` at full height; columns are averaged in groups, which calms noise and keeps what fields show.
/// Nothing for formats whose first component is not brightness-like bytes or words (palettes, bit streams, hardware).
[[nodiscard]] std::optional<LumaPicture> luma_of(const AVFrame& frame);

}  // namespace streamforge::media::ffmpeg
