#pragma once

#include <string_view>

namespace streamforge::cdn {

/// Which characters of a pattern stand for others.
enum class WildcardSyntax : unsigned char {
    star,           ///< '*' is any run.
    star_question,  ///< and '?' is any one character.
};

/// Whether all of `text` matches. *Cost*: linear in text × number of stars at worst, no recursion.
[[nodiscard]] bool wildcard_match(std::string_view pattern, std::string_view text, WildcardSyntax syntax) noexcept;

}  // namespace streamforge::cdn
