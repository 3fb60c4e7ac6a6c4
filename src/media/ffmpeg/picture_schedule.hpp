#pragma once

#include <cstdint>
#include <optional>

#include <streamforge/core/media_time.hpp>

namespace streamforge::media::ffmpeg {

/// Picks the pictures that are on screen at 0, `interval`, 2·`interval`, … Pure.
class PictureSchedule {
public:
    /// Stops at `until` (exclusive) where given.
    explicit PictureSchedule(MediaTime interval, std::optional<MediaTime> until = std::nullopt) : interval_(interval), until_(until) {}

    /// How many of the wanted instants fall into [start, end), which must follow the last asked span.
    [[nodiscard]] std::uint32_t wanted(MediaTime start, MediaTime end) noexcept;
    [[nodiscard]] bool over() const noexcept { return until_ && interval_ * next_ >= *until_; }

private:
    MediaTime interval_;
    std::optional<MediaTime> until_;
    std::int64_t next_ = 0;
};

/// How posters are looked for: candidates every so often in the first part of the presentation.
struct PosterSearch {
    MediaTime interval;
    MediaTime until;
};
/// In the first fifth when the length is known, else in the first ten seconds; about ten candidates.
[[nodiscard]] PosterSearch plan_poster_search(const std::optional<MediaTime>& length) noexcept;

}  // namespace streamforge::media::ffmpeg
