#include <streamforge/packaging/remux.hpp>

#include <algorithm>
#include <limits>
#include <optional>

#include <streamforge/core/cut_list.hpp>
#include <streamforge/packaging/codec_string.hpp>

#include "core/try.hpp"
#include "packaging/box_reader.hpp"
#include "packaging/codec_config.hpp"
#include "packaging/init_segment.hpp"
#include "packaging/remux_track.hpp"

namespace streamforge::packaging {
namespace {

using TrackImpl = RemuxPlanner::TrackImpl;

constexpr const char* operation = "packaging.plan_remux";

/// One chosen track and what was found out about it.
struct Chosen {
    std::size_t input = 0;
    std::size_t input_track = 0;
    const RemuxInput* from = nullptr;
    const Mp4Track* track = nullptr;
    std::uint64_t first_sample = 0;
    std::uint64_t end_sample = 0;
    std::int64_t first_pts = 0;  ///< Earliest of what is kept.
    MediaTime begin;             ///< On the input's presentation timeline.
};

Error in(Error error, const Chosen& chosen) {
    return std::move(error).with("input", chosen.from->name).with("track", std::to_string(chosen.track->track_id));
}

MediaTime presentation_of(const Mp4Track& track, std::int64_t pts) {
    return MediaTime{pts - track.media_start, track.format.timescale} + track.presentation_start;
}

/// End of what the edit list shows, as a pts; the largest number when it shows all.
std::int64_t edit_end(const Mp4Track& track) {
    if (!track.duration) return std::numeric_limits<std::int64_t>::max();
    // A tick of the movie's clock more: lengths were rounded to it.
    const MediaTime longer = *track.duration + MediaTime{1, track.duration->timescale};
    return track.media_start + longer.rescaled(track.format.timescale, Rounding::up).ticks;
}

/// Number after the last sample that is shown at all.
std::uint64_t find_end(const Mp4Track& track) {
    const SampleIndex& index = *track.index;
    const std::int64_t end = edit_end(track);
    if (end >= index.end_dts()) return index.size();
    constexpr std::uint64_t reorder_reach = 256;
    auto cursor = index.cursor(index.sample_at_dts(end));
    std::uint64_t found = cursor.number();
    for (std::uint64_t i = 0; i < reorder_reach && !cursor.at_end(); ++i) {
        const std::uint64_t number = cursor.number();
        if (cursor.next().pts() < end) found = number + 1;
    }
    return found;
}

/// Video starts at the last sync sample shown no later than the edit's start, audio at the packet before the one that is
/// heard first, since decoders need it.
Result<void> find_start(Chosen& chosen) {
    const Mp4Track& track = *chosen.track;
    const SampleIndex& index = *track.index;
    chosen.end_sample = find_end(track);
    chosen.first_sample = index.next_sync(0);
    if (track.format.kind == TrackKind::video) {
        auto cursor = index.cursor(chosen.first_sample);
        while (cursor.number() < chosen.end_sample) {
            const std::uint64_t number = cursor.number();
            const IndexedSample sample = cursor.next();
            if (sample.sync && sample.pts() > track.media_start) break;
            if (sample.sync) chosen.first_sample = number;
        }
    } else if (track.media_start > index.first_dts()) {
        const std::uint64_t heard = index.sample_at_dts(track.media_start);
        // One packet of ordinary priming is kept whatever its length; cuts deep into a track keep one packet.
        const std::uint64_t reach = static_cast<std::uint64_t>(std::max<std::int64_t>(track.format.audio.sample_rate_hz / 5, 1));
        const bool ordinary = static_cast<std::uint64_t>(track.media_start - index.first_dts()) <=
                              static_cast<std::uint64_t>(mul_div(static_cast<std::int64_t>(reach), track.format.timescale,
                                                                 track.format.audio.sample_rate_hz, Rounding::up));
        chosen.first_sample = ordinary || heard == 0 ? 0 : heard - 1;
    }
    if (chosen.first_sample >= chosen.end_sample) {
        return in(make_error(Errc::malformed, operation, "the track has no sample to start with"), chosen);
    }
    return {};
}

/// Earliest presentation time of the run from `first` to the next sync sample.
std::int64_t earliest_pts(const SampleIndex& index, std::uint64_t first, std::uint64_t end) {
    auto cursor = index.cursor(first);
    const std::uint64_t until = std::min(index.next_sync(first + 1), end);
    std::int64_t earliest = std::numeric_limits<std::int64_t>::max();
    while (cursor.number() < until) earliest = std::min(earliest, cursor.next().pts());
    return earliest;
}

Result<std::vector<Chosen>> choose(std::span<const RemuxInput> inputs) {
    std::vector<Chosen> all;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const RemuxInput& input = inputs[i];
        std::vector<std::size_t> tracks = input.tracks;
        for (std::size_t t = 0; input.tracks.empty() && t < input.file.tracks.size(); ++t) tracks.push_back(t);
        for (const std::size_t t : tracks) {
            if (t >= input.file.tracks.size()) {
                return make_error(Errc::invalid_argument, operation, "the input has no such track")
                    .with("input", input.name)
                    .with("track", std::to_string(t));
            }
            Chosen chosen;
            chosen.input = i;
            chosen.input_track = t;
            chosen.from = &input;
            chosen.track = &input.file.tracks[t];
            SF_TRY(find_start(chosen));
            const Mp4Track& track = *chosen.track;
            chosen.first_pts = earliest_pts(*track.index, chosen.first_sample, chosen.end_sample);
            const bool audio = track.format.kind == TrackKind::audio;
            chosen.begin = presentation_of(track, audio ? std::max(chosen.first_pts, track.media_start) : chosen.first_pts);
            all.push_back(chosen);
        }
    }
    if (all.empty()) return make_error(Errc::no_streams, operation, "there is no track to package");
    return all;
}

/// The output track but for its segments.
Result<std::unique_ptr<TrackImpl>> prepare(const Chosen& chosen, const MediaTime& origin, const RemuxOptions& options) {
    const Mp4Track& source = *chosen.track;
    auto track = std::make_unique<TrackImpl>();
    track->input = chosen.input;
    track->input_track = chosen.input_track;
    track->format = source.format;
    track->index = source.index;
    track->end_sample = chosen.end_sample;
    track->options.audio_priming = options.audio_priming;
    track->options.video_reordering = options.video_reordering;
    track->options.segment_type_box = !options.single_file;
    const std::int64_t offset = (source.presentation_start - origin).rescaled(source.format.timescale, Rounding::nearest).ticks;
    if (offset > max_media_ticks || offset < -max_media_ticks) {
        return in(make_error(Errc::malformed, operation, "the tracks begin too far from each other"), chosen);
    }
    track->shift = offset - source.media_start;
    if (source.format.kind == TrackKind::audio) {
        const std::int64_t priming = std::max<std::int64_t>(source.media_start - chosen.first_pts, 0);
        if (options.audio_priming == AudioPriming::edit_list) {
            track->shift += priming;
            track->presentation_zero = priming;
        }
        track->format.audio.priming_samples =
            static_cast<std::uint32_t>(mul_div(priming, source.format.audio.sample_rate_hz, source.format.timescale, Rounding::nearest));
    }
    return track;
}

/// Sorts samples into planned segments, in order.
class SegmentCollector {
public:
    SegmentCollector(TrackImpl& track, std::uint64_t first_sample) : track_(&track), cursor_(track.index->cursor(first_sample)) {}

