#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <streamforge/core/bytes.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/media_time.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/manifest/parse_limits.hpp>

namespace streamforge::manifest {

/// An element with everything in it: names keep their prefix, attributes and children their order.
struct XmlElement {
    std::string name;
    std::vector<std::pair<std::string, std::string>> attributes;
    std::vector<XmlElement> children;
    std::string text;      ///< Character data directly in the element, white space at its ends removed.
    std::size_t line = 0;  ///< From 1.

    /// Value of the attribute, or null.
    [[nodiscard]] STREAMFORGE_EXPORT const std::string* attribute(std::string_view attribute_name) const noexcept;
    STREAMFORGE_EXPORT void set_attribute(std::string_view attribute_name, std::string value);
    /// First child of that name, or null.
    [[nodiscard]] STREAMFORGE_EXPORT const XmlElement* child(std::string_view child_name) const noexcept;
    [[nodiscard]] STREAMFORGE_EXPORT XmlElement* child(std::string_view child_name) noexcept;
};

/// A media presentation description, complete: unknown elements and attributes stay. Comments are dropped.
struct Mpd {
    XmlElement root;
};

/// Reads an MPD. Documents with a DOCTYPE are refused, so entities can neither expand nor fetch.
///
/// *Errors*: `malformed` (not XML, root not MPD, a DOCTYPE; the context gives the line), `limit_exceeded`.
[[nodiscard]] STREAMFORGE_EXPORT Result<Mpd> parse_mpd(std::string_view text, const ParseLimits& limits = {});

/// The document as XML text, UTF-8.
[[nodiscard]] STREAMFORGE_EXPORT std::string write_mpd(const Mpd& mpd);

/// What a URI or URI template of an MPD is for.
enum class MpdUriKind : std::uint8_t { base_url, media, initialization, index, location };

/// Gives the replacement of a URI or template, or nothing to keep it.
using MpdUriRewriter = std::function<std::optional<std::string>(MpdUriKind kind, std::string_view uri)>;

/// Replaces BaseURL and Location texts and the @media, @initialization, @index, @sourceURL attributes in place.
STREAMFORGE_EXPORT void rewrite_mpd_uris(Mpd& mpd, const MpdUriRewriter& rewrite);

/// A media or initialisation segment that an MPD names.
struct MpdSegment {
    std::string uri;  ///< Resolved against the BaseURL elements, not against the MPD's own address.
    std::optional<ByteRange> range;
    MediaTime start;     ///< In its Period.
    MediaTime duration;  ///< 0 when the MPD does not say.
};

/// A Representation with what it inherits.
struct MpdRepresentation {
    std::size_t period = 0;  ///< Index.
    const XmlElement* adaptation_set = nullptr;
    const XmlElement* element = nullptr;
    std::string id;
    std::string mime_type;
    std::string codecs;
    std::uint64_t bandwidth_bps = 0;  ///< 0: missing or unreadable.
    std::string base_url;             ///< All BaseURL elements above it, resolved; may be empty.
    std::optional<MpdSegment> initialization;
    std::optional<ByteRange> index_range;  ///< SegmentBase: of the `sidx` in `base_url`.
    std::vector<MpdSegment> segments;      ///< Expanded; one without range for a whole file (text, SegmentBase).
};

/// All representations of a static MPD with their segments. *Lifetime*: points into `mpd`.
///
/// *Errors*: `malformed` (numbers out of range, a template without its identifiers), `limit_exceeded`, `unsupported`
/// (dynamic MPD).
[[nodiscard]] STREAMFORGE_EXPORT Result<std::vector<MpdRepresentation>> mpd_representations(const Mpd& mpd, const ParseLimits& limits = {});

/// An xs:duration of days, hours, minutes and seconds ("PT1H2M3.5S"), exact to nine decimals. *Errors*: `malformed`.
[[nodiscard]] STREAMFORGE_EXPORT Result<MediaTime> parse_xs_duration(std::string_view text);

}  // namespace streamforge::manifest
