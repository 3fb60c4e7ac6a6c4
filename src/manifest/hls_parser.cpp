#include <streamforge/manifest/hls_parser.hpp>

#include <algorithm>
#include <limits>
#include <utility>

#include "core/try.hpp"
#include "manifest/hls_lexer.hpp"

namespace streamforge::manifest {
namespace {

constexpr std::string_view operation = "manifest.parse_hls";

Error limit(std::string message) { return make_error(Errc::limit_exceeded, std::string(operation), std::move(message)); }

bool is_master_tag(std::string_view name) noexcept {
    return name == "EXT-X-STREAM-INF" || name == "EXT-X-I-FRAME-STREAM-INF" || name == "EXT-X-MEDIA" || name == "EXT-X-SESSION-DATA" ||
           name == "EXT-X-SESSION-KEY" || name == "EXT-X-CONTENT-STEERING" || name == "EXT-X-IMAGE-STREAM-INF";
}

std::uint64_t number_attribute(const HlsTag& tag, std::string_view name) noexcept {
    const std::string* value = tag.attribute(name);
    return value == nullptr ? 0 : parse_decimal(*value).value_or(0);
}

HlsTag make_tag(std::string_view line, std::size_t number) {
    const std::size_t colon = line.find(':');
    HlsTag tag;
    tag.name = line.substr(1, colon == std::string_view::npos ? colon : colon - 1);
    if (colon != std::string_view::npos) tag.value = line.substr(colon + 1);
    tag.line = number;
    return tag;
}

// First pass: lines and tags. Second pass: one of the two builders below.
Result<HlsPlaylist> split_lines(std::string_view text, const ParseLimits& limits) {
    HlsPlaylist playlist;
    std::size_t at = 0;
    while (at < text.size()) {
        if (playlist.lines.size() >= limits.max_lines) return limit("the playlist has too many lines");
        const std::size_t end = std::min(text.find('\n', at), text.size());
        std::string_view line = text.substr(at, end - at);
        at = end + 1;
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        HlsLine entry;
        entry.text = line;
        const std::size_t number = playlist.lines.size() + 1;
        if (line.find_first_not_of(" \t") == std::string_view::npos) {
            entry.kind = HlsLine::Kind::blank;
        } else if (line.substr(0, 4) == "#EXT") {
            entry.kind = HlsLine::Kind::tag;
            entry.tag = make_tag(line, number);
            if (has_attribute_list(entry.tag->name) &&
                !parse_attribute_list(entry.tag->value, limits.max_attributes, entry.tag->attributes)) {
                playlist.problems.push_back({number, entry.tag->name + " has a malformed attribute list"});
            }
        } else {
            entry.kind = line.front() == '#' ? HlsLine::Kind::comment : HlsLine::Kind::uri;
        }
        playlist.lines.push_back(std::move(entry));
    }
    return playlist;
}

class MasterBuilder {
public:
    explicit MasterBuilder(HlsPlaylist& playlist) : playlist_(playlist) {}

    void tag(const HlsTag& tag) {
        if (tag.name == "EXT-X-STREAM-INF") {
            if (pending_) problem(pending_->line, "EXT-X-STREAM-INF is not followed by a URI");
            pending_ = tag;
        } else if (tag.name == "EXT-X-I-FRAME-STREAM-INF") {
            const std::string* uri = tag.attribute("URI");
            if (uri == nullptr) problem(tag.line, "EXT-X-I-FRAME-STREAM-INF has no URI");
            add(tag, uri == nullptr ? "" : *uri, tag.line, true);
        } else if (tag.name == "EXT-X-MEDIA") {
            master_.media.push_back(tag);
        }
    }

    void uri(const std::string& text, std::size_t line) {
        if (!pending_) return problem(line, "a URI line without EXT-X-STREAM-INF");
        add(*pending_, text, line, false);
        pending_.reset();
    }

    HlsMaster finish() {
        if (pending_) problem(pending_->line, "EXT-X-STREAM-INF is not followed by a URI");
        return std::move(master_);
    }

private:
    void problem(std::size_t line, std::string message) { playlist_.problems.push_back({line, std::move(message)}); }

    void add(const HlsTag& tag, const std::string& uri, std::size_t line, bool i_frames) {
        HlsVariant variant;
        variant.uri = uri;
        variant.i_frames = i_frames;
        variant.bandwidth_bps = number_attribute(tag, "BANDWIDTH");
        variant.average_bandwidth_bps = number_attribute(tag, "AVERAGE-BANDWIDTH");
        variant.tag = tag;
        variant.line = line;
        master_.variants.push_back(std::move(variant));
    }

    HlsPlaylist& playlist_;
    HlsMaster master_;
    std::optional<HlsTag> pending_;
};

class MediaBuilder {
public:
    explicit MediaBuilder(HlsPlaylist& playlist) : playlist_(playlist) {}

    void tag(const HlsTag& tag) {
        if (playlist_tag(tag) || segment_tag(tag)) return;
        if (tag.name != "EXTM3U" && tag.name != "EXT-X-VERSION" && tag.name != "EXT-X-INDEPENDENT-SEGMENTS") {
            next_.tags.push_back(tag);
        }
    }

