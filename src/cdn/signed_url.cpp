#include <streamforge/cdn/signed_url.hpp>

#include <algorithm>

namespace streamforge::cdn {
namespace {

constexpr std::string_view hidden = "[token]";

Error refused(std::string_view field, std::string message) {
    return make_error(Errc::invalid_argument, "cdn.cookies", std::move(message)).with("field", std::string(field));
}

bool is_attribute_text(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f && c != ';' && c != ','; });
}

std::string_view same_site_text(SameSite same_site) {
    switch (same_site) {
        case SameSite::strict: return "Strict";
        case SameSite::lax: return "Lax";
        case SameSite::none: return "None";
    }
    return "Lax";
}

}  // namespace

SignedUrl::SignedUrl(std::string url, std::size_t token_begin, std::size_t token_size)
    : url_(std::move(url)),
      token_begin_(std::min(token_begin, url_.size())),
      token_size_(std::min(token_size, url_.size() - token_begin_)) {}

std::string SignedUrl::redacted() const {
    std::string text = url_.substr(0, token_begin_);
    text += hidden;
    text += std::string_view(url_).substr(token_begin_ + token_size_);
    return text;
}

Result<void> CookieAttributes::validate() const {
    if (!is_attribute_text(domain)) return refused("domain", "domain holds a character that no host holds");
    if (!is_attribute_text(path)) return refused("path", "path must be printable ASCII without spaces, commas and semicolons");
    if (!path.empty() && path.front() != '/') return refused("path", "path must begin with a slash");
    if (same_site == SameSite::none && !secure)
        return refused("secure", "secure must be true with SameSite=None: browsers drop the cookie");
    if (partitioned && !secure) return refused("secure", "secure must be true for partitioned cookies");
    return {};
}

std::vector<std::string> CookieSet::set_cookie_headers() const {
    std::string suffix = "; Path=" + (attributes_.path.empty() ? std::string("/") : attributes_.path);
    if (!attributes_.domain.empty()) suffix += "; Domain=" + attributes_.domain;
    if (attributes_.secure) suffix += "; Secure";
    if (attributes_.http_only) suffix += "; HttpOnly";
    suffix += "; SameSite=";
    suffix += same_site_text(attributes_.same_site);
    if (attributes_.partitioned) suffix += "; Partitioned";
    std::vector<std::string> headers;
    headers.reserve(cookies_.size());
    for (const auto& cookie : cookies_) headers.push_back(cookie.name + "=" + cookie.value + suffix);
    return headers;
}

std::string CookieSet::cookie_header() const {
    std::string header;
    for (const auto& cookie : cookies_) header += (header.empty() ? "" : "; ") + cookie.name + "=" + cookie.value;
    return header;
}

std::string CookieSet::redacted() const {
    std::string text;
    for (const auto& cookie : cookies_) text += (text.empty() ? "" : "; ") + cookie.name + "=" + std::string(hidden);
    return text;
}

}  // namespace streamforge::cdn
