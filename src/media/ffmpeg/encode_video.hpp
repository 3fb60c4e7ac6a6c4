#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>

#include <streamforge/core/result.hpp>
#include <streamforge/core/track.hpp>

#include "media/ffmpeg/encode_options.hpp"
#include "media/ffmpeg/handles.hpp"
#include "media/ffmpeg/timeline_frames.hpp"

namespace streamforge::media::ffmpeg {

/// One finished access unit, with the slot that its picture was shown in.
struct EncodedPicture {
    PacketPtr packet;
    FrameSlot slot;
    bool sync = false;
};

/// Encodes the pictures of one video rendition; a key frame at the start of each segment and nowhere else.
///
/// Where an encoder cannot be told where key frames go (libsvtav1), it is ended and begun anew at the cut. Each segment's
/// first packet is checked to be a key frame.
class VideoEncoder {
public:
    /// *Errors*: `unsupported_codec` (no such encoder linked), `invalid_argument` (the encoder refuses the settings).
    [[nodiscard]] static Result<std::unique_ptr<VideoEncoder>> open(const VideoEncoderSettings& settings);

    [[nodiscard]] const TrackFormat& format() const noexcept { return format_; }
    /// Takes a picture over. *Errors*: `internal`, `cancelled`.
    [[nodiscard]] Result<void> send(FramePtr picture, const FrameSlot& slot, const std::stop_token& stop);
    /// No more pictures: brings out what is still inside.
    [[nodiscard]] Result<void> finish(const std::stop_token& stop);
    /// The next finished picture, in decode order.
    [[nodiscard]] std::optional<EncodedPicture> take();

private:
    explicit VideoEncoder(VideoEncoderSettings settings) : settings_(std::move(settings)) {}
    [[nodiscard]] Result<void> start();
    [[nodiscard]] Result<void> drain(const std::stop_token& stop);
    [[nodiscard]] Result<void> accept(PacketPtr packet);
    [[nodiscard]] bool needs_new_encoder(const FrameSlot& slot) const noexcept;

    VideoEncoderSettings settings_;
    TrackFormat format_;
    CodecContextPtr context_;
    std::int64_t sent_to_this_encoder_ = 0;
    std::map<std::int64_t, FrameSlot> inside_;  // by pts
    std::deque<EncodedPicture> ready_;
    std::optional<std::int64_t> last_dts_;
};

}  // namespace streamforge::media::ffmpeg
