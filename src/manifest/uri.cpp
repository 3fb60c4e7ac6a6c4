#include "manifest/uri.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace streamforge::manifest {
namespace {

bool is_alpha(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool stays_plain(char c) noexcept {
    // Unreserved, and those sub-delimiters that neither manifests nor shells give a meaning. ':' would look like a scheme.
    constexpr std::string_view others = "-._~/!()*+,=@;";
    return is_alpha(c) || is_digit(c) || others.find(c) != std::string_view::npos;
}

int hex_value(char c) noexcept {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::vector<std::string_view> split_parts(std::string_view path) {
    std::vector<std::string_view> parts;
    std::size_t begin = 0;
    while (true) {
        const std::size_t slash = path.find('/', begin);
        parts.push_back(path.substr(begin, slash == std::string_view::npos ? slash : slash - begin));
        if (slash == std::string_view::npos) return parts;
        begin = slash + 1;
    }
}

std::size_t scheme_length(std::string_view text) noexcept {
    if (text.empty() || !is_alpha(text.front())) return 0;
    for (std::size_t i = 1; i < text.size(); ++i) {
        const char c = text[i];
        if (c == ':') return i;
        if (!is_alpha(c) && !is_digit(c) && c != '+' && c != '-' && c != '.') return 0;
    }
    return 0;
}

struct Split {
    std::string_view prefix;  // scheme and authority
    std::string_view path;
    std::string_view suffix;  // query and fragment
};

Split split(std::string_view uri) noexcept {
    std::size_t path_at = 0;
    if (const std::size_t scheme = scheme_length(uri); scheme > 0) path_at = scheme + 1;
    if (uri.substr(path_at, 2) == "//") path_at = std::min(uri.find_first_of("/?#", path_at + 2), uri.size());
    const std::size_t end = std::min(uri.find_first_of("?#", path_at), uri.size());
    return {uri.substr(0, path_at), uri.substr(path_at, end - path_at), uri.substr(end)};
}

std::string remove_dot_segments(std::string_view path) {
    const bool absolute = !path.empty() && path.front() == '/';
    const auto parts = split_parts(absolute ? path.substr(1) : path);
    std::vector<std::string_view> kept;
    std::size_t climbs = 0;
    for (const auto part : parts) {
        if (part == ".") continue;
        if (part != "..") {
            kept.push_back(part);
        } else if (!kept.empty()) {
            kept.pop_back();
        } else if (!absolute) {
            ++climbs;  // a relative base has no root to stop at
        }
    }
    std::string result = absolute ? "/" : "";
    for (std::size_t i = 0; i < climbs; ++i) result += "../";
    for (std::size_t i = 0; i < kept.size(); ++i) {
        if (i > 0) result += '/';
        result += kept[i];
    }
    const bool is_folder = parts.back() == "." || parts.back() == "..";
    if (is_folder && !result.empty() && result.back() != '/') result += '/';
    return result;
}

}  // namespace

bool is_safe_path(std::string_view path) noexcept {
    if (path.empty()) return false;
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= path.size(); ++i) {
        if (i < path.size() && path[i] != '/') {
            const auto byte = static_cast<unsigned char>(path[i]);
            if (byte < 0x20 || byte == 0x7F || path[i] == '\\') return false;
            continue;
        }
        const std::string_view part = path.substr(begin, i - begin);
        if (part.empty() || part == "." || part == "..") return false;
        begin = i + 1;
    }
    return true;
}

std::string percent_encode_path(std::string_view path) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    encoded.reserve(path.size());
    for (const char c : path) {
        if (stays_plain(c)) {
            encoded += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        encoded += '%';
        encoded += digits[byte >> 4];
        encoded += digits[byte & 0x0F];
    }
    return encoded;
}

std::string percent_decode(std::string_view text) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0) {
            decoded += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
            i += 2;
        } else {
            decoded += text[i];
        }
    }
    return decoded;
}

std::string relative_path(std::string_view from, std::string_view to) {
    const auto from_parts = split_parts(from);
    const auto to_parts = split_parts(to);
    std::size_t common = 0;
    while (common + 1 < from_parts.size() && common + 1 < to_parts.size() && from_parts[common] == to_parts[common]) ++common;
    std::string relative;
    for (std::size_t i = common; i + 1 < from_parts.size(); ++i) relative += "../";
    for (std::size_t i = common; i < to_parts.size(); ++i) {
        if (i > common) relative += '/';
        relative += to_parts[i];
    }
    return relative;
}

bool is_absolute_uri(std::string_view reference) noexcept { return scheme_length(reference) > 0; }

std::string resolve_reference(std::string_view base, std::string_view reference) {
    if (is_absolute_uri(reference) || base.empty()) return std::string(reference);
    const Split from = split(base);
    if (reference.empty()) return std::string(base.substr(0, base.find('#')));
    if (reference.substr(0, 2) == "//") {
        return std::string(base.substr(0, scheme_length(base) > 0 ? scheme_length(base) + 1 : 0)) + std::string(reference);
    }
    const Split to = split(reference);
    if (to.path.empty()) return std::string(from.prefix) + std::string(from.path) + std::string(to.suffix);
    if (to.path.front() == '/') return std::string(from.prefix) + remove_dot_segments(to.path) + std::string(to.suffix);
    const std::size_t slash = from.path.rfind('/');
    std::string merged(slash == std::string_view::npos ? std::string_view() : from.path.substr(0, slash + 1));
    if (merged.empty() && !from.prefix.empty()) merged.push_back('/');
    merged += to.path;
    return std::string(from.prefix) + remove_dot_segments(merged) + std::string(to.suffix);
}

}  // namespace streamforge::manifest
