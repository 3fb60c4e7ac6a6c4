#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>

namespace streamforge::http {

/// An absolute http or https URL, its path and query kept byte for byte as they were written: what was signed is what is sent.
struct Url {
    std::string scheme = "https";  ///< "http" or "https".
    std::string host{};            ///< A name, an IPv4 address, or an IPv6 address in brackets; lower case.
    std::uint16_t port = 0;        ///< 0: the scheme's own.
    std::string path = "/";        ///< Encoded, begins with `/`.
    std::string query{};           ///< Encoded, without the `?`.

    /// Host, and the port where it is not the scheme's own: the value of the Host header.
    [[nodiscard]] STREAMFORGE_EXPORT std::string authority() const;
    /// "https://host:port", without path and query: safe to log.
    [[nodiscard]] STREAMFORGE_EXPORT std::string origin() const;
    [[nodiscard]] bool is_tls() const noexcept { return scheme == "https"; }
    friend bool operator==(const Url&, const Url&) = default;
};

/// The whole URL as text. May hold a signature: not for logs.
[[nodiscard]] STREAMFORGE_EXPORT std::string to_string(const Url& url);

/// *Errors*: `invalid_argument` for another scheme, credentials in the URL, a fragment, a bad host or port, or characters that
/// would need escaping. *Source*: RFC 3986.
[[nodiscard]] STREAMFORGE_EXPORT Result<Url> parse_url(std::string_view text);

/// `text` with everything but the unreserved characters (and those in `keep`) as %XX. *Source*: RFC 3986 §2.3.
[[nodiscard]] STREAMFORGE_EXPORT std::string percent_encode(std::string_view text, std::string_view keep = {});
/// Appends to `out`, as `percent_encode`.
STREAMFORGE_EXPORT void percent_encode_to(std::string& out, std::string_view text, std::string_view keep = {});
/// With `plus_is_space`, as HTML forms and some stores write it. *Errors*: `malformed` for a broken escape.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::string> percent_decode(std::string_view text, bool plus_is_space = false);

}  // namespace streamforge::http
