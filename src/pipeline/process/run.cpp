#include <streamforge/pipeline/run.hpp>

#include "core/try.hpp"
#include "pipeline/process/describe.hpp"
#include "pipeline/layout.hpp"
#include "pipeline/process/make_report.hpp"
#include "pipeline/process/presentation_sink.hpp"
#include "pipeline/publication.hpp"
#include "pipeline/publish_manifests.hpp"
#include "pipeline/stopwatch.hpp"

#include <streamforge/media/transcode.hpp>

namespace streamforge::pipeline {
namespace {

// Shares of the bar: nearly all time goes into the transcode.
constexpr double probe_share = 0.01;
constexpr double publish_share = 0.01;

void announce(const Job& job, std::string stage, double fraction) {
    if (!job.progress) return;
    Progress progress;
    progress.stage = std::move(stage);
    progress.fraction = fraction;
    job.progress(progress);
}

Result<std::shared_ptr<ByteSource>> open_input(const Job& job) {
    if (const auto* path = std::get_if<std::filesystem::path>(&job.input)) return open_file(*path);
    const auto& source = std::get<std::shared_ptr<ByteSource>>(job.input);
    if (!source) return make_error(Errc::invalid_argument, "pipeline.run", "the job has no input");
    return source;
}

struct Decision {
    Plan plan;
    std::vector<std::string> warnings;  ///< What the probe found odd.
};

Result<Decision> decide(const Job& job, const std::shared_ptr<ByteSource>& source, const std::stop_token& stop) {
    if (job.plan) return Decision{*job.plan, {}};
    SF_ASSIGN(auto info, media::probe(source, job.probe, stop));
    SF_ASSIGN(auto plan, pipeline::plan(info, job.options));
    return Decision{std::move(plan), std::move(info.warnings)};
}

ProgressObserver transcode_share(const Job& job) {
    if (!job.progress) return {};
    return [&job](const Progress& inner) {
        Progress outer = inner;
        outer.stage = "transcode";
        outer.fraction = probe_share + inner.fraction * (1.0 - probe_share - publish_share);
        job.progress(outer);
    };
}

}  // namespace

Result<Report> run(const Job& job, std::stop_token stop) {
    if (!job.output.store) return make_error(Errc::invalid_argument, "pipeline.run", "the job has no output store");
    Stopwatch watch;
    announce(job, "probe", 0.0);
    SF_ASSIGN(const auto source, open_input(job));
    SF_ASSIGN(const auto decision, decide(job, source, stop));
    const Plan& plan = decision.plan;
    const double probe_seconds = watch.lap();

    SF_ASSIGN(const auto publication, Publication::begin(job.output, job.overwrite, stop));
    PresentationSink sink(plan, *publication);
    media::TranscodeOptions options;
    options.policy = job.probe.policy;
    options.progress = transcode_share(job);
    options.log = job.log;
    announce(job, "transcode", probe_share);
    SF_ASSIGN(const auto summary, media::transcode(source, plan.encode, sink, options, stop));
    const double transcode_seconds = watch.lap();

    announce(job, "publish", 1.0 - publish_share);
    SF_ASSIGN(const auto presentation, describe(plan, sink, *publication));
    Report report = make_report(presentation, plan, sink, summary);
    report.warnings.insert(report.warnings.begin(), decision.warnings.begin(), decision.warnings.end());
    report.hls_key = job.output.prefix + std::string(layout::master_playlist);
    report.dash_key = job.output.prefix + std::string(layout::mpd);
    report.wall_seconds = {{"probe", probe_seconds}, {"transcode", transcode_seconds}};
    SF_TRY(publish_manifests(presentation, report, plan.input_name, *publication));
    report.bytes_written = publication->bytes_written();
    report.files_written = publication->files_written();
    report.wall_seconds.emplace_back("publish", watch.lap());
    announce(job, "publish", 1.0);
    return report;
}

}  // namespace streamforge::pipeline
