#pragma once

#include <streamforge/core/track.hpp>
#include <streamforge/packaging/cmaf_options.hpp>

#include "packaging/codec_config.hpp"

namespace streamforge::packaging {

/// What a CMAF header says beside the codec.
struct TrackHeader {
    std::uint32_t track_id = 1;
    std::optional<MediaTime> duration;  ///< Presentation length.
    std::optional<BitrateHint> bitrate;
    std::optional<std::int64_t> edit_start;  ///< Media time that plays first, in ticks of the track; absent: no edit list.
    int clockwise_degrees = 0;               ///< How players must turn the picture.
};

/// `ftyp` and `moov` of a CMAF track. *Source*: ISO/IEC 23000-19 §7.3.1, ISO/IEC 14496-12.
[[nodiscard]] Bytes write_init_segment(const TrackFormat& format, const CodecConfig& config, const TrackHeader& header);

/// How far decoding must start before an AAC or Opus packet to be right, in packets (negative); 0: no such group.
[[nodiscard]] int roll_distance(const TrackFormat& format) noexcept;

}  // namespace streamforge::packaging
