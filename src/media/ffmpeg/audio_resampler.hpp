#pragma once

#include <cstdint>
#include <vector>

#include <streamforge/core/result.hpp>

#include "media/ffmpeg/handles.hpp"

namespace streamforge::media::ffmpeg {

/// Planar float samples of a few channels, all equally long.
using Planes = std::vector<std::vector<float>>;

/// Brings sound of one format to planar float of another rate and layout, with an exact count: after `finish`, what came
/// out is the input's length on the output's clock, rounded once.
///
/// Fewer channels: centre and surrounds are mixed in at −3 dB each; what then exceeds full scale is for the limiter.
class AudioResampler {
public:
    struct Input {
        int rate_hz = 0;
        AVSampleFormat format = AV_SAMPLE_FMT_NONE;
        ChannelLayout layout;
    };
    /// *Errors*: `unsupported_codec` (no way from this layout to that one).
    [[nodiscard]] static Result<AudioResampler> open(const Input& input, int out_rate_hz, int out_channels);

    /// Appends to `out` what `samples` samples at `data` (planes, or one interleaved block; null: silence) turn into.
    [[nodiscard]] Result<void> add(const std::uint8_t* const* data, int samples, Planes& out);
    /// Brings out the rest; nothing may be added afterwards.
    [[nodiscard]] Result<void> finish(Planes& out);

private:
    [[nodiscard]] Result<void> convert(const std::uint8_t* const* data, int samples, Planes& out);

    ResamplerPtr context_;
    int in_rate_hz_ = 0;
    int out_rate_hz_ = 0;
    int out_channels_ = 0;
    AVSampleFormat in_format_ = AV_SAMPLE_FMT_NONE;
    int in_channels_ = 0;
    std::int64_t added_ = 0;
    std::int64_t made_ = 0;
};

}  // namespace streamforge::media::ffmpeg
