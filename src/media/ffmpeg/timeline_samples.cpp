#include "media/ffmpeg/timeline_samples.hpp"

#include <algorithm>

namespace streamforge::media::ffmpeg {

SampleStep SampleTimeline::place(MediaTime time, std::int64_t samples) {
    const std::int64_t due = time.rescaled(rate_, Rounding::nearest).ticks;
    const std::int64_t gap = due - position_;
    const std::int64_t allowed = started_ ? tolerance_.rescaled(rate_, Rounding::nearest).ticks : 0;
    if (gap >= -allowed && gap <= allowed) return follow(samples);

    SampleStep step;
    if (gap > 0) step.silence = gap;
    if (gap < 0) step.skip = std::min(-gap, samples);
    step.take = samples - step.skip;
    position_ += step.silence + step.take;
    if (started_) ++corrections_;
    started_ = started_ || step.take > 0;
    return step;
}

SampleStep SampleTimeline::follow(std::int64_t samples) {
    started_ = started_ || samples > 0;
    position_ += samples;
    return {0, 0, samples};
}

void SampleTimeline::change_rate(int rate_hz) {
    position_ = mul_div(position_, rate_hz, rate_, Rounding::nearest);
    rate_ = rate_hz;
}

}  // namespace streamforge::media::ffmpeg
