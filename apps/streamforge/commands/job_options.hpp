#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include <streamforge/core/byte_source.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/media/input_policy.hpp>
#include <streamforge/pipeline/plan.hpp>

namespace streamforge::app {

/// The options that `process` and `plan` share.
struct JobOptions {
    std::string preset = "default";
    std::vector<std::string> codecs{"h264"};
    std::string speed = "medium";
    std::string segment = "4s";
    std::uint32_t max_height_px = 2160;
    int threads = 0;
    bool single_file = false;
    bool no_quality = false;
    bool no_pictures = false;

    void declare(CLI::App& command);
    /// *Errors*: `invalid_argument` that names the option.
    [[nodiscard]] Result<pipeline::PlanOptions> plan_options() const;
};

/// The options that say what input is accepted.
struct InputOptions {
    std::string input;
    std::string max_duration = "24h";

    void declare(CLI::App& command);
    [[nodiscard]] Result<media::InputPolicy> policy() const;
    /// Opens the file, or reads standard input to its end for "-".
    [[nodiscard]] Result<std::shared_ptr<ByteSource>> open(const media::InputPolicy& policy, std::stop_token stop) const;
};

/// What `process` would do with the input.
[[nodiscard]] Result<pipeline::Plan> probe_and_plan(const InputOptions& input, const JobOptions& job, std::stop_token stop);

}  // namespace streamforge::app
