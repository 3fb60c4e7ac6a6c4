#include "cdn/wildcard.hpp"

#include <cstddef>

namespace streamforge::cdn {

bool wildcard_match(std::string_view pattern, std::string_view text, WildcardSyntax syntax) noexcept {
    constexpr std::size_t none = std::string_view::npos;
    std::size_t at_pattern = 0;
    std::size_t at_text = 0;
    std::size_t star = none;    // the last star seen …
    std::size_t star_text = 0;  // … and how far the text had come when it took nothing
    while (at_text < text.size()) {
        const bool has_pattern = at_pattern < pattern.size();
        if (has_pattern && pattern[at_pattern] == '*') {
            star = at_pattern++;
            star_text = at_text;
        } else if (has_pattern &&
                   (pattern[at_pattern] == text[at_text] || (syntax == WildcardSyntax::star_question && pattern[at_pattern] == '?'))) {
            ++at_pattern;
            ++at_text;
        } else if (star != none) {
            at_pattern = star + 1;
            at_text = ++star_text;
        } else {
            return false;
        }
    }
    while (at_pattern < pattern.size() && pattern[at_pattern] == '*') ++at_pattern;
    return at_pattern == pattern.size();
}

}  // namespace streamforge::cdn
