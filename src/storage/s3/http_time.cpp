#include "storage/s3/http_time.hpp"

#include <algorithm>
#include <array>

namespace streamforge::storage::s3 {
namespace {

/// Digits of fixed width at `at`; -1 when they are not digits.
int number(std::string_view text, std::size_t at, std::size_t width) noexcept {
    if (at + width > text.size()) return -1;
    int value = 0;
    for (const char c : text.substr(at, width)) {
        if (c < '0' || c > '9') return -1;
        value = value * 10 + (c - '0');
    }
    return value;
}

std::optional<TimePoint> assemble(int year, int month, int day, int hour, int minute, int second) noexcept {
    if (year < 1970 || month < 1 || day < 1 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) {
        return std::nullopt;
    }
    const std::chrono::year_month_day ymd{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                          std::chrono::day(static_cast<unsigned>(day))};
    if (!ymd.ok()) return std::nullopt;
    return std::chrono::sys_days(ymd) + std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second);
}

}  // namespace

std::optional<TimePoint> parse_http_date(std::string_view text) noexcept {
    constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (text.size() != 29 || !text.ends_with(" GMT")) return std::nullopt;
    const auto month = std::find(months.begin(), months.end(), text.substr(8, 3));
    if (month == months.end()) return std::nullopt;
    return assemble(number(text, 12, 4), static_cast<int>(month - months.begin()) + 1, number(text, 5, 2), number(text, 17, 2),
                    number(text, 20, 2), number(text, 23, 2));
}

std::optional<TimePoint> parse_iso_time(std::string_view text) noexcept {
    if (text.size() < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':') return std::nullopt;
    auto time =
        assemble(number(text, 0, 4), number(text, 5, 2), number(text, 8, 2), number(text, 11, 2), number(text, 14, 2), number(text, 17, 2));
    if (!time) return std::nullopt;
    auto rest = text.substr(19);
    if (rest.front() == '.') {
        std::size_t digits = 1;
        while (digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9') ++digits;
        const int thousandths = number(rest, 1, std::min<std::size_t>(digits - 1, 3));
        if (digits == 1) return std::nullopt;
        if (digits >= 4) *time += std::chrono::milliseconds(thousandths);
        rest.remove_prefix(digits);
    }
    if (rest == "Z") return time;
    if (rest.size() != 6 || (rest[0] != '+' && rest[0] != '-') || rest[3] != ':') return std::nullopt;
    const int hours = number(rest, 1, 2);
    const int minutes = number(rest, 4, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
    const auto offset = std::chrono::hours(hours) + std::chrono::minutes(minutes);
    return rest[0] == '+' ? *time - offset : *time + offset;
}

}  // namespace streamforge::storage::s3
