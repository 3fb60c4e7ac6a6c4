#pragma once

#include <vector>

#include <streamforge/manifest/presentation.hpp>

namespace streamforge::manifest {

/// Renditions that one AdaptationSet holds, in order.
template <class Rendition>
using RenditionSet = std::vector<const Rendition*>;

/// Video by codec and dynamic range: what one decoder and screen can switch between.
[[nodiscard]] std::vector<RenditionSet<VideoRendition>> video_sets(const std::vector<VideoRendition>& renditions);

/// Audio that differs by bit rate only.
[[nodiscard]] std::vector<RenditionSet<AudioRendition>> audio_sets(const std::vector<AudioRendition>& renditions);

/// True when all segments of the tracks start and end together.
[[nodiscard]] bool are_aligned(const std::vector<const TrackFacts*>& tracks);

}  // namespace streamforge::manifest
