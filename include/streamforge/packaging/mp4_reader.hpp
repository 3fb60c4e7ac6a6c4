#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <streamforge/core/byte_source.hpp>
#include <streamforge/core/error.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/media_time.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/core/track.hpp>
#include <streamforge/packaging/sample_index.hpp>

namespace streamforge::packaging {

/// Bounds on what a file may ask for. Every count is also bounded by the bytes that are there.
struct Mp4Limits {
    std::uint64_t max_moov_bytes = std::uint64_t{1} << 30;
    std::uint32_t max_tracks = 128;
    std::uint64_t max_samples = 200'000'000;   ///< Over all tracks.
    std::uint64_t max_fragments = 20'000'000;  ///< `moof` boxes.
    std::uint32_t max_config_bytes = 1 << 20;  ///< One sample description.

    /// *Errors*: `invalid_argument` naming the field.
    [[nodiscard]] STREAMFORGE_EXPORT Result<void> validate() const;
};

/// A track that can be packaged.
struct Mp4Track {
    std::uint32_t track_id = 0;
    /// `codec_config` in the form documented there; NAL units stay length prefixed.
    TrackFormat format;
    std::uint8_t nal_length_bytes = 4;  ///< Of H.264/HEVC samples in the file: 1, 2 or 4.
    std::shared_ptr<const SampleIndex> index;
    /// Presentation time = (pts − `media_start`) / timescale + `presentation_start`: the file's edit list, resolved.
    std::int64_t media_start = 0;
    MediaTime presentation_start;
    /// Length after edits as the file says; absent when it says none.
    std::optional<MediaTime> duration;
    std::string handler_name;
    bool enabled = true;
    int clockwise_degrees = 0;  ///< From the track's matrix: 0, 90, 180, 270.
};

/// A track that cannot, and why.
struct Mp4SkippedTrack {
    std::uint32_t track_id = 0;
    std::string handler;  ///< Four characters, e.g. "vide", "meta"; unprintable bytes replaced.
    Error reason;
};

struct Mp4File {
    std::vector<Mp4Track> tracks;
    std::vector<Mp4SkippedTrack> skipped;
    bool fragmented = false;
    std::string major_brand;
    std::vector<std::string> warnings;  ///< What was repaired or ignored, each a sentence.
};

/// Reads the index of a progressive or fragmented MP4 or MOV; media bytes are not read.
///
/// Tables are streamed into the compact index: memory is that of the index, not of `moov`.
/// *Errors*: `malformed` (context "box" holds the path, e.g. "moov/trak/mdia"), `no_streams` (no track at all),
/// `unsupported_codec` or `encrypted` (when no other track is left), `limit_exceeded`, `io`.
/// *Source*: ISO/IEC 14496-12; QuickTime File Format.
[[nodiscard]] STREAMFORGE_EXPORT Result<Mp4File> read_mp4(const ByteSource& source, const Mp4Limits& limits = {});

}  // namespace streamforge::packaging
