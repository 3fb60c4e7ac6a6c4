#pragma once

#include <streamforge/core/result.hpp>
#include <streamforge/media/encode_plan.hpp>

namespace streamforge::media::ffmpeg {

/// Whether the transcoder can obey `plan`. *Errors*: `invalid_argument` that names the field, `unsupported`.
[[nodiscard]] Result<void> check_plan(const EncodePlan& plan);

}  // namespace streamforge::media::ffmpeg
