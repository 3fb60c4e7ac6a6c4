#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <streamforge/core/byte_source.hpp>
#include <streamforge/core/result.hpp>

#include "media/ffmpeg/decode_packets.hpp"
#include "media/ffmpeg/filter_graph.hpp"
#include "media/ffmpeg/timeline_frames.hpp"
#include "media/ffmpeg/transcode_stage.hpp"

namespace streamforge::media::ffmpeg {

/// Reads, decodes and filters the picture, puts each picture on the timeline and hands it to the top stages.
class VideoReader {
public:
    /// *Errors*: those of the input; `unsupported_codec`.
    [[nodiscard]] static Result<std::unique_ptr<VideoReader>> open(std::shared_ptr<ByteSource> source, Session& session,
                                                                   SourceFacts& facts);
    void add_stage(VideoStage& stage) { stages_.push_back(&stage); }
    /// Works until the input ends, then closes the stages' inputs. *Errors*: `io`, `malformed` (no picture at all),
    /// `limit_exceeded`, `cancelled`.
    [[nodiscard]] Result<void> run();

private:
    VideoReader(Session& session, SourceFacts& facts, std::unique_ptr<PacketReader> packets, CodecContextPtr decoder);
    [[nodiscard]] const AVStream& stream() noexcept;
    /// Where the picture ends on the presentation's timeline by what the container says.
    [[nodiscard]] std::optional<MediaTime> stated_end();
    [[nodiscard]] Result<void> decode(const AVPacket* packet);
    [[nodiscard]] Result<void> receive_all();
    [[nodiscard]] Result<void> take_decoded(FramePtr picture);
    [[nodiscard]] Result<void> filter(FramePtr picture);
    [[nodiscard]] Result<void> drain_filter();
    [[nodiscard]] Result<void> place(FramePtr picture, std::int64_t pts, AVRational base);
    [[nodiscard]] Result<void> show_held(const std::vector<FrameSlot>& slots);
    [[nodiscard]] Result<void> finish();
    void learn_from(const AVFrame& picture);

    Session& session_;
    SourceFacts& facts_;
    std::unique_ptr<PacketReader> packets_;
    CodecContextPtr decoder_;
    std::string chain_;
    std::optional<FilterGraph> graph_;
    FrameTimeline timeline_;
    std::vector<VideoStage*> stages_;
    FramePtr held_;
    std::optional<std::int64_t> next_pts_;  // where a picture without a timestamp goes, in the stream's time base
    std::int64_t usual_duration_ = 0;       // in the stream's time base
    bool learnt_ = false;
};

}  // namespace streamforge::media::ffmpeg
