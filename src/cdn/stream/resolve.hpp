#pragma once

#include <string>
#include <string_view>

#include <streamforge/core/result.hpp>

namespace streamforge::cdn::stream {

/// Whether a reference begins with a scheme ("https:", "data:", "skd:").
[[nodiscard]] bool has_scheme(std::string_view reference) noexcept;

/// `reference` as an absolute URL, dot segments resolved. *Errors*: `invalid_argument`. *Source*: RFC 3986 §5.2.
[[nodiscard]] Result<std::string> resolve(std::string_view base_url, std::string_view reference);

/// The folder of an absolute URL, with its final slash: "https://h/a/b.m3u8?x" → "https://h/a/".
[[nodiscard]] std::string folder_of(std::string_view url);

/// The deepest folder that holds both. Both end with a slash and have one origin.
[[nodiscard]] std::string common_folder(std::string_view a, std::string_view b);

}  // namespace streamforge::cdn::stream
