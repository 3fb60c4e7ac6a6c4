#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

#include <streamforge/core/result.hpp>
#include <streamforge/core/track.hpp>
#include <streamforge/media/encode_plan.hpp>

#include "media/ffmpeg/audio_resampler.hpp"
#include "media/ffmpeg/handles.hpp"

namespace streamforge::media::ffmpeg {

/// Encodes one audio rendition to AAC-LC in one linear run.
///
/// Times count from the first encoded sample, the encoder's priming included. After `finish` the durations of all samples
/// add up to priming + what was put in, exactly.
class AudioEncoder {
public:
    /// *Errors*: `unsupported_codec`, `invalid_argument` (the encoder refuses the settings).
    [[nodiscard]] static Result<std::unique_ptr<AudioEncoder>> open(const AudioRendition& rendition);

    [[nodiscard]] const TrackFormat& format() const noexcept { return format_; }
    /// Takes all whole encoder frames off the front of `sound`; a rest shorter than a frame stays there.
    [[nodiscard]] Result<void> encode(Planes& sound);
    /// Encodes the rest of `sound` and ends.
    [[nodiscard]] Result<void> finish(Planes& sound);
    [[nodiscard]] std::optional<EncodedSample> take();
    /// Samples put in so far.
    [[nodiscard]] std::int64_t encoded_samples() const noexcept { return fed_; }

private:
    AudioEncoder() = default;
    [[nodiscard]] Result<void> send(const Planes& sound, std::size_t offset, int samples);
    [[nodiscard]] Result<void> drain(bool at_end);

    CodecContextPtr context_;
    TrackFormat format_;
    std::deque<EncodedSample> ready_;
    std::int64_t fed_ = 0;
    std::int64_t out_ = 0;  // pts of the next packet
};

}  // namespace streamforge::media::ffmpeg
