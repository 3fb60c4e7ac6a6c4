#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

#include <streamforge/core/result.hpp>
#include <streamforge/core/track.hpp>
#include <streamforge/media/transcode.hpp>

#include "media/ffmpeg/handles.hpp"
#include "media/ffmpeg/quality_metrics.hpp"
#include "media/ffmpeg/timeline_frames.hpp"
#include "media/ffmpeg/transcode_queue.hpp"

namespace streamforge::media::ffmpeg {

/// Decodes what an encoder made and compares it with what it was given: proof that the rendition decodes, and how good it
/// is. Works in a thread of its own; holds only the pictures that are inside the encoder or on their way back.
///
/// *Thread safety*: `run` in one thread, everything else in another.
class QualityMeter {
public:
    /// *Errors*: `unsupported_codec` (no decoder linked).
    [[nodiscard]] static Result<std::unique_ptr<QualityMeter>> open(const TrackFormat& format);

    /// A picture that goes into the encoder.
    void expect(FramePtr picture, const FrameSlot& slot);
    /// A packet that came out, in decode order. False when stopped.
    [[nodiscard]] bool push(PacketPtr packet, const std::stop_token& stop) { return packets_.push(std::move(packet), stop); }
    void close() { packets_.close(); }
    /// Scores of segments that are complete, in order, each once.
    [[nodiscard]] std::vector<std::pair<std::int64_t, QualityScore>> take_scores();
    /// After `close`: waits until `run` has ended. False when stopped.
    [[nodiscard]] bool wait(const std::stop_token& stop);

    /// Works until closed. *Errors*: `internal` (what was encoded does not decode), `cancelled`.
    [[nodiscard]] Result<void> run(const std::stop_token& stop);

private:
    struct Expected {
        FramePtr picture;
        FrameSlot slot;
    };
    QualityMeter(CodecContextPtr decoder, int bit_depth);
    [[nodiscard]] Result<void> decode(const AVPacket* packet, const std::stop_token& stop);
    [[nodiscard]] Result<void> compare(const AVFrame& decoded);
    [[nodiscard]] std::optional<Expected> take_expected(std::int64_t pts);
    void finish_segment();

    CodecContextPtr decoder_;
    int bit_depth_;
    BoundedQueue<PacketPtr> packets_;
    QualitySum sum_;
    std::int64_t segment_ = 0;

    std::mutex mutex_;  // guards what follows
    std::condition_variable_any ended_changed_;
    std::map<std::int64_t, Expected> expected_;
    std::vector<std::pair<std::int64_t, QualityScore>> scores_;
    bool ended_ = false;
};

}  // namespace streamforge::media::ffmpeg
