#pragma once

#include <string>

#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/core/track.hpp>

namespace streamforge::packaging {

/// The CODECS value of one track, from the stream's own headers: "avc1.64001F", "hvc1.2.4.L120.90", "av01.0.08M.08",
/// "mp4a.40.2", "Opus", "fLaC", "ac-3", … in the case that Safari accepts.
///
/// *Errors*: `malformed` when the headers cannot be parsed, `unsupported_codec` when the codec has no name in MP4.
/// *Source*: RFC 6381; ISO/IEC 14496-15 Annex E; AV1-ISOBMFF §5; VP9-in-ISOBMFF.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::string> codec_string(const TrackFormat& format);

}  // namespace streamforge::packaging
