#include "media/ffmpeg/scale_tone_map.hpp"

#include <algorithm>
#include <cmath>

#include "core/try.hpp"
#include "media/ffmpeg/scale_picture.hpp"
#include "media/ffmpeg/scale_tone_curve.hpp"

namespace streamforge::media::ffmpeg {
namespace {

// Grid points lie every 16 luma and every 32 chroma codes of 10 bit; the last ones stand for 1024.
constexpr int luma_points = 65;
constexpr int chroma_points = 33;
constexpr int luma_step_log2 = 4;
constexpr int chroma_step_log2 = 5;
constexpr int cell_size = 32;  // steps inside a cell, on every axis
constexpr std::uint32_t u_stride = luma_points;
constexpr std::uint32_t v_stride = luma_points * chroma_points;
// Table values carry 5 more bits than 10-bit code values.
constexpr int value_bits = 15;
// Interpolation adds 5 bits: a result has 20.
constexpr int result_bits = value_bits + 5;

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

/// Y′CbCr of a limited-range code, as a table value.
std::int16_t to_table(double code_of_8_bit) noexcept {
    const double scaled = code_of_8_bit * (1 << (value_bits - 8));
    return static_cast<std::int16_t>(std::lround(std::clamp(scaled, 0.0, 32767.0)));
}

template <class Out>
Out round_to(std::int32_t value, int bit_depth, std::int32_t dither) noexcept {
    const int shift = result_bits - bit_depth;
    const std::int32_t most = (1 << bit_depth) - 1;
    return static_cast<Out>(std::clamp((value + (dither << (shift - 4))) >> shift, 0, most));
}

/// Ordered dither, in 1/16 of a code: keeps smooth HDR gradients smooth in 8 bit.
constexpr std::int32_t dither_pattern[4][4] = {{0, 8, 2, 10}, {12, 4, 14, 6}, {3, 11, 1, 9}, {15, 7, 13, 5}};

const std::uint16_t* row16(const AVFrame& frame, int plane, int row) noexcept {
    return reinterpret_cast<const std::uint16_t*>(frame.data[plane] + static_cast<std::ptrdiff_t>(row) * frame.linesize[plane]);
}

template <class Out>
Out* out_row(AVFrame& frame, int plane, int row) noexcept {
    return reinterpret_cast<Out*>(frame.data[plane] + static_cast<std::ptrdiff_t>(row) * frame.linesize[plane]);
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

ToneMapper::ToneMapper(const ColourInfo& colour, double peak_nits, int out_bit_depth) : out_bit_depth_(out_bit_depth) {
    const std::size_t size = std::size_t{v_stride} * chroma_points;
    luma_.resize(size);
    cb_.resize(size);
    cr_.resize(size);
    const bool hlg = video_range(colour) == VideoRange::hlg;
    const bool bt709_primaries = colour.primaries == AVCOL_PRI_BT709;
    const Matrix from = matrix_of(colour.matrix);
    const Matrix to = matrix_of(AVCOL_SPC_BT709);
    std::size_t at = 0;
    for (int v = 0; v < chroma_points; ++v) {
        for (int u = 0; u < chroma_points; ++u) {
            for (int y = 0; y < luma_points; ++y, ++at) {
                const double luma = ((y << luma_step_log2) - 64) / 876.0;
                const double blue = ((u << chroma_step_log2) - 512) / 896.0;
                const double red = ((v << chroma_step_log2) - 512) / 896.0;
                const Rgb code = to_rgb_code(luma, blue, red, from);
                const Rgb nits = hlg ? hlg_to_nits(code) : Rgb{pq_to_nits(code[0]), pq_to_nits(code[1]), pq_to_nits(code[2])};
                const Rgb sdr = hdr_light_to_sdr_code(nits, peak_nits, bt709_primaries);
                const double sdr_luma = to.kr * sdr[0] + (1.0 - to.kr - to.kb) * sdr[1] + to.kb * sdr[2];
                luma_[at] = to_table(16.0 + 219.0 * sdr_luma);
                cb_[at] = to_table(128.0 + 224.0 * (sdr[2] - sdr_luma) / (2.0 * (1.0 - to.kb)));
                cr_[at] = to_table(128.0 + 224.0 * (sdr[0] - sdr_luma) / (2.0 * (1.0 - to.kr)));
            }
        }
    }
}

ToneMapper::Cell ToneMapper::locate(int y, int u, int v) noexcept {
    y = std::clamp(y, 0, 1023);
    u = std::clamp(u, 0, 1023);
    v = std::clamp(v, 0, 1023);
    Cell cell;
    cell.corner = static_cast<std::uint32_t>(y >> luma_step_log2) + static_cast<std::uint32_t>(u >> chroma_step_log2) * u_stride +
                  static_cast<std::uint32_t>(v >> chroma_step_log2) * v_stride;
    cell.y = (y & ((1 << luma_step_log2) - 1)) << (5 - luma_step_log2);
    cell.u = u & (cell_size - 1);
    cell.v = v & (cell_size - 1);
    return cell;
}

/// Walks from the cell's near corner to its far one along its axes, the largest distance first.
std::int32_t ToneMapper::interpolate(const std::vector<std::int16_t>& table, const Cell& cell) noexcept {
    std::uint32_t first = 1, second = u_stride, third = v_stride;
    std::int32_t a = cell.y, b = cell.u, c = cell.v;
    const auto order = [](std::int32_t& large, std::int32_t& small, std::uint32_t& large_step, std::uint32_t& small_step) {
        const bool swap = large < small;
        const std::int32_t more = swap ? small : large, less = swap ? large : small;
        const std::uint32_t more_step = swap ? small_step : large_step, less_step = swap ? large_step : small_step;
        large = more;
        small = less;
        large_step = more_step;
        small_step = less_step;
    };
    order(a, b, first, second);
    order(a, c, first, third);
    order(b, c, second, third);
    const std::int16_t* corner = table.data() + cell.corner;
    return corner[0] * (cell_size - a) + corner[first] * (a - b) + corner[first + second] * (b - c) +
           corner[first + second + third] * c;
}

template <class Out>
void ToneMapper::map_rows(const AVFrame& in, AVFrame& out, int first_row, int last_row) const {
    const int width = in.width;
    for (int row = first_row; row < last_row; row += 2) {
        const int lower = std::min(row + 1, in.height - 1);
        const std::uint16_t* luma_in[2] = {row16(in, 0, row), row16(in, 0, lower)};
        const std::uint16_t* u_in = row16(in, 1, row / 2);
        const std::uint16_t* v_in = row16(in, 2, row / 2);
        const int last_chroma = (width + 1) / 2 - 1;
        for (int line = 0; line <= lower - row; ++line) {
            Out* target = out_row<Out>(out, 0, row + line);
            const std::int32_t* dither = dither_pattern[(row + line) & 3];
            for (int x = 0; x < width; ++x) {
                // Chroma lies on the even columns; between them it is the mean.
                const int left = x / 2;
                const int right = std::min(left + (x & 1), last_chroma);
                const Cell cell = locate(luma_in[line][x], (u_in[left] + u_in[right] + 1) / 2, (v_in[left] + v_in[right] + 1) / 2);
                target[x] = round_to<Out>(interpolate(luma_, cell), out_bit_depth_, dither[x & 3]);
            }
        }
        Out* u_out = out_row<Out>(out, 1, row / 2);
        Out* v_out = out_row<Out>(out, 2, row / 2);
        constexpr std::int32_t half = 8;
        for (int x = 0; x <= last_chroma; ++x) {
            const int luma = (luma_in[0][2 * x] + luma_in[1][2 * x] + 1) / 2;
            const Cell cell = locate(luma, u_in[x], v_in[x]);
            u_out[x] = round_to<Out>(interpolate(cb_, cell), out_bit_depth_, half);
            v_out[x] = round_to<Out>(interpolate(cr_, cell), out_bit_depth_, half);
        }
    }
}

Result<FramePtr> ToneMapper::run(const AVFrame& picture) {
    if (picture.format != AV_PIX_FMT_YUV420P10) {
        return make_error(Errc::internal, "media.tone_map", "the picture is not 10-bit 4:2:0");
    }
    const AVPixelFormat format = out_bit_depth_ > 8 ? AV_PIX_FMT_YUV420P10 : AV_PIX_FMT_YUV420P;
    SF_ASSIGN(FramePtr result, pooled_picture(pool_, format, picture.width, picture.height));
    if (out_bit_depth_ > 8) {
        map_rows<std::uint16_t>(picture, *result, 0, picture.height);
    } else {
        map_rows<std::uint8_t>(picture, *result, 0, picture.height);
    }
    constexpr std::uint16_t bt709 = 1;
    tag_colour(*result, {bt709, bt709, bt709, false});
    return result;
}

}  // namespace streamforge::media::ffmpeg
