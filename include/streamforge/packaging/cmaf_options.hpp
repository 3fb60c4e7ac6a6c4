#pragma once

#include <cstdint>
#include <optional>

#include <streamforge/core/bytes.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/media_time.hpp>
#include <streamforge/core/result.hpp>

namespace streamforge::packaging {

/// What is done with the samples that an audio encoder puts before the sound (its delay).
enum class AudioPriming : std::uint8_t {
    /// Keep them; decode times start at 0 and an edit list tells players to skip them. Exact.
    edit_list,
    /// Drop whole priming packets and write no edit list, for players that ignore one. What remains of the priming, less
    /// than one packet, delays the sound by that much.
    drop_packets,
};

/// How the decode times of video with reordered pictures (B frames) are kept from being negative.
enum class VideoReordering : std::uint8_t {
    /// Decode times count from 0, composition offsets are positive, and an edit list skips the reordering delay. Browsers and
    /// FFmpeg agree on the times.
    edit_list,
    /// No edit list: each segment's decode time is its earliest presentation time, and composition offsets are signed (brand
    /// cmf2). FFmpeg's demuxer shows such pictures late by the reordering delay.
    signed_offsets,
};

/// Bit rates to announce in the sample entry (`btrt`).
struct BitrateHint {
    std::uint32_t max_bps = 0;
    std::uint32_t average_bps = 0;

    friend bool operator==(const BitrateHint&, const BitrateHint&) = default;
};

/// How one CMAF track is written. One policy per presentation: give every track the same priming policy.
struct CmafOptions {
    AudioPriming audio_priming = AudioPriming::edit_list;
    VideoReordering video_reordering = VideoReordering::edit_list;
    /// Start every segment with `styp` (segments in their own files). False: fragments of a single file.
    bool segment_type_box = true;
    /// Length of the whole track when known beforehand; written as `mehd`.
    std::optional<MediaTime> duration;
    std::optional<BitrateHint> bitrate;
    /// Track number in moov and moof, ≥ 1.
    std::uint32_t track_id = 1;
    /// Number of the first segment and of its `moof`, ≥ 1.
    std::int64_t first_number = 1;

    /// *Errors*: `invalid_argument` naming the field.
    [[nodiscard]] STREAMFORGE_EXPORT Result<void> validate() const;
};

/// What a manifest needs to know of one media segment.
struct SegmentFacts {
    std::int64_t number = 1;  ///< Counts from `CmafOptions::first_number`.
    MediaTime start;          ///< Earliest presentation time, edit list applied: ≥ 0.
    MediaTime duration;       ///< Next segment's start − this one's; of the last: to the end of its last frame.
    std::uint64_t size_bytes = 0;
    bool starts_with_sync = false;
    /// From the segment's first byte of `moof` to the end of its first sample, relative to the segment: what an I-frame
    /// playlist names. Empty when the first sample is not a sync sample.
    ByteRange key_frame;

    friend bool operator==(const SegmentFacts&, const SegmentFacts&) = default;
};

}  // namespace streamforge::packaging
