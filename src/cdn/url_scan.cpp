#include "cdn/url_scan.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

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

constexpr std::size_t block_bytes = 16;
using Block = unsigned char __attribute__((vector_size(block_bytes)));  // a vector type of GCC and Clang, on every machine

Block load(const char* from) {
    Block block;
    std::memcpy(&block, from, block_bytes);
    return block;
}

/// Of a comparison's result: whether it holds for every byte.
template <class Mask>
bool all(const Mask& mask) {
    std::array<std::uint64_t, 2> halves;
    static_assert(sizeof(mask) == sizeof(halves));
    std::memcpy(halves.data(), &mask, sizeof(mask));
    return (halves[0] & halves[1]) == ~std::uint64_t{0};
}

/// Whether a block holds but letters, digits and "-./_", which paths and queries have most.
bool is_plain(const Block& block) {
    const Block from_hyphen = block - static_cast<unsigned char>('-');  // '-', '.', '/' and the digits follow each other
    const Block from_letter_a = (block | 0x20) - static_cast<unsigned char>('a');
    return all((from_hyphen <= '9' - '-') | (from_letter_a <= 'z' - 'a') | (block == '_'));
}

std::size_t scan(std::string_view text, unsigned bits) noexcept {
    std::size_t at = 0;
    while (at < text.size()) {
        while (text.size() - at >= block_bytes && is_plain(load(text.data() + at))) at += block_bytes;
        if (text.size() >= block_bytes && text.size() - at < block_bytes && is_plain(load(text.data() + text.size() - block_bytes))) {
            return text.size();
        }
        for (const std::size_t end = std::min(text.size(), at + block_bytes); at < end;) {
            if (is(static_cast<unsigned char>(text[at]), bits)) {
                ++at;
            } else if (is_escape(text, at)) {
                at += 3;
            } else {
                return at;
            }
        }
    }
    return at;
}

/// Whether a slash stands before a dot or a percent sign, as it does before each dot segment; a text of few bytes may have one.
bool may_have_dot_segment(std::string_view text) {
    const auto none_in = [&](std::size_t at) {
        const Block next = load(text.data() + at + 1);
        return all((load(text.data() + at) != '/') | ((next != '.') & (next != '%')));
    };
    if (text.size() <= block_bytes) return true;
    const std::size_t last = text.size() - block_bytes - 1;
    for (std::size_t at = 0; at < last; at += block_bytes) {
        if (!none_in(at)) return true;
    }
    return !none_in(last);
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
    if (!may_have_dot_segment(path)) return false;
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
