#include "media/ffmpeg/scale_picture.hpp"

#include "core/try.hpp"
#include "media/ffmpeg/ffmpeg_error.hpp"

namespace streamforge::media::ffmpeg {
namespace {

constexpr const char* operation = "media.scale";
constexpr int alignment = 64;

bool is_rgb(int format) noexcept {
    const AVPixFmtDescriptor* description = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(format));
    return description != nullptr && (description->flags & AV_PIX_FMT_FLAG_RGB) != 0;
}

/// libswscale's coefficients for a matrix code point.
const int* coefficients(int matrix) noexcept {
    switch (matrix) {
        case AVCOL_SPC_BT709: return sws_getCoefficients(SWS_CS_ITU709);
        case AVCOL_SPC_FCC: return sws_getCoefficients(SWS_CS_FCC);
        case AVCOL_SPC_SMPTE240M: return sws_getCoefficients(SWS_CS_SMPTE240M);
        case AVCOL_SPC_BT2020_NCL:
        case AVCOL_SPC_BT2020_CL: return sws_getCoefficients(SWS_CS_BT2020);
        default: return sws_getCoefficients(SWS_CS_ITU601);
    }
}

/// Where chroma samples lie, in 1/256 of a luma sample; libswscale's default would be the middle.
struct ChromaPosition {
    int horizontal = -513;
    int vertical = -513;
};

ChromaPosition chroma_position(AVPixelFormat format, int location) noexcept {
    const AVPixFmtDescriptor* description = av_pix_fmt_desc_get(format);
    if (description == nullptr || description->log2_chroma_w != 1) return {};
    if (description->log2_chroma_h != 1) return {0, -513};
    switch (location) {
        case AVCHROMA_LOC_CENTER: return {128, 128};
        case AVCHROMA_LOC_TOPLEFT: return {0, 0};
        case AVCHROMA_LOC_TOP: return {128, 0};
        default: return {0, 128};
    }
}

}  // namespace

FramePtr share_picture(const AVFrame& picture) {
    FramePtr copy(av_frame_clone(&picture));
    if (copy) {
        while (copy->nb_side_data > 0) av_frame_remove_side_data(copy.get(), copy->side_data[0]->type);
    }
    return copy;
}

void tag_colour(AVFrame& picture, const ColourInfo& colour) noexcept {
    picture.color_primaries = static_cast<AVColorPrimaries>(colour.primaries);
    picture.color_trc = static_cast<AVColorTransferCharacteristic>(colour.transfer);
    picture.colorspace = static_cast<AVColorSpace>(colour.matrix);
    picture.color_range = colour.full_range ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
    picture.chroma_location = chroma_location(colour);
}

AVChromaLocation chroma_location(const ColourInfo& colour) noexcept {
    return video_range(colour) == VideoRange::sdr ? AVCHROMA_LOC_LEFT : AVCHROMA_LOC_TOPLEFT;
}

Result<FramePtr> pooled_picture(BufferPoolPtr& pool, AVPixelFormat format, int width_px, int height_px) {
    const int bytes = av_image_get_buffer_size(format, width_px, height_px, alignment);
    if (bytes < 0) return ffmpeg_error(bytes, operation, "this picture size cannot be held");
    if (!pool) pool.reset(av_buffer_pool_init(static_cast<std::size_t>(bytes) + alignment * 4, nullptr));
    FramePtr frame(av_frame_alloc());
    if (!pool || !frame) return make_error(Errc::internal, operation, "out of memory");
    frame->buf[0] = av_buffer_pool_get(pool.get());
    if (frame->buf[0] == nullptr) return make_error(Errc::internal, operation, "out of memory");
    frame->format = format;
    frame->width = width_px;
    frame->height = height_px;
    const int code = av_image_fill_arrays(frame->data, frame->linesize, frame->buf[0]->data, format, width_px, height_px, alignment);
    if (code < 0) return ffmpeg_error(code, operation, "this picture size cannot be held");
    frame->sample_aspect_ratio = {1, 1};
    return frame;
}

PictureScaler::Source PictureScaler::describe(const AVFrame& picture) const noexcept {
    Source source;
    source.width = picture.width;
    source.height = picture.height;
    source.format = picture.format;
    source.chroma = picture.chroma_location;
    if (source.chroma == AVCHROMA_LOC_UNSPECIFIED) source.chroma = chroma_location(target_.colour);
    source.matrix = picture.colorspace;
    if (picture.colorspace == AVCOL_SPC_UNSPECIFIED || picture.colorspace == AVCOL_SPC_RGB) source.matrix = assumed_.matrix;
    switch (picture.format) {
        case AV_PIX_FMT_YUVJ420P:
        case AV_PIX_FMT_YUVJ422P:
        case AV_PIX_FMT_YUVJ444P:
        case AV_PIX_FMT_YUVJ440P:
        case AV_PIX_FMT_YUVJ411P: source.full_range = true; break;
        default:
            source.full_range = picture.color_range == AVCOL_RANGE_JPEG ||
                                (picture.color_range == AVCOL_RANGE_UNSPECIFIED && assumed_.full_range) || is_rgb(picture.format);
    }
    return source;
}

