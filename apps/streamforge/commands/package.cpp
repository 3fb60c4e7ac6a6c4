#include <fmt/format.h>

#include "command.hpp"
#include "core/try.hpp"
#include "duration.hpp"
#include "report_text.hpp"
#include "store_options.hpp"

#include <streamforge/pipeline/package.hpp>

namespace streamforge::app {
namespace {

struct PackageOptions {
    std::vector<std::string> inputs;
    StoreOptions store;
    std::string to;
    std::string segment = "4s";
    bool single_file = false;
    bool overwrite = false;
    bool json = false;
};

constexpr auto package_examples = R"(Examples:
  streamforge package movie.mp4 --to out/movie
  streamforge package 1080p.mp4 720p.mp4 360p.mp4 --to out/movie --segment 6s
  streamforge package movie.mp4 --to out/movie --single-file)";

Result<void> package_inputs(const PackageOptions& options, const Invocation& call) {
    pipeline::PackageJob job;
    for (const auto& input : options.inputs) job.inputs.emplace_back(std::filesystem::path(input));
    SF_ASSIGN(job.segment, parse_duration(options.segment));
    SF_ASSIGN(const auto place, options.store.open_options());
    SF_ASSIGN(job.output, storage::open(options.to, place));
    job.single_file = options.single_file;
    job.overwrite = options.overwrite;
    job.progress = [&console = call.console](const Progress& progress) { console.progress(progress); };
    SF_ASSIGN(const auto report, pipeline::package(job, call.stop));
    call.console.end_progress();
    print_report(call.console, report, options.to);
    return {};
}

}  // namespace

void add_package(CLI::App& app, Action& chosen) {
    auto options = std::make_shared<PackageOptions>();
    auto* command = app.add_subcommand("package", "Make a presentation of MP4 files as they are, without encoding");
    command->add_option("INPUT", options->inputs, "MP4 files, one for each rendition")->required();
    command->add_option("--to", options->to, "Folder or store URL (s3://bucket/prefix) for the presentation")->required();
    options->store.declare(*command);
    command->add_option("--segment", options->segment, "Segment length; cuts fall on key frames")->capture_default_str();
    command->add_flag("--single-file", options->single_file, "One file with byte ranges for each rendition");
    command->add_flag("--overwrite", options->overwrite, "Replace a presentation that is there, whole, at the end");
    command->add_flag("--json", options->json, "JSON lines on standard output (docs/schema/cli.md)");
    command->footer(package_examples);
    command->callback([options, &chosen] {
        chosen = [options](const Invocation& call) {
            const auto done = package_inputs(*options, call);
            return done ? 0 : call.console.fail(done.error());
        };
    });
}

}  // namespace streamforge::app
