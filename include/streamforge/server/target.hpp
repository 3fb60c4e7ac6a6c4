#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>

namespace streamforge::server {

/// A request target, taken apart.
struct Target {
    std::string path;   ///< Decoded once; begins with `/`; no `.`, `..` or empty segment inside, UTF-8, no control characters.
    std::string query;  ///< Not decoded, without the `?`.
};

/// Takes the target of a request line apart: `/path?query` or `http://host/path?query`; the asterisk form gives path "*".
/// *Errors*: `invalid_argument` for what no honest client sends: broken escapes, an encoded slash or NUL, a backslash, dot
/// segments however written, bytes that are not UTF-8, more than 8 KiB. *Source*: RFC 9112 §3.2, RFC 3986 §3.3.
[[nodiscard]] STREAMFORGE_EXPORT Result<Target> parse_target(std::string_view target);

/// Decodes %XX, and `+` to a space when `plus_is_space`; nothing when an escape is broken.
[[nodiscard]] STREAMFORGE_EXPORT std::optional<std::string> decode_percent(std::string_view text, bool plus_is_space = false);

}  // namespace streamforge::server
