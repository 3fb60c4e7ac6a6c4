#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <streamforge/core/result.hpp>

#include "media/ffmpeg/handles.hpp"
#include "media/ffmpeg/transcode_session.hpp"

namespace streamforge::media::ffmpeg {

/// Turns one text subtitle stream into cues, for every text rendition made of it.
class TextSource {
public:
    /// Announces the tracks. *Errors*: `unsupported_codec` (no decoder, or not text), the sink's.
    [[nodiscard]] static Result<std::unique_ptr<TextSource>> open(const AVStream& stream, Session& session);

    /// *Errors*: the sink's. Packets that do not decode are counted and skipped.
    [[nodiscard]] Result<void> decode(const AVPacket& packet);
    /// Gives out the last cues and ends the tracks.
    [[nodiscard]] Result<void> finish();

private:
    TextSource(const AVStream& stream, Session& session) : stream_(stream), session_(session) {}
    [[nodiscard]] Result<void> take(const AVSubtitle& subtitle, const AVPacket& packet);
    /// Gives out cues that were waiting for an end, `end` being the next cue's start.
    [[nodiscard]] Result<void> release(MediaTime end);
    [[nodiscard]] Result<void> give(TextCue cue);

    const AVStream& stream_;
    Session& session_;
    CodecContextPtr decoder_;
    std::vector<std::size_t> renditions_;
    std::vector<TextCue> endless_;  // their end is not known yet
};

}  // namespace streamforge::media::ffmpeg
