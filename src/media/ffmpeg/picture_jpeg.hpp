#pragma once

#include <streamforge/core/bytes.hpp>
#include <streamforge/core/result.hpp>

#include "media/ffmpeg/handles.hpp"

namespace streamforge::media::ffmpeg {

/// The picture as a JPEG file (JFIF: BT.601, full range); `quality` is 1…100 as libjpeg counts. *Errors*: `internal`.
///
/// The picture must be 8-bit 4:2:0 in full range already.
[[nodiscard]] Result<Bytes> encode_jpeg(const AVFrame& picture, int quality);

/// FFmpeg's quantiser scale (1…31) for a quality of 1…100. Pure.
[[nodiscard]] int jpeg_quantiser(int quality) noexcept;

}  // namespace streamforge::media::ffmpeg
