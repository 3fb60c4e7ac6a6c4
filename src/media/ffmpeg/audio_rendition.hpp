#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include <streamforge/core/result.hpp>

#include "media/ffmpeg/audio_encoder.hpp"
#include "media/ffmpeg/audio_limiter.hpp"
#include "media/ffmpeg/audio_resampler.hpp"
#include "media/ffmpeg/transcode_session.hpp"

namespace streamforge::media::ffmpeg {

/// One audio rendition at work: resamples, mixes, limits and encodes what its source stream gives, and feeds the sink.
class AudioRenditionWriter {
public:
    /// Opens the encoder and announces the track. *Errors*: the encoder's, the sink's.
    [[nodiscard]] static Result<std::unique_ptr<AudioRenditionWriter>> open(Session& session, std::size_t index);

    /// What the next sound is like; a change brings out what the old resampler still holds.
    [[nodiscard]] Result<void> set_input(const AudioResampler::Input& input);
    /// Adds `samples` samples at `data` (planes, or one interleaved block; null: silence).
    [[nodiscard]] Result<void> add(const std::uint8_t* const* data, int samples);
    /// Ends the track so that it lasts exactly until `end`, as far as a resampled sound can: rounded once to its clock.
    [[nodiscard]] Result<void> finish(MediaTime end);

private:
    AudioRenditionWriter(Session& session, std::size_t index);
    [[nodiscard]] Result<void> mix_down();
    [[nodiscard]] Result<void> encode();
    [[nodiscard]] Result<void> deliver();

    Session& session_;
    TrackRef track_;
    const AudioRendition& rendition_;
    std::unique_ptr<AudioEncoder> encoder_;
    std::optional<AudioResampler> resampler_;
    std::optional<PeakLimiter> limiter_;
    Planes resampled_;
    Planes ready_;
    std::size_t progress_track_ = 0;
};

}  // namespace streamforge::media::ffmpeg