bool PictureScaler::is_target(const Source& source, const AVFrame& picture) const noexcept {
    // Bottom-up pictures (negative line sizes) are laid out anew: not every encoder takes them.
    return source.width == target_.width_px && source.height == target_.height_px && source.format == target_.format &&
           source.chroma == chroma_location(target_.colour) && source.matrix == target_.colour.matrix &&
           source.full_range == target_.colour.full_range && picture.linesize[0] > 0 && picture.linesize[1] >= 0 &&
           picture.linesize[2] >= 0;
}

Result<void> PictureScaler::configure(const Source& source) {
    context_.reset(sws_alloc_context());
    if (!context_) return make_error(Errc::internal, operation, "out of memory");
    SwsContext* context = context_.get();
    const auto format = static_cast<AVPixelFormat>(source.format);
    const ChromaPosition from = chroma_position(format, source.chroma);
    const ChromaPosition to = chroma_position(target_.format, chroma_location(target_.colour));
    struct {
        const char* name;
        std::int64_t value;
    } const options[] = {
        {"srcw", source.width},
        {"srch", source.height},
        {"src_format", source.format},
        {"src_range", source.full_range ? 1 : 0},
        {"dstw", target_.width_px},
        {"dsth", target_.height_px},
        {"dst_format", target_.format},
        {"dst_range", target_.colour.full_range ? 1 : 0},
        {"src_h_chr_pos", from.horizontal},
        {"src_v_chr_pos", from.vertical},
        {"dst_h_chr_pos", to.horizontal},
        {"dst_v_chr_pos", to.vertical},
        {"sws_flags", SWS_BICUBIC | (is_rgb(source.format) ? SWS_FULL_CHR_H_INP | SWS_ACCURATE_RND : 0)},
    };
    for (const auto& option : options) {
        if (const int code = av_opt_set_int(context, option.name, option.value, 0); code < 0) {
            return ffmpeg_error(code, operation, "cannot set up the scaler").with("option", option.name);
        }
    }
    // The details come before and after: the first call decides which inner contexts are made.
    const auto set_details = [&] {
        constexpr int unity = 1 << 16;
        sws_setColorspaceDetails(context, coefficients(source.matrix), source.full_range ? 1 : 0, coefficients(target_.colour.matrix),
                                 target_.colour.full_range ? 1 : 0, 0, unity, unity);
    };
    set_details();
    // Without scaling libswscale would copy planes and leave chroma where it is; a filter that does nothing prevents that.
    double nothing[3] = {0.0, 1.0, 0.0};
    SwsVector vector{nothing, 3};
    SwsFilter filter{&vector, nullptr, nullptr, nullptr};
    const bool moves_chroma = source.chroma != chroma_location(target_.colour);
    if (const int code = sws_init_context(context, moves_chroma ? &filter : nullptr, nullptr); code < 0) {
        const char* name = av_get_pix_fmt_name(format);
        return ffmpeg_error(code, operation, "pictures of this kind cannot be scaled")
            .with("pixel_format", name != nullptr ? name : "unknown");
    }
    set_details();
    source_ = source;
    return {};
}

Result<FramePtr> PictureScaler::run(const AVFrame& picture) {
    if (picture.format == AV_PIX_FMT_PAL8 && target_.format != AV_PIX_FMT_RGB24) {
        // libswscale would turn a palette into BT.601, whatever is asked.
        const PictureShape plain{
            picture.width, picture.height, AV_PIX_FMT_RGB24, {assumed_.primaries, assumed_.transfer, AVCOL_SPC_RGB, true}};
        if (!palette_ || palette_->target() != plain) palette_ = std::make_unique<PictureScaler>(plain, plain.colour);
        SF_ASSIGN(const FramePtr expanded, palette_->run(picture));
        return run(*expanded);
    }
    const Source source = describe(picture);
    FramePtr result;
    if (is_target(source, picture)) {
        result = share_picture(picture);
        if (!result) return make_error(Errc::internal, operation, "out of memory");
    } else {
        if (source_ != source) SF_TRY(configure(source));
        SF_ASSIGN(result, pooled_picture(pool_, target_.format, target_.width_px, target_.height_px));
        const int code = sws_scale(context_.get(), picture.data, picture.linesize, 0, picture.height, result->data, result->linesize);
        if (code < 0) return ffmpeg_error(code, operation, "a picture cannot be scaled");
    }
    result->sample_aspect_ratio = {1, 1};
    tag_colour(*result, target_.colour);
    return result;
}

}  // namespace streamforge::media::ffmpeg
