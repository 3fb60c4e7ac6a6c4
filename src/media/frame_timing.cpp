#include "media/frame_timing.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <span>
#include <utility>

namespace streamforge::media {
namespace {

__extension__ typedef __int128 Wide;  // products of ticks and denominators leave 64 bits

constexpr std::int64_t furthest_tick = std::int64_t{1} << 55;  // past it, times are noise and differences could overflow

constexpr std::array<std::int64_t, 18> usual_whole_rates{1, 2, 5, 6, 8, 10, 12, 15, 18, 20, 24, 25, 30, 48, 50, 60, 100, 120};
constexpr std::array<std::int64_t, 5> usual_high_rates{72, 90, 144, 200, 240};
constexpr std::array<std::int64_t, 7> usual_ntsc_thousands{12000, 15000, 24000, 30000, 48000, 60000, 120000};
constexpr Rational highest_rate{1000, 1};

std::vector<Rational> usual_rates() {
    std::vector<Rational> rates;
    for (const auto rate : usual_whole_rates) rates.push_back({rate, 1});
    for (const auto rate : usual_high_rates) rates.push_back({rate, 1});
    for (const auto rate : usual_ntsc_thousands) rates.push_back({rate, 1001});
    rates.push_back({25, 2});
    rates.push_back({15, 2});
    return rates;
}

Wide wide_gcd(Wide a, Wide b) noexcept {
    while (b != 0) a = std::exchange(b, a % b);
    return a < 0 ? -a : a;
}

/// num/den in lowest terms; beyond 62 bits both are rounded off, which is far below any tolerance used here.
Rational fraction(Wide num, Wide den) noexcept {
    if (const Wide divisor = wide_gcd(num, den); divisor > 1) {
        num /= divisor;
        den /= divisor;
    }
    constexpr Wide limit = Wide{1} << 62;
    while (num > limit || num < -limit || den > limit) {
        num /= 2;
        den /= 2;
    }
    return {static_cast<std::int64_t>(num), static_cast<std::int64_t>(den)};
}

/// Instants on a grid of unknown period: tick `at` is grid point `number`.
struct GridPoint {
    std::int64_t at = 0;
    std::int64_t number = 0;
};

/// Periods, in ticks per grid step, that explain every point within a tolerance.
struct PeriodRange {
    Rational low{0, 1};
    Rational high{0, 1};
    [[nodiscard]] bool holds(const Rational& period) const noexcept { return low <= period && period <= high; }
};

/// |(t_j − t_i) − (n_j − n_i)·D| ≤ tolerance for all i < j bounds D from both sides. The tolerance is in ticks.
std::optional<PeriodRange> possible_periods(std::span<const GridPoint> points, const Rational& tolerance) {
    std::optional<PeriodRange> range;
    for (std::size_t i = 0; i < points.size(); ++i) {
        for (std::size_t j = i + 1; j < points.size(); ++j) {
            const std::int64_t steps = points[j].number - points[i].number;
            const Wide span = Wide{points[j].at - points[i].at} * tolerance.den;
            const Rational low = fraction(span - tolerance.num, Wide{steps} * tolerance.den);
            const Rational high = fraction(span + tolerance.num, Wide{steps} * tolerance.den);
            if (!range) range = PeriodRange{low, high};
            range->low = std::max(range->low, low);
            range->high = std::min(range->high, high);
            if (range->low > range->high) return std::nullopt;
        }
    }
    return range;
}

Rational period_of(const Rational& rate, const Rational& tick) noexcept {
    return fraction(Wide{rate.den} * tick.den, Wide{rate.num} * tick.num);
}

Rational rate_of(const Rational& period, const Rational& tick) noexcept {
    return fraction(Wide{period.den} * tick.den, Wide{period.num} * tick.num);
}

/// The fraction with the smallest denominator in [low, high], low > 0: Stern–Brocot by continued fractions.
Rational simplest_between(Rational low, Rational high) noexcept {
    const std::int64_t whole = low.num / low.den;
    if (Rational{whole, 1} >= low) return {whole, 1};
    if (Rational{whole + 1, 1} <= high) return {whole + 1, 1};
    const Rational rest = simplest_between({high.den, high.num - whole * high.den}, {low.den, low.num - whole * low.den});
    return {whole * rest.num + rest.den, rest.num};
}

bool is_sane(const Rational& rate) noexcept { return rate.is_positive() && rate <= highest_rate; }

/// The rate that best explains a range of periods.
Rational choose_rate(const PeriodRange& range, const TimingEvidence& evidence) {
    for (const auto& stated : evidence.stated_rates) {
        if (is_usual_rate(stated) && range.holds(period_of(stated, evidence.tick))) return stated.reduced();
    }
    std::optional<Rational> nearest;
    const double middle = (range.low.approximate() + range.high.approximate()) / 2;
    const auto distance = [&](const Rational& rate) { return std::abs(period_of(rate, evidence.tick).approximate() - middle); };
    for (const auto& usual : usual_rates()) {
        if (!range.holds(period_of(usual, evidence.tick))) continue;
        if (!nearest || distance(usual) < distance(*nearest)) nearest = usual;
    }
    if (nearest) return *nearest;
    for (const auto& stated : evidence.stated_rates) {
        if (is_sane(stated) && range.holds(period_of(stated, evidence.tick))) return stated.reduced();
    }
    if (range.low.num <= 0) return rate_of(range.high, evidence.tick);
    return simplest_between(rate_of(range.high, evidence.tick), rate_of(range.low, evidence.tick)).reduced();
}

/// Numbers the frames by the usual interval; nothing when two frames are nearer than half of it. Where frames without a
/// time lie between, the usual interval is among the shortest; else it is the median.
std::optional<std::vector<GridPoint>> number_frames(std::span<const std::int64_t> times, bool some_untimed) {
    std::vector<std::int64_t> steps;
    for (std::size_t i = 1; i < times.size(); ++i) steps.push_back(times[i] - times[i - 1]);
    std::vector<std::int64_t> sorted = steps;
    const auto chosen = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / (some_untimed ? 10 : 2));
    std::nth_element(sorted.begin(), chosen, sorted.end());
    const std::int64_t usual = *chosen;

