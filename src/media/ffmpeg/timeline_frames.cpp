#include "media/ffmpeg/timeline_frames.hpp"

#include <algorithm>
#include <cstdlib>

namespace streamforge::media::ffmpeg {

std::int64_t FrameTimeline::place(MediaTime time) const noexcept {
    const std::int64_t frame = settings_.frame_ticks;
    if (frame <= 0) return time.rescaled(settings_.timescale, Rounding::nearest).ticks;
    if (held_pts_) {
        const std::int64_t turn = *held_pts_ + frame;
        const MediaTime target{turn, settings_.timescale};  // Exact: a tick may be as long as a frame.
        const MediaTime off = time < target ? target - time : time - target;
        if (off <= MediaTime{3 * frame, 4 * settings_.timescale}) return turn;
    }
    constexpr std::int64_t finer = 256;
    const std::int64_t fine_ticks = time.rescaled(settings_.timescale * finer, Rounding::nearest).ticks;
    return mul_div(fine_ticks, 1, frame * finer, Rounding::nearest) * frame;
}

std::int64_t FrameTimeline::cut_ticks(std::int64_t segment) const noexcept {
    return settings_.cuts.start_of(segment).rescaled(settings_.timescale, Rounding::up).ticks;
}

void FrameTimeline::append(std::vector<FrameSlot>& slots, std::int64_t pts, bool repeat) {
    FrameSlot slot;
    slot.pts = pts;
    slot.segment = settings_.cuts.segment_at({pts, settings_.timescale});
    slot.starts_segment = slot.segment != last_segment_;
    slot.repeat = repeat;
    last_segment_ = slot.segment;
    if (!slots.empty()) slots.back().duration = pts - slots.back().pts;
    slots.push_back(slot);
}

std::vector<FrameSlot> FrameTimeline::slots_until(std::int64_t end) {
    std::vector<FrameSlot> slots;
    append(slots, shown_any_ ? *held_pts_ : 0, false);
    shown_any_ = true;
    // At a variable rate a picture often lasts a little past a cut; only a real hole is worth a frame of its own.
    const std::int64_t worth_filling = settings_.frame_ticks > 0 ? 1 : std::max<std::int64_t>(settings_.timescale / 4, 1);
    for (std::int64_t segment = slots.front().segment + 1;; ++segment) {
        const std::int64_t cut = cut_ticks(segment);
        if (end - cut < worth_filling) break;
        if (cut > slots.back().pts) append(slots, cut, true);
    }
    slots.back().duration = end - slots.back().pts;
    return slots;
}

FrameTimeline::Step FrameTimeline::push(MediaTime time, std::optional<MediaTime> duration) {
    Step step;
    const std::int64_t pts = place(time);
    const std::int64_t own = duration ? duration->rescaled(settings_.timescale, Rounding::nearest).ticks : 0;
    if (!held_pts_) {
        missing_start_ = std::max<std::int64_t>(pts, 0);
    } else if (pts <= 0 && !shown_any_ && pts > *held_pts_) {
        step.action = Step::Action::replace_held;
    } else if (pts <= *held_pts_ || pts <= 0) {
        step.action = Step::Action::drop_new;
        return step;
    } else {
        last_interval_ = pts - *held_pts_;
        step.slots = slots_until(pts);
    }
    held_pts_ = pts;
    held_duration_ = own;
    return step;
}

std::int64_t FrameTimeline::natural_end() const noexcept {
    if (!held_pts_) return 0;
    const std::int64_t start = std::max<std::int64_t>(*held_pts_, 0);
    if (settings_.frame_ticks > 0) return start + settings_.frame_ticks;
    if (stated_end_ > start && stated_end_ - start <= settings_.timescale) return stated_end_;
    std::int64_t length = held_duration_;
    if (length <= 0 && 4 * last_interval_ <= settings_.timescale) length = last_interval_;
    if (length <= 0) length = std::max<std::int64_t>(settings_.usual_ticks, 1);
    return start + length;
}

std::vector<FrameSlot> FrameTimeline::finish(std::optional<std::int64_t> hold_until) {
    if (!held_pts_) return {};
    std::int64_t end = natural_end();
    if (hold_until && *hold_until > end) {
        end = *hold_until;
        const std::int64_t frame = settings_.frame_ticks;
        if (frame > 0) end = mul_div(end, 1, frame, Rounding::up) * frame;
    }
    return slots_until(end);
}

}  // namespace streamforge::media::ffmpeg
