#include "manifest/clean_text.hpp"

#include <algorithm>
#include <cstddef>

namespace streamforge::manifest {
namespace {

constexpr std::uint32_t replacement = 0xFFFD;
constexpr std::size_t max_code_points = 128;

// Controls, line and paragraph separators, and the marks that turn the direction of the text around a label.
bool is_blank(std::uint32_t point) noexcept {
    return point <= 0x20 || (point >= 0x7F && point <= 0xA0) || point == 0x2028 || point == 0x2029 ||
           (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
}

// XML 1.0 cannot hold these at all.
bool is_noncharacter(std::uint32_t point) noexcept { return (point & 0xFFFE) == 0xFFFE; }

}  // namespace

std::uint32_t next_code_point(std::string_view text, std::size_t& at) noexcept {
    const auto byte_at = [&](std::size_t index) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[index])); };
    const std::uint32_t first = byte_at(at++);
    if (first < 0x80) return first;
    std::size_t extra = 0;
    std::uint32_t point = 0;
    std::uint32_t least = 0;
    if (first >= 0xC2 && first <= 0xDF) {
        extra = 1, point = first & 0x1F, least = 0x80;
    } else if (first >= 0xE0 && first <= 0xEF) {
        extra = 2, point = first & 0x0F, least = 0x800;
    } else if (first >= 0xF0 && first <= 0xF4) {
        extra = 3, point = first & 0x07, least = 0x10000;
    } else {
        return replacement;
    }
    if (text.size() - at < extra) return replacement;
    for (std::size_t i = 0; i < extra; ++i) {
        const std::uint32_t next = byte_at(at + i);
        if ((next & 0xC0) != 0x80) return replacement;
        point = (point << 6) | (next & 0x3F);
    }
    if (point < least || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return replacement;
    at += extra;
    return point;
}

void append_utf8(std::string& text, std::uint32_t point) {
    const auto push = [&](std::uint32_t byte) { text += static_cast<char>(static_cast<unsigned char>(byte)); };
    if (point < 0x80) {
        push(point);
    } else if (point < 0x800) {
        push(0xC0 | (point >> 6));
        push(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
        push(0xE0 | (point >> 12));
        push(0x80 | ((point >> 6) & 0x3F));
        push(0x80 | (point & 0x3F));
    } else {
        push(0xF0 | (point >> 18));
        push(0x80 | ((point >> 12) & 0x3F));
        push(0x80 | ((point >> 6) & 0x3F));
        push(0x80 | (point & 0x3F));
    }
}

std::string clean_label(std::string_view untrusted) {
    std::string clean;
    bool blank_before = false;
    std::size_t points = 0;
    for (std::size_t at = 0; at < untrusted.size() && points < max_code_points;) {
        const std::uint32_t point = next_code_point(untrusted, at);
        if (is_blank(point)) {
            blank_before = !clean.empty();
            continue;
        }
        if (blank_before) clean += ' ';
        blank_before = false;
        append_utf8(clean, is_noncharacter(point) ? replacement : point);
        ++points;
    }
    return clean;
}

std::string clean_quoted_string(std::string_view untrusted) {
    std::string clean = clean_label(untrusted);
    std::replace(clean.begin(), clean.end(), '"', '\'');
    return clean;
}

std::string clean_language(std::string_view language) {
    std::size_t part = 0;
    bool first_part = true;
    const auto is_alpha = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    for (const char c : language) {
        if (c == '-') {
            if (part == 0) return "und";
            part = 0;
            first_part = false;
            continue;
        }
        const bool fits = is_alpha(c) || (!first_part && c >= '0' && c <= '9');
        if (!fits || ++part > 8) return "und";
    }
    return part == 0 ? "und" : std::string(language);
}

}  // namespace streamforge::manifest
