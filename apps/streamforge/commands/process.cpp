#include "command.hpp"
#include "core/try.hpp"
#include "job_options.hpp"
#include "report_text.hpp"
#include "store_options.hpp"

#include <streamforge/pipeline/run.hpp>
#include <streamforge/storage/open.hpp>

namespace streamforge::app {
namespace {

struct ProcessOptions {
    InputOptions input;
    JobOptions job;
    StoreOptions store;
    std::string to;
    std::string plan;
    bool dry_run = false;
    bool overwrite = false;
    bool json = false;
};

constexpr auto process_examples = R"(Examples:
  streamforge process movie.mov --to out/movie
  streamforge process movie.mov --to out/movie --preset classic --speed veryfast
  streamforge process movie.mov --to out/movie --codec h264,hevc --single-file --overwrite
  streamforge process movie.mov --to s3://videos/m1/ --endpoint-url http://127.0.0.1:9000
  streamforge process movie.mov --to out/movie --dry-run        (shows the plan, writes nothing)
  streamforge process movie.mov --to out/movie --plan edited.json
  curl -s https://example.org/a.mp4 | streamforge process - --to out/a --json)";

Result<pipeline::Plan> read_plan(const std::string& path) {
    constexpr std::uint64_t max_plan_bytes = 16 << 20;
    SF_ASSIGN(const auto source, open_file(path));
    if (source->size_bytes() > max_plan_bytes) return make_error(Errc::limit_exceeded, "cli.plan", "--plan: the file is too large");
    Bytes bytes(static_cast<std::size_t>(source->size_bytes()));
    SF_ASSIGN(const auto count, source->read_at(0, bytes));
    auto plan = pipeline::plan_from_json({reinterpret_cast<const char*>(bytes.data()), count});
    if (!plan) return std::move(plan).error().with("path", path);
    return plan;
}

Result<pipeline::Job> make_job(const ProcessOptions& options, const Invocation& call) {
    pipeline::Job job;
    SF_ASSIGN(job.probe.policy, options.input.policy());
    SF_ASSIGN(job.options, options.job.plan_options());
    if (!options.plan.empty()) {
        SF_ASSIGN(job.plan, read_plan(options.plan));
    }
    SF_ASSIGN(const auto place, options.store.open_options());
    SF_ASSIGN(job.output, storage::open(options.to, place));
    SF_ASSIGN(job.input, options.input.open(job.probe.policy, call.stop));
    job.overwrite = options.overwrite;
    job.progress = [&console = call.console](const Progress& progress) { console.progress(progress); };
    return job;
}

Result<void> dry_run(const ProcessOptions& options, const Invocation& call) {
    SF_ASSIGN(const auto plan, probe_and_plan(options.input, options.job, call.stop));
    call.console.out(pipeline::to_json(plan, call.console.json() ? -1 : 2));
    return {};
}

Result<void> process(const ProcessOptions& options, const Invocation& call) {
    if (options.dry_run) return dry_run(options, call);
    SF_ASSIGN(const pipeline::Job job, make_job(options, call));
    SF_ASSIGN(const auto report, pipeline::run(job, call.stop));
    call.console.end_progress();
    print_report(call.console, report, options.to);
    return {};
}

}  // namespace

void add_process(CLI::App& app, Action& chosen) {
    auto options = std::make_shared<ProcessOptions>();
    auto* command = app.add_subcommand("process", "Make an adaptive presentation (HLS and DASH) of a media file");
    options->input.declare(*command);
    command->add_option("--to", options->to, "Folder or store URL (s3://bucket/prefix) for the presentation")->required();
    options->store.declare(*command);
    options->job.declare(*command);
    command->add_option("--plan", options->plan, "Obey this plan (as plan and --dry-run print it) instead of making one");
    command->add_flag("--dry-run", options->dry_run, "Print the plan as JSON and stop");
    command->add_flag("--overwrite", options->overwrite, "Replace a presentation that is there, whole, at the end");
    command->add_flag("--json", options->json, "JSON lines on standard output (docs/schema/cli.md)");
    command->footer(process_examples);
    command->callback([options, &chosen] {
        chosen = [options](const Invocation& call) {
            const auto done = process(*options, call);
            return done ? 0 : call.console.fail(done.error());
        };
    });
}

}  // namespace streamforge::app
