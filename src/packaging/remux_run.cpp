#include <streamforge/packaging/remux.hpp>

#include <algorithm>
#include <array>
#include <string>

#include "core/try.hpp"

namespace streamforge::packaging {
namespace {

constexpr const char* operation = "packaging.remux";

/// What is read at once: small enough that the bytes are still in the processor's cache when they are written.
constexpr std::size_t read_bytes = std::size_t{1} << 19;
/// Bytes read over rather than read around.
constexpr std::uint64_t max_gap_bytes = std::uint64_t{1} << 16;

/// A track while it is written.
struct OpenTrack {
    std::size_t number = 0;  ///< In the plan.
    const RemuxTrack* track = nullptr;
    std::unique_ptr<RemuxOutput> file;  ///< The single file, or the segment being written.
    std::vector<ByteView> pieces;       ///< Of the bytes just read.
};

/// A range of the source that one of the tracks needs.
struct Wanted {
    ByteRange range;
    std::size_t track = 0;
};

/// Copies ranges of one source to the tracks that want them.
class Copier {
public:
    explicit Copier(const ByteSource& source) : source_(&source), buffer_(read_bytes) {}

    Result<void> copy(std::vector<Wanted>& wanted, std::vector<OpenTrack>& tracks, const std::stop_token& stop) {
        std::size_t next = 0;
        while (next < wanted.size()) {
            if (stop.stop_requested()) return make_error(Errc::cancelled, operation, "stopped while writing segments");
            SF_TRY(fill(wanted, next));
            for (OpenTrack& track : tracks) track.pieces.clear();
            next = hand_out(wanted, next, tracks);
            for (OpenTrack& track : tracks) {
                if (!track.pieces.empty()) SF_TRY(track.file->write(track.pieces));
            }
        }
        return {};
    }

private:
    /// Reads from the start of `wanted[first]` over its neighbours as far as the buffer goes.
    Result<void> fill(const std::vector<Wanted>& wanted, std::size_t first) {
        begin_ = wanted[first].range.offset;
        std::uint64_t end = begin_;
        for (std::size_t i = first; i < wanted.size(); ++i) {
            const ByteRange& range = wanted[i].range;
            if (range.offset < end || (i > first && range.offset - end > max_gap_bytes)) break;
            if (range.offset - begin_ >= buffer_.size()) break;
            end = std::min(range.offset + range.length, begin_ + buffer_.size());
        }
        const auto length = static_cast<std::size_t>(end - begin_);
        SF_ASSIGN(const std::size_t got, source_->read_at(begin_, std::span(buffer_.data(), length)));
        if (got < length) {
            return make_error(Errc::malformed, operation, "the input is shorter than its index says")
                .with("input", source_->name())
                .with("offset", std::to_string(begin_ + got));
        }
        end_ = end;
        return {};
    }

    /// Gives every track its part of the buffer; a range that goes on behind it is shortened. Returns the first range
    /// that is not done.
    std::size_t hand_out(std::vector<Wanted>& wanted, std::size_t first, std::vector<OpenTrack>& tracks) const {
        std::uint64_t at = begin_;
        for (std::size_t i = first; i < wanted.size(); ++i) {
            ByteRange& range = wanted[i].range;
            if (range.offset < at || range.offset >= end_) return i;
            const std::uint64_t length = std::min(range.length, end_ - range.offset);
            tracks[wanted[i].track].pieces.push_back(
                ByteView(buffer_).subspan(static_cast<std::size_t>(range.offset - begin_), static_cast<std::size_t>(length)));
            at = range.offset + length;
            if (length < range.length) {
                range = {range.offset + length, range.length - length};
                return i;
            }
        }
        return wanted.size();
    }

    const ByteSource* source_;
    Bytes buffer_;
    std::uint64_t begin_ = 0;
    std::uint64_t end_ = 0;
};

bool rises(const std::vector<ByteRange>& ranges) {
    return std::is_sorted(ranges.begin(), ranges.end(), [](const ByteRange& a, const ByteRange& b) { return a.offset < b.offset; });
}

/// All output of one input.
class InputRun {
public:
    InputRun(const RemuxPlan& plan, std::size_t input, const ByteSource& source, RemuxSink& sink)
        : plan_(&plan), copier_(source), sink_(&sink) {
        for (std::size_t i = 0; i < plan.tracks.size(); ++i) {
            if (plan.tracks[i].input() != input) continue;
            OpenTrack track;
            track.number = i;
            track.track = &plan.tracks[i];
            segments_ = std::max(segments_, track.track->segment_count());
            tracks_.push_back(std::move(track));
        }
    }

    [[nodiscard]] std::size_t segments() const noexcept { return segments_; }

