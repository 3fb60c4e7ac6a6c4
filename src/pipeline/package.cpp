#include <streamforge/pipeline/package.hpp>

#include <algorithm>
#include <map>

#include "core/try.hpp"
#include "pipeline/layout.hpp"
#include "pipeline/publication.hpp"
#include "pipeline/publish_manifests.hpp"
#include "pipeline/rendition_report.hpp"
#include "pipeline/stopwatch.hpp"

#include <streamforge/packaging/remux.hpp>

namespace streamforge::pipeline {
namespace {

struct Inputs {
    std::vector<packaging::RemuxInput> files;
    std::vector<std::shared_ptr<ByteSource>> sources;
    std::string name;
};

Result<Inputs> read_inputs(const PackageJob& job) {
    if (job.inputs.empty()) return make_error(Errc::invalid_argument, "pipeline.package", "no input was given");
    Inputs inputs;
    for (const auto& input : job.inputs) {
        std::shared_ptr<ByteSource> source;
        if (const auto* path = std::get_if<std::filesystem::path>(&input)) {
            SF_ASSIGN(source, open_file(*path));
        } else {
            source = std::get<std::shared_ptr<ByteSource>>(input);
        }
        auto file = packaging::read_mp4(*source, job.limits);
        if (!file) return std::move(file).error().with("input", source->name());
        if (inputs.name.empty()) inputs.name = source->name();
        inputs.files.push_back({source->name(), *std::move(file), {}});
        inputs.sources.push_back(std::move(source));
    }
    return inputs;
}

/// Gives each track its folder: by picture height or by language, made unique.
class Naming {
public:
    std::string folder(const TrackFormat& format) {
        const bool video = format.kind == TrackKind::video;
        std::string base = video ? std::to_string(std::min(format.video.width_px, format.video.height_px)) + "p"
                                 : format.language + "-" + std::to_string(format.audio.channels) + "ch";
        const int count = ++used_[(video ? "video/" : "audio/") + base];
        if (count > 1) base += "-" + std::to_string(count);
        return base;
    }

private:
    std::map<std::string, int> used_;
};

struct PackagedTrack {
    TrackKind kind = TrackKind::video;
    std::string id;
    manifest::TrackFacts facts;
};

/// Owned head, then ranges of the source, read as the store asks for them.
class LayoutReader {
public:
    LayoutReader(std::shared_ptr<ByteSource> source, std::function<std::optional<packaging::SegmentLayout>()> next, Bytes head)
        : source_(std::move(source)), next_(std::move(next)) {
        current_.header = std::move(head);
    }

    Result<std::size_t> read(std::span<std::uint8_t> into) {
        std::size_t done = 0;
        while (done < into.size()) {
            SF_ASSIGN(const std::size_t got, read_some(into.subspan(done)));
            if (got == 0) break;
            done += got;
        }
        return done;
    }

private:
    Result<std::size_t> read_some(std::span<std::uint8_t> into) {
        while (true) {
            if (position_ < current_.header.size()) return copy_header(into);
            if (range_ < current_.ranges.size()) return read_range(into);
            auto next = next_();
            if (!next) return std::size_t{0};
            current_ = *std::move(next);
            position_ = range_ = 0;
            in_range_ = 0;
        }
    }
    std::size_t copy_header(std::span<std::uint8_t> into) {
        const auto count = std::min<std::size_t>(into.size(), current_.header.size() - position_);
        std::copy_n(current_.header.begin() + static_cast<std::ptrdiff_t>(position_), count, into.begin());
        position_ += count;
        return count;
    }
    Result<std::size_t> read_range(std::span<std::uint8_t> into) {
        const ByteRange& range = current_.ranges[range_];
        const auto wanted = std::min<std::uint64_t>(into.size(), range.length - in_range_);
        SF_ASSIGN(const std::size_t got, source_->read_at(range.offset + in_range_, into.first(static_cast<std::size_t>(wanted))));
        if (got != wanted) {
            return make_error(Errc::malformed, "pipeline.package", "the input ends before its index does").with("input", source_->name());
        }
        in_range_ += got;
        if (in_range_ == range.length) {
            ++range_;
            in_range_ = 0;
        }
        return got;
    }