    void begin_segment() {
        track_->segments.push_back(
            {cursor_.number(), std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min(), 0});
    }
    /// Adds the samples up to (not including) `end` to the current segment.
    void add_until(std::uint64_t end) {
        while (cursor_.number() < end) add(cursor_.next());
    }

    /// Decode times that are never negative and never after presentation, and the delay that an edit list takes off again.
    void place_decode_times() {
        if (!track_->keeps_dts() || !first_dts_) return;
        const std::int64_t decode_lead = -least_cts_;
        track_->largest_cts += decode_lead;
        const std::int64_t first = *first_dts_ + track_->shift - decode_lead;
        track_->reorder_delay = std::max<std::int64_t>(-first, 0);
        track_->decode_shift = track_->shift - decode_lead + track_->reorder_delay;
    }

private:
    void add(const IndexedSample& sample) {
        PlannedSegment& segment = track_->segments.back();
        const std::int64_t pts = sample.pts() + track_->shift;
        segment.begin = std::min(segment.begin, pts);
        segment.latest = std::max(segment.latest, pts);
        segment.media_bytes += sample.size_bytes;
        least_cts_ = std::min(least_cts_, sample.cts);
        track_->largest_cts = std::max(track_->largest_cts, sample.cts);
        track_->longest = std::max(track_->longest, sample.duration);
        if (!first_dts_) first_dts_ = sample.dts;
        // The last sample of some files has no duration: it gets the one before's.
        const std::int64_t duration = sample.duration > 0 ? sample.duration : last_duration_;
        last_duration_ = duration;
        track_->end = std::max(track_->end, pts + duration);
    }

