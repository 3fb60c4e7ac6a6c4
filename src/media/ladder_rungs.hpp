#pragma once

#include <string>
#include <vector>

#include <streamforge/media/encode_plan.hpp>
#include <streamforge/media/ladder.hpp>

#include "media/display_shape.hpp"

namespace streamforge::media {

/// What the ladder needs to know of the picture.
struct LadderSource {
    PictureSize size;           ///< As shown: upright, square pixels.
    Rational frame_rate{0, 1};  ///< Of the output; an average when variable, 0 when unknown.
    VideoRange range = VideoRange::sdr;
    std::uint8_t bit_depth = 8;
};

/// The rungs that suit a source, largest first, rates for H.264 at its frame rate. At least one.
///
/// The default preset gives a source between two rungs a top rung of its own size and leaves out rungs within 15 % of it;
/// rungs that were asked for are kept as stated.
[[nodiscard]] std::vector<Rung> choose_rungs(const LadderSource& source, const LadderPolicy& policy);

/// Video renditions for every rung and codec, largest first; `cores` divides the encoder threads.
[[nodiscard]] std::vector<VideoRendition> plan_video_renditions(const LadderSource& source, const LadderPolicy& policy, int cores,
                                                                std::vector<std::string>& notes);

}  // namespace streamforge::media
