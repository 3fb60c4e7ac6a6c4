#include "job_options.hpp"

#include <unistd.h>

#include "core/try.hpp"
#include "duration.hpp"

#include <streamforge/media/probe.hpp>

namespace streamforge::app {

void JobOptions::declare(CLI::App& command) {
    command.add_option("--preset", preset, "Ladder: default (capped CRF) or classic (360p, 720p, 1080p at fixed bitrates)")
        ->capture_default_str();
    command.add_option("--codec", codecs, "Codecs, one set of renditions each: h264, hevc, av1")->delimiter(',')->capture_default_str();
    command.add_option("--speed", speed, "Encoder preset: ultrafast, superfast, veryfast, faster, fast, medium, slow, slower, veryslow")
        ->capture_default_str();
    command.add_option("--segment", segment, "Segment length, e.g. 4s")->capture_default_str();
    command.add_option("--max-height", max_height_px, "Largest rendition, by the picture's short side")->capture_default_str();
    command.add_option("--threads", threads, "Threads of each encoder; 0 chooses")->check(CLI::Range(0, 64))->capture_default_str();
    command.add_flag("--single-file", single_file, "One file with byte ranges for each rendition");
    command.add_flag("--no-quality", no_quality, "Do not measure SSIM and PSNR");
    command.add_flag("--no-pictures", no_pictures, "Make no poster and no storyboard");
}

Result<pipeline::PlanOptions> JobOptions::plan_options() const {
    pipeline::PlanOptions options;
    options.single_file = single_file;
    options.ladder.preset = preset;
    options.ladder.speed = speed;
    options.ladder.max_short_side_px = max_height_px;
    options.ladder.encoder_threads = threads;
    options.ladder.measure_quality = !no_quality;
    options.ladder.pictures.poster = options.ladder.pictures.storyboard = !no_pictures;
    SF_ASSIGN(options.ladder.segment, parse_duration(segment));
    options.ladder.codecs.clear();
    for (const auto& name : codecs) {
        const Codec codec = codec_from_string(name);
        if (codec == Codec::unknown) {
            return make_error(Errc::invalid_argument, "cli.codec", "--codec: '" + name + "' is not one of h264, hevc, av1");
        }
        options.ladder.codecs.push_back(codec);
    }
    SF_TRY(options.ladder.validate());
    return options;
}

void InputOptions::declare(CLI::App& command) {
    command.add_option("INPUT", input, "Media file, or - for standard input")->required();
    command.add_option("--max-duration", max_duration, "Refuse longer media")->capture_default_str();
}

Result<media::InputPolicy> InputOptions::policy() const {
    media::InputPolicy policy;
    SF_ASSIGN(const MediaTime limit, parse_duration(max_duration));
    policy.max_duration = std::chrono::seconds(limit.rescaled(1, Rounding::up).ticks);
    SF_TRY(policy.validate());
    return policy;
}

Result<std::shared_ptr<ByteSource>> InputOptions::open(const media::InputPolicy& policy, std::stop_token stop) const {
    if (input == "-") return spool_pipe(STDIN_FILENO, policy.max_input_bytes, std::move(stop));
    return open_file(input);
}

Result<pipeline::Plan> probe_and_plan(const InputOptions& input, const JobOptions& job, std::stop_token stop) {
    media::ProbeOptions probe;
    SF_ASSIGN(probe.policy, input.policy());
    SF_ASSIGN(const auto options, job.plan_options());
    SF_ASSIGN(const auto source, input.open(probe.policy, stop));
    SF_ASSIGN(const auto info, media::probe(source, probe, stop));
    return pipeline::plan(info, options);
}

}  // namespace streamforge::app
