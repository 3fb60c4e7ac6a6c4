#include "command.hpp"
#include "core/try.hpp"
#include "job_options.hpp"

namespace streamforge::app {
namespace {

struct PlanCommandOptions {
    InputOptions input;
    JobOptions job;
    bool json = false;
};

constexpr auto plan_examples = R"(Examples:
  streamforge plan movie.mov
  streamforge plan movie.mov --preset classic --codec h264,av1 --json)";

Result<void> show_plan(const PlanCommandOptions& options, const Invocation& call) {
    SF_ASSIGN(const auto plan, probe_and_plan(options.input, options.job, call.stop));
    call.console.out(pipeline::to_json(plan, call.console.json() ? -1 : 2));
    return {};
}

}  // namespace

void add_plan(CLI::App& app, Action& chosen) {
    auto options = std::make_shared<PlanCommandOptions>();
    auto* command = app.add_subcommand("plan", "Show what process would do, as JSON, without doing it");
    options->input.declare(*command);
    options->job.declare(*command);
    command->add_flag("--json", options->json, "One line of JSON");
    command->footer(plan_examples);
    command->callback([options, &chosen] {
        chosen = [options](const Invocation& call) {
            const auto done = show_plan(*options, call);
            return done ? 0 : call.console.fail(done.error());
        };
    });
}

}  // namespace streamforge::app
