#pragma once

#include <cstdint>

#include <streamforge/core/media_time.hpp>
#include <streamforge/manifest/mpd_writer.hpp>
#include <streamforge/manifest/presentation.hpp>

namespace streamforge::manifest {

/// The longest audio or video segment.
[[nodiscard]] MediaTime longest_segment(const Presentation& presentation) noexcept;

/// MPD@minBufferTime: what the options say, or the longest segment, on milliseconds rounded up.
[[nodiscard]] MediaTime effective_min_buffer_time(const Presentation& presentation, const MpdOptions& options) noexcept;

/// @bandwidth of a track, within xs:unsignedInt and at least 1.
[[nodiscard]] std::uint64_t track_dash_bandwidth(const TrackFacts& track, const MediaTime& min_buffer_time);

/// @bandwidth of a file that is fetched whole: its bits over the time it covers.
[[nodiscard]] std::uint64_t file_bandwidth(std::uint64_t bytes, const MediaTime& duration);

/// @bandwidth of thumbnails: the largest sheet over the time that it covers. *Source*: DASH-IF IOP 4.3 §6.2.6.
[[nodiscard]] std::uint64_t thumbnails_dash_bandwidth(const Thumbnails& thumbnails);

}  // namespace streamforge::manifest
