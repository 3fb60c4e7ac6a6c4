#include "media/ffmpeg/stream_decoder.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <thread>

#include "media/ffmpeg/ffmpeg_error.hpp"
#include "media/ffmpeg/ffmpeg_log.hpp"
#include "media/ffmpeg/stream_facts.hpp"

namespace streamforge::media::ffmpeg {
namespace {

constexpr const char* operation = "media.decode";

Error limit_error(const char* limit, std::string message) {
    return make_error(Errc::limit_exceeded, operation, std::move(message)).with("limit", limit);
}

Result<void> check_parameters(const AVCodecParameters& parameters, const InputPolicy& policy) {
    if (parameters.codec_type == AVMEDIA_TYPE_VIDEO && parameters.width > 0 && parameters.height > 0) {
        const auto pixels = static_cast<std::uint64_t>(parameters.width) * static_cast<std::uint64_t>(parameters.height);
        if (pixels > policy.max_pixels) return limit_error("max_pixels", "the picture has too many pixels");
    }
    if (parameters.codec_type == AVMEDIA_TYPE_AUDIO) {
        if (parameters.sample_rate > 0 && static_cast<std::uint32_t>(parameters.sample_rate) > policy.max_sample_rate_hz) {
            return limit_error("max_sample_rate_hz", "the sound's sample rate is too high");
        }
        if (parameters.ch_layout.nb_channels > 0 && static_cast<std::uint32_t>(parameters.ch_layout.nb_channels) > policy.max_channels) {
            return limit_error("max_channels", "the sound has too many channels");
        }
    }
    return {};
}

}  // namespace

int decoder_thread_count(const InputPolicy& policy) noexcept {
    constexpr int most = 16;
    if (policy.decoder_threads > 0) return policy.decoder_threads;
    return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, most);
}

Result<CodecContextPtr> open_stream_decoder(const AVStream& stream, const InputPolicy& policy, const StreamDecoderOptions& options) {
    take_ffmpeg_log();
    const AVCodecParameters& parameters = *stream.codecpar;
    const AVCodec* codec = avcodec_find_decoder(parameters.codec_id);
    if (codec == nullptr) {
        return make_error(Errc::unsupported_codec, operation, "no decoder for " + codec_name(parameters))
            .with("stream", std::to_string(stream.index));
    }
    if (auto checked = check_parameters(parameters, policy); !checked) return std::move(checked).error();

    CodecContextPtr decoder(avcodec_alloc_context3(codec));
    if (!decoder) return make_error(Errc::internal, operation, "out of memory");
    if (const int code = avcodec_parameters_to_context(decoder.get(), &parameters); code < 0) {
        return ffmpeg_error(code, operation, "cannot take the stream's parameters");
    }
    decoder->pkt_timebase = stream.time_base;
    decoder->max_pixels = static_cast<std::int64_t>(policy.max_pixels);
    // One packet never needs more: a second of every channel at the highest rate.
    decoder->max_samples = static_cast<std::int64_t>(policy.max_sample_rate_hz) * policy.max_channels;
    decoder->thread_count = options.threads > 0 ? options.threads : decoder_thread_count(policy);
    decoder->thread_type = options.low_delay ? FF_THREAD_SLICE : FF_THREAD_FRAME | FF_THREAD_SLICE;
    decoder->apply_cropping = options.apply_cropping ? 1 : 0;

    LogCapture log;
    if (const int code = avcodec_open2(decoder.get(), codec, nullptr); code < 0) {
        auto error = ffmpeg_error(code, operation, std::string("cannot open the decoder ") + codec->name);
        error.remote_text = log.last_error();
        return std::move(error).with("stream", std::to_string(stream.index));
    }
    return decoder;
}

}  // namespace streamforge::media::ffmpeg