    Result<void> start() {
        for (OpenTrack& open : tracks_) {
            if (!plan_->single_file) {
                SF_TRY(sink_->on_init(open.number, open.track->init_segment()));
                continue;
            }
            SF_ASSIGN(const SingleFileLayout layout, open.track->single_file());
            SF_ASSIGN(open.file, sink_->open_file(open.number, layout));
            const std::array<ByteView, 2> head{open.track->init_segment(), layout.sidx};
            SF_TRY(open.file->write(head));
        }
        return {};
    }

    /// Writes segment `index` of every track; returns the bytes written.
    Result<std::uint64_t> write_segments(std::size_t index, const std::stop_token& stop) {
        std::vector<Wanted> wanted;
        bool in_order = true;
        std::uint64_t written = 0;
        for (std::size_t i = 0; i < tracks_.size(); ++i) {
            if (index >= tracks_[i].track->segment_count()) continue;
            const SegmentLayout layout = tracks_[i].track->segment(index);
            if (!plan_->single_file) {
                SF_ASSIGN(tracks_[i].file, sink_->open_segment(tracks_[i].number, layout.facts));
            }
            const std::array<ByteView, 1> head{layout.header};
            SF_TRY(tracks_[i].file->write(head));
            in_order = in_order && rises(layout.ranges);
            for (const ByteRange& range : layout.ranges) wanted.push_back({range, i});
            written += layout.facts.size_bytes;
        }
        // Ranges of all tracks by position, so that interleaved tracks are read once. A track whose samples do not lie
        // in order (rare) forbids that: then each is read by itself.
        if (in_order) {
            std::stable_sort(wanted.begin(), wanted.end(),
                             [](const Wanted& a, const Wanted& b) { return a.range.offset < b.range.offset; });
        }
        SF_TRY(copier_.copy(wanted, tracks_, stop));
        if (!plan_->single_file) SF_TRY(finish());
        return written;
    }

    /// Ends the files that are open.
    Result<void> finish() {
        for (OpenTrack& open : tracks_) {
            if (open.file) SF_TRY(open.file->finish());
            open.file.reset();
        }
        return {};
    }

private:
    const RemuxPlan* plan_;
    Copier copier_;
    RemuxSink* sink_;
    std::vector<OpenTrack> tracks_;
    std::size_t segments_ = 0;
};

void report(const ProgressObserver& observer, const RemuxPlan& plan, std::size_t done, std::size_t all, std::uint64_t bytes) {
    if (!observer) return;
    Progress progress;
    progress.stage = "package";
    progress.fraction = all == 0 ? 1.0 : static_cast<double>(done) / static_cast<double>(all);
    progress.media_total = plan.duration;
    progress.media_done = done == all ? plan.duration : MediaTime{0, 1};
    progress.bytes_written = bytes;
    observer(progress);
}

}  // namespace

RemuxOutput::~RemuxOutput() = default;
RemuxSink::~RemuxSink() = default;

Result<void> run_remux(const RemuxPlan& plan, std::span<const std::shared_ptr<ByteSource>> sources, RemuxSink& sink,
                       const ProgressObserver& progress, std::stop_token stop) {
    std::vector<InputRun> runs;
    std::size_t all = 0;
    for (const RemuxTrack& track : plan.tracks) {
        if (track.input() >= sources.size() || !sources[track.input()]) {
            return make_error(Errc::invalid_argument, operation, "an input of the plan has no source").with("field", "sources");
        }
    }
    for (std::size_t i = 0; i < sources.size(); ++i) {
        if (!sources[i]) continue;
        runs.emplace_back(plan, i, *sources[i], sink);
        all += runs.back().segments();
    }
    std::size_t done = 0;
    std::uint64_t bytes = 0;
    for (InputRun& run : runs) {
        SF_TRY(run.start());
        for (std::size_t i = 0; i < run.segments(); ++i) {
            SF_ASSIGN(const std::uint64_t written, run.write_segments(i, stop));
            bytes += written;
            report(progress, plan, ++done, all, bytes);
        }
        SF_TRY(run.finish());
    }
    return {};
}

Result<Bytes> materialise(const SegmentLayout& layout, const ByteSource& source) {
    Bytes bytes = layout.header;
    std::uint64_t payload = 0;
    for (const ByteRange& range : layout.ranges) payload += range.length;
    if (payload > source.size_bytes()) {
        return make_error(Errc::malformed, operation, "the input is shorter than its index says").with("input", source.name());
    }
    std::size_t at = bytes.size();
    bytes.resize(at + static_cast<std::size_t>(payload));
    for (const ByteRange& range : layout.ranges) {
        const auto length = static_cast<std::size_t>(range.length);
        SF_ASSIGN(const std::size_t got, source.read_at(range.offset, std::span(bytes).subspan(at, length)));
        if (got < length) {
            return make_error(Errc::malformed, operation, "the input is shorter than its index says").with("input", source.name());
        }
        at += length;
    }
    return bytes;
}

}  // namespace streamforge::packaging
