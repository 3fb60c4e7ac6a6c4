#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace streamforge::cdn {

// One pass over the parts of a URL, with the character classes of RFC 3986 §2 and §3.3.

/// Where a path ends: at its first character (or escape) that a path may not hold, or at the end.
[[nodiscard]] std::size_t scan_path(std::string_view text) noexcept;
/// The same for a query, which may also hold '?', '[' and ']' (clients leave these alone).
[[nodiscard]] std::size_t scan_query(std::string_view text) noexcept;

[[nodiscard]] bool is_path_character(unsigned char character) noexcept;
[[nodiscard]] bool is_unreserved(unsigned char character) noexcept;
/// Whether "%XX" stands at `at`.
[[nodiscard]] bool is_escape(std::string_view text, std::size_t at) noexcept;

/// A segment "." or "..", also with its dots escaped.
[[nodiscard]] bool has_dot_segment(std::string_view path) noexcept;
/// "%2f" or "%5c" in either case: under a prefix, an edge and an origin may disagree about the folder.
[[nodiscard]] bool has_encoded_slash(std::string_view path) noexcept;

/// Text with its escapes resolved. Broken escapes stay as they are.
[[nodiscard]] std::string percent_decode(std::string_view text);

/// Visits "name=value" pairs of a query as they stand; stops when the visitor returns false.
template <class Visitor>
void for_each_parameter(std::string_view query, Visitor visitor) {
    std::size_t begin = 0;
    while (begin <= query.size()) {
        const std::size_t end = std::min(query.find('&', begin), query.size());
        const std::string_view pair = query.substr(begin, end - begin);
        const std::size_t equals = std::min(pair.find('='), pair.size());
        const std::string_view value = equals == pair.size() ? std::string_view() : pair.substr(equals + 1);
        if (!visitor(pair, pair.substr(0, equals), value)) return;
        begin = end + 1;
    }
}

}  // namespace streamforge::cdn