    void uri(const std::string& text, std::size_t line) {
        if (!has_duration_) problem(line, "a segment without EXTINF");
        next_.uri = text;
        next_.line = line;
        next_.map = media_.maps.empty() ? std::nullopt : std::optional(media_.maps.size() - 1);
        place_range(line);
        media_.segments.push_back(std::exchange(next_, {}));
        has_duration_ = false;
        range_.reset();
    }

    HlsMedia finish() {
        if (has_duration_) problem(playlist_.lines.size(), "EXTINF is not followed by a URI");
        return std::move(media_);
    }

private:
    void problem(std::size_t line, std::string message) { playlist_.problems.push_back({line, std::move(message)}); }

    void number(const HlsTag& tag, std::uint64_t most, std::uint64_t& into) {
        const auto value = parse_decimal(tag.value);
        if (!value || *value > most) return problem(tag.line, tag.name + " is not a number in range");
        into = *value;
    }

    bool playlist_tag(const HlsTag& tag) {
        constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
        if (tag.name == "EXT-X-TARGETDURATION") {
            constexpr std::uint64_t most_seconds = 86400;
            std::uint64_t seconds = 0;
            number(tag, most_seconds, seconds);
            media_.target_duration_s = static_cast<std::int64_t>(seconds);
        } else if (tag.name == "EXT-X-MEDIA-SEQUENCE") {
            number(tag, most, media_.media_sequence);
        } else if (tag.name == "EXT-X-DISCONTINUITY-SEQUENCE") {
            number(tag, most, media_.discontinuity_sequence);
        } else if (tag.name == "EXT-X-PLAYLIST-TYPE") {
            media_.playlist_type = tag.value;
        } else if (tag.name == "EXT-X-ENDLIST") {
            media_.end_list = true;
        } else if (tag.name == "EXT-X-I-FRAMES-ONLY") {
            media_.i_frames_only = true;
        } else {
            return false;
        }
        return true;
    }

    bool segment_tag(const HlsTag& tag) {
        if (tag.name == "EXTINF") {
            read_extinf(tag);
        } else if (tag.name == "EXT-X-BYTERANGE") {
            range_ = parse_hls_byte_range(tag.value);
            if (!range_) problem(tag.line, "EXT-X-BYTERANGE must be <length>[@<offset>]");
        } else if (tag.name == "EXT-X-MAP") {
            read_map(tag);
        } else if (tag.name == "EXT-X-DISCONTINUITY") {
            next_.discontinuity = true;
        } else if (tag.name == "EXT-X-GAP") {
            next_.gap = true;
        } else {
            return false;
        }
        return true;
    }

    void read_extinf(const HlsTag& tag) {
        const std::size_t comma = tag.value.find(',');
        const auto duration = parse_decimal_seconds(std::string_view(tag.value).substr(0, comma));
        if (!duration) problem(tag.line, "EXTINF has no readable duration");
        next_.duration = duration.value_or(MediaTime{});
        if (comma != std::string::npos) next_.title = tag.value.substr(comma + 1);
        has_duration_ = true;
    }

    void read_map(const HlsTag& tag) {
        const std::string* uri = tag.attribute("URI");
        if (uri == nullptr) return problem(tag.line, "EXT-X-MAP has no URI");
        HlsMap map{*uri, std::nullopt, tag.line};
        if (const std::string* range = tag.attribute("BYTERANGE")) {
            const auto parsed = parse_hls_byte_range(*range);
            if (!parsed) problem(tag.line, "BYTERANGE of EXT-X-MAP must be <length>@<offset>");
            if (parsed) map.range = ByteRange{parsed->offset.value_or(0), parsed->length};
        }
        media_.maps.push_back(std::move(map));
    }

    // Without an offset a range begins where the one before it ended, in the same resource.
    void place_range(std::size_t line) {
        if (!range_) return;
        std::uint64_t offset = range_->offset.value_or(0);
        if (!range_->offset) {
            const HlsSegment* before = media_.segments.empty() ? nullptr : &media_.segments.back();
            if (before == nullptr || !before->range || before->uri != next_.uri) {
                return problem(line, "a byte range without offset must follow a range of the same resource");
            }
            offset = before->range->offset + before->range->length;
        }
        if (range_->length > std::numeric_limits<std::uint64_t>::max() - offset) {
            return problem(line, "a byte range leaves 64 bits");
        }
        next_.range = ByteRange{offset, range_->length};
    }

