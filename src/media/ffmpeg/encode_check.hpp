#pragma once

#include <streamforge/core/bytes.hpp>
#include <streamforge/core/track.hpp>

namespace streamforge::media::ffmpeg {

/// Whether an encoder's access unit starts a run that decodes alone: an IDR picture in H.264 and HEVC (not a CRA, whose
/// leading pictures need the past), a key frame in AV1 (where the packet's flag is all there is to trust: always true).
[[nodiscard]] bool begins_decodable(Codec codec, ByteView access_unit) noexcept;

}  // namespace streamforge::media::ffmpeg
