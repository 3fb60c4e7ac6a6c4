#include "media/scan_decision.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <span>

namespace streamforge::media {
namespace {

struct Counts {
    int progressive = 0;
    int top_first = 0;
    int bottom_first = 0;
    int film = 0;

    void add(FieldVote vote) noexcept {
        switch (vote) {
            case FieldVote::undetermined: break;
            case FieldVote::progressive: ++progressive; break;
            case FieldVote::top_first: ++top_first; break;
            case FieldVote::bottom_first: ++bottom_first; break;
            case FieldVote::film: ++film; break;
        }
    }
    [[nodiscard]] int determined() const noexcept { return progressive + top_first + bottom_first + film; }
};

Counts count(std::span<const std::vector<FieldVote>> runs) {
    Counts counts;
    for (const auto& run : runs) {
        for (const auto vote : run) counts.add(vote);
    }
    return counts;
}

constexpr std::size_t pulldown_cycle = 5;

/// 3:2 pulldown repeats every five pictures: some places of the cycle are always whole, others always mixed.
bool is_telecine(std::span<const FieldVote> window) {
    constexpr int enough_cycles = 3;
    std::array<Counts, pulldown_cycle> phases{};
    for (std::size_t i = 0; i < window.size(); ++i) phases[i % pulldown_cycle].add(window[i]);
    int whole_phases = 0;
    int film_phases = 0;
    for (const auto& phase : phases) {
        if (phase.determined() < enough_cycles) continue;
        if (phase.progressive * 10 >= phase.determined() * 8) ++whole_phases;
        if (phase.film * 10 >= phase.determined() * 8) ++film_phases;
    }
    return whole_phases >= 1 && film_phases >= 1 && film_phases <= 2;
}

/// Four cycles in a row are enough; before them the picture may have stood still.
bool shows_telecine(std::span<const FieldVote> run) {
    constexpr std::size_t window = 4 * pulldown_cycle;
    if (run.size() < window) return false;
    for (std::size_t first = 0; first + window <= run.size(); ++first) {
        if (is_telecine(run.subspan(first, window))) return true;
    }
    return false;
}

bool is_interlaced(ScanType scan) noexcept { return scan == ScanType::interlaced_tff || scan == ScanType::interlaced_bff; }

/// Interlaced with one field order, beyond doubt. Repeated pictures vote once for each order, so they cancel out.
bool clearly_interlaced(const Counts& counts) noexcept {
    constexpr int enough = 8;
    const int more = std::max(counts.top_first, counts.bottom_first);
    const int less = std::min(counts.top_first, counts.bottom_first);
    return more >= enough && more >= 5 * less && more >= 2 * counts.progressive;
}

bool clearly_progressive(const Counts& counts) noexcept {
    constexpr int enough = 30;
    const int imbalance = std::abs(counts.top_first - counts.bottom_first);
    return counts.progressive >= enough && counts.film * 50 <= counts.progressive && imbalance * 20 <= counts.progressive &&
           counts.top_first + counts.bottom_first <= counts.progressive;
}

}  // namespace

ScanDecision decide_scan(const ScanEvidence& evidence) {
    const bool telecine =
        evidence.telecine_possible && std::ranges::any_of(evidence.runs, [](const auto& run) { return shows_telecine(run); });
    const Counts counts = count(evidence.runs);
    const bool interlaced = clearly_interlaced(counts);
    if (telecine && !interlaced) return {ScanType::telecine, true};

    if (interlaced) {
        const auto seen = counts.top_first > counts.bottom_first ? ScanType::interlaced_tff : ScanType::interlaced_bff;
        return {seen, seen != evidence.flagged};
    }
    if (is_interlaced(evidence.flagged) && evidence.runs_are_spread && clearly_progressive(counts)) {
        return {ScanType::progressive, true};
    }
    return {evidence.flagged, false};
}

}  // namespace streamforge::media
