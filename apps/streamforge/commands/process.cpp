#include <fmt/format.h>

#include "command.hpp"
#include "core/try.hpp"
#include "job_options.hpp"

#include <streamforge/pipeline/run.hpp>
#include <streamforge/storage/open.hpp>

namespace streamforge::app {
namespace {

struct ProcessOptions {
    InputOptions input;
    JobOptions job;
    std::string to;
    bool dry_run = false;
    bool overwrite = false;
    bool json = false;
};

constexpr auto examples = R"(Examples:
  streamforge process movie.mov --to out/movie
  streamforge process movie.mov --to out/movie --preset classic --speed veryfast
  streamforge process movie.mov --to out/movie --codec h264,hevc --single-file --overwrite
  streamforge process movie.mov --to out/movie --dry-run        (shows the plan, writes nothing)
  curl -s https://example.org/a.mp4 | streamforge process - --to out/a --json)";

std::string quality_text(const std::optional<media::QualityScore>& quality) {
    return quality ? fmt::format("  SSIM {:.4f}  PSNR {:.2f} dB", quality->ssim_y, quality->psnr_y) : "";
}

std::string rendition_line(const pipeline::RenditionReport& rendition) {
    const std::string size = rendition.width_px > 0 ? fmt::format("{}x{}", rendition.width_px, rendition.height_px) : "";
    return fmt::format("  {:<5} {:<14} {:>9}  {:>10} average {:>10} peak  {:>9}{}", to_string(rendition.kind), rendition.id, size,
                       bitrate_text(rendition.average_bps), bitrate_text(rendition.peak_bps), bytes_text(rendition.bytes),
                       quality_text(rendition.quality));
}

void print_report(Console& console, const pipeline::Report& report, const std::string& to) {
    if (console.json()) {
        console.out("{\"event\":\"done\",\"report\":" + pipeline::to_json(report, -1) + "}");
        return;
    }
    for (const auto& note : report.notes) console.out("note: " + note);
    for (const auto& warning : report.warnings) console.warn(warning);
    for (const auto& rendition : report.renditions) console.out(rendition_line(rendition));
    double wall = 0;
    for (const auto& [stage, seconds] : report.wall_seconds) wall += seconds;
    const double media = report.duration.approximate_seconds();
    console.out(fmt::format("{} of media in {}, {:.2f}x real time; {} in {} files", clock_text(std::chrono::seconds(llround(media))),
                            clock_text(std::chrono::seconds(llround(wall))), wall > 0 ? media / wall : 0.0,
                            bytes_text(report.bytes_written), report.files_written));
    console.out("HLS   " + to + "/master.m3u8");
    console.out("DASH  " + to + "/manifest.mpd");
}

Result<pipeline::Job> make_job(const ProcessOptions& options, const Invocation& call) {
    pipeline::Job job;
    SF_ASSIGN(job.probe.policy, options.input.policy());
    SF_ASSIGN(job.options, options.job.plan_options());
    SF_ASSIGN(job.output, storage::open(options.to));
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
    std::string to = options.to;
    while (to.size() > 1 && to.ends_with('/')) to.pop_back();
    print_report(call.console, report, to);
    return {};
}

}  // namespace

void add_process(CLI::App& app, Action& chosen) {
    auto options = std::make_shared<ProcessOptions>();
    auto* command = app.add_subcommand("process", "Make an adaptive presentation (HLS and DASH) of a media file");
    options->input.declare(*command);
    command->add_option("--to", options->to, "Folder or store URL for the presentation")->required();
    options->job.declare(*command);
    command->add_flag("--dry-run", options->dry_run, "Print the plan as JSON and stop");
    command->add_flag("--overwrite", options->overwrite, "Replace a presentation that is there, whole, at the end");
    command->add_flag("--json", options->json, "JSON lines on standard output (docs/schema/cli.md)");
    command->footer(examples);
    command->callback([options, &chosen] {
        chosen = [options](const Invocation& call) {
            const auto done = process(*options, call);
            return done ? 0 : call.console.fail(done.error());
        };
    });
}

}  // namespace streamforge::app
