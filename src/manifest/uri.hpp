#pragma once

#include <string>
#include <string_view>

namespace streamforge::manifest {

/// True for a path inside the presentation's folder: parts joined by '/', none empty, "." or "..", no control character or '\'.
[[nodiscard]] bool is_safe_path(std::string_view path) noexcept;

/// The path with everything but unreserved characters, '/' and a few harmless ones percent-encoded.
/// *Source*: RFC 3986 §2.3, §3.3.
[[nodiscard]] std::string percent_encode_path(std::string_view path);

/// The inverse; bad escapes stay as they are.
[[nodiscard]] std::string percent_decode(std::string_view text);

/// How a file at path `from` refers to path `to`, both in the same folder tree; not encoded. "a/b/p.m3u8", "a/b/s.m4s" → "s.m4s".
[[nodiscard]] std::string relative_path(std::string_view from, std::string_view to);

/// True for a reference with a scheme ("https://…", "data:…").
[[nodiscard]] bool is_absolute_uri(std::string_view reference) noexcept;

/// `reference` seen from `base`. *Source*: RFC 3986 §5.2.
[[nodiscard]] std::string resolve_reference(std::string_view base, std::string_view reference);

}  // namespace streamforge::manifest
