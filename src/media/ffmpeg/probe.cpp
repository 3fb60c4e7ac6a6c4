#include <streamforge/media/probe.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/try.hpp"
#include "media/ffmpeg/content_inspection.hpp"
#include "media/ffmpeg/durations.hpp"
#include "media/ffmpeg/input.hpp"
#include "media/ffmpeg/stream_facts.hpp"
#include "media/mp4_facts.hpp"

namespace streamforge::media {
namespace {

using ffmpeg::Input;

constexpr const char* operation = "media.probe";

bool is_mp4(const AVFormatContext& context) noexcept { return std::strncmp(context.iformat->name, "mov,", 4) == 0; }
bool is_matroska(const AVFormatContext& context) noexcept { return std::strncmp(context.iformat->name, "matroska", 8) == 0; }

bool is_usable(const StreamInfo& stream) noexcept {
    if (stream.video) return !stream.video->attached_picture;
    return stream.kind == StreamInfo::Kind::audio;
}

Error encrypted_error(const std::string& name) {
    return make_error(Errc::encrypted, operation, "the input is encrypted and no key was given").with("path", name);
}

/// A file that FFmpeg refuses may still say plainly that it is encrypted.
Error explain(Error error, const ByteSource& source) {
    error.operation = operation;
    if (error.code != Errc::malformed) return error;
    const Mp4Facts facts = read_mp4_facts(source);
    return facts.protected_tracks.empty() ? std::move(error) : encrypted_error(source.name());
}

/// Adds what the container's boxes say of protection; true when nothing usable is left in the clear.
bool mark_protected(const Input& input, const Mp4Facts& facts, MediaInfo& info) {
    bool any = false;
    bool all = true;
    for (auto& stream : info.streams) {
        const AVStream& source = *input.stream(static_cast<unsigned>(stream.index));
        const bool by_box =
            std::ranges::find(facts.protected_tracks, static_cast<std::uint32_t>(source.id)) != facts.protected_tracks.end();
        const bool by_header = ffmpeg::is_protected(source);
        if (by_box) stream.decodable = false;
        if (by_box && !by_header) info.warnings.push_back("stream " + std::to_string(stream.index) + " is encrypted");
        if (!is_usable(stream)) continue;
        any = any || by_box || by_header;
        all = all && (by_box || by_header);
    }
    return any && all;
}

void read_durations(const Input& input, MediaInfo& info) {
    for (const auto& stream : info.streams) {
        if (stream.duration && (!info.duration || *stream.duration > *info.duration)) info.duration = stream.duration;
    }
    if (info.duration) return;
    const auto whole = ffmpeg::whole_duration(*input.context());
    info.duration = whole.value;
    if (whole.doubt == ffmpeg::DurationDoubt::bitrate_guess) {
        info.warnings.emplace_back("the length is not stated; only reading to the end would tell");
    }
}

/// Whether key frames can be found without reading up to them.
Result<bool> has_index(Input& input, int stream) {
    AVStream& source = *input.stream(static_cast<unsigned>(stream));
    const int entries = avformat_index_get_entries_count(&source);
    const AVFormatContext& context = *input.context();
    if (is_mp4(context) || std::strcmp(context.iformat->name, "avi") == 0) return entries > 0;
    if (!is_matroska(context)) return false;
    // Matroska's cues are read at the first seek. To the start it is cheap with or without them.
    const std::int64_t start = source.start_time == AV_NOPTS_VALUE ? 0 : source.start_time;
    if (auto sought = input.seek(stream, start); !sought) {
        if (sought.error().code == Errc::unsupported || sought.error().code == Errc::timed_out) return false;
        return std::move(sought).error();
    }
    return avformat_index_get_entries_count(&source) > entries;
}

Result<MediaInfo> describe(Input& input, const Mp4Facts& facts) {
    const AVFormatContext& context = *input.context();
    MediaInfo info;
    info.name = input.source().name();
    info.format = context.iformat->name;
    info.size_bytes = input.source().size_bytes();
    info.has_edit_list = facts.has_edit_list;
    for (unsigned i = 0; i < input.stream_count(); ++i) {
        info.streams.push_back(ffmpeg::read_stream_facts(context, *input.stream(i), info.warnings));
    }
    const bool only_data = std::ranges::all_of(info.streams, [](const StreamInfo& each) { return each.kind == StreamInfo::Kind::data; });
    if (only_data) {
        return make_error(Errc::no_streams, operation, "the input holds no picture, sound or subtitles").with("path", info.name);
    }
    if (mark_protected(input, facts, info)) return encrypted_error(info.name);
    read_durations(input, info);
    return info;
}

void add_totals(const Input& input, MediaInfo& info) {
    if (info.duration && info.duration->ticks > 0) {
        const std::int64_t bits = static_cast<std::int64_t>(std::min<std::uint64_t>(info.size_bytes, 1ULL << 59) * 8);
        info.bitrate_bps = static_cast<std::uint64_t>(mul_div(bits, info.duration->timescale, info.duration->ticks, Rounding::nearest));
    }
    if (input.damage_count() > 0) info.warnings.emplace_back("the container is damaged or cut off");
}

}  // namespace

Result<MediaInfo> probe(std::shared_ptr<ByteSource> source, const ProbeOptions& options, std::stop_token stop) {
    if (!source) return make_error(Errc::invalid_argument, operation, "there is no source");
    const auto begin = std::chrono::steady_clock::now();
    const auto deadline = begin + options.policy.max_probe_time;
    const auto soft_deadline = begin + options.policy.max_probe_time * 6 / 10;

    auto opened = Input::open(source, options.policy, std::move(stop), {.deadline = deadline});
    if (!opened) return explain(std::move(opened).error(), *source);
    Input& input = **opened;
    const Mp4Facts facts = is_mp4(*input.context()) ? read_mp4_facts(*source) : Mp4Facts{};
    SF_ASSIGN(MediaInfo info, describe(input, facts));

    const StreamInfo* main = info.main_video();
    if (main == nullptr) main = &info.streams.front();
    SF_ASSIGN(info.seekable_index, has_index(input, main->index));
    if (options.inspect_content) SF_TRY(ffmpeg::inspect_content(input, info, options, soft_deadline));
    add_totals(input, info);
    return info;
}

}  // namespace streamforge::media
