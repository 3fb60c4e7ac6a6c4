#include "duration.hpp"

#include <charconv>
#include <string>

namespace streamforge::app {
namespace {

struct Unit {
    std::string_view suffix;
    std::int64_t num;
    std::int64_t den;
};
constexpr Unit units[] = {{"ms", 1, 1000}, {"s", 1, 1}, {"m", 60, 1}, {"h", 3600, 1}, {"", 1, 1}};

/// "2.5" → 25/10; at most 6 decimals.
bool parse_decimal(std::string_view text, Rational& value) {
    constexpr std::size_t max_decimals = 6;
    const auto dot = text.find('.');
    std::string digits(text.substr(0, dot));
    value.den = 1;
    if (dot != std::string_view::npos) {
        const auto decimals = text.substr(dot + 1);
        if (decimals.empty() || decimals.size() > max_decimals) return false;
        digits += decimals;
        for (std::size_t i = 0; i < decimals.size(); ++i) value.den *= 10;
    }
    constexpr std::size_t max_digits = 12;
    if (digits.empty() || digits.size() > max_digits || digits.find_first_not_of("0123456789") != std::string::npos) return false;
    std::from_chars(digits.data(), digits.data() + digits.size(), value.num);
    return true;
}

}  // namespace

Result<MediaTime> parse_duration(std::string_view text) {
    for (const auto& unit : units) {
        if (!text.ends_with(unit.suffix)) continue;
        Rational value;
        if (!parse_decimal(text.substr(0, text.size() - unit.suffix.size()), value)) break;
        return MediaTime::from_seconds({value.num * unit.num, value.den * unit.den});
    }
    return make_error(Errc::invalid_argument, "cli.duration",
                      "'" + std::string(text) + "' is no duration; write 4s, 2.5s, 500ms, 5m or 1h");
}

}  // namespace streamforge::app
