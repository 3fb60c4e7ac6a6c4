#include "media/language.hpp"

#include <algorithm>
#include <span>
#include <vector>

#include "media/language_table.hpp"

namespace streamforge::media {
namespace {

bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
char upper(char c) noexcept { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

std::string_view look_up(std::span<const LanguageEntry> table, std::string_view code) noexcept {
    const auto found = std::ranges::lower_bound(table, code, {}, &LanguageEntry::code);
    return found != table.end() && found->code == code ? found->value : std::string_view{};
}

/// Splits at '-' (or '_', which some writers use); empty when a part is not 1 to 8 letters or digits.
std::vector<std::string> subtags(std::string_view tag) {
    std::vector<std::string> parts(1);
    for (const char c : tag) {
        if (c == '-' || c == '_') {
            parts.emplace_back();
        } else if (is_letter(c) || is_digit(c)) {
            parts.back().push_back(lower(c));
        } else {
            return {};
        }
    }
    constexpr std::size_t longest = 8;
    for (const auto& part : parts) {
        if (part.empty() || part.size() > longest) return {};
    }
    return parts;
}

/// Script "Latn" and region "BR" in their usual case; all else stays lower.
void set_case(std::string& part) {
    if (part.size() == 4 && is_letter(part[0])) part[0] = upper(part[0]);
    if (part.size() == 2 && is_letter(part[0])) std::ranges::transform(part, part.begin(), upper);
}

}  // namespace

std::string bcp47_language(std::string_view tag) {
    constexpr std::size_t longest_tag = 35;  // RFC 5646 §4.4.1: all practical tags fit
    if (tag.empty() || tag.size() > longest_tag) return "und";
    auto parts = subtags(tag);
    if (parts.empty()) return "und";
    auto& language = parts.front();
    if (language.size() < 2 || language.size() > 3 || !std::ranges::all_of(language, is_letter)) return "und";
    if (const auto two = look_up(two_letter_codes, language); !two.empty()) language = two;
    // A tag that names no known language, such as "zz", would mislead a player less as "und".
    if (language.size() == 2 && look_up(language_names, language).empty()) return "und";

    std::string result = language;
    bool in_extension = false;  // after a singleton such as "u" or "x" everything stays lower case
    for (std::size_t i = 1; i < parts.size(); ++i) {
        if (parts[i].size() == 1) in_extension = true;
        if (!in_extension) set_case(parts[i]);
        result += '-';
        result += parts[i];
    }
    return result;
}

std::string language_name(std::string_view bcp47) {
    if (bcp47.empty() || bcp47 == "und") return {};
    const auto name = look_up(language_names, bcp47.substr(0, bcp47.find('-')));
    if (name.empty()) return std::string(bcp47);
    const auto rest = bcp47.find('-');
    if (rest == std::string_view::npos) return std::string(name);
    return std::string(name) + " (" + std::string(bcp47.substr(rest + 1)) + ")";
}

}  // namespace streamforge::media
