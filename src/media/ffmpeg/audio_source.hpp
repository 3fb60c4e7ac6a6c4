#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <streamforge/core/result.hpp>

#include "media/ffmpeg/audio_rendition.hpp"
#include "media/ffmpeg/handles.hpp"
#include "media/ffmpeg/timeline_samples.hpp"
#include "media/ffmpeg/transcode_session.hpp"

namespace streamforge::media::ffmpeg {

/// Decodes one source sound stream, once and linearly, for all renditions made of it.
class AudioSource {
public:
    /// *Errors*: `unsupported_codec`, the encoders', the sink's.
    [[nodiscard]] static Result<std::unique_ptr<AudioSource>> open(const AVStream& stream, Session& session);

    /// Decodes a packet; without one, what is left in the decoder.
    [[nodiscard]] Result<void> decode(const AVPacket* packet);
    /// Where the sound ends by itself.
    [[nodiscard]] MediaTime end() const noexcept;
    /// Ends all renditions, lengthened with silence until `until` where that is later.
    [[nodiscard]] Result<void> finish(std::optional<MediaTime> until);

private:
    AudioSource(const AVStream& stream, Session& session) : stream_(stream), session_(session) {}
    [[nodiscard]] Result<void> take(FramePtr sound);
    [[nodiscard]] Result<void> place(const AVFrame& sound, std::int64_t samples);
    [[nodiscard]] Result<void> follow_format(const AVFrame& sound);
    [[nodiscard]] Result<void> add_silence(std::int64_t samples);
    [[nodiscard]] std::int64_t told_length(const AVFrame& sound) const noexcept;

    const AVStream& stream_;
    Session& session_;
    CodecContextPtr decoder_;
    std::vector<std::unique_ptr<AudioRenditionWriter>> renditions_;
    std::optional<SampleTimeline> timeline_;
    AVSampleFormat format_ = AV_SAMPLE_FMT_NONE;
    ChannelLayout layout_;
    FramePtr held_;  // the newest one: only the last may be shorter than it decodes
};

}  // namespace streamforge::media::ffmpeg
