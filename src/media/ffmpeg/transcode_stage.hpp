#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include <streamforge/core/result.hpp>

#include "media/ffmpeg/encode_video.hpp"
#include "media/ffmpeg/picture_maker.hpp"
#include "media/ffmpeg/quality_meter.hpp"
#include "media/ffmpeg/scale_picture.hpp"
#include "media/ffmpeg/scale_tone_map.hpp"
#include "media/ffmpeg/scale_tree.hpp"
#include "media/ffmpeg/timeline_frames.hpp"
#include "media/ffmpeg/transcode_queue.hpp"
#include "media/ffmpeg/transcode_session.hpp"

namespace streamforge::media::ffmpeg {

/// A picture on its way from the decoder to the encoders.
struct PlacedPicture {
    FramePtr picture;
    FrameSlot slot;
};

/// What the decoder learns of the source and encoders need; written before the first picture is handed on.
struct SourceFacts {
    Rational frame_rate{0, 1};  ///< The plan's, or a fair estimate.
    std::optional<MasteringDisplay> mastering_display;
    std::optional<ContentLight> content_light;
};

/// One node of the scaling tree at work, in a thread of its own: takes pictures, brings them to its shape, hands them to
/// the stages below and encodes them.
class VideoStage {
public:
    VideoStage(Session& session, const StagePlan& plan, const ColourInfo& incoming, const SourceFacts& facts);

    [[nodiscard]] BoundedQueue<PlacedPicture>& input() noexcept { return input_; }
    [[nodiscard]] const std::string& name() const noexcept { return plan_.name; }
    void add_child(VideoStage& child) { children_.push_back(&child); }
    void add_tap(const PictureTap& tap) { taps_.push_back(tap); }
    /// Works until the input ends. *Errors*: the sink's, the encoder's, `cancelled`.
    [[nodiscard]] Result<void> run();
    [[nodiscard]] bool measures_quality() const noexcept;
    /// Verifies what `run` encodes, in another thread. *Errors*: `internal` (it does not decode), `cancelled`.
    [[nodiscard]] Result<void> run_quality();

private:
    [[nodiscard]] Result<void> process(PlacedPicture item);
    [[nodiscard]] Result<FramePtr> shaped(const PlacedPicture& item);
    [[nodiscard]] Result<void> hand_down(const AVFrame& picture, const FrameSlot& slot);
    [[nodiscard]] Result<void> encode(FramePtr picture, const FrameSlot& slot);
    [[nodiscard]] Result<void> open_encoder();
    [[nodiscard]] Result<void> deliver();
    void report_quality();
    [[nodiscard]] Result<void> finish();

    Session& session_;
    StagePlan plan_;
    const SourceFacts& facts_;
    BoundedQueue<PlacedPicture> input_;
    std::vector<VideoStage*> children_;
    std::vector<PictureTap> taps_;
    PictureScaler scaler_;
    std::optional<ToneMapper> tone_mapper_;
    FramePtr last_shaped_;  // for repeats of the same picture
    std::unique_ptr<VideoEncoder> encoder_;
    std::unique_ptr<QualityMeter> meter_;
    BoundedQueue<QualityMeter*> meter_ready_{1};  // tells the other thread that `meter_` is there
    TrackRef track_;
    std::size_t progress_track_ = 0;
    std::int64_t end_ticks_ = 0;
};

}  // namespace streamforge::media::ffmpeg
