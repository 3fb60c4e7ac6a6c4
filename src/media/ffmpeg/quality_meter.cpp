#include "media/ffmpeg/quality_meter.hpp"

#include <cstring>
#include <string>

#include "core/try.hpp"
#include "media/ffmpeg/ffmpeg_error.hpp"

namespace streamforge::media::ffmpeg {
namespace {

constexpr const char* operation = "media.verify";
constexpr std::size_t packets_waiting = 8;

AVCodecID codec_id(Codec codec) noexcept {
    switch (codec) {
        case Codec::h264: return AV_CODEC_ID_H264;
        case Codec::hevc: return AV_CODEC_ID_HEVC;
        case Codec::av1: return AV_CODEC_ID_AV1;
        default: return AV_CODEC_ID_NONE;
    }
}

Error undecodable(std::string message, std::int64_t pts) {
    return make_error(Errc::internal, operation, std::move(message)).with("pts", std::to_string(pts));
}

}  // namespace

Result<std::unique_ptr<QualityMeter>> QualityMeter::open(const TrackFormat& format) {
    const AVCodec* codec = avcodec_find_decoder(codec_id(format.codec));
    if (codec == nullptr) {
        return make_error(Errc::unsupported_codec, operation, "no decoder to verify " + std::string(to_string(format.codec)));
    }
    CodecContextPtr decoder(avcodec_alloc_context3(codec));
    if (!decoder) return make_error(Errc::internal, operation, "out of memory");
    decoder->thread_count = 1;
    decoder->pkt_timebase = {1, static_cast<int>(format.timescale)};
    if (format.codec != Codec::av1) {  // whose temporal units repeat the sequence header
        const std::size_t size = format.codec_config.size();
        decoder->extradata = static_cast<std::uint8_t*>(av_mallocz(size + AV_INPUT_BUFFER_PADDING_SIZE));
        if (decoder->extradata == nullptr) return make_error(Errc::internal, operation, "out of memory");
        std::memcpy(decoder->extradata, format.codec_config.data(), size);
        decoder->extradata_size = static_cast<int>(size);
    }
    if (const int code = avcodec_open2(decoder.get(), codec, nullptr); code < 0) {
        return ffmpeg_error(code, operation, "cannot open the decoder that verifies the rendition");
    }
    return std::unique_ptr<QualityMeter>(new QualityMeter(std::move(decoder), format.video.bit_depth));
}

QualityMeter::QualityMeter(CodecContextPtr decoder, int bit_depth)
    : decoder_(std::move(decoder)), bit_depth_(bit_depth), packets_(packets_waiting), sum_(bit_depth) {}

void QualityMeter::expect(FramePtr picture, const FrameSlot& slot) {
    const std::lock_guard lock(mutex_);
    expected_.emplace(slot.pts, Expected{std::move(picture), slot});
}

std::optional<QualityMeter::Expected> QualityMeter::take_expected(std::int64_t pts) {
    const std::lock_guard lock(mutex_);
    const auto found = expected_.find(pts);
    if (found == expected_.end()) return std::nullopt;
    std::optional<Expected> result(std::move(found->second));
    expected_.erase(found);
    return result;
}

std::vector<std::pair<std::int64_t, QualityScore>> QualityMeter::take_scores() {
    const std::lock_guard lock(mutex_);
    return std::exchange(scores_, {});
}

bool QualityMeter::wait(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    return ended_changed_.wait(lock, stop, [&] { return ended_; });
}

Result<void> QualityMeter::run(const std::stop_token& stop) {
    while (const auto packet = packets_.pop(stop)) SF_TRY(decode(packet->get(), stop));
    if (stop.stop_requested()) return make_error(Errc::cancelled, operation, "stopped");
    SF_TRY(decode(nullptr, stop));
    finish_segment();
    {
        const std::lock_guard lock(mutex_);
        if (!expected_.empty()) return undecodable("an encoded picture did not come out of the decoder", expected_.begin()->first);
        ended_ = true;
    }
    ended_changed_.notify_all();
    return {};
}

Result<void> QualityMeter::decode(const AVPacket* packet, const std::stop_token& stop) {
    if (const int code = avcodec_send_packet(decoder_.get(), packet); code < 0 && code != AVERROR_EOF) {
        auto error = ffmpeg_error(code, operation, "what was encoded does not decode");
        error.code = Errc::internal;
        return error;
    }
    for (;;) {
        if (stop.stop_requested()) return make_error(Errc::cancelled, operation, "stopped");
        FramePtr decoded(av_frame_alloc());
        if (!decoded) return make_error(Errc::internal, operation, "out of memory");
        const int code = avcodec_receive_frame(decoder_.get(), decoded.get());
        if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return {};
        if (code < 0) {
            auto error = ffmpeg_error(code, operation, "what was encoded does not decode");
            error.code = Errc::internal;
            return error;
        }
        SF_TRY(compare(*decoded));
    }
}

Result<void> QualityMeter::compare(const AVFrame& decoded) {
    const auto expected = take_expected(decoded.pts);
    if (!expected) return undecodable("the decoder shows a picture that was never encoded", decoded.pts);
    const AVFrame& reference = *expected->picture;
    if (decoded.width != reference.width || decoded.height != reference.height || decoded.format != reference.format) {
        return undecodable("the decoder shows a picture of another size or format", decoded.pts);
    }
    if (sum_.frames() > 0 && expected->slot.segment != segment_) finish_segment();
    segment_ = expected->slot.segment;
    const AVPixFmtDescriptor* description = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(decoded.format));
    for (int plane = 0; plane < 3; ++plane) {
        PlanePair pair;
        pair.reference = reference.data[plane];
        pair.reference_stride = reference.linesize[plane];
        pair.other = decoded.data[plane];
        pair.other_stride = decoded.linesize[plane];
        pair.width = plane == 0 ? decoded.width : AV_CEIL_RSHIFT(decoded.width, description->log2_chroma_w);
        pair.height = plane == 0 ? decoded.height : AV_CEIL_RSHIFT(decoded.height, description->log2_chroma_h);
        pair.bit_depth = bit_depth_;
        const auto samples = static_cast<std::uint64_t>(pair.width) * static_cast<std::uint64_t>(pair.height);
        sum_.add(plane, compare_planes(pair), samples);
    }
    sum_.count_frame();
    return {};
}

void QualityMeter::finish_segment() {
    if (sum_.frames() == 0) return;
    {
        const std::lock_guard lock(mutex_);
        scores_.emplace_back(segment_, sum_.score());
    }
    sum_ = QualitySum(bit_depth_);
}

}  // namespace streamforge::media::ffmpeg
