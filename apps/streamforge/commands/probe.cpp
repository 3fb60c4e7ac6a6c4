#include <cmath>
#include <fmt/format.h>

#include "command.hpp"
#include "core/try.hpp"
#include "job_options.hpp"

#include <streamforge/media/probe.hpp>

namespace streamforge::app {
namespace {

struct ProbeCommandOptions {
    InputOptions input;
    bool json = false;
};

constexpr auto probe_examples = R"(Examples:
  streamforge probe movie.mov
  streamforge probe movie.mov --json)";

std::string_view kind_word(media::StreamInfo::Kind kind) {
    switch (kind) {
        case media::StreamInfo::Kind::video: return "video";
        case media::StreamInfo::Kind::audio: return "audio";
        case media::StreamInfo::Kind::subtitle: return "subtitle";
        case media::StreamInfo::Kind::data: return "data";
    }
    return "data";
}

std::string_view scan_word(media::ScanType scan) {
    switch (scan) {
        case media::ScanType::progressive: return "progressive";
        case media::ScanType::interlaced_tff: return "interlaced, top field first";
        case media::ScanType::interlaced_bff: return "interlaced, bottom field first";
        case media::ScanType::telecine: return "telecine";
    }
    return "";
}

std::string video_text(const media::VideoInfo& video) {
    std::string text = fmt::format("{}x{}", video.width_px, video.height_px);
    if (video.attached_picture) return text + ", attached picture";
    if (video.frame_rate.is_positive()) {
        text += fmt::format(", {} fps{}", video.frame_rate.to_string(), video.variable_frame_rate ? " (variable)" : "");
    }
    text += fmt::format(", {}, {}", video.pixel_format, to_string(video.range));
    if (video.sample_aspect != Rational{1, 1}) text += ", SAR " + video.sample_aspect.to_string();
    if (video.orientation.clockwise_degrees != 0) text += fmt::format(", turn {}°", video.orientation.clockwise_degrees);
    if (video.orientation.mirrored) text += ", mirrored";
    if (video.scan != media::ScanType::progressive) text += fmt::format(", {}", scan_word(video.scan));
    return text;
}

std::string flags_text(const media::StreamInfo& stream) {
    std::string text;
    if (stream.is_default) text += " default";
    if (stream.is_forced) text += " forced";
    if (stream.hearing_impaired) text += " hearing-impaired";
    if (stream.commentary) text += " commentary";
    if (!stream.decodable && stream.kind != media::StreamInfo::Kind::data) text += " (no decoder)";
    return text;
}

std::string stream_line(const media::StreamInfo& stream) {
    std::string facts;
    if (stream.video) facts = video_text(*stream.video);
    if (stream.audio) {
        facts = fmt::format(
            "{} Hz, {}", stream.audio->sample_rate_hz,
            stream.audio->channel_layout.empty() ? fmt::format("{} channels", stream.audio->channels) : stream.audio->channel_layout);
    }
    const std::string title = stream.title.empty() ? "" : fmt::format(" \"{}\"", stream.title);
    return fmt::format("  #{:<2} {:<8} {:<10} {:<4} {}{}{}", stream.index, kind_word(stream.kind), stream.codec, stream.language, facts,
                       title, flags_text(stream));
}

void print_table(Console& console, const media::MediaInfo& info) {
    console.out(fmt::format("{}", info.name));
    const std::string length =
        info.duration ? fmt::format("{:.3f} s", info.duration->approximate_seconds()) : std::string("unknown length");
    console.out(fmt::format("  {}, {}, {}{}", info.format, bytes_text(info.size_bytes), length,
                            info.bitrate_bps > 0 ? ", " + bitrate_text(info.bitrate_bps) : ""));
    for (const auto& stream : info.streams) console.out(stream_line(stream));
    for (const auto& warning : info.warnings) console.warn(warning);
}

Result<void> probe_input(const ProbeCommandOptions& options, const Invocation& call) {
    media::ProbeOptions probe;
    SF_ASSIGN(probe.policy, options.input.policy());
    SF_ASSIGN(const auto source, options.input.open(probe.policy, call.stop));
    SF_ASSIGN(const auto info, media::probe(source, probe, call.stop));
    if (call.console.json()) {
        call.console.out(media::to_json(info, -1));
    } else {
        print_table(call.console, info);
    }
    return {};
}

}  // namespace

void add_probe(CLI::App& app, Action& chosen) {
    auto options = std::make_shared<ProbeCommandOptions>();
    auto* command = app.add_subcommand("probe", "Show what a media file holds");
    options->input.declare(*command);
    command->add_flag("--json", options->json, "One line of JSON (docs/schema/media-info.md)");
    command->footer(probe_examples);
    command->callback([options, &chosen] {
        chosen = [options](const Invocation& call) {
            const auto done = probe_input(*options, call);
            return done ? 0 : call.console.fail(done.error());
        };
    });
}

}  // namespace streamforge::app
