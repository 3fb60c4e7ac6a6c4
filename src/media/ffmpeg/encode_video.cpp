#include "media/ffmpeg/encode_video.hpp"

#include <string>
#include <utility>

#include "core/try.hpp"
#include "media/ffmpeg/ffmpeg_error.hpp"
#include "media/ffmpeg/ffmpeg_log.hpp"
#include "media/ffmpeg/encode_check.hpp"

namespace streamforge::media::ffmpeg {
namespace {

constexpr const char* operation = "media.encode";

Error broken_promise(const char* what, const VideoEncoderSettings& settings, std::int64_t pts) {
    return make_error(Errc::internal, operation, what).with("rendition", settings.rendition.id).with("pts", std::to_string(pts));
}

TrackFormat make_format(const VideoEncoderSettings& settings, const AVCodecContext& context) {
    TrackFormat format;
    format.kind = TrackKind::video;
    format.codec = settings.rendition.codec;
    format.timescale = settings.timescale;
    format.nal_framing = NalFraming::annex_b;
    if (context.extradata_size > 0) {
        format.codec_config.assign(context.extradata, context.extradata + context.extradata_size);
    }
    format.video.width_px = settings.rendition.width_px;
    format.video.height_px = settings.rendition.height_px;
    format.video.frame_rate = settings.frame_rate;
    format.video.colour = settings.colour;
    format.video.bit_depth = settings.rendition.bit_depth;
    if (video_range(settings.colour) != VideoRange::sdr) {
        format.video.mastering_display = settings.mastering_display;
        format.video.content_light = settings.content_light;
    }
    return format;
}

}  // namespace

Result<std::unique_ptr<VideoEncoder>> VideoEncoder::open(const VideoEncoderSettings& settings) {
    std::unique_ptr<VideoEncoder> encoder(new VideoEncoder(settings));
    SF_TRY(encoder->start());
    encoder->format_ = make_format(settings, *encoder->context_);
    if (encoder->format_.codec_config.empty()) {
        return make_error(Errc::internal, operation, "the encoder gave no codec configuration").with("rendition", settings.rendition.id);
    }
    return encoder;
}

Result<void> VideoEncoder::start() {
    take_ffmpeg_log();
    const std::string name = encoder_name(settings_.rendition.codec);
    const AVCodec* codec = name.empty() ? nullptr : avcodec_find_encoder_by_name(name.c_str());
    if (codec == nullptr) {
        return make_error(Errc::unsupported_codec, operation, "no encoder for " + std::string(to_string(settings_.rendition.codec)))
            .with("rendition", settings_.rendition.id);
    }
    CodecContextPtr context(avcodec_alloc_context3(codec));
    if (!context) return make_error(Errc::internal, operation, "out of memory");
    set_encoder_fields(*context, settings_);
    Dictionary options = encoder_options(settings_);
    LogCapture log;
    if (const int code = avcodec_open2(context.get(), codec, options.address()); code < 0) {
        auto error = ffmpeg_error(code, operation, "the encoder refuses its settings");
        error.code = code == AVERROR(ENOMEM) ? Errc::internal : Errc::invalid_argument;
        error.remote_text = log.last_error();
        return std::move(error).with("rendition", settings_.rendition.id).with("encoder", name);
    }
    context_ = std::move(context);
    sent_to_this_encoder_ = 0;
    return {};
}

bool VideoEncoder::needs_new_encoder(const FrameSlot& slot) const noexcept {
    if (settings_.rendition.codec != Codec::av1 || !slot.starts_segment || sent_to_this_encoder_ == 0) return false;
    return settings_.frames_per_segment <= 0 || sent_to_this_encoder_ % settings_.frames_per_segment != 0;
}

Result<void> VideoEncoder::send(FramePtr picture, const FrameSlot& slot, const std::stop_token& stop) {
    if (needs_new_encoder(slot)) {
        SF_TRY(finish(stop));
        context_.reset();
        SF_TRY(start());
        const auto* begin = context_->extradata;
        if (format_.codec_config != Bytes(begin, begin + context_->extradata_size)) {
            return broken_promise("the codec configuration changed between segments", settings_, slot.pts);
        }
    }
    picture->pts = slot.pts;
    picture->pict_type = slot.starts_segment ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
    picture->quality = 0;
    compat::set_frame_duration(*picture, slot.duration);
    inside_.emplace(slot.pts, slot);
    for (;;) {
        const int code = avcodec_send_frame(context_.get(), picture.get());
        SF_TRY(drain(stop));
        if (code >= 0) break;
        if (code != AVERROR(EAGAIN)) return ffmpeg_error(code, operation, "the encoder refused a picture");
    }
    ++sent_to_this_encoder_;
    return {};
}

Result<void> VideoEncoder::finish(const std::stop_token& stop) {
    if (const int code = avcodec_send_frame(context_.get(), nullptr); code < 0 && code != AVERROR_EOF) {
        return ffmpeg_error(code, operation, "the encoder cannot be ended");
    }
    SF_TRY(drain(stop));
    if (!inside_.empty()) {
        return broken_promise("the encoder kept a picture for itself", settings_, inside_.begin()->first);
    }
    return {};
}

Result<void> VideoEncoder::drain(const std::stop_token& stop) {
    for (;;) {
        if (stop.stop_requested()) return make_error(Errc::cancelled, operation, "stopped");
        PacketPtr packet(av_packet_alloc());
        if (!packet) return make_error(Errc::internal, operation, "out of memory");
        const int code = avcodec_receive_packet(context_.get(), packet.get());
        if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return {};
        if (code < 0) return ffmpeg_error(code, operation, "the encoder failed");
        SF_TRY(accept(std::move(packet)));
    }
}

Result<void> VideoEncoder::accept(PacketPtr packet) {
    const auto slot = inside_.find(packet->pts);
    if (slot == inside_.end()) return broken_promise("the encoder made up a time", settings_, packet->pts);
    // Every AV1 temporal unit shows one picture, in order.
    if (settings_.rendition.codec == Codec::av1) packet->dts = packet->pts;
    if (packet->dts > packet->pts || (last_dts_ && packet->dts <= *last_dts_)) {
        return broken_promise("decode times are out of order", settings_, packet->pts);
    }
    last_dts_ = packet->dts;
    packet->duration = slot->second.duration;
    const bool sync = (packet->flags & AV_PKT_FLAG_KEY) != 0;
    if (slot->second.starts_segment &&
        (!sync || !begins_decodable(settings_.rendition.codec, {packet->data, static_cast<std::size_t>(packet->size)}))) {
        return broken_promise("a segment does not begin with a key frame", settings_, packet->pts);
    }
    ready_.push_back({std::move(packet), slot->second, sync});
    inside_.erase(slot);
    return {};
}

std::optional<EncodedPicture> VideoEncoder::take() {
    if (ready_.empty()) return std::nullopt;
    std::optional<EncodedPicture> picture(std::move(ready_.front()));
    ready_.pop_front();
    return picture;
}

}  // namespace streamforge::media::ffmpeg