    HlsPlaylist& playlist_;
    HlsMedia media_;
    HlsSegment next_;
    bool has_duration_ = false;
    std::optional<HlsByteRange> range_;
};

void read_common(HlsPlaylist& playlist) {
    for (const auto& line : playlist.lines) {
        if (!line.tag) continue;
        if (line.tag->name == "EXT-X-INDEPENDENT-SEGMENTS") playlist.independent_segments = true;
        if (line.tag->name != "EXT-X-VERSION") continue;
        const auto version = parse_decimal(line.tag->value);
        if (playlist.has_version) playlist.problems.push_back({line.tag->line, "EXT-X-VERSION stands twice"});
        playlist.has_version = true;
        constexpr std::uint64_t most = 1000;
        if (version && *version >= 1 && *version <= most) {
            playlist.version = static_cast<int>(*version);
        } else {
            playlist.problems.push_back({line.tag->line, "EXT-X-VERSION is not a number in range"});
        }
    }
}

template <class Builder>
auto build(HlsPlaylist& playlist) {
    Builder builder(playlist);
    for (std::size_t i = 0; i < playlist.lines.size(); ++i) {
        const HlsLine& line = playlist.lines[i];
        if (line.tag) builder.tag(*line.tag);
        if (line.kind == HlsLine::Kind::uri) builder.uri(line.text, i + 1);
    }
    return builder.finish();
}

HlsUriKind kind_of_attribute(std::string_view tag) noexcept {
    if (tag == "EXT-X-MEDIA") return HlsUriKind::rendition;
    if (tag == "EXT-X-I-FRAME-STREAM-INF") return HlsUriKind::i_frame_variant;
    if (tag == "EXT-X-MAP") return HlsUriKind::map;
    if (tag == "EXT-X-KEY" || tag == "EXT-X-SESSION-KEY") return HlsUriKind::key;
    return HlsUriKind::other;
}

// Position of the value of URI="…" in a tag line; npos when there is none. One pass: lines may be long.
std::size_t uri_value_position(std::string_view line) noexcept {
    constexpr std::string_view key = "URI=\"";
    bool in_quotes = false;
    for (std::size_t at = 0; at < line.size(); ++at) {
        if (line[at] == '"') in_quotes = !in_quotes;
        if (in_quotes || at == 0 || line.substr(at, key.size()) != key) continue;
        const char before = line[at - 1];
        if (before == ',' || before == ':' || before == ' ') return at + key.size();
    }
    return std::string_view::npos;
}

bool fits_in_playlist(std::string_view uri) noexcept {
    return !uri.empty() && uri.front() != '#' && uri.find_first_of("\"\r\n") == std::string_view::npos;
}

}  // namespace

const std::string* HlsTag::attribute(std::string_view attribute_name) const noexcept {
    for (const auto& attribute : attributes) {
        if (attribute.name == attribute_name) return &attribute.value;
    }
    return nullptr;
}

Result<HlsPlaylist> parse_hls(std::string_view text, const ParseLimits& limits) {
    if (text.size() > limits.max_bytes) return limit("the playlist is too long");
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text.substr(0, byte_order_mark.size()) == byte_order_mark) {
        return make_error(Errc::malformed, std::string(operation), "a playlist must not begin with a byte order mark");
    }
    if (text.substr(0, 7) != "#EXTM3U" || (text.size() > 7 && text[7] != '\n' && text[7] != '\r')) {
        return make_error(Errc::malformed, std::string(operation), "a playlist must begin with #EXTM3U");
    }
    if (text.find('\0') != std::string_view::npos) {
        return make_error(Errc::malformed, std::string(operation), "a playlist is text, but this one holds zero bytes");
    }
    SF_ASSIGN(HlsPlaylist playlist, split_lines(text, limits));
    read_common(playlist);
    const bool is_master = std::any_of(playlist.lines.begin(), playlist.lines.end(),
                                       [](const HlsLine& line) { return line.tag && is_master_tag(line.tag->name); });
    if (is_master) {
        playlist.content = build<MasterBuilder>(playlist);
    } else {
        playlist.content = build<MediaBuilder>(playlist);
    }
    std::stable_sort(playlist.problems.begin(), playlist.problems.end(),
                     [](const ParseProblem& a, const ParseProblem& b) { return a.line < b.line; });
    return playlist;
}

Result<std::string> rewrite_hls_uris(const HlsPlaylist& playlist, const HlsUriRewriter& rewrite) {
    std::string text;
    const HlsUriKind line_kind = playlist.master() != nullptr ? HlsUriKind::variant : HlsUriKind::segment;
    for (const auto& line : playlist.lines) {
        std::size_t begin = std::string::npos;
        std::size_t end = line.text.size();
        HlsUriKind kind = line_kind;
        if (line.kind == HlsLine::Kind::uri) begin = 0;
        if (line.tag) {
            begin = uri_value_position(line.text);
            if (begin != std::string::npos) end = line.text.find('"', begin);
            kind = kind_of_attribute(line.tag->name);
        }
        if (begin == std::string::npos || end == std::string::npos) {
            text += line.text + '\n';
            continue;
        }
        const auto replaced = rewrite(kind, std::string_view(line.text).substr(begin, end - begin));
        if (replaced && !fits_in_playlist(*replaced)) {
            return make_error(Errc::invalid_argument, std::string(operation), "a rewritten URI holds a quote or line break");
        }
        text += line.text.substr(0, begin) + (replaced ? *replaced : line.text.substr(begin, end - begin)) + line.text.substr(end) + '\n';
    }
    return text;
}

}  // namespace streamforge::manifest
