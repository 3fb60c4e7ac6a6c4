#pragma once

#include <cstdint>

#include <streamforge/core/cut_list.hpp>
#include <streamforge/core/media_time.hpp>

namespace streamforge::media {

/// The timeline that all video renditions share.
struct FrameGrid {
    Rational frame_rate{0, 1};       ///< 0: variable.
    std::int64_t timescale = 90000;  ///< A frame of a constant rate is a whole number of ticks.
    CutList cuts;                    ///< Constant rate: a whole number of frames, nearest to the asked length.
};

/// The grid for a constant rate; for a variable one with `rate` 0, where `source_timescale` is kept when it holds exactly
/// what 90 kHz does not.
[[nodiscard]] FrameGrid plan_frame_grid(const Rational& rate, std::int64_t source_timescale, const MediaTime& segment) noexcept;

/// Whether a constant rate can be put on a grid at all.
[[nodiscard]] bool fits_grid(const Rational& rate) noexcept;

}  // namespace streamforge::media