    std::vector<GridPoint> points{{0, 0}};
    for (const auto step : steps) {
        const std::int64_t count = mul_div(step, 1, usual, Rounding::nearest);
        if (count < 1) return std::nullopt;
        points.push_back({points.back().at + step, points.back().number + count});
    }
    return points;
}

/// MPEG-2 film with repeat-field flags: intervals of 2 and 3 fields in turn.
bool alternates_two_and_three(std::span<const std::int64_t> times) {
    constexpr std::size_t enough = 12;
    if (times.size() < enough) return false;
    const std::int64_t span = times.back() - times.front();
    const auto intervals = static_cast<std::int64_t>(times.size()) - 1;
    std::size_t alternations = 0;
    std::int64_t before = 0;
    for (std::size_t i = 1; i < times.size(); ++i) {
        // In fields: interval / (mean / 2.5), to the nearest.
        const std::int64_t fields = mul_div((times[i] - times[i - 1]) * 5, intervals, span * 2, Rounding::nearest);
        if (fields != 2 && fields != 3) return false;
        if (i > 1 && fields != before) ++alternations;
        before = fields;
    }
    return alternations * 10 >= (times.size() - 2) * 9;
}

std::optional<FrameTiming> judge_soft_telecine(std::span<const std::int64_t> times, const TimingEvidence& evidence) {
    if (!alternates_two_and_three(times)) return std::nullopt;
    std::vector<GridPoint> points;
    for (const auto time : times) points.push_back({time - times.front(), static_cast<std::int64_t>(points.size())});
    // A frame stands at most half a field (a fifth of the film's interval) off its even place.
    const Rational tolerance{times.back() - times.front(), static_cast<std::int64_t>(points.size() - 1) * 4};
    const auto range = possible_periods(points, tolerance);
    if (!range) return std::nullopt;
    for (const Rational film : {Rational{24000, 1001}, Rational{24, 1}, Rational{25, 1}}) {
        if (range->holds(period_of(film, evidence.tick))) return FrameTiming{.rate = film, .soft_telecine = true};
    }
    return std::nullopt;
}

/// The rate when timestamps tell nothing: a header's word, unless it is nonsense.
FrameTiming from_headers(const TimingEvidence& evidence) {
    for (const auto& stated : evidence.stated_rates) {
        if (is_usual_rate(stated)) return {.rate = stated.reduced()};
    }
    constexpr Rational believed_alone{240, 1};
    for (const auto& stated : evidence.stated_rates) {
        if (stated.is_positive() && stated <= believed_alone) return {.rate = stated.reduced()};
    }
    return {};
}

FrameTiming average_rate(std::span<const std::int64_t> times, const TimingEvidence& evidence) {
    const Rational measured = rate_of({times.back() - times.front(), static_cast<std::int64_t>(times.size()) - 1}, evidence.tick);
    // A header's average covers the whole stream; take it when it agrees with what was seen.
    for (const auto& stated : evidence.stated_rates) {
        if (stated.is_positive() && stated.approximate() < measured.approximate() * 1.5 &&
            stated.approximate() > measured.approximate() / 1.5 && !is_usual_rate(stated)) {
            return {.rate = stated.reduced(), .variable = true};
        }
    }
    return {.rate = measured, .variable = true};
}

}  // namespace

