#pragma once

#include "media/ffmpeg/handles.hpp"

namespace streamforge::media::ffmpeg {

/// How good a poster a picture would make; higher is better. Contrast and detail count; nearly black, white or even pictures
/// are worth almost nothing. Looks at 8-bit luma only.
[[nodiscard]] double poster_score(const AVFrame& picture) noexcept;

}  // namespace streamforge::media::ffmpeg
