#include "manifest/xs_duration.hpp"

#include <charconv>
#include <cstdint>
#include <limits>

#include <streamforge/manifest/mpd_parser.hpp>

#include "core/try.hpp"

namespace streamforge::manifest {
namespace {

constexpr std::int64_t nanoseconds = 1'000'000'000;
constexpr std::size_t decimals = 9;

Error bad_duration(std::string_view text) {
    return make_error(Errc::malformed, "manifest.mpd", "not a duration of the form PT1H2M3.5S").with("text", std::string(text));
}

struct Part {
    std::int64_t whole = 0;
    std::int64_t fraction_ns = 0;
    bool has_fraction = false;
    char unit = 0;
};

// Takes "12.5S" off the front of `rest`.
bool take_part(std::string_view& rest, Part& part) {
    const auto [stop, error] = std::from_chars(rest.data(), rest.data() + rest.size(), part.whole);
    if (error != std::errc() || part.whole < 0 || rest.front() == '-') return false;
    rest.remove_prefix(static_cast<std::size_t>(stop - rest.data()));
    if (!rest.empty() && rest.front() == '.') {
        rest.remove_prefix(1);
        part.has_fraction = true;
        std::size_t digits = 0;
        for (; !rest.empty() && rest.front() >= '0' && rest.front() <= '9'; rest.remove_prefix(1), ++digits) {
            if (digits < decimals) part.fraction_ns = part.fraction_ns * 10 + (rest.front() - '0');
        }
        if (digits == 0) return false;
        for (; digits < decimals; ++digits) part.fraction_ns *= 10;
    }
    if (rest.empty()) return false;
    part.unit = rest.front();
    rest.remove_prefix(1);
    return true;
}

std::int64_t unit_seconds(char unit, bool in_time) noexcept {
    if (!in_time) return unit == 'D' ? 86400 : 0;
    if (unit == 'H') return 3600;
    if (unit == 'M') return 60;
    return unit == 'S' ? 1 : 0;
}

}  // namespace

std::string xs_duration(const MediaTime& time, Rounding rounding) {
    const std::int64_t total = time.rescaled(nanoseconds, rounding).ticks;
    std::string text = "PT" + std::to_string(total / nanoseconds);
    if (const std::int64_t rest = total % nanoseconds; rest != 0) {
        std::string fraction = std::to_string(rest);
        fraction.insert(0, decimals - fraction.size(), '0');
        fraction.erase(fraction.find_last_not_of('0') + 1);
        text += '.' + fraction;
    }
    return text + 'S';
}

Result<MediaTime> parse_xs_duration(std::string_view text) {
    std::string_view rest = text;
    if (rest.empty() || rest.front() != 'P') return bad_duration(text);
    rest.remove_prefix(1);
    bool in_time = false;
    bool any = false;
    std::int64_t last_unit = std::numeric_limits<std::int64_t>::max();
    MediaTime total{0, nanoseconds};
    while (!rest.empty()) {
        if (rest.front() == 'T') {
            if (in_time || rest.size() == 1) return bad_duration(text);
            in_time = true;
            rest.remove_prefix(1);
            continue;
        }
        Part part;
        if (!take_part(rest, part)) return bad_duration(text);
        const std::int64_t unit = unit_seconds(part.unit, in_time);
        if (unit == 0 || unit >= last_unit || (part.has_fraction && unit != 1)) return bad_duration(text);
        last_unit = unit;
        any = true;
        constexpr std::int64_t most_seconds = std::numeric_limits<std::int64_t>::max() / nanoseconds / 4;
        if (part.whole > most_seconds / unit) return bad_duration(text);
        total.ticks += part.whole * unit * nanoseconds + part.fraction_ns;
        if (total.ticks < 0) return bad_duration(text);
    }
    return any ? Result<MediaTime>(total) : Result<MediaTime>(bad_duration(text));
}

}  // namespace streamforge::manifest
