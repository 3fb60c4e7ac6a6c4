#include "media/ffmpeg/picture_schedule.hpp"

#include <algorithm>

namespace streamforge::media::ffmpeg {

std::uint32_t PictureSchedule::wanted(MediaTime start, MediaTime end) noexcept {
    std::uint32_t count = 0;
    for (; !over(); ++next_) {
        const MediaTime instant = interval_ * next_;
        if (instant >= end) break;
        if (instant >= start) ++count;
    }
    return count;
}

PosterSearch plan_poster_search(const std::optional<MediaTime>& length) noexcept {
    constexpr std::int64_t ms = 1000;
    constexpr std::int64_t candidates = 10;
    std::int64_t window_ms = 10 * ms;
    if (length && length->ticks > 0) window_ms = length->rescaled(ms, Rounding::down).ticks / 5;
    window_ms = std::clamp<std::int64_t>(window_ms, 1, 600 * ms);
    const std::int64_t interval_ms = std::max<std::int64_t>(window_ms / candidates, 100);
    return {{interval_ms, ms}, {window_ms, ms}};
}

}  // namespace streamforge::media::ffmpeg
