#include "cdn/stream/scan_hls.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "core/try.hpp"

namespace streamforge::cdn::stream {
namespace {

constexpr std::array<std::string_view, 3> playlist_tags{"#EXT-X-MEDIA:", "#EXT-X-STREAM-INF:", "#EXT-X-I-FRAME-STREAM-INF:"};
/// Tags whose URI a player needs beside keys and services: maps, parts, hints and renditions.
constexpr std::array<std::string_view, 5> media_tags{
    "#EXT-X-MAP:", "#EXT-X-PART:", "#EXT-X-PRELOAD-HINT:", "#EXT-X-RENDITION-REPORT:", "#EXT-X-IMAGE-STREAM-INF:"};

bool begins_with_one(std::string_view line, std::span<const std::string_view> tags) {
    return std::ranges::any_of(tags, [&](std::string_view tag) { return line.starts_with(tag); });
}

/// The value of the attribute URI, outside of other quoted values. Empty: none.
std::string_view uri_attribute(std::string_view attributes) {
    while (!attributes.empty()) {
        const std::size_t equals = attributes.find('=');
        if (equals == std::string_view::npos) return {};
        const std::string_view name = attributes.substr(0, equals);
        attributes.remove_prefix(equals + 1);
        std::string_view value;
        if (attributes.starts_with('"')) {
            const std::size_t end = attributes.find('"', 1);
            if (end == std::string_view::npos) return {};
            value = attributes.substr(1, end - 1);
            attributes.remove_prefix(end + 1);
        } else {
            attributes.remove_prefix(std::min(attributes.find(','), attributes.size()));
        }
        if (name == "URI") return value;
        if (attributes.starts_with(',')) attributes.remove_prefix(1);
        while (attributes.starts_with(' ')) attributes.remove_prefix(1);
    }
    return {};
}

}  // namespace

Result<void> scan_hls(std::string_view text, const std::function<Result<void>(const HlsReference&)>& visit) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    if (!text.starts_with("#EXTM3U"))
        return make_error(Errc::malformed, "cdn.authorize_stream", "the text is no playlist: it does not begin with #EXTM3U");
    bool next_is_playlist = false;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
        if (line.empty()) continue;
        if (line.front() != '#') {
            SF_TRY(visit({line, next_is_playlist}));
            next_is_playlist = false;
            continue;
        }
        if (!line.starts_with("#EXT-X-")) continue;
        const bool names_playlist = begins_with_one(line, playlist_tags);
        if (!names_playlist && !begins_with_one(line, media_tags)) continue;
        if (line.starts_with(playlist_tags[1])) next_is_playlist = true;
        const std::string_view uri = uri_attribute(line.substr(line.find(':') + 1));
        if (!uri.empty()) SF_TRY(visit({uri, names_playlist || line.starts_with("#EXT-X-RENDITION-REPORT:")}));
    }
    return {};
}

}  // namespace streamforge::cdn::stream
