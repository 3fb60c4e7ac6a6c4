#include <streamforge/http/url.hpp>

#include <algorithm>
#include <charconv>

namespace streamforge::http {
namespace {

constexpr auto operation = "http.parse_url";
constexpr std::size_t max_url_bytes = 16 << 10;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_unreserved(char c) { return is_alpha(c) || is_digit(c) || c == '-' || c == '_' || c == '.' || c == '~'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    return (c | 0x20) - 'a' + 10;
}

Error bad(std::string message) { return make_error(Errc::invalid_argument, operation, std::move(message)); }

/// RFC 3986 §3.3 and §3.4: what may stand in a path or query without being escaped.
bool is_encoded(std::string_view text) {
    constexpr std::string_view allowed = "-._~!$&'()*+,;=:@/?%";
    return std::all_of(text.begin(), text.end(),
                       [&](char c) { return is_alpha(c) || is_digit(c) || allowed.find(c) != std::string_view::npos; });
}

bool is_host_name(std::string_view host) {
    if (host.empty() || host.size() > 253) return false;
    return std::all_of(host.begin(), host.end(), [](char c) { return is_alpha(c) || is_digit(c) || c == '-' || c == '.' || c == '_'; });
}

bool is_ipv6(std::string_view host) {
    if (host.size() < 4 || host.front() != '[' || host.back() != ']') return false;
    const auto inner = host.substr(1, host.size() - 2);
    return std::all_of(inner.begin(), inner.end(), [](char c) { return is_hex(c) || c == ':' || c == '.'; });
}

std::uint16_t default_port(std::string_view scheme) { return scheme == "https" ? 443 : 80; }

Result<void> parse_authority(std::string_view authority, Url& url) {
    if (authority.find('@') != std::string_view::npos) return bad("the URL must not hold credentials");
    auto host = authority;
    const auto bracket = authority.rfind(']');
    const auto colon = authority.rfind(':');
    if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
        host = authority.substr(0, colon);
        const auto digits = authority.substr(colon + 1);
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), url.port);
        if (error != std::errc{} || end != digits.data() + digits.size() || url.port == 0) return bad("the URL's port is not a port");
        if (url.port == default_port(url.scheme)) url.port = 0;
    }
    if (!is_host_name(host) && !is_ipv6(host)) return bad("the URL's host is not a host");
    url.host = host;
    std::transform(url.host.begin(), url.host.end(), url.host.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return {};
}

}  // namespace

std::string Url::authority() const { return port == 0 ? host : host + ":" + std::to_string(port); }

std::string Url::origin() const { return scheme + "://" + authority(); }

std::string to_string(const Url& url) {
    std::string text = url.origin();
    text += url.path;
    if (!url.query.empty()) {
        text += '?';
        text += url.query;
    }
    return text;
}

Result<Url> parse_url(std::string_view text) {
    if (text.size() > max_url_bytes) return bad("the URL is too long");
    const auto colon = text.find("://");
    if (colon == std::string_view::npos) return bad("the URL has no scheme");
    Url url;
    url.scheme = text.substr(0, colon);
    std::transform(url.scheme.begin(), url.scheme.end(), url.scheme.begin(),
                   [](char c) { return is_alpha(c) ? static_cast<char>(c | 0x20) : c; });
    if (url.scheme != "http" && url.scheme != "https") return bad("the URL must begin with http:// or https://");
    auto rest = text.substr(colon + 3);
    if (rest.find('#') != std::string_view::npos) return bad("the URL must have no fragment");
    const auto authority_end = std::min(rest.find_first_of("/?"), rest.size());
    if (auto done = parse_authority(rest.substr(0, authority_end), url); !done) return std::move(done).error();
    rest.remove_prefix(authority_end);
    const auto question = std::min(rest.find('?'), rest.size());
    url.path = question == 0 ? "/" : std::string(rest.substr(0, question));
    if (question < rest.size()) url.query = rest.substr(question + 1);
    if (!is_encoded(url.path) || !is_encoded(url.query)) return bad("the URL holds characters that must be escaped");
    return url;
}

void percent_encode_to(std::string& out, std::string_view text, std::string_view keep) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (const char c : text) {
        if (is_unreserved(c) || keep.find(c) != std::string_view::npos) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
}

std::string percent_encode(std::string_view text, std::string_view keep) {
    std::string out;
    out.reserve(text.size() + 16);
    percent_encode_to(out, text, keep);
    return out;
}

Result<std::string> percent_decode(std::string_view text, bool plus_is_space) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '+' && plus_is_space) {
            out += ' ';
        } else if (text[at] != '%') {
            out += text[at];
        } else if (text.size() - at > 2 && is_hex(text[at + 1]) && is_hex(text[at + 2])) {
            out += static_cast<char>(hex_value(text[at + 1]) * 16 + hex_value(text[at + 2]));
            at += 2;
        } else {
            return make_error(Errc::malformed, "http.percent_decode", "the text holds a broken escape");
        }
    }
    return out;
}

}  // namespace streamforge::http
