#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <streamforge/core/export.hpp>
#include <streamforge/core/media_time.hpp>
#include <streamforge/manifest/presentation.hpp>

namespace streamforge::manifest {

/// Size and length of one segment. All segments of one call share a timescale.
struct SizedSegment {
    std::uint64_t bytes = 0;
    std::int64_t duration_ticks = 0;  ///< ≥ 0.
};

/// Peak segment bit rate: the largest rate of any contiguous run of segments that lasts 0.5 to 1.5 target durations; when no
/// run does, the largest rate of a single segment. Bits per second, rounded up; 0 with no segments; saturates at 64 bits.
///
/// *Cost*: a few passes over the segments, no matter how many fit into one run. *Source*: RFC 8216 §4.1.
[[nodiscard]] STREAMFORGE_EXPORT std::uint64_t peak_bandwidth_bps(std::span<const SizedSegment> segments, std::int64_t timescale,
                                                                  std::int64_t target_duration_s);

/// All bits over all time, rounded up; 0 when nothing lasts. *Source*: RFC 8216 §4.1.
[[nodiscard]] STREAMFORGE_EXPORT std::uint64_t average_bandwidth_bps(std::span<const SizedSegment> segments, std::int64_t timescale);

/// The smallest B such that a client that starts at any segment over a channel of constant B bit/s, and plays
/// `min_buffer_time` later, has each segment complete when it is due. Rounded up; saturates at 64 bits.
///
/// *Cost*: a few passes. *Source*: ISO/IEC 23009-1 clause 5.3.5.2, @bandwidth and @minBufferTime.
[[nodiscard]] STREAMFORGE_EXPORT std::uint64_t dash_bandwidth_bps(std::span<const SizedSegment> segments, std::int64_t timescale,
                                                                  MediaTime min_buffer_time);

/// EXTINF values in microseconds: each is the difference of two rounded boundaries, so no sum over a run of segments is off
/// by more than one microsecond. A gap between two segments counts to the first of them.
[[nodiscard]] STREAMFORGE_EXPORT std::vector<std::int64_t> extinf_microseconds(std::span<const SegmentFacts> segments);

/// EXTINF values of the I-frame playlist: from each segment with a key frame to the next such, the last to the end.
[[nodiscard]] STREAMFORGE_EXPORT std::vector<std::int64_t> i_frame_microseconds(std::span<const SegmentFacts> segments);

/// HLS bandwidths of one playlist.
struct HlsBandwidth {
    std::uint64_t peak_bps = 0;  ///< Never below the average (a run too long for any window can make it so by definition).
    std::uint64_t average_bps = 0;
};

/// Bandwidths of a media playlist over these segments, measured with the durations that the playlist states.
[[nodiscard]] STREAMFORGE_EXPORT HlsBandwidth hls_bandwidth(std::span<const SegmentFacts> segments, std::int64_t target_duration_s);

/// Bandwidths of the I-frame playlist over these segments; 0 without key frames.
[[nodiscard]] STREAMFORGE_EXPORT HlsBandwidth i_frame_bandwidth(std::span<const SegmentFacts> segments, std::int64_t target_duration_s);

}  // namespace streamforge::manifest
