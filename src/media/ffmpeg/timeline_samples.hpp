#pragma once

#include <cstdint>

#include <streamforge/core/media_time.hpp>

namespace streamforge::media::ffmpeg {

/// What to do with a run of decoded sound so that its track stays on the clock.
struct SampleStep {
    std::int64_t silence = 0;  ///< Samples of silence before it.
    std::int64_t skip = 0;     ///< Samples of it to leave out, at its front.
    std::int64_t take = 0;     ///< Samples of it to use.

    friend bool operator==(const SampleStep&, const SampleStep&) = default;
};

/// Counts the samples of one sound stream against its timestamps. Pure.
///
/// Sound begins exactly at 0: a late start is filled with silence, an early one is cut. Afterwards samples simply follow
/// each other; only when the timestamps and the count are more than `tolerance` apart is the difference filled or cut, at
/// once and exactly. So rounding in a container never harms the sound, and nothing drifts.
class SampleTimeline {
public:
    explicit SampleTimeline(int rate_hz, MediaTime tolerance = {30, 1000}) : rate_(rate_hz), tolerance_(tolerance) {}

    /// Places `samples` samples that are due at presentation time `time`.
    [[nodiscard]] SampleStep place(MediaTime time, std::int64_t samples);
    /// Places samples of unknown time right behind the last ones.
    [[nodiscard]] SampleStep follow(std::int64_t samples);
    /// Goes over to another sample rate; the position stays the same instant.
    void change_rate(int rate_hz);

    [[nodiscard]] int rate_hz() const noexcept { return rate_; }
    /// Samples placed so far, silence included, at the present rate.
    [[nodiscard]] std::int64_t position() const noexcept { return position_; }
    [[nodiscard]] MediaTime end() const noexcept { return {position_, rate_}; }
    /// Corrections after the start: gaps filled and overlaps cut.
    [[nodiscard]] std::uint64_t corrections() const noexcept { return corrections_; }

private:
    int rate_;
    MediaTime tolerance_;
    std::int64_t position_ = 0;
    std::uint64_t corrections_ = 0;
    bool started_ = false;
};

}  // namespace streamforge::media::ffmpeg
