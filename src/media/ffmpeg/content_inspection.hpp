#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <streamforge/core/result.hpp>
#include <streamforge/media/media_info.hpp>
#include <streamforge/media/probe.hpp>

#include "media/ffmpeg/handles.hpp"
#include "media/ffmpeg/input.hpp"

namespace streamforge::media::ffmpeg {

/// Looks at packets and pictures of `input` and corrects `info` by what they show: start, frame rate, whether it varies,
/// scan type, and colour and HDR data that only pictures carry. Oddities go to `info.warnings`.
///
/// Gives up quietly, with a warning, when `soft_deadline` passes: what the headers say then stands.
/// *Errors*: `io`, `timed_out`, `cancelled`. *Cost*: see `ProbeOptions`.
[[nodiscard]] Result<void> inspect_content(Input& input, MediaInfo& info, const ProbeOptions& options,
                                           std::chrono::steady_clock::time_point soft_deadline);

}  // namespace streamforge::media::ffmpeg
