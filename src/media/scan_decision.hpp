#pragma once

#include <cstdint>
#include <vector>

#include <streamforge/media/media_info.hpp>

#include "media/comb_meter.hpp"

namespace streamforge::media {

/// What was seen of a stream's fields.
struct ScanEvidence {
    /// The stream's own word: progressive, or interlaced with a field order.
    ScanType flagged = ScanType::progressive;
    /// One vote per picture, for each place of the input that was looked at, in order and without gaps.
    std::vector<std::vector<FieldVote>> runs;
    /// Whether film may hide in it: 30 or 30000/1001 pictures per second.
    bool telecine_possible = false;
    /// Whether the runs lie far apart, or together make up the whole input.
    bool runs_are_spread = false;
};

struct ScanDecision {
    ScanType scan = ScanType::progressive;
    bool from_content = false;  ///< The pictures decided, not the flag.
};

/// The flag decides unless the pictures clearly say otherwise; progressive pictures are never called interlaced on weak
/// evidence, since deinterlacing them costs sharpness for good.
[[nodiscard]] ScanDecision decide_scan(const ScanEvidence& evidence);

}  // namespace streamforge::media
