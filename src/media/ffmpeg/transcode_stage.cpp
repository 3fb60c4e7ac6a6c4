#include "media/ffmpeg/transcode_stage.hpp"

#include <algorithm>
#include <utility>

#include "core/try.hpp"

namespace streamforge::media::ffmpeg {
namespace {

constexpr std::size_t pictures_waiting = 4;

}  // namespace

VideoStage::VideoStage(Session& session, const StagePlan& plan, const ColourInfo& incoming, const SourceFacts& facts)
    : session_(session), plan_(plan), facts_(facts), input_(pictures_waiting), scaler_(plan.shape, incoming) {
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
        settings.frames_per_segment =
            mul_div(plan.cuts.period.ticks, rate.num, rate.den * plan.cuts.period.timescale, Rounding::nearest);
    }
    SF_ASSIGN(encoder_, VideoEncoder::open(settings));
    return session_.sink().on_track(track_, encoder_->format());
}

Result<void> VideoStage::encode(FramePtr picture, const FrameSlot& slot) {
    if (!encoder_) SF_TRY(open_encoder());
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
    }
    return {};
}

Result<void> VideoStage::finish() {
    for (VideoStage* child : children_) child->input().close();
    last_shaped_.reset();
    if (!encoder_) return {};
    SF_TRY(encoder_->finish(session_.stop()));
    SF_TRY(deliver());
    session_.track_ends(TrackKind::video, {end_ticks_, session_.plan().video_source->timescale});
    return session_.sink().on_track_end(track_);
}

}  // namespace streamforge::media::ffmpeg
