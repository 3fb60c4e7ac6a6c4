#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <streamforge/core/bytes.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/media_time.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/packaging/cmaf_options.hpp>

namespace streamforge::packaging {

/// Where everything lies in one `.mp4` that holds init segment, `sidx` and all fragments of a track.
struct SingleFileLayout {
    Bytes sidx;                       ///< To be written between the init segment and the first fragment.
    ByteRange init;                   ///< HLS EXT-X-MAP BYTERANGE, DASH Initialization@range.
    ByteRange index;                  ///< DASH SegmentBase@indexRange.
    std::vector<ByteRange> segments;  ///< HLS EXT-X-BYTERANGE, in order.
    std::uint64_t size_bytes = 0;     ///< Of the whole file.
};

/// Lays out a single file from the sizes and times of its fragments, before any of them need exist.
///
/// `timescale` is the track's; start and durations are brought to it without accumulating rounding.
/// *Errors*: `invalid_argument` (no segment, timescale out of range), `limit_exceeded` (more than 65535 segments, or one of
/// 2 GiB and more: the format's bounds). *Source*: ISO/IEC 14496-12 §8.16.3.
[[nodiscard]] STREAMFORGE_EXPORT Result<SingleFileLayout> layout_single_file(std::uint64_t init_size_bytes,
                                                                             std::span<const SegmentFacts> segments, std::int64_t timescale,
                                                                             std::uint32_t track_id = 1);

}  // namespace streamforge::packaging