bool is_usual_rate(const Rational& rate) noexcept {
    if (!rate.is_positive()) return false;
    const Rational reduced = rate.reduced();
    if (reduced == Rational{25, 2} || reduced == Rational{15, 2}) return true;
    if (reduced.den == 1) {
        return std::ranges::find(usual_whole_rates, reduced.num) != usual_whole_rates.end() ||
               std::ranges::find(usual_high_rates, reduced.num) != usual_high_rates.end();
    }
    return reduced.den == 1001 && std::ranges::find(usual_ntsc_thousands, reduced.num) != usual_ntsc_thousands.end();
}

FrameTiming judge_frame_timing(TimingEvidence evidence) {
    auto& times = evidence.timestamps;
    std::erase_if(times, [](std::int64_t at) { return at > furthest_tick || at < -furthest_tick; });
    std::ranges::sort(times);
    times.erase(std::unique(times.begin(), times.end()), times.end());
    if (times.size() < 2 || !evidence.tick.is_positive()) return from_headers(evidence);

    const auto points = number_frames(times, evidence.untimed > 0);
    if (points) {
        const auto count = static_cast<std::int64_t>(points->size());
        // A frame without a time leaves a gap that is none.
        const std::int64_t gaps = points->back().number + 1 - count;
        const std::int64_t holes = std::max<std::int64_t>(0, gaps - evidence.untimed);
        const bool few_holes = holes <= 1 + count / 50;
        // Exact steps first; then rounding to the tick; then to a millisecond, which remuxed files carry on a finer clock.
        const Rational millisecond{evidence.tick.den, evidence.tick.num * 1000};
        for (const Rational tolerance : {Rational{0, 1}, Rational{1, 1}, std::max(Rational{1, 1}, millisecond)}) {
            const auto range = few_holes ? possible_periods(*points, tolerance.reduced()) : std::nullopt;
            if (!range) continue;
            Rational rate = choose_rate(*range, evidence);
            if (tolerance.num == 0 && !is_usual_rate(rate)) {
                // All steps are equal, but a short run of a rounded usual rate looks the same.
                const auto rounded = possible_periods(*points, Rational{1, 1});
                const Rational other = rounded ? choose_rate(*rounded, evidence) : rate;
                const bool stated = std::ranges::find(evidence.stated_rates, rate) != evidence.stated_rates.end();
                if (!stated && is_usual_rate(other)) rate = other;
            }
            if (is_sane(rate)) return {.rate = rate, .holes = static_cast<std::uint32_t>(holes)};
        }
    }
    if (auto film = judge_soft_telecine(times, evidence)) return *film;
    return average_rate(times, evidence);
}

}  // namespace streamforge::media