    std::shared_ptr<ByteSource> source_;
    std::function<std::optional<packaging::SegmentLayout>()> next_;
    packaging::SegmentLayout current_;
    std::size_t position_ = 0;
    std::size_t range_ = 0;
    std::uint64_t in_range_ = 0;
};

/// Publishes the tracks of one plan, segment by segment.
class Packager {
public:
    Packager(const PackageJob& job, const Inputs& inputs, const packaging::RemuxPlan& plan, Publication& publication)
        : job_(job), inputs_(inputs), plan_(plan), publication_(publication) {
        for (const auto& track : plan.tracks) total_ += track.segment_count();
    }

    Result<std::vector<PackagedTrack>> run(const std::stop_token& stop) {
        std::vector<PackagedTrack> packaged;
        Naming naming;
        for (const auto& track : plan_.tracks) {
            PackagedTrack out;
            out.kind = track.format().kind;
            out.id = naming.folder(track.format());
            describe(out, track);
            SF_TRY(job_.single_file ? write_file(out, track) : write_segments(out, track, stop));
            packaged.push_back(std::move(out));
        }
        return packaged;
    }

private:
    static std::string folder_of(const PackagedTrack& out) { return std::string(to_string(out.kind)) + "/" + out.id + "/"; }

    static void describe(PackagedTrack& out, const packaging::RemuxTrack& track) {
        const std::string folder = folder_of(out);
        out.facts.id = (out.kind == TrackKind::video ? "v-" : "a-") + out.id;
        out.facts.codecs = track.codec_string();
        out.facts.codec = track.format().codec;
        out.facts.timescale = track.format().timescale;
        out.facts.language = track.format().language;
        out.facts.files.playlist = folder + "playlist.m3u8";
        if (out.kind == TrackKind::video) out.facts.files.i_frame_playlist = folder + "iframes.m3u8";
        out.facts.init_bytes = track.init_segment().size();
        for (std::size_t i = 0; i < track.segment_count(); ++i) {
            const auto facts = track.facts(i);
            manifest::SegmentFacts segment{
                .start = facts.start, .duration = facts.duration, .bytes = facts.size_bytes, .independent = facts.starts_with_sync};
            if (facts.starts_with_sync) segment.key_frame = facts.key_frame;
            out.facts.segments.push_back(segment);
        }
    }

    Result<void> write_segments(PackagedTrack& out, const packaging::RemuxTrack& track, const std::stop_token& stop) {
        const std::string folder = folder_of(out);
        out.facts.files.init = folder + "init.mp4";
        out.facts.files.media = folder + "seg_$Number%05d$.m4s";
        SF_TRY(publication_.put(out.facts.files.init, track.init_segment()));
        for (std::size_t i = 0; i < track.segment_count(); ++i) {
            if (stop.stop_requested()) return make_error(Errc::cancelled, "pipeline.package", "stopped");
            auto layout = track.segment(i);
            const auto size = layout.facts.size_bytes;
            const auto name = folder + layout::segment_name(static_cast<std::uint32_t>(i + 1));
            std::optional<packaging::SegmentLayout> only(std::move(layout));
            auto reader = std::make_shared<LayoutReader>(
                inputs_.sources[track.input()], [&only] { return std::exchange(only, std::nullopt); }, Bytes{});
            SF_TRY(publication_.put(name, body_of(std::move(reader), size)));
            advance(out.facts.segments[i].end());
        }
        return {};
    }

    Result<void> write_file(PackagedTrack& out, const packaging::RemuxTrack& track) {
        SF_ASSIGN(const auto layout, track.single_file());
        out.facts.files.init = out.facts.files.media = folder_of(out) + "media.mp4";
        out.facts.files.init_range = layout.init;
        out.facts.files.index_range = layout.index;
        for (std::size_t i = 0; i < out.facts.segments.size(); ++i) {
            auto& segment = out.facts.segments[i];
            segment.range = layout.segments[i];
            if (segment.key_frame) segment.key_frame->offset += layout.segments[i].offset;
        }
        Bytes head = track.init_segment();
        head.insert(head.end(), layout.sidx.begin(), layout.sidx.end());
        std::size_t next = 0;
        auto reader = std::make_shared<LayoutReader>(
            inputs_.sources[track.input()],
            [&]() -> std::optional<packaging::SegmentLayout> {
                if (next == track.segment_count()) return std::nullopt;
                advance(out.facts.segments[next].end());
                return track.segment(next++);
            },
            std::move(head));
        return publication_.put(out.facts.files.media, body_of(std::move(reader), layout.size_bytes));
    }

