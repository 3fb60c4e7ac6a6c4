#include "cdn/url_scan.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace streamforge::cdn {
namespace {

enum CharacterClass : std::uint8_t { unreserved = 1, in_path = 2, in_query = 4, hexadecimal = 8 };

constexpr std::array<std::uint8_t, 256> make_classes() {
    std::array<std::uint8_t, 256> classes{};
    const auto add = [&](std::string_view characters, unsigned bits) {
        for (const char character : characters) {
            auto& entry = classes[static_cast<unsigned char>(character)];
            entry = static_cast<std::uint8_t>(entry | bits);
        }
    };
    add("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~", unreserved | in_path | in_query);
    add("!$&'()*+,;=:@/", in_path | in_query);
    add("?[]", in_query);
    add("0123456789abcdefABCDEF", hexadecimal);
    return classes;
}
constexpr std::array<std::uint8_t, 256> classes = make_classes();

bool is(unsigned char character, unsigned bits) { return (classes[character] & bits) != 0; }

std::size_t scan(std::string_view text, unsigned bits) noexcept {
    std::size_t at = 0;
    while (at < text.size()) {
        // Four at a time: most of a path has nothing to look at.
        for (; text.size() - at >= 4; at += 4) {
            const auto class_of = [&](std::size_t i) -> unsigned { return classes[static_cast<unsigned char>(text[at + i])]; };
            if ((class_of(0) & class_of(1) & class_of(2) & class_of(3) & bits) == 0) break;
        }
        if (at == text.size()) break;
        if (is(static_cast<unsigned char>(text[at]), bits)) {
            ++at;
        } else if (is_escape(text, at)) {
            at += 3;
        } else {
            break;
        }
    }
    return at;
}

int hex_value(char digit) {
    if (digit <= '9') return digit - '0';
    return (digit | 0x20) - 'a' + 10;
}

/// Takes one dot, plain or escaped, from the front of `segment`.
bool take_dot(std::string_view& segment) {
    if (segment.starts_with('.')) {
        segment.remove_prefix(1);
        return true;
    }
    if (segment.starts_with("%2e") || segment.starts_with("%2E")) {
        segment.remove_prefix(3);
        return true;
    }
    return false;
}

}  // namespace

std::size_t scan_path(std::string_view text) noexcept { return scan(text, in_path); }
std::size_t scan_query(std::string_view text) noexcept { return scan(text, in_query); }
bool is_path_character(unsigned char character) noexcept { return is(character, in_path); }
bool is_unreserved(unsigned char character) noexcept { return is(character, unreserved); }

bool is_escape(std::string_view text, std::size_t at) noexcept {
    return text[at] == '%' && text.size() - at >= 3 && is(static_cast<unsigned char>(text[at + 1]), hexadecimal) &&
           is(static_cast<unsigned char>(text[at + 2]), hexadecimal);
}

bool has_dot_segment(std::string_view path) noexcept {
    for (std::size_t slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/', slash + 1)) {
        std::string_view segment = path.substr(slash + 1);
        if (segment.empty() || (segment.front() != '.' && segment.front() != '%')) continue;
        if (!take_dot(segment)) continue;
        (void)take_dot(segment);
        if (segment.empty() || segment.front() == '/') return true;
    }
    return false;
}

bool has_encoded_slash(std::string_view path) noexcept {
    for (std::size_t at = path.find('%'); at != std::string_view::npos; at = path.find('%', at + 1)) {
        if (path.size() - at < 3) return false;
        const char first = path[at + 1];
        const char second = static_cast<char>(path[at + 2] | 0x20);
        if ((first == '2' && second == 'f') || (first == '5' && second == 'c')) return true;
    }
    return false;
}

std::string percent_decode(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (is_escape(text, at)) {
            out.push_back(static_cast<char>(hex_value(text[at + 1]) * 16 + hex_value(text[at + 2])));
            at += 2;
        } else {
            out.push_back(text[at]);
        }
    }
    return out;
}

}  // namespace streamforge::cdn
