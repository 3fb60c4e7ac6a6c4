#include "server/http_date.hpp"

#include <array>
#include <cstdio>
#include <vector>

#include "server/text.hpp"

namespace streamforge::server {
namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 7> day_names{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::optional<int> parse_number(std::string_view text, std::size_t digits) {
    if (text.size() != digits) return std::nullopt;
    int value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

std::optional<unsigned> parse_month(std::string_view text) {
    for (unsigned index = 0; index < month_names.size(); ++index) {
        if (month_names[index] == text) return index + 1;
    }
    return std::nullopt;
}

std::optional<seconds> parse_time_of_day(std::string_view text) {
    if (text.size() != 8 || text[2] != ':' || text[5] != ':') return std::nullopt;
    const auto hour = parse_number(text.substr(0, 2), 2);
    const auto minute = parse_number(text.substr(3, 2), 2);
    const auto second = parse_number(text.substr(6, 2), 2);
    constexpr int leap_second = 60;
    if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > leap_second) return std::nullopt;
    return hours(*hour) + minutes(*minute) + seconds(*second);
}

std::optional<HttpDate> combine(std::optional<int> year_number, std::optional<unsigned> month_number, std::optional<int> day_number,
                                std::optional<seconds> time) {
    if (!year_number || !month_number || !day_number || !time) return std::nullopt;
    const year_month_day date{year(*year_number), month(*month_number), day(static_cast<unsigned>(*day_number))};
    if (!date.ok()) return std::nullopt;
    return sys_days(date) + *time;
}

std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    while (!text.empty()) {
        const auto space = text.find(' ');
        if (space != 0) words.push_back(text.substr(0, space));
        if (space == std::string_view::npos) break;
        text.remove_prefix(space + 1);
    }
    return words;
}

/// RFC 850 years: one that seems more than 50 years in the future is of the last century (RFC 9110 §5.6.7).
int full_year(int two_digits, HttpDate now) {
    constexpr int century = 100;
    const int this_year = static_cast<int>(year_month_day(floor<days>(now)).year());
    int candidate = this_year / century * century + two_digits;
    if (candidate > this_year + century / 2) candidate -= century;
    return candidate;
}

}  // namespace

std::string format_http_date(HttpDate date) {
    const auto midnight = floor<days>(date);
    const year_month_day day_of_year(midnight);
    const hh_mm_ss time(date - midnight);
    std::array<char, 40> text{};
    const int length =
        std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT", day_names[weekday(midnight).c_encoding()].data(),
                      static_cast<unsigned>(day_of_year.day()), month_names[static_cast<unsigned>(day_of_year.month()) - 1].data(),
                      static_cast<int>(day_of_year.year()), static_cast<int>(time.hours().count()),
                      static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()));
    return {text.data(), static_cast<std::size_t>(length)};
}

std::optional<HttpDate> parse_http_date(std::string_view text, HttpDate now) {
    constexpr std::size_t longest = 64;
    text = trimmed(text);
    if (text.size() > longest) return std::nullopt;
    const auto words = words_of(text);
    // Sun, 06 Nov 1994 08:49:37 GMT
    if (words.size() == 6 && words[0].size() == 4 && words[0].back() == ',' && words[5] == "GMT") {
        return combine(parse_number(words[3], 4), parse_month(words[2]), parse_number(words[1], 2), parse_time_of_day(words[4]));
    }
    // Sunday, 06-Nov-94 08:49:37 GMT
    if (words.size() == 4 && words[0].ends_with(',') && words[3] == "GMT" && words[1].size() == 9) {
        const auto two_digits = parse_number(words[1].substr(7), 2);
        if (!two_digits || words[1][2] != '-' || words[1][6] != '-') return std::nullopt;
        return combine(full_year(*two_digits, now), parse_month(words[1].substr(3, 3)), parse_number(words[1].substr(0, 2), 2),
                       parse_time_of_day(words[2]));
    }
    // Sun Nov  6 08:49:37 1994
    if (words.size() == 5 && words[0].size() == 3) {
        return combine(parse_number(words[4], 4), parse_month(words[1]), parse_number(words[2], words[2].size() == 1 ? 1 : 2),
                       parse_time_of_day(words[3]));
    }
    return std::nullopt;
}

}  // namespace streamforge::server
