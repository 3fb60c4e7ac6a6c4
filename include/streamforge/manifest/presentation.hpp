#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <streamforge/core/bytes.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/media_time.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/core/track.hpp>

namespace streamforge::manifest {

/// What was packaged, as facts: every manifest is a pure function of this. Plain data.
///
/// All paths are relative to the presentation's folder, with '/' between parts, not percent-encoded, never absolute and
/// without "." or "..": "video/1080p/init.mp4". All times are presentation times: 0 is where playing starts.

/// One media segment as it lies in the store.
struct SegmentFacts {
    /// Where the segment starts for a viewer. Audio priming that an edit list hides is not counted: the first segment
    /// starts at 0 and lasts as long as it sounds.
    MediaTime start;
    MediaTime duration;              ///< > 0, real, the last segment's too.
    std::uint64_t bytes = 0;         ///< Of the whole segment, container included.
    std::optional<ByteRange> range;  ///< Where it lies in the one file of the rendition; absent: a file of its own.
    bool independent = true;         ///< Decodable without earlier segments.
    /// From the start of the `moof` to the end of the first sample, as offsets in the file that holds the segment. Absent:
    /// the segment does not start with an I-frame, or nobody asked.
    std::optional<ByteRange> key_frame;

    [[nodiscard]] MediaTime end() const noexcept { return start + duration; }
};

/// Where the files of one rendition are.
struct TrackFiles {
    std::string playlist;                 ///< HLS media playlist: "video/1080p/playlist.m3u8".
    std::string i_frame_playlist;         ///< Video only; empty: none is written.
    std::string init;                     ///< Initialisation segment; the media file itself in single-file mode; empty: there is none.
    std::optional<ByteRange> init_range;  ///< Single-file mode: where the initialisation segment lies in `init`.
    /// Template of the segments' paths with DASH identifiers `$Number$`, `$Number%05d$`, `$Time$`, `$RepresentationID$`,
    /// `$$`; or, when the segments have ranges, the path of the one media file.
    std::string media;
    std::uint64_t start_number = 1;          ///< `$Number$` of the first segment.
    std::vector<std::string> segment_paths;  ///< Replaces `media`: one path for each segment.
    std::optional<ByteRange> index_range;    ///< Single-file mode: the `sidx` box (DASH SegmentBase@indexRange).
};

/// What all kinds of rendition have in common.
struct TrackFacts {
    std::string id;      ///< Unique in the presentation; letters, digits, '-', '_', '.'.
    std::string codecs;  ///< RFC 6381, as the sample entry spells it: "avc1.64002A", "mp4a.40.2", "Opus", "wvtt".
    Codec codec = Codec::unknown;
    std::int64_t timescale = 90000;  ///< Of the media file; segment times fall on its ticks.
    std::string language = "und";    ///< BCP 47.
    TrackFiles files;
    std::uint64_t init_bytes = 0;
    std::vector<SegmentFacts> segments;

    /// True when the segments are ranges of one file.
    [[nodiscard]] bool single_file() const noexcept { return !segments.empty() && segments.front().range.has_value(); }
    /// End of the last segment; 0 with none.
    [[nodiscard]] STREAMFORGE_EXPORT MediaTime end() const noexcept;
    /// Bytes of the initialisation segment and all segments.
    [[nodiscard]] STREAMFORGE_EXPORT std::uint64_t total_bytes() const noexcept;
};

struct VideoRendition {
    TrackFacts track;
    std::uint32_t width_px = 0;
    std::uint32_t height_px = 0;
    Rational sample_aspect{1, 1};
    Rational frame_rate{0, 1};  ///< 0: unknown or variable; left out of the manifests.
    VideoRange range = VideoRange::sdr;
    ColourInfo colour;
    /// `AudioRendition::group` values that may be played with this rendition, the usual one first. Empty: every group.
    std::vector<std::string> audio_groups;
};

/// What an audio rendition is for.
enum class AudioPurpose : std::uint8_t { programme, commentary, described_video };

struct AudioRendition {
    TrackFacts track;
    std::string label;  ///< For menus, untrusted text; empty: made from the language.
    std::uint32_t channels = 2;
    std::uint32_t sample_rate_hz = 48000;
    AudioPurpose purpose = AudioPurpose::programme;
    bool is_default = false;  ///< The first flagged counts, in every group; with none, the first rendition.
    bool autoselect = true;   ///< A player may choose it by the viewer's language.
    /// Bit rate and channel class, with one rendition for each language and purpose: "stereo", "surround", "aac-96k". Groups
    /// are offered in order of first appearance. A language that one group lacks is borrowed from another in HLS.
    std::string group = "audio";
};

/// WebVTT text. `track.files.media` names HLS segments; DASH players read `whole_file`.
struct TextRendition {
    TrackFacts track;
    std::string label;  ///< For menus, untrusted text; empty: made from the language.
    bool is_default = false;
    bool is_forced = false;
    bool autoselect = true;
    bool hearing_impaired = false;  ///< Describes sounds too.
    std::string whole_file;         ///< One WebVTT file of everything: "text/en/subtitles.vtt".
    std::uint64_t whole_file_bytes = 0;
};

/// One picture file of thumbnails.
struct ThumbnailSheet {
    std::uint64_t bytes = 0;
    std::uint32_t tiles = 0;  ///< Used, row by row.
};

/// Thumbnails for scrubbing, as sheets of tiles.
struct Thumbnails {
    std::string id = "thumbnails";
    std::string media;  ///< Template: "thumbnails/sheet_$Number$.jpg".
    std::uint64_t start_number = 1;
    std::uint32_t columns = 10;
    std::uint32_t rows = 10;
    std::uint32_t tile_width_px = 160;
    std::uint32_t tile_height_px = 90;
    MediaTime interval{4, 1};  ///< Of one tile; tile n shows `[n·interval, (n+1)·interval)`.
    std::vector<ThumbnailSheet> sheets;
    std::string webvtt;  ///< Path of the WebVTT index; empty: none is written.
    std::string mime_type = "image/jpeg";
};

struct Poster {
    std::string path;
    std::uint32_t width_px = 0;
    std::uint32_t height_px = 0;
    std::uint64_t bytes = 0;
};

struct Presentation {
    std::vector<VideoRendition> video;
    std::vector<AudioRendition> audio;
    std::vector<TextRendition> text;
    std::optional<Thumbnails> thumbnails;
    std::optional<Poster> poster;

    /// *Errors*: `invalid_argument` that names the rendition and field: ids not unique or unfit, a path that leaves the
    /// folder, segments that overlap or have no length, byte ranges without a file, an audio group that does not exist.
    [[nodiscard]] STREAMFORGE_EXPORT Result<void> validate() const;

    /// Where the longest audio or video rendition ends (text alone when there is nothing else).
    [[nodiscard]] STREAMFORGE_EXPORT MediaTime duration() const noexcept;
    /// EXT-X-TARGETDURATION of every playlist: the longest segment of any rendition in seconds, rounded to nearest, at least 1.
    [[nodiscard]] STREAMFORGE_EXPORT std::int64_t target_duration_s() const noexcept;
    /// Names of the audio groups in order of first appearance.
    [[nodiscard]] STREAMFORGE_EXPORT std::vector<std::string> audio_groups() const;
};

/// Path of segment `index`, template expanded. *Errors*: `invalid_argument` for a bad template or index.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::string> segment_path(const TrackFacts& track, std::size_t index);

/// Path of sheet `index` (from 0). *Errors*: `invalid_argument` for a bad template or index.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::string> sheet_path(const Thumbnails& thumbnails, std::size_t index);

}  // namespace streamforge::manifest
