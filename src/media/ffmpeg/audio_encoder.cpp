#include "media/ffmpeg/audio_encoder.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/try.hpp"
#include "media/ffmpeg/ffmpeg_error.hpp"
#include "media/ffmpeg/ffmpeg_log.hpp"

namespace streamforge::media::ffmpeg {
namespace {

constexpr const char* operation = "media.encode";

}  // namespace

Result<std::unique_ptr<AudioEncoder>> AudioEncoder::open(const AudioRendition& rendition) {
    const AVCodec* codec = rendition.codec == Codec::aac ? avcodec_find_encoder(AV_CODEC_ID_AAC) : nullptr;
    if (codec == nullptr) {
        return make_error(Errc::unsupported_codec, operation, "no encoder for " + std::string(to_string(rendition.codec)))
            .with("rendition", rendition.id);
    }
    take_ffmpeg_log();
    std::unique_ptr<AudioEncoder> encoder(new AudioEncoder);
    encoder->context_.reset(avcodec_alloc_context3(codec));
    AVCodecContext* context = encoder->context_.get();
    if (context == nullptr) return make_error(Errc::internal, operation, "out of memory");
    const int rate = static_cast<int>(rendition.sample_rate_hz);
    context->sample_fmt = AV_SAMPLE_FMT_FLTP;
    context->sample_rate = rate;
    context->time_base = {1, rate};
    context->bit_rate = static_cast<std::int64_t>(rendition.bitrate_bps);
    context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    context->thread_count = 1;
    const ChannelLayout layout = ChannelLayout::usual(static_cast<int>(rendition.channels));
    if (av_channel_layout_copy(&context->ch_layout, layout.get()) < 0) {
        return make_error(Errc::internal, operation, "out of memory");
    }
    Dictionary options;
    options.set("profile", "aac_low");
    LogCapture log;
    if (const int code = avcodec_open2(context, codec, options.address()); code < 0) {
        auto error = ffmpeg_error(code, operation, "the encoder refuses its settings");
        error.code = code == AVERROR(ENOMEM) ? Errc::internal : Errc::invalid_argument;
        error.remote_text = log.last_error();
        return std::move(error).with("rendition", rendition.id);
    }
    TrackFormat& format = encoder->format_;
    format.kind = TrackKind::audio;
    format.codec = rendition.codec;
    format.timescale = rate;
    if (context->extradata_size > 0) {
        format.codec_config.assign(context->extradata, context->extradata + context->extradata_size);
    }
    format.audio.sample_rate_hz = rendition.sample_rate_hz;
    format.audio.channels = rendition.channels;
    format.audio.priming_samples = static_cast<std::uint32_t>(std::max(context->initial_padding, 0));
    format.language = rendition.language;
    return encoder;
}

Result<void> AudioEncoder::send(const Planes& sound, std::size_t offset, int samples) {
    FramePtr frame(av_frame_alloc());
    if (!frame) return make_error(Errc::internal, operation, "out of memory");
    frame->format = AV_SAMPLE_FMT_FLTP;
    frame->sample_rate = context_->sample_rate;
    frame->nb_samples = samples;
    frame->pts = fed_;
    if (av_channel_layout_copy(&frame->ch_layout, &context_->ch_layout) < 0 || av_frame_get_buffer(frame.get(), 0) < 0) {
        return make_error(Errc::internal, operation, "out of memory");
    }
    for (std::size_t channel = 0; channel < sound.size(); ++channel) {
        std::memcpy(frame->extended_data[channel], sound[channel].data() + offset, static_cast<std::size_t>(samples) * sizeof(float));
    }
    if (const int code = avcodec_send_frame(context_.get(), frame.get()); code < 0) {
        return ffmpeg_error(code, operation, "the encoder refused sound");
    }
    fed_ += samples;
    return drain(false);
}

Result<void> AudioEncoder::encode(Planes& sound) {
    if (sound.empty()) return {};
    const auto frame = static_cast<std::size_t>(context_->frame_size);
    std::size_t done = 0;
    for (; sound.front().size() - done >= frame; done += frame) SF_TRY(send(sound, done, context_->frame_size));
    if (done > 0) {
        for (auto& plane : sound) plane.erase(plane.begin(), plane.begin() + static_cast<std::ptrdiff_t>(done));
    }
    return {};
}

Result<void> AudioEncoder::finish(Planes& sound) {
    SF_TRY(encode(sound));
    if (!sound.empty() && !sound.front().empty()) SF_TRY(send(sound, 0, static_cast<int>(sound.front().size())));
    sound.clear();
    if (const int code = avcodec_send_frame(context_.get(), nullptr); code < 0 && code != AVERROR_EOF) {
        return ffmpeg_error(code, operation, "the encoder cannot be ended");
    }
    SF_TRY(drain(true));
    const std::int64_t total = fed_ == 0 ? 0 : fed_ + format_.audio.priming_samples;
    if (out_ != total) return make_error(Errc::internal, operation, "the encoder lost sound");
    return {};
}

Result<void> AudioEncoder::drain(bool at_end) {
    for (;;) {
        PacketPtr packet(av_packet_alloc());
        if (!packet) return make_error(Errc::internal, operation, "out of memory");
        const int code = avcodec_receive_packet(context_.get(), packet.get());
        if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return {};
        if (code < 0) return ffmpeg_error(code, operation, "the encoder failed");
        // Every packet is one whole frame; only the last one stands for less.
        std::int64_t duration = context_->frame_size;
        if (at_end) duration = std::min<std::int64_t>(duration, fed_ + format_.audio.priming_samples - out_);
        if (duration <= 0) continue;
        EncodedSample sample;
        sample.pts = out_;
        sample.dts = out_;
        sample.duration = duration;
        sample.sync = true;
        sample.data.assign(packet->data, packet->data + packet->size);
        out_ += duration;
        ready_.push_back(std::move(sample));
    }
}

std::optional<EncodedSample> AudioEncoder::take() {
    if (ready_.empty()) return std::nullopt;
    std::optional<EncodedSample> sample(std::move(ready_.front()));
    ready_.pop_front();
    return sample;
}

}  // namespace streamforge::media::ffmpeg
