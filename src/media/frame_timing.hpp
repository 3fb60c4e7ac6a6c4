#pragma once

#include <cstdint>
#include <vector>

#include <streamforge/core/media_time.hpp>

namespace streamforge::media {

/// What is known about a stream's frame times.
struct TimingEvidence {
    std::vector<std::int64_t> timestamps;  ///< Presentation times in ticks, any order, of all frames between the first and last.
    std::uint32_t untimed = 0;             ///< Frames among them whose time the container does not tell.
    Rational tick{1, 1000};                ///< Seconds per tick.
    std::vector<Rational> stated_rates;    ///< What headers claim, most trusted first. They break ties and are never believed alone
                                           ///< while timestamps contradict them.
};

struct FrameTiming {
    Rational rate{0, 1};  ///< Exact when constant, the average when variable, 0 when nothing is known.
    bool variable = false;
    bool soft_telecine = false;  ///< Film at 24 frames shown for 2 and 3 fields in turn: `rate` is the film's.
    std::uint32_t holes = 0;     ///< Instants of a constant rate that have no frame.
};

/// Whether frames come at a constant rate, and the exact rate.
///
/// Timestamps may be rounded to their tick or to a millisecond (33 and 34 ms in turn are 30000/1001 or 30 frames per
/// second, whichever the whole run fits). Among the rates that fit, the usual ones win, then what headers state, then the simplest fraction.
[[nodiscard]] FrameTiming judge_frame_timing(TimingEvidence evidence);

/// Rates that video really has: 24000/1001, 25, 50, … up to 240.
[[nodiscard]] bool is_usual_rate(const Rational& rate) noexcept;

}  // namespace streamforge::media
