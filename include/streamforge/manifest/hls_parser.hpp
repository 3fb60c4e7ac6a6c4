#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <streamforge/core/bytes.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/media_time.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/manifest/parse_limits.hpp>

namespace streamforge::manifest {

/// One attribute of a tag's attribute list.
struct HlsAttribute {
    std::string name;
    std::string value;  ///< Without the quotes.
    bool quoted = false;
};

/// A line that begins with #EXT, known or not.
struct HlsTag {
    std::string name;                      ///< "EXT-X-MEDIA", without '#'.
    std::string value;                     ///< All behind the colon, as it stands.
    std::vector<HlsAttribute> attributes;  ///< Only for tags that are known to carry an attribute list.
    std::size_t line = 0;                  ///< From 1.

    /// Value of the attribute, or null.
    [[nodiscard]] STREAMFORGE_EXPORT const std::string* attribute(std::string_view attribute_name) const noexcept;
};

/// One line of a playlist. Lines joined again give the playlist.
struct HlsLine {
    enum class Kind : std::uint8_t { tag, uri, comment, blank } kind = Kind::blank;
    std::string text;  ///< The whole line without its end.
    std::optional<HlsTag> tag;
};

/// A byte range as a playlist writes it.
struct HlsByteRange {
    std::uint64_t length = 0;
    std::optional<std::uint64_t> offset;
};

/// EXT-X-MAP.
struct HlsMap {
    std::string uri;
    std::optional<ByteRange> range;
    std::size_t line = 0;

    friend bool operator==(const HlsMap& a, const HlsMap& b) noexcept { return a.uri == b.uri && a.range == b.range; }
};

struct HlsSegment {
    std::string uri;
    MediaTime duration;  ///< EXTINF, exact to nine decimals.
    std::string title;
    std::optional<ByteRange> range;  ///< Offset resolved from the segment before where the playlist leaves it out.
    std::optional<std::size_t> map;  ///< Index in `HlsMedia::maps`.
    bool discontinuity = false;
    bool gap = false;
    std::vector<HlsTag> tags;  ///< All other tags in front of this segment, unknown ones too.
    std::size_t line = 0;      ///< Of the URI.
};

struct HlsMedia {
    std::int64_t target_duration_s = 0;  ///< 0: missing.
    std::uint64_t media_sequence = 0;
    std::uint64_t discontinuity_sequence = 0;
    std::string playlist_type;  ///< "VOD", "EVENT" or empty.
    bool end_list = false;
    bool i_frames_only = false;
    std::vector<HlsMap> maps;
    std::vector<HlsSegment> segments;
};

/// EXT-X-STREAM-INF or EXT-X-I-FRAME-STREAM-INF.
struct HlsVariant {
    std::string uri;
    bool i_frames = false;
    std::uint64_t bandwidth_bps = 0;          ///< 0: missing or unreadable.
    std::uint64_t average_bandwidth_bps = 0;  ///< 0: missing.
    HlsTag tag;
    std::size_t line = 0;  ///< Of the URI.
};

struct HlsMaster {
    std::vector<HlsVariant> variants;  ///< Both kinds, in order.
    std::vector<HlsTag> media;         ///< EXT-X-MEDIA.
};

/// Something that breaks the syntax but did not stop the parser.
struct ParseProblem {
    std::size_t line = 0;
    std::string message;
};

struct HlsPlaylist {
    int version = 1;  ///< EXT-X-VERSION, 1 without.
    bool has_version = false;
    bool independent_segments = false;
    std::vector<HlsLine> lines;  ///< Everything, unknown tags and comments too.
    std::variant<HlsMaster, HlsMedia> content;
    std::vector<ParseProblem> problems;

    [[nodiscard]] const HlsMaster* master() const noexcept { return std::get_if<HlsMaster>(&content); }
    [[nodiscard]] const HlsMedia* media() const noexcept { return std::get_if<HlsMedia>(&content); }
};

/// Reads a multivariant or media playlist. Tolerant: what breaks the rules of a tag is noted in `problems` and skipped.
///
/// *Errors*: `malformed` (no #EXTM3U, not text), `limit_exceeded`. *Cost*: linear in the text.
[[nodiscard]] STREAMFORGE_EXPORT Result<HlsPlaylist> parse_hls(std::string_view text, const ParseLimits& limits = {});

/// What a URI of a playlist is for.
enum class HlsUriKind : std::uint8_t { variant, i_frame_variant, rendition, segment, map, key, other };

/// Gives the replacement of a URI, or nothing to keep it.
using HlsUriRewriter = std::function<std::optional<std::string>(HlsUriKind kind, std::string_view uri)>;

/// The playlist's text with URIs replaced and nothing else changed: segment and variant lines and URI attributes, of unknown
/// tags too. *Errors*: `invalid_argument` when a replacement holds a quote or line break.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::string> rewrite_hls_uris(const HlsPlaylist& playlist, const HlsUriRewriter& rewrite);

}  // namespace streamforge::manifest
