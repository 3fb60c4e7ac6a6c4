#include "media/ffmpeg/transcode_stage.hpp"

#include <algorithm>
#include <utility>

#include "core/try.hpp"

namespace streamforge::media::ffmpeg {
namespace {

constexpr std::size_t pictures_waiting = 4;

/// What the scaler makes: for tone mapping, the HDR picture at its final size.
PictureShape scaled_shape(const StagePlan& plan, const ColourInfo& incoming) {
    if (!plan.tone_map) return plan.shape;
    PictureShape shape = plan.shape;
    shape.format = AV_PIX_FMT_YUV420P10;
    shape.colour = incoming;
    shape.colour.full_range = false;
    return shape;
}

}  // namespace

VideoStage::VideoStage(Session& session, const StagePlan& plan, const ColourInfo& incoming, const SourceFacts& facts)
    : session_(session), plan_(plan), facts_(facts), input_(pictures_waiting), scaler_(scaled_shape(plan, incoming), incoming) {
    if (plan_.rendition) {
        track_ = {TrackKind::video, *plan_.rendition};
        progress_track_ = session_.add_progress_track(session_.plan().video_source->timescale);
    }
}

Result<void> VideoStage::run() {
    while (auto item = input_.pop(session_.stop())) SF_TRY(process(*std::move(item)));
    if (session_.stopped()) return Session::stopped_error();
    return finish();
}

Result<void> VideoStage::process(PlacedPicture item) {
    SF_ASSIGN(FramePtr picture, shaped(item));
    SF_TRY(hand_down(*picture, item.slot));
    if (!plan_.rendition) return {};
    return encode(std::move(picture), item.slot);
}

Result<FramePtr> VideoStage::shaped(const PlacedPicture& item) {
    if (!item.slot.repeat || !last_shaped_) {
        SF_ASSIGN(last_shaped_, scaler_.run(*item.picture));
        if (plan_.tone_map) {
            if (!tone_mapper_) {
                const double peak = tone_map_peak_nits(facts_.mastering_display, facts_.content_light);
                tone_mapper_.emplace(scaler_.target().colour, peak, plan_.shape.format == AV_PIX_FMT_YUV420P ? 8 : 10);
            }
            SF_ASSIGN(last_shaped_, tone_mapper_->run(*last_shaped_));
        }
    }
    FramePtr picture = share_picture(*last_shaped_);
    if (!picture) return make_error(Errc::internal, "media.scale", "out of memory");
    return picture;
}

Result<void> VideoStage::hand_down(const AVFrame& picture, const FrameSlot& slot) {
    for (VideoStage* child : children_) {
        FramePtr copy = share_picture(picture);
        if (!copy) return make_error(Errc::internal, "media.scale", "out of memory");
        if (!child->input().push({std::move(copy), slot}, session_.stop())) return Session::stopped_error();
    }
    const std::int64_t timescale = session_.plan().video_source->timescale;
    for (PictureTap& tap : taps_) {
        if (!tap.see(picture, {slot.pts, timescale}, {slot.pts + slot.duration, timescale})) return Session::stopped_error();
    }
    return {};
}

Result<void> VideoStage::open_encoder() {
    const EncodePlan& plan = session_.plan();
    VideoEncoderSettings settings;
    settings.rendition = plan.video[*plan_.rendition];
    settings.timescale = plan.video_source->timescale;
    settings.frame_rate = facts_.frame_rate;
    settings.colour = plan_.shape.colour;
    settings.mastering_display = facts_.mastering_display;
    settings.content_light = facts_.content_light;
    if (plan.video_source->frame_rate.is_positive()) {
        const Rational rate = plan.video_source->frame_rate.reduced();
        settings.frames_per_segment = mul_div(plan.cuts.period.ticks, rate.num, rate.den * plan.cuts.period.timescale, Rounding::nearest);
    }
    SF_ASSIGN(encoder_, VideoEncoder::open(settings));
    if (measures_quality()) {
        SF_ASSIGN(meter_, QualityMeter::open(encoder_->format()));
        if (!meter_ready_.push(meter_.get(), session_.stop())) return Session::stopped_error();
    }
    return session_.sink().on_track(track_, encoder_->format());
}

Result<void> VideoStage::encode(FramePtr picture, const FrameSlot& slot) {
    if (!encoder_) SF_TRY(open_encoder());
    if (meter_) {
        FramePtr copy = share_picture(*picture);
        if (!copy) return make_error(Errc::internal, "media.verify", "out of memory");
        meter_->expect(std::move(copy), slot);
    }
    SF_TRY(encoder_->send(std::move(picture), slot, session_.stop()));
    return deliver();
}

Result<void> VideoStage::deliver() {
    while (auto encoded = encoder_->take()) {
        if (session_.stopped()) return Session::stopped_error();
        const AVPacket& packet = *encoded->packet;
        EncodedSample sample;
        sample.dts = packet.dts;
        sample.pts = packet.pts;
        sample.duration = packet.duration;
        sample.sync = encoded->sync;
        sample.data.assign(packet.data, packet.data + packet.size);
        end_ticks_ = std::max(end_ticks_, packet.pts + packet.duration);
        SF_TRY(session_.sink().on_sample(track_, std::move(sample)));
        session_.advance(progress_track_, end_ticks_);
        if (meter_ && !meter_->push(std::move(encoded->packet), session_.stop())) return Session::stopped_error();
    }
    report_quality();
    return {};
}

bool VideoStage::measures_quality() const noexcept { return plan_.rendition && session_.plan().measure_quality; }

Result<void> VideoStage::run_quality() {
    const auto meter = meter_ready_.pop(session_.stop());
    return meter ? (*meter)->run(session_.stop()) : Result<void>{};
}

void VideoStage::report_quality() {
    if (!meter_) return;
    for (const auto& [segment, score] : meter_->take_scores()) session_.sink().on_quality(track_, segment, score);
}

Result<void> VideoStage::finish() {
    for (VideoStage* child : children_) child->input().close();
    for (PictureTap& tap : taps_) {
        if (!tap.close()) return Session::stopped_error();
    }
    last_shaped_.reset();
    if (!encoder_) {
        meter_ready_.close();
        return {};
    }
    SF_TRY(encoder_->finish(session_.stop()));
    SF_TRY(deliver());
    if (meter_) {
        meter_->close();
        if (!meter_->wait(session_.stop())) return Session::stopped_error();
        report_quality();
    }
    session_.track_ends(TrackKind::video, {end_ticks_, session_.plan().video_source->timescale});
    return session_.sink().on_track_end(track_);
}

}  // namespace streamforge::media::ffmpeg
