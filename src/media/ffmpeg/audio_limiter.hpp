#pragma once

#include <cstddef>
#include <deque>
#include <vector>

#include "media/ffmpeg/audio_resampler.hpp"

namespace streamforge::media::ffmpeg {

/// Keeps peaks below full scale, by turning the sound down a few milliseconds ahead of each and up again slowly after it.
/// Sound that never exceeds the ceiling passes unchanged, bit by bit. As many samples come out as go in.
class PeakLimiter {
public:
    explicit PeakLimiter(int rate_hz);

    /// Takes all of `in` and appends to `out` what is ready; the last milliseconds stay inside.
    void run(Planes& in, Planes& out);
    /// Brings out the rest.
    void finish(Planes& out);

private:
    struct Peak {
        std::size_t position;
        float gain;  ///< That brings it to the ceiling.
    };
    [[nodiscard]] float next_gain() const;
    void emit(Planes& out, std::size_t count);

    std::size_t ahead_;       // samples looked ahead
    float release_;           // per sample
    Planes held_;             // not yet given out
    std::size_t taken_ = 0;   // samples taken in so far
    std::size_t given_ = 0;   // samples given out so far
    std::deque<Peak> peaks_;  // above the ceiling, among the samples inside
    float gain_ = 1.0F;
};

}  // namespace streamforge::media::ffmpeg
