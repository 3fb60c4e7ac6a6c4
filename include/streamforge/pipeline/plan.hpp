#pragma once

#include <string>
#include <string_view>

#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/media/encode_plan.hpp>
#include <streamforge/media/ladder.hpp>
#include <streamforge/media/media_info.hpp>

namespace streamforge::pipeline {

struct PlanOptions {
    media::LadderPolicy ladder;
    bool single_file = false;  ///< One file with byte ranges per rendition instead of numbered segments.
};

/// Everything that `run` will do, decided beforehand. Pure data: it can be shown, stored, hashed and sent elsewhere.
struct Plan {
    std::string input_name;
    std::uint64_t input_bytes = 0;
    std::optional<MediaTime> input_duration;
    media::EncodePlan encode;
    bool single_file = false;
};

/// Decides renditions, cuts, names and pictures for a probed input. Pure: same result every time.
/// *Errors*: those of `media::plan_encode`.
[[nodiscard]] STREAMFORGE_EXPORT Result<Plan> plan(const media::MediaInfo& info, const PlanOptions& options = {});

/// The plan's documented JSON form (docs/schema/plan.md); `indent` −1 gives one line.
[[nodiscard]] STREAMFORGE_EXPORT std::string to_json(const Plan& plan, int indent = 2);

/// Reads what `to_json` wrote. *Errors*: `malformed` with the JSON pointer of the offending value.
[[nodiscard]] STREAMFORGE_EXPORT Result<Plan> plan_from_json(std::string_view json);

}  // namespace streamforge::pipeline
