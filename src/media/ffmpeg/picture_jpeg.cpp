#include "media/ffmpeg/picture_jpeg.hpp"

#include <algorithm>
#include <cmath>

#include "media/ffmpeg/ffmpeg_error.hpp"
#include "media/ffmpeg/scale_picture.hpp"

namespace streamforge::media::ffmpeg {
namespace {

constexpr const char* operation = "media.jpeg";

}  // namespace

int jpeg_quantiser(int quality) noexcept {
    // libjpeg scales its tables by 50/q below 50 and by 2 − q/50 above; ten steps of FFmpeg's scale weigh about as much
    // as libjpeg's tables unscaled.
    const double q = std::clamp(quality, 1, 100);
    const double scale = q < 50.0 ? 50.0 / q : 2.0 - q / 50.0;
    return std::clamp(static_cast<int>(std::lround(10.0 * scale)), 1, 31);
}

Result<Bytes> encode_jpeg(const AVFrame& picture, int quality) {
    const AVCodec* codec = avcodec_find_encoder(AV_CODEC_ID_MJPEG);
    if (codec == nullptr) return make_error(Errc::unsupported_codec, operation, "no encoder for mjpeg");
    const CodecContextPtr context(avcodec_alloc_context3(codec));
    FramePtr frame = share_picture(picture);
    const PacketPtr packet(av_packet_alloc());
    if (!context || !frame || !packet) return make_error(Errc::internal, operation, "out of memory");
    context->width = picture.width;
    context->height = picture.height;
    context->pix_fmt = AV_PIX_FMT_YUV420P;
    context->color_range = AVCOL_RANGE_JPEG;
    context->colorspace = AVCOL_SPC_BT470BG;
    context->time_base = {1, 25};
    context->thread_count = 1;
    context->flags |= AV_CODEC_FLAG_QSCALE | AV_CODEC_FLAG_BITEXACT;
    context->global_quality = jpeg_quantiser(quality) * FF_QP2LAMBDA;
    context->qmin = 1;
    int code = avcodec_open2(context.get(), codec, nullptr);
    if (code < 0) return ffmpeg_error(code, operation, "the encoder refuses its settings");
    frame->pts = 0;
    frame->quality = context->global_quality;
    frame->pict_type = AV_PICTURE_TYPE_NONE;
    code = avcodec_send_frame(context.get(), frame.get());
    if (code >= 0) code = avcodec_receive_packet(context.get(), packet.get());
    if (code < 0) return ffmpeg_error(code, operation, "the encoder failed");
    return Bytes(packet->data, packet->data + packet->size);
}

}  // namespace streamforge::media::ffmpeg
