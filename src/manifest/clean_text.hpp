#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace streamforge::manifest {

/// Untrusted text made fit for menus and markup: valid UTF-8 (U+FFFD for what is not), control characters and runs of white
/// space as one space, none at the ends, at most 128 code points.
[[nodiscard]] std::string clean_label(std::string_view untrusted);

/// A cleaned label without the double quotes that an HLS quoted string cannot hold.
[[nodiscard]] std::string clean_quoted_string(std::string_view untrusted);

/// `language` when it has the form of a BCP 47 tag, else "und".
[[nodiscard]] std::string clean_language(std::string_view language);

/// Reads one code point and moves `at` behind it; U+FFFD for a byte that starts no valid sequence. *Source*: RFC 3629.
[[nodiscard]] std::uint32_t next_code_point(std::string_view text, std::size_t& at) noexcept;

/// Appends the UTF-8 form of a code point.
void append_utf8(std::string& text, std::uint32_t code_point);

}  // namespace streamforge::manifest
