#include <streamforge/pipeline/plan.hpp>

#include "core/try.hpp"

namespace streamforge::pipeline {

Result<Plan> plan(const media::MediaInfo& info, const PlanOptions& options) {
    Plan plan;
    plan.input_name = info.name;
    plan.input_bytes = info.size_bytes;
    plan.input_duration = info.duration;
    plan.single_file = options.single_file;
    SF_ASSIGN(plan.encode, media::plan_encode(info, options.ladder));
    return plan;
}

}  // namespace streamforge::pipeline
