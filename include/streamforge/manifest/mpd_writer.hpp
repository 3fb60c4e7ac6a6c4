#pragma once

#include <optional>
#include <string>

#include <streamforge/core/export.hpp>
#include <streamforge/core/media_time.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/manifest/presentation.hpp>

namespace streamforge::manifest {

struct MpdOptions {
    /// MPD@minBufferTime, which every @bandwidth depends on. Absent: the longest audio or video segment, so that @bandwidth
    /// of a steady stream is its bit rate.
    std::optional<MediaTime> min_buffer_time;

    /// *Errors*: `invalid_argument` that names the field.
    [[nodiscard]] STREAMFORGE_EXPORT Result<void> validate() const;
};

/// Writes a static MPD with one Period. Pure. It stands in the presentation's folder.
///
/// Segment files give SegmentTemplate with SegmentTimeline (at the adaptation set when its representations agree, and
/// SegmentList for explicit paths); ranges of one file give SegmentBase with @indexRange and the on-demand profile.
/// Adaptation sets: video by codec and dynamic range; audio by language, channels, codec, label and purpose; each WebVTT
/// file; thumbnail tiles.
/// *Errors*: `invalid_argument` as of `Presentation::validate`, or when there is nothing to play.
/// *Source*: ISO/IEC 23009-1, DASH-IF IOP (thumbnail tiles, CICP descriptors).
[[nodiscard]] STREAMFORGE_EXPORT Result<std::string> write_mpd(const Presentation& presentation, const MpdOptions& options = {});

}  // namespace streamforge::manifest
