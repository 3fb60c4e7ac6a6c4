#pragma once

#include <map>
#include <memory>

#include <streamforge/core/byte_source.hpp>
#include <streamforge/core/result.hpp>

#include "media/ffmpeg/audio_source.hpp"
#include "media/ffmpeg/decode_packets.hpp"
#include "media/ffmpeg/text_source.hpp"

namespace streamforge::media::ffmpeg {

/// Reads all sound and subtitle streams of the plan, in one thread and one pass over the input.
class AudioReader {
public:
    /// *Errors*: those of the input; `unsupported_codec`; the sink's.
    [[nodiscard]] static Result<std::unique_ptr<AudioReader>> open(std::shared_ptr<ByteSource> source, Session& session);
    /// Works until the input ends. *Errors*: `io`, the sink's, `cancelled`.
    [[nodiscard]] Result<void> run();

private:
    AudioReader(Session& session, std::unique_ptr<PacketReader> packets) : session_(session), packets_(std::move(packets)) {}
    [[nodiscard]] Result<void> finish();

    Session& session_;
    std::unique_ptr<PacketReader> packets_;
    std::map<int, std::unique_ptr<AudioSource>> sources_;
    std::map<int, std::unique_ptr<TextSource>> texts_;
};

}  // namespace streamforge::media::ffmpeg
