#include "media/ffmpeg/scale_tone_map.hpp"

#include <algorithm>
#include <cmath>

#include "core/try.hpp"
#include "media/ffmpeg/scale_picture.hpp"
#include "media/ffmpeg/scale_tone_curve.hpp"

namespace streamforge::media::ffmpeg {
namespace {

struct Matrix {
    double kr, kb;
};

Matrix matrix_of(std::uint16_t code_point) noexcept {
    switch (code_point) {
        case AVCOL_SPC_BT709: return {0.2126, 0.0722};
        case AVCOL_SPC_BT470BG:
        case AVCOL_SPC_SMPTE170M: return {0.299, 0.114};
        default: return {0.2627, 0.0593};
    }
}

Rgb to_rgb_code(double y, double cb, double cr, Matrix matrix) noexcept {
    const double kg = 1.0 - matrix.kr - matrix.kb;
    const double r = y + 2.0 * (1.0 - matrix.kr) * cr;
    const double b = y + 2.0 * (1.0 - matrix.kb) * cb;
    const double g = (y - matrix.kr * r - matrix.kb * b) / kg;
    return {std::clamp(r, 0.0, 1.0), std::clamp(g, 0.0, 1.0), std::clamp(b, 0.0, 1.0)};
}

ToneTable make_table(const ColourInfo& colour, double peak_nits) {
    const bool hlg = video_range(colour) == VideoRange::hlg;
    const bool bt709_primaries = colour.primaries == AVCOL_PRI_BT709;
    const Matrix from = matrix_of(colour.matrix);
    const Matrix to = matrix_of(AVCOL_SPC_BT709);
    return ToneTable([=](int y, int u, int v) {
        const Rgb code = to_rgb_code((y - 64) / 876.0, (u - 512) / 896.0, (v - 512) / 896.0, from);
        const Rgb nits = hlg ? hlg_to_nits(code) : Rgb{pq_to_nits(code[0]), pq_to_nits(code[1]), pq_to_nits(code[2])};
        const Rgb sdr = hdr_light_to_sdr_code(nits, peak_nits, bt709_primaries);
        const double luma = to.kr * sdr[0] + (1.0 - to.kr - to.kb) * sdr[1] + to.kb * sdr[2];
        return ToneTable::Point{16.0 + 219.0 * luma, 128.0 + 224.0 * (sdr[2] - luma) / (2.0 * (1.0 - to.kb)),
                                128.0 + 224.0 * (sdr[0] - luma) / (2.0 * (1.0 - to.kr))};
    });
}

/// Ordered dither, in 1/16 of a code: keeps smooth HDR gradients smooth in 8 bit.
constexpr std::int32_t dither_pattern[4][4] = {{0, 8, 2, 10}, {12, 4, 14, 6}, {3, 11, 1, 9}, {15, 7, 13, 5}};
constexpr std::int32_t no_dither[4] = {8, 8, 8, 8};

const std::uint16_t* row16(const AVFrame& frame, int plane, int row) noexcept {
    return reinterpret_cast<const std::uint16_t*>(frame.data[plane] + static_cast<std::ptrdiff_t>(row) * frame.linesize[plane]);
}

template <class Out>
void write_row(const std::vector<std::uint16_t>& values, Out* to, int count, int bit_depth, const std::int32_t* dither) noexcept {
    const int shift = 16 - bit_depth;
    const std::int32_t most = (1 << bit_depth) - 1;
    for (int x = 0; x < count; ++x) {
        const std::int32_t value = (values[static_cast<std::size_t>(x)] + (dither[x & 3] << (shift - 4))) >> shift;
        to[x] = static_cast<Out>(std::min(value, most));
    }
}

/// Chroma at every pixel: HDR chroma lies on the upper row of each pair and on the even columns; in between it is the mean.
void spread_chroma(const std::uint16_t* row, const std::uint16_t* next, int columns, std::vector<std::uint16_t>& to) noexcept {
    const auto mean = [&](int x) { return (row[x] + next[x] + 1) / 2; };
    int here = mean(0);
    for (int x = 0; x < columns; ++x) {
        const int right = x + 1 < columns ? mean(x + 1) : here;
        to[static_cast<std::size_t>(2 * x)] = static_cast<std::uint16_t>(here);
        to[static_cast<std::size_t>(2 * x) + 1] = static_cast<std::uint16_t>((here + right + 1) / 2);
        here = right;
    }
}

}  // namespace

double tone_map_peak_nits(const std::optional<MasteringDisplay>& display, const std::optional<ContentLight>& light) noexcept {
    constexpr double usual = 1000.0, least = 400.0, most = 4000.0;
    double peak = usual;
    if (light && light->max_cll > 0) {
        peak = light->max_cll;
    } else if (display && display->max_luminance > 0) {
        peak = display->max_luminance / 10000.0;
    }
    return std::clamp(peak, least, most);
}

ToneMapper::ToneMapper(const ColourInfo& colour, double peak_nits, int out_bit_depth)
    : out_bit_depth_(out_bit_depth), table_(make_table(colour, peak_nits)) {}

void ToneMapper::write(const std::vector<std::uint16_t>& values, AVFrame& out, int plane, int row, int count,
                       const std::int32_t* dither) const {
    std::uint8_t* to = out.data[plane] + static_cast<std::ptrdiff_t>(row) * out.linesize[plane];
    if (out_bit_depth_ > 8) {
        write_row(values, reinterpret_cast<std::uint16_t*>(to), count, out_bit_depth_, dither);
    } else {
        write_row(values, to, count, out_bit_depth_, dither);
    }
}

void ToneMapper::map_luma_row(const AVFrame& in, AVFrame& out, int row, Lines& lines) const {
    const int columns = (in.width + 1) / 2;
    const int here = row / 2;
    const int next = std::min(here + (row & 1), (in.height + 1) / 2 - 1);
    spread_chroma(row16(in, 1, here), row16(in, 1, next), columns, lines.u);
    spread_chroma(row16(in, 2, here), row16(in, 2, next), columns, lines.v);
    table_.luma({row16(in, 0, row), lines.u.data(), lines.v.data(), in.width}, lines.first.data());
    write(lines.first, out, 0, row, in.width, dither_pattern[row & 3]);
}

void ToneMapper::map_chroma_row(const AVFrame& in, AVFrame& out, int row, Lines& lines) const {
    const int columns = (in.width + 1) / 2;
    const int next = std::min(row + 1, (in.height + 1) / 2 - 1);
    const std::uint16_t* upper = row16(in, 0, 2 * row);
    const std::uint16_t* lower = row16(in, 0, std::min(2 * row + 1, in.height - 1));
    for (int x = 0; x < columns; ++x) {
        const auto at = static_cast<std::size_t>(x);
        // SDR chroma lies between the two rows: a quarter of the way to the next HDR chroma.
        lines.u[at] = static_cast<std::uint16_t>((3 * row16(in, 1, row)[x] + row16(in, 1, next)[x] + 2) / 4);
        lines.v[at] = static_cast<std::uint16_t>((3 * row16(in, 2, row)[x] + row16(in, 2, next)[x] + 2) / 4);
        lines.y[at] = static_cast<std::uint16_t>((upper[2 * x] + lower[2 * x] + 1) / 2);
    }
    table_.chroma({lines.y.data(), lines.u.data(), lines.v.data(), columns}, lines.first.data(), lines.second.data());
    write(lines.first, out, 1, row, columns, no_dither);
    write(lines.second, out, 2, row, columns, no_dither);
}

Result<FramePtr> ToneMapper::run(const AVFrame& picture) {
    if (picture.format != AV_PIX_FMT_YUV420P10) {
        return make_error(Errc::internal, "media.tone_map", "the picture is not 10-bit 4:2:0");
    }
    const AVPixelFormat format = out_bit_depth_ > 8 ? AV_PIX_FMT_YUV420P10 : AV_PIX_FMT_YUV420P;
    SF_ASSIGN(FramePtr result, pooled_picture(pool_, format, picture.width, picture.height));
    Lines lines(picture.width);
    for (int row = 0; row < picture.height; ++row) map_luma_row(picture, *result, row, lines);
    for (int row = 0; row < (picture.height + 1) / 2; ++row) map_chroma_row(picture, *result, row, lines);
    constexpr std::uint16_t bt709 = 1;
    tag_colour(*result, {bt709, bt709, bt709, false});
    return result;
}

}  // namespace streamforge::media::ffmpeg
