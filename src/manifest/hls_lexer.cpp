#include "manifest/hls_lexer.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace streamforge::manifest {
namespace {

constexpr std::int64_t nanoseconds = 1'000'000'000;
constexpr std::uint64_t most_seconds = 10ULL * 366 * 86400;

bool is_name_character(char c) noexcept { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'; }

constexpr std::array tags_with_attributes{
    std::string_view("EXT-X-MEDIA"),        std::string_view("EXT-X-STREAM-INF"),       std::string_view("EXT-X-I-FRAME-STREAM-INF"),
    std::string_view("EXT-X-KEY"),          std::string_view("EXT-X-SESSION-KEY"),      std::string_view("EXT-X-MAP"),
    std::string_view("EXT-X-START"),        std::string_view("EXT-X-DATERANGE"),        std::string_view("EXT-X-SESSION-DATA"),
    std::string_view("EXT-X-PART"),         std::string_view("EXT-X-PART-INF"),         std::string_view("EXT-X-SERVER-CONTROL"),
    std::string_view("EXT-X-PRELOAD-HINT"), std::string_view("EXT-X-RENDITION-REPORT"), std::string_view("EXT-X-SKIP"),
    std::string_view("EXT-X-DEFINE"),       std::string_view("EXT-X-CONTENT-STEERING"), std::string_view("EXT-X-IMAGE-STREAM-INF"),
};

}  // namespace

std::optional<std::uint64_t> parse_decimal(std::string_view text) noexcept {
    std::uint64_t value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || stop != text.data() + text.size() || text.empty()) return std::nullopt;
    return value;
}

std::optional<MediaTime> parse_decimal_seconds(std::string_view text) noexcept {
    const std::size_t dot = text.find('.');
    const auto whole = parse_decimal(text.substr(0, dot));
    if (!whole || *whole > most_seconds) return std::nullopt;
    std::int64_t fraction = 0;
    if (dot != std::string_view::npos) {
        std::int64_t unit = nanoseconds;
        for (const char c : text.substr(dot + 1)) {
            if (c < '0' || c > '9') return std::nullopt;
            unit /= 10;
            fraction += (c - '0') * unit;
        }
    }
    return MediaTime{static_cast<std::int64_t>(*whole) * nanoseconds + fraction, nanoseconds};
}

std::optional<HlsByteRange> parse_hls_byte_range(std::string_view text) noexcept {
    const std::size_t at = text.find('@');
    const auto length = parse_decimal(text.substr(0, at));
    if (!length) return std::nullopt;
    HlsByteRange range{*length, std::nullopt};
    if (at != std::string_view::npos) {
        range.offset = parse_decimal(text.substr(at + 1));
        if (!range.offset) return std::nullopt;
    }
    return range;
}

bool parse_attribute_list(std::string_view text, std::size_t max_attributes, std::vector<HlsAttribute>& attributes) {
    std::size_t at = 0;
    while (at < text.size()) {
        // Space behind a comma is not allowed but common; nobody gains from refusing it.
        while (at < text.size() && text[at] == ' ') ++at;
        const std::size_t name_begin = at;
        while (at < text.size() && is_name_character(text[at])) ++at;
        if (at == name_begin || at >= text.size() || text[at] != '=' || attributes.size() >= max_attributes) return false;
        HlsAttribute attribute{std::string(text.substr(name_begin, at - name_begin)), {}, false};
        ++at;
        if (at < text.size() && text[at] == '"') {
            const std::size_t close = text.find('"', at + 1);
            if (close == std::string_view::npos) return false;
            attribute.value = text.substr(at + 1, close - at - 1);
            attribute.quoted = true;
            at = close + 1;
        } else {
            const std::size_t comma = std::min(text.find(',', at), text.size());
            attribute.value = text.substr(at, comma - at);
            at = comma;
        }
        const bool is_twice =
            std::any_of(attributes.begin(), attributes.end(), [&](const HlsAttribute& known) { return known.name == attribute.name; });
        if (is_twice) return false;
        attributes.push_back(std::move(attribute));
        if (at == text.size()) return true;
        if (text[at++] != ',' || at == text.size()) return false;
    }
    return !attributes.empty();
}

bool has_attribute_list(std::string_view tag_name) noexcept {
    return std::find(tags_with_attributes.begin(), tags_with_attributes.end(), tag_name) != tags_with_attributes.end();
}

}  // namespace streamforge::manifest
