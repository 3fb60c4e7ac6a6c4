#include "packaging/remux_track.hpp"

#include <algorithm>

#include "packaging/fragment.hpp"
#include "packaging/init_segment.hpp"

namespace streamforge::packaging {
namespace {

/// The samples of a segment as the fragment writer wants them, and where their bytes are.
struct Gathered {
    std::vector<FragmentSample> samples;
    std::vector<ByteRange> ranges;
    std::int64_t end_dts = 0;  ///< Decode time of what follows, on the same clock as the samples'.
};

Gathered gather(const RemuxPlanner::TrackImpl& track, std::size_t segment) {
    const std::uint64_t from = track.segments[segment].first_sample;
    const std::uint64_t to = segment + 1 < track.segments.size() ? track.segments[segment + 1].first_sample : track.end_sample;
    Gathered found;
    found.samples.reserve(static_cast<std::size_t>(to - from));
    auto cursor = track.index->cursor(from);
    const bool audio = track.format.kind == TrackKind::audio;
    for (std::uint64_t number = from; number < to; ++number) {
        const IndexedSample sample = cursor.next();
        found.samples.push_back({sample.pts() + track.shift, sample.duration, sample.size_bytes, sample.sync || audio,
                                 sample.dts + track.decode_shift - track.reorder_delay});
        found.end_dts = sample.dts + sample.duration + track.decode_shift - track.reorder_delay;
        if (sample.size_bytes == 0) continue;
        if (!found.ranges.empty() && found.ranges.back().offset + found.ranges.back().length == sample.offset) {
            found.ranges.back().length += sample.size_bytes;
        } else {
            found.ranges.push_back({sample.offset, sample.size_bytes});
        }
    }
    return found;
}

}  // namespace

RemuxTrack::RemuxTrack(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
RemuxTrack::RemuxTrack(RemuxTrack&&) noexcept = default;
RemuxTrack& RemuxTrack::operator=(RemuxTrack&&) noexcept = default;
RemuxTrack::~RemuxTrack() = default;

std::size_t RemuxTrack::input() const noexcept { return impl_->input; }
std::size_t RemuxTrack::input_track() const noexcept { return impl_->input_track; }
const TrackFormat& RemuxTrack::format() const noexcept { return impl_->format; }
const std::string& RemuxTrack::codec_string() const noexcept { return impl_->codec_string; }
const Bytes& RemuxTrack::init_segment() const noexcept { return impl_->init; }
std::size_t RemuxTrack::segment_count() const noexcept { return impl_->segments.size(); }

SegmentLayout RemuxTrack::segment(std::size_t index) const {
    const Impl& track = *impl_;
    const PlannedSegment& planned = track.segments[index];
    const std::int64_t end = track.end_of(index);
    Gathered found = gather(track, index);
    // Cannot fail: the planner has checked that times rise from segment to segment and fit 32 bits.
    const bool own = track.keeps_dts();
    const auto run = (own ? keep_decode_times(found.samples, found.end_dts) : assign_decode_times(found.samples, end)).value();
    const std::int64_t decode_time = own ? found.samples.front().dts + track.reorder_delay : planned.begin;
    FragmentSettings settings;
    settings.track_id = track.options.track_id;
    settings.sequence_number = static_cast<std::uint32_t>(track.options.first_number + static_cast<std::int64_t>(index));
    settings.segment_type_box = track.options.segment_type_box;
    settings.roll_group = roll_distance(track.format) != 0;
    settings.has_edit_list = track.edit_start().has_value();
    FragmentHeader header = write_fragment_header(settings, decode_time, run);

    SegmentLayout layout;
    SegmentFacts& facts = layout.facts;
    facts.number = track.options.first_number + static_cast<std::int64_t>(index);
    const std::int64_t zero = track.presentation_zero;
    const std::int64_t begin = std::max(planned.begin, zero);
    facts.start = {begin - zero, track.format.timescale};
    facts.duration = {std::max(end, begin) - begin, track.format.timescale};
    facts.size_bytes = header.bytes.size() + header.payload_bytes;
    facts.starts_with_sync = run.front().sync;
    if (facts.starts_with_sync) {
        facts.key_frame = {header.moof_offset, header.bytes.size() - header.moof_offset + run.front().size_bytes};
    }
    layout.header = std::move(header.bytes);
    layout.ranges = std::move(found.ranges);
    return layout;
}

SegmentFacts RemuxTrack::facts(std::size_t index) const { return segment(index).facts; }

Result<SingleFileLayout> RemuxTrack::single_file() const {
    std::vector<SegmentFacts> all;
    all.reserve(segment_count());
    for (std::size_t i = 0; i < segment_count(); ++i) all.push_back(facts(i));
    return layout_single_file(impl_->init.size(), all, impl_->format.timescale, impl_->options.track_id);
}

}  // namespace streamforge::packaging