    TrackImpl* track_;
    SampleIndex::Cursor cursor_;
    std::int64_t last_duration_ = 0;
    std::int64_t least_cts_ = 0;
    std::optional<std::int64_t> first_dts_;
};

/// Whether every segment can be written: times not negative, rising from one to the next, and within 32 bits.
Result<void> check_times(const TrackImpl& track, const Chosen& chosen) {
    for (std::size_t i = 0; i < track.segments.size(); ++i) {
        const PlannedSegment& segment = track.segments[i];
        const std::int64_t end = track.end_of(i);
        if (segment.begin < 0 || end < segment.latest) {
            return in(make_error(Errc::malformed, operation, "frames around a key frame are not in a playable order"), chosen)
                .with("segment", std::to_string(i + 1));
        }
        if (end - segment.begin > std::numeric_limits<std::int32_t>::max()) {
            return in(make_error(Errc::limit_exceeded, operation, "a segment lasts longer than 32 bits of its clock can say"), chosen)
                .with("segment", std::to_string(i + 1));
        }
    }
    if (track.largest_cts > std::numeric_limits<std::int32_t>::max() || track.longest > std::numeric_limits<std::int32_t>::max()) {
        return in(make_error(Errc::limit_exceeded, operation, "a sample's duration or offset needs more than 32 bits"), chosen);
    }
    return {};
}

/// One run of samples that starts with a sync sample. Times are on the output timeline.
struct Gop {
    std::uint64_t end_sample = 0;
    std::int64_t sync_pts = 0;
    std::int64_t earliest = 0;
};

/// Calls `visit(gop)` for each in order.
template <class Visit>
void for_each_gop(const TrackImpl& track, std::uint64_t first, Visit visit) {
    auto cursor = track.index->cursor(first);
    std::optional<Gop> gop;
    while (cursor.number() < track.end_sample) {
        const std::uint64_t number = cursor.number();
        const IndexedSample sample = cursor.next();
        const std::int64_t pts = sample.pts() + track.shift;
        if (sample.sync || !gop) {
            if (gop) visit(*gop);
            gop = Gop{0, pts, pts};
        }
        gop->end_sample = number + 1;
        gop->earliest = std::min(gop->earliest, pts);
    }
    if (gop) visit(*gop);
}

MediaTime half_frame(const TrackImpl& track) {
    const Rational rate = track.format.video.frame_rate;
    if (!rate.is_positive()) return {1, 1000};
    return {rate.den, 2 * rate.num};
}

/// Cuts the reference video and gives the times of its cuts, the first one included.
std::vector<MediaTime> cut_reference(TrackImpl& track, const Chosen& chosen, const MediaTime& period) {
    std::vector<MediaTime> cuts;
    const MediaTime tolerance = half_frame(track);
    const MediaTime grid_start{chosen.first_pts + track.shift, track.format.timescale};
    const CutList grid{period};
    SegmentCollector collector(track, chosen.first_sample);
    std::int64_t current = 0;
    for_each_gop(track, chosen.first_sample, [&](const Gop& gop) {
        const MediaTime time{gop.sync_pts, track.format.timescale};
        const std::int64_t index = grid.segment_at(time - grid_start + tolerance);
        const bool closed = track.segments.empty() || gop.earliest >= track.segments.back().latest;
        if (track.segments.empty() || (index > current && closed)) {
            collector.begin_segment();
            cuts.push_back(time);
            current = index;
        }
        collector.add_until(gop.end_sample);
    });
    collector.place_decode_times();
    return cuts;
}

/// Cuts a further video where the reference was cut. *Errors*: `precondition_failed`.
Result<void> cut_like_reference(TrackImpl& track, const Chosen& chosen, const std::vector<MediaTime>& cuts, const MediaTime& tolerance) {
    SegmentCollector collector(track, chosen.first_sample);
    std::size_t next = 0;
    std::optional<MediaTime> missed;
    for_each_gop(track, chosen.first_sample, [&](const Gop& gop) {
        const MediaTime time{gop.sync_pts, track.format.timescale};
        while (next < cuts.size() && !missed && time > cuts[next] + tolerance) {
            if (next > 0 || !track.segments.empty()) missed = cuts[next];
            ++next;
        }
        const bool hit = next < cuts.size() && time >= cuts[next] - tolerance;
        if (hit || track.segments.empty()) {
            collector.begin_segment();
            if (hit) ++next;
        }
        collector.add_until(gop.end_sample);
    });
    collector.place_decode_times();
    // A cut within the last run of samples is missed as well; one after the track's end is not.
    if (!missed && next < cuts.size() && cuts[next] < MediaTime{track.end, track.format.timescale} - tolerance) missed = cuts[next];
    if (!missed) return {};
    return in(make_error(Errc::precondition_failed, operation,
                         "this video has no key frame where the first one is cut; encode both with the same key frame times"),
              chosen)
        .with("time", missed->to_string())
        .with("seconds", std::to_string(missed->approximate_seconds()));
}

/// Which segment a time belongs to: by the video's cuts, then by the period for what plays after the picture.
struct AudioGrid {
    std::vector<MediaTime> cuts;  ///< Empty: by the period alone.
    MediaTime tail;               ///< Where the grid of periods begins.
    MediaTime period;
    std::int64_t last_tail = 0;  ///< Number of the last segment of the tail; −1: there is no tail.

