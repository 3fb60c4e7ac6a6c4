#include "media/ffmpeg/luma_picture.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace streamforge::media::ffmpeg {
namespace {

/// How to find a sample of the first component.
struct SampleLayout {
    int plane = 0;
    int offset = 0;
    int step = 1;
    int shift = 0;  ///< Right shift that leaves 8 bits of a 16-bit word.
    bool words = false;
};

std::optional<SampleLayout> layout_of(AVPixelFormat format) noexcept {
    const AVPixFmtDescriptor* description = av_pix_fmt_desc_get(format);
    if (description == nullptr || description->nb_components == 0) return std::nullopt;
    constexpr std::uint64_t unreadable =
        AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_FLOAT | AV_PIX_FMT_FLAG_BAYER;
    if ((description->flags & unreadable) != 0) return std::nullopt;
    const bool big_endian = (description->flags & AV_PIX_FMT_FLAG_BE) != 0;
    const AVComponentDescriptor& luma = description->comp[0];
    if (luma.depth < 8 || luma.depth > 16) return std::nullopt;
    const bool words = luma.depth > 8;
    if (words && big_endian != (std::endian::native == std::endian::big)) return std::nullopt;
    return SampleLayout{luma.plane, luma.offset, luma.step, luma.shift + luma.depth - 8, words};
}

int sample(const std::uint8_t* at, const SampleLayout& layout) noexcept {
    if (!layout.words) return *at;
    std::uint16_t word = 0;
    std::memcpy(&word, at, sizeof word);
    return (word >> layout.shift) & 0xFF;
}

}  // namespace

std::optional<LumaPicture> luma_of(const AVFrame& frame) {
    const auto layout = layout_of(static_cast<AVPixelFormat>(frame.format));
    if (!layout || frame.width <= 0 || frame.height <= 0 || frame.data[layout->plane] == nullptr) return std::nullopt;
    constexpr int wide = 1400;
    constexpr int medium = 600;
    const int group = frame.width >= wide ? 4 : frame.width >= medium ? 2 : 1;

    LumaPicture picture;
    picture.width = static_cast<std::size_t>(frame.width / group);
    picture.height = static_cast<std::size_t>(frame.height);
    picture.samples.resize(picture.width * picture.height);
    auto out = picture.samples.begin();
    for (int y = 0; y < frame.height; ++y) {
        const std::uint8_t* at =
            frame.data[layout->plane] + static_cast<std::ptrdiff_t>(y) * frame.linesize[layout->plane] + layout->offset;
        for (std::size_t x = 0; x < picture.width; ++x) {
            int sum = 0;
            for (int i = 0; i < group; ++i, at += layout->step) sum += sample(at, *layout);
            *out++ = static_cast<std::uint8_t>(sum / group);
        }
    }
    return picture;
}

}  // namespace streamforge::media::ffmpeg
