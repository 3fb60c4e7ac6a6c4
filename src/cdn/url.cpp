#include <streamforge/cdn/url.hpp>

#include <array>
#include <charconv>
#include <cstdint>

#include "cdn/url_scan.hpp"
#include "core/try.hpp"

namespace streamforge::cdn {
namespace {

constexpr std::string_view hex_upper = "0123456789ABCDEF";
constexpr std::size_t max_url_bytes = 16 * 1024;

Error refused(std::string_view part, std::string message) {
    return make_error(Errc::invalid_argument, "cdn.url", std::move(message)).with("part", std::string(part));
}

std::string describe(unsigned char character) {
    if (character > 0x20 && character < 0x7f) return std::string("the character ") + static_cast<char>(character);
    if (character == ' ') return "a space";
    std::string text = "the byte 0x";
    text.push_back(hex_upper[character >> 4]);
    text.push_back(hex_upper[character & 15]);
    return text;
}

/// Why the scan stopped, in words; off the fast path.
Error explain(std::string_view part, std::string_view text, std::size_t at) {
    const auto character = static_cast<unsigned char>(text[at]);
    if (character == '#') return refused("fragment", "a signed URL has no fragment: clients do not send it");
    if (character == '%') return refused(part, "a percent sign must be followed by two hexadecimal digits");
    if (character == '\\') return refused(part, "a backslash is not allowed: some clients turn it into a slash");
    return refused(part, describe(character) + " is not allowed: encode it first (see encode_path)");
}

Result<void> check_port(std::string_view digits, std::string_view scheme) {
    unsigned port = 0;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (failure != std::errc{} || end != digits.data() + digits.size() || port == 0 || port > 65535 || digits.front() == '0') {
        return refused("port", "the port must be 1 to 65535");
    }
    if (port == (scheme == "https" ? 443U : 80U)) {
        return refused("port", "leave the default port out: clients do, and the signature would not match");
    }
    return {};
}

Result<void> check_host(std::string_view host) {
    if (host.empty()) return refused("host", "the URL has no host");
    const bool literal = host.front() == '[';
    if (literal && (host.size() < 4 || host.back() != ']' || host.find_first_of("[]", 1) != host.size() - 1)) {
        return refused("host", "not an IPv6 host");
    }
    const std::string_view allowed =
        literal ? std::string_view("[]:.0123456789abcdef") : std::string_view("-.0123456789abcdefghijklmnopqrstuvwxyz");
    if (const std::size_t bad = host.find_first_not_of(allowed); bad != std::string_view::npos) {
        if (host[bad] >= 'A' && host[bad] <= 'Z')
            return refused("host", "write the host in lower case: clients do, and the signature would not match");
        return refused("host", describe(static_cast<unsigned char>(host[bad])) + " is not allowed in a host");
    }
    return {};
}

/// The first of "/?#\\" from `at` on.
std::size_t authority_end(std::string_view url, std::size_t at) {
    for (; at < url.size(); ++at) {
        const char c = url[at];
        if (c == '/' || c == '?' || c == '#' || c == '\\') return at;
    }
    return std::string_view::npos;
}

/// A name without a port, the usual case, seen in one pass.
bool is_plain_host(std::string_view authority) {
    for (const char c : authority) {
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.')) return false;
    }
    return !authority.empty();
}

Result<void> split_authority(std::string_view authority, UrlParts& parts) {
    if (is_plain_host(authority)) {
        parts.host = authority;
        return {};
    }
    if (authority.find('@') != std::string_view::npos) return refused("userinfo", "a signed URL has no user information");
    const std::size_t bracket = authority.rfind(']');
    const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    parts.host = authority.substr(0, colon);
    SF_TRY(check_host(parts.host));
    if (colon != std::string_view::npos) SF_TRY(check_port(authority.substr(colon + 1), parts.scheme));
    return {};
}

}  // namespace

Result<UrlParts> parse_url(std::string_view url) {
    UrlParts parts;
    parts.text = url;
    if (url.empty()) return refused("url", "the URL is empty");
    if (url.size() > max_url_bytes) return refused("url", "the URL is longer than 16 KiB");
    std::size_t path_begin = 0;
    if (url.front() != '/') {
        const std::size_t scheme_end = url.starts_with("https://") ? 8 : url.starts_with("http://") ? 7 : 0;
        if (scheme_end == 0) return refused("scheme", "a URL begins with https://, http:// or its path");
        parts.scheme = url.substr(0, scheme_end - 3);
        path_begin = authority_end(url, scheme_end);
        SF_TRY(split_authority(url.substr(scheme_end, path_begin == std::string_view::npos ? path_begin : path_begin - scheme_end), parts));
        if (path_begin == std::string_view::npos || url[path_begin] != '/') {
            if (path_begin != std::string_view::npos && url[path_begin] != '?') return explain("path", url, path_begin);
            return refused("path", "the URL has no path: write at least a slash, as clients send it");
        }
        parts.origin = url.substr(0, path_begin);
    } else if (url.starts_with("//")) {
        return refused("scheme", "a URL without a scheme must begin with a single slash");
    }
    const std::string_view rest = url.substr(path_begin);
    const std::size_t path_end = scan_path(rest);
    parts.path = rest.substr(0, path_end);
    if (path_end < rest.size()) {
        if (rest[path_end] != '?') return explain("path", rest, path_end);
        parts.query = rest.substr(path_end + 1);
        if (parts.query.empty()) return refused("query", "the URL ends with an empty query: leave the question mark out");
        const std::size_t query_end = scan_query(parts.query);
        if (query_end < parts.query.size()) return explain("query", parts.query, query_end);
    }
    if (has_dot_segment(parts.path)) return refused("path", "the path has a dot segment: clients resolve it before they ask");
    return parts;
}

std::string encode_path(std::string_view path) {
    std::string out;
    out.reserve(path.size() + path.size() / 4);
    for (std::size_t at = 0; at < path.size(); ++at) {
        const auto character = static_cast<unsigned char>(path[at]);
        const bool kept = is_path_character(character) || is_escape(path, at);
        if (kept) {
            out.push_back(path[at]);
        } else {
            out.push_back('%');
            out.push_back(hex_upper[character >> 4]);
            out.push_back(hex_upper[character & 15]);
        }
    }
    return out;
}

std::string encode_query_value(std::string_view value) {
    std::string out;
    out.reserve(value.size() + value.size() / 4);
    for (const char plain : value) {
        const auto character = static_cast<unsigned char>(plain);
        if (is_unreserved(character)) {
            out.push_back(plain);
        } else {
            out.push_back('%');
            out.push_back(hex_upper[character >> 4]);
            out.push_back(hex_upper[character & 15]);
        }
    }
    return out;
}

}  // namespace streamforge::cdn