    static storage::Body body_of(std::shared_ptr<LayoutReader> reader, std::uint64_t size) {
        return storage::Body::stream([reader = std::move(reader)](std::span<std::uint8_t> into) { return reader->read(into); }, size);
    }

    void advance(const MediaTime& done) {
        ++written_;
        if (!job_.progress) return;
        Progress progress;
        progress.stage = "package";
        progress.fraction = static_cast<double>(written_) / static_cast<double>(std::max<std::size_t>(total_, 1));
        progress.media_done = done;
        progress.media_total = plan_.duration;
        progress.bytes_written = publication_.bytes_written();
        job_.progress(progress);
    }

    const PackageJob& job_;
    const Inputs& inputs_;
    const packaging::RemuxPlan& plan_;
    Publication& publication_;
    std::size_t total_ = 0;
    std::size_t written_ = 0;
};

manifest::Presentation present(const std::vector<PackagedTrack>& packaged, const packaging::RemuxPlan& plan) {
    manifest::Presentation presentation;
    for (std::size_t i = 0; i < packaged.size(); ++i) {
        const TrackFormat& format = plan.tracks[i].format();
        if (packaged[i].kind == TrackKind::video) {
            manifest::VideoRendition video;
            video.track = packaged[i].facts;
            video.width_px = format.video.width_px;
            video.height_px = format.video.height_px;
            video.sample_aspect = format.video.sample_aspect;
            video.frame_rate = format.video.frame_rate;
            video.colour = format.video.colour;
            video.range = video_range(format.video.colour);
            presentation.video.push_back(std::move(video));
        } else {
            manifest::AudioRendition audio;
            audio.track = packaged[i].facts;
            audio.channels = format.audio.channels;
            audio.sample_rate_hz = format.audio.sample_rate_hz;
            audio.group = format.audio.channels > 2 ? "surround" : "stereo";
            presentation.audio.push_back(std::move(audio));
        }
    }
    return presentation;
}

}  // namespace

Result<Report> package(const PackageJob& job, std::stop_token stop) {
    if (!job.output.store) return make_error(Errc::invalid_argument, "pipeline.package", "the job has no output store");
    Stopwatch watch;
    SF_ASSIGN(const Inputs inputs, read_inputs(job));
    SF_ASSIGN(const auto plan, packaging::plan_remux(inputs.files, {.period = job.segment, .single_file = job.single_file}));
    const double index_seconds = watch.lap();
    SF_ASSIGN(const auto publication, Publication::begin(job.output, job.overwrite, stop));
    SF_ASSIGN(const auto packaged, Packager(job, inputs, plan, *publication).run(stop));
    const auto presentation = present(packaged, plan);

    Report report;
    report.hls_key = job.output.prefix + std::string(layout::master_playlist);
    report.dash_key = job.output.prefix + std::string(layout::mpd);
    report.duration = presentation.duration();
    report.warnings = plan.warnings;
    for (const auto& input : inputs.files) {
        report.warnings.insert(report.warnings.end(), input.file.warnings.begin(), input.file.warnings.end());
        for (const auto& skipped : input.file.skipped) report.warnings.push_back("A track was left out: " + skipped.reason.message);
    }
    for (std::size_t i = 0; i < packaged.size(); ++i) {
        auto rendition = report_rendition(packaged[i].kind, packaged[i].id, packaged[i].facts, presentation.target_duration_s());
        rendition.width_px = plan.tracks[i].format().video.width_px;
        rendition.height_px = plan.tracks[i].format().video.height_px;
        report.renditions.push_back(std::move(rendition));
    }
    report.wall_seconds = {{"index", index_seconds}, {"package", watch.lap()}};
    SF_TRY(publish_manifests(presentation, report, inputs.name, *publication));
    report.bytes_written = publication->bytes_written();
    report.files_written = publication->files_written();
    return report;
}

}  // namespace streamforge::pipeline