    [[nodiscard]] std::int64_t segment_at(const MediaTime& time) const {
        if (last_tail >= 0 && time >= tail) {
            const std::int64_t number = CutList{period}.segment_at(time - tail);
            return static_cast<std::int64_t>(cuts.size()) + std::min(number, last_tail);
        }
        const auto after = std::upper_bound(cuts.begin(), cuts.end(), time);
        return std::max<std::int64_t>(after - cuts.begin() - 1, 0);
    }
};

AudioGrid audio_grid(const std::vector<MediaTime>& cuts, const std::optional<MediaTime>& video_end, const MediaTime& audio_end,
                     const MediaTime& period) {
    if (!video_end) return {{}, {0, 1}, period, std::numeric_limits<std::int64_t>::max()};
    // Less than half a period after the picture stays in the last segment.
    const MediaTime last_start = audio_end - MediaTime{period.ticks, 2 * period.timescale} - *video_end;
    return {cuts, *video_end, period, last_start.ticks <= 0 ? -1 : CutList{period}.segment_at(last_start)};
}

/// Cuts audio before the packet whose middle passes a cut.
void cut_audio(TrackImpl& track, const Chosen& chosen, const AudioGrid& grid) {
    SegmentCollector collector(track, chosen.first_sample);
    auto cursor = track.index->cursor(chosen.first_sample);
    std::int64_t current = 0;
    while (cursor.number() < track.end_sample) {
        const IndexedSample sample = cursor.next();
        const std::int64_t pts = sample.pts() + track.shift - track.presentation_zero;
        const std::int64_t segment = grid.segment_at({2 * pts + sample.duration, 2 * track.format.timescale});
        if (segment > current || track.segments.empty()) collector.begin_segment();
        current = std::max(current, segment);
        collector.add_until(cursor.number());
    }
}

/// Drops the packets that lie wholly in the priming and moves the first one kept to its presentation time.
void drop_priming(TrackImpl& track, Chosen& chosen) {
    const Mp4Track& source = *chosen.track;
    auto cursor = track.index->cursor(chosen.first_sample);
    while (cursor.number() + 1 < track.end_sample) {
        const std::uint64_t number = cursor.number();
        const IndexedSample sample = cursor.next();
        if (sample.pts() + sample.duration > source.media_start) {
            chosen.first_sample = number;
            // What is left of the priming, less than a packet, delays the sound.
            track.shift += std::max<std::int64_t>(source.media_start - sample.pts(), 0);
            break;
        }
    }
    track.format.audio.priming_samples = 0;
}

MediaTime end_time(const TrackImpl& track) {
    return {std::max<std::int64_t>(track.end - track.presentation_zero, 0), track.format.timescale};
}

BitrateHint measure(const TrackImpl& track) {
    constexpr std::int64_t most = std::numeric_limits<std::uint32_t>::max();
    const auto rate = [&](std::uint64_t bytes, std::int64_t ticks) {
        if (ticks <= 0) return std::uint32_t{0};
        return static_cast<std::uint32_t>(
            std::min(mul_div(static_cast<std::int64_t>(bytes) * 8, track.format.timescale, ticks, Rounding::up), most));
    };
    BitrateHint hint;
    std::uint64_t all = 0;
    for (std::size_t i = 0; i < track.segments.size(); ++i) {
        const PlannedSegment& segment = track.segments[i];
        hint.max_bps = std::max(hint.max_bps, rate(segment.media_bytes, track.end_of(i) - segment.begin));
        all += segment.media_bytes;
    }
    hint.average_bps = rate(all, track.end - track.segments.front().begin);
    return hint;
}

/// Header and codec string, once the segments are known.
Result<void> describe(TrackImpl& track, const Chosen& chosen) {
    auto config = make_codec_config(track.format);
    if (!config) return in(std::move(config).error(), chosen);
    TrackHeader header;
    header.track_id = track.options.track_id;
    header.duration = end_time(track);
    header.bitrate = measure(track);
    header.clockwise_degrees = chosen.track->clockwise_degrees;
    header.edit_start = track.edit_start();
    track.init = write_init_segment(track.format, *config, header);
    auto codecs = codec_string(track.format);
    if (!codecs) return in(std::move(codecs).error(), chosen);
    track.codec_string = *std::move(codecs);
    return {};
}

/// End of a track as far as its index tells, before it is cut.
MediaTime planned_end(const TrackImpl& track) {
    return {track.index->end_dts() + track.shift - track.presentation_zero, track.format.timescale};
}

/// All tracks between the choice and the plan.
struct Work {
    std::vector<Chosen> chosen;
    std::vector<std::unique_ptr<TrackImpl>> tracks;
    std::vector<MediaTime> cuts;

