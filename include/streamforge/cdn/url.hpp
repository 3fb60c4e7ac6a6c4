#pragma once

#include <string>
#include <string_view>

#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>

namespace streamforge::cdn {

/// The parts of a URL as views into its text. *Lifetime*: of the text.
struct UrlParts {
    std::string_view text;    ///< The whole.
    std::string_view scheme;  ///< "https", "http", or empty for a path alone.
    std::string_view origin;  ///< "https://cdn.example.com:8443", or empty.
    std::string_view host;    ///< "cdn.example.com", without the port.
    std::string_view path;    ///< "/vod/m1/master.m3u8", never empty.
    std::string_view query;   ///< Without its '?'.

    [[nodiscard]] bool is_absolute() const noexcept { return !origin.empty(); }
    [[nodiscard]] bool has_query() const noexcept { return !query.empty(); }
    /// "/vod/m1/master.m3u8?x=1".
    [[nodiscard]] std::string_view path_and_query() const noexcept { return text.substr(origin.size()); }
};

/// Splits an absolute http(s) URL, or one that begins with its path, and refuses what clients and edges would rewrite before a
/// signature is compared: control characters, spaces, non-ASCII, characters outside of RFC 3986, broken percent signs, fragments,
/// user information, backslashes, dot segments, an upper-case or missing host, a default port, an empty path or an empty query.
/// *Errors*: `invalid_argument`, with the context `part`. *Cost*: one pass, no allocation when it succeeds.
[[nodiscard]] STREAMFORGE_EXPORT Result<UrlParts> parse_url(std::string_view url);

/// A path with everything percent-encoded that RFC 3986 does not allow in one; '/' stays, and so do existing escapes.
///
/// Signing never does this by itself: a URL must be signed in exactly the spelling that clients will use.
[[nodiscard]] STREAMFORGE_EXPORT std::string encode_path(std::string_view path);

/// A query value with everything but [A-Za-z0-9._~-] percent-encoded, in upper-case hexadecimal; a space is %20.
[[nodiscard]] STREAMFORGE_EXPORT std::string encode_query_value(std::string_view value);

}  // namespace streamforge::cdn
