#pragma once

#include <streamforge/media/ladder.hpp>

namespace streamforge::media {

/// `plan_encode` for a machine with `cores`, on which only the encoder threads depend.
[[nodiscard]] Result<EncodePlan> plan_encode_on(const MediaInfo& info, const LadderPolicy& policy, int cores);

}  // namespace streamforge::media