    [[nodiscard]] bool is_video(std::size_t i) const { return tracks[i]->format.kind == TrackKind::video; }

    Result<void> cut(const RemuxOptions& options) {
        const TrackImpl* reference = nullptr;
        std::optional<MediaTime> video_end;
        for (std::size_t i = 0; i < tracks.size(); ++i) {
            if (!is_video(i)) continue;
            if (reference == nullptr) {
                reference = tracks[i].get();
                cuts = cut_reference(*tracks[i], chosen[i], options.period);
                video_end = end_time(*tracks[i]);
            } else {
                SF_TRY(cut_like_reference(*tracks[i], chosen[i], cuts, half_frame(*reference)));
            }
        }
        MediaTime audio_end;
        for (std::size_t i = 0; i < tracks.size(); ++i) {
            if (!is_video(i)) audio_end = std::max(audio_end, planned_end(*tracks[i]));
        }
        const AudioGrid grid = audio_grid(cuts, video_end, audio_end, options.period);
        for (std::size_t i = 0; i < tracks.size(); ++i) {
            if (!is_video(i)) cut_audio(*tracks[i], chosen[i], grid);
        }
        if (reference == nullptr) take_cuts_of(*tracks.front());
        return {};
    }

    void take_cuts_of(const TrackImpl& track) {
        for (const PlannedSegment& segment : track.segments) {
            cuts.push_back({std::max<std::int64_t>(segment.begin - track.presentation_zero, 0), track.format.timescale});
        }
    }
};

}  // namespace

Result<void> RemuxOptions::validate() const {
    if (period.ticks <= 0 || period.timescale <= 0) {
        return make_error(Errc::invalid_argument, "packaging.remux_options", "the segment length must be positive").with("field", "period");
    }
    return {};
}

Result<RemuxPlan> plan_remux(std::span<const RemuxInput> inputs, const RemuxOptions& options) {
    SF_TRY(options.validate());
    if (inputs.empty()) return make_error(Errc::invalid_argument, operation, "there is no input").with("field", "inputs");
    Work work;
    SF_ASSIGN(work.chosen, choose(inputs));
    MediaTime origin = work.chosen.front().begin;
    for (const Chosen& chosen : work.chosen) origin = std::min(origin, chosen.begin);
    for (Chosen& chosen : work.chosen) {
        SF_ASSIGN(auto track, prepare(chosen, origin, options));
        if (track->format.kind == TrackKind::audio && options.audio_priming == AudioPriming::drop_packets) {
            drop_priming(*track, chosen);
        }
        work.tracks.push_back(std::move(track));
    }
    SF_TRY(work.cut(options));

    RemuxPlan plan;
    plan.single_file = options.single_file;
    for (const Chosen& chosen : work.chosen) {
        if (chosen.track->format.kind != TrackKind::video || chosen.first_sample == 0) continue;
        plan.warnings.push_back("input " + chosen.from->name + ", track " + std::to_string(chosen.track->track_id) + ": " +
                                std::to_string(chosen.first_sample) + " frames before the first key frame that is shown were left out");
    }
    for (std::size_t i = 0; i < work.tracks.size(); ++i) {
        SF_TRY(check_times(*work.tracks[i], work.chosen[i]));
        SF_TRY(describe(*work.tracks[i], work.chosen[i]));
        plan.duration = std::max(plan.duration, end_time(*work.tracks[i]));
        plan.tracks.push_back(RemuxPlanner::make(std::move(work.tracks[i])));
    }
    plan.cuts = std::move(work.cuts);
    return plan;
}

}  // namespace streamforge::packaging
