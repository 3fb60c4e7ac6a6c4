#include "media/ffmpeg/quality_metrics.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace streamforge::media::ffmpeg {
namespace {

constexpr int block = 4;  // windows are 2×2 blocks

/// Sums over one row of blocks, one entry a block: of either picture, of both squares, of the product.
struct BlockRow {
    std::vector<std::int32_t> reference, other, squares, product;

    explicit BlockRow(std::size_t blocks) : reference(blocks), other(blocks), squares(blocks), product(blocks) {}
};

struct Sums {
    std::int32_t* reference;
    std::int32_t* other;
    std::int32_t* squares;
    std::int32_t* product;
};

// The inner loops are written once, and compiled twice where a newer instruction set pays: plain code that the compiler
// turns into vector code by itself.

template <class Sample>
[[gnu::always_inline]] inline void sum_columns(const PlanePair& planes, int top, int width, Sums columns) {
    for (int row = 0; row < block; ++row) {
        const auto* a = reinterpret_cast<const Sample*>(planes.reference + (top + row) * planes.reference_stride);
        const auto* b = reinterpret_cast<const Sample*>(planes.other + (top + row) * planes.other_stride);
        if (row == 0) {
            for (int x = 0; x < width; ++x) {
                const std::int32_t p = a[x], q = b[x];
                columns.reference[x] = p;
                columns.other[x] = q;
                columns.squares[x] = p * p + q * q;
                columns.product[x] = p * q;
            }
        } else {
            for (int x = 0; x < width; ++x) {
                const std::int32_t p = a[x], q = b[x];
                columns.reference[x] += p;
                columns.other[x] += q;
                columns.squares[x] += p * p + q * q;
                columns.product[x] += p * q;
            }
        }
    }
}

[[gnu::always_inline]] inline void add_fours(const std::int32_t* from, std::int32_t* to, int blocks) {
    for (int i = 0; i < blocks; ++i) to[i] = from[4 * i] + from[4 * i + 1] + from[4 * i + 2] + from[4 * i + 3];
}

template <class Sample>
[[gnu::always_inline]] inline void sum_blocks(const PlanePair& planes, int top, int blocks, Sums columns, Sums out) {
    sum_columns<Sample>(planes, top, blocks * block, columns);
    add_fours(columns.reference, out.reference, blocks);
    add_fours(columns.other, out.other, blocks);
    add_fours(columns.squares, out.squares, blocks);
    add_fours(columns.product, out.product, blocks);
}

/// SSIM of the windows between two rows of blocks, added up.
[[gnu::always_inline]] inline float ssim_of_windows(Sums upper, Sums lower, int windows, float c1, float c2, float* scratch) {
    constexpr float pixels = 64.0F;
    for (int i = 0; i < windows; ++i) {
        const auto window = [i](const std::int32_t* a, const std::int32_t* b) {
            return static_cast<float>(a[i] + a[i + 1] + b[i] + b[i + 1]);
        };
        const float s1 = window(upper.reference, lower.reference);
        const float s2 = window(upper.other, lower.other);
        const float ss = window(upper.squares, lower.squares);
        const float s12 = window(upper.product, lower.product);
        const float variances = ss * pixels - s1 * s1 - s2 * s2;
        const float covariance = s12 * pixels - s1 * s2;
        scratch[i] = (2.0F * s1 * s2 + c1) * (2.0F * covariance + c2) / ((s1 * s1 + s2 * s2 + c1) * (variances + c2));
    }
    float sum = 0.0F;
    for (int i = 0; i < windows; ++i) sum += scratch[i];
    return sum;
}

using SumBlocks = void (*)(const PlanePair&, int, int, Sums, Sums);
using SumWindows = float (*)(Sums, Sums, int, float, float, float*);

void sum_blocks_8(const PlanePair& p, int top, int n, Sums c, Sums o) { sum_blocks<std::uint8_t>(p, top, n, c, o); }
void sum_blocks_16(const PlanePair& p, int top, int n, Sums c, Sums o) { sum_blocks<std::uint16_t>(p, top, n, c, o); }
float sum_windows(Sums u, Sums l, int n, float c1, float c2, float* s) { return ssim_of_windows(u, l, n, c1, c2, s); }

#if defined(__x86_64__) && defined(__GNUC__)
[[gnu::target("avx2,fma")]] void sum_blocks_8_avx2(const PlanePair& p, int top, int n, Sums c, Sums o) {
    sum_blocks<std::uint8_t>(p, top, n, c, o);
}
[[gnu::target("avx2,fma")]] void sum_blocks_16_avx2(const PlanePair& p, int top, int n, Sums c, Sums o) {
    sum_blocks<std::uint16_t>(p, top, n, c, o);
}
[[gnu::target("avx2")]] float sum_windows_avx2(Sums u, Sums l, int n, float c1, float c2, float* s) {
    return ssim_of_windows(u, l, n, c1, c2, s);
}
bool has_avx2() { return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0; }
SumBlocks pick_sum_blocks(bool wide) {
    if (has_avx2()) return wide ? sum_blocks_16_avx2 : sum_blocks_8_avx2;
    return wide ? sum_blocks_16 : sum_blocks_8;
}
SumWindows pick_sum_windows() { return has_avx2() ? sum_windows_avx2 : sum_windows; }
#else
SumBlocks pick_sum_blocks(bool wide) { return wide ? sum_blocks_16 : sum_blocks_8; }
SumWindows pick_sum_windows() { return sum_windows; }
#endif

/// Squared errors of the pixels right of and below the last whole block.
template <class Sample>
std::uint64_t squared_error_of_rest(const PlanePair& planes) {
    const int whole_width = planes.width / block * block;
    const int whole_height = planes.height / block * block;
    std::uint64_t sum = 0;
    for (int y = 0; y < planes.height; ++y) {
        const auto* a = reinterpret_cast<const Sample*>(planes.reference + y * planes.reference_stride);
        const auto* b = reinterpret_cast<const Sample*>(planes.other + y * planes.other_stride);
        for (int x = y < whole_height ? whole_width : 0; x < planes.width; ++x) {
            const std::int64_t difference = std::int64_t{a[x]} - b[x];
            sum += static_cast<std::uint64_t>(difference * difference);
        }
    }
    return sum;
}

std::uint64_t squared_error_of(const BlockRow& row) {
    std::int64_t squares = 0;
    std::int64_t products = 0;
    for (std::size_t i = 0; i < row.squares.size(); ++i) {
        squares += row.squares[i];
        products += row.product[i];
    }
    return static_cast<std::uint64_t>(squares - 2 * products);
}

Sums view(BlockRow& row) { return {row.reference.data(), row.other.data(), row.squares.data(), row.product.data()}; }

}  // namespace

PlaneDifference compare_planes(const PlanePair& planes) {
    const bool wide = planes.bit_depth > 8;
    const int blocks = planes.width / block;
    const int rows = planes.height / block;
    PlaneDifference result;
    result.squared_error = wide ? squared_error_of_rest<std::uint16_t>(planes) : squared_error_of_rest<std::uint8_t>(planes);
    const SumBlocks sum = pick_sum_blocks(wide);
    const SumWindows windows = pick_sum_windows();

    BlockRow columns(static_cast<std::size_t>(blocks) * block);
    BlockRow upper(static_cast<std::size_t>(blocks));
    BlockRow lower(static_cast<std::size_t>(blocks));
    std::vector<float> scratch(static_cast<std::size_t>(blocks));
    const double peak = (1 << planes.bit_depth) - 1;
    const auto c1 = static_cast<float>(std::floor(0.01 * 0.01 * peak * peak * 64 + 0.5));
    const auto c2 = static_cast<float>(std::floor(0.03 * 0.03 * peak * peak * 64 * 63 + 0.5));
    double ssim = 0.0;
    for (int row = 0; row < rows; ++row) {
        std::swap(upper, lower);
        sum(planes, row * block, blocks, view(columns), view(lower));
        result.squared_error += squared_error_of(lower);
        if (row > 0 && blocks > 1) {
            ssim += static_cast<double>(windows(view(upper), view(lower), blocks - 1, c1, c2, scratch.data()));
        }
    }
    if (blocks > 1 && rows > 1) {
        result.ssim = ssim / (static_cast<double>(blocks - 1) * (rows - 1));
    } else {
        result.ssim = result.squared_error == 0 ? 1.0 : 0.0;
    }
    return result;
}

void QualitySum::add(int plane, const PlaneDifference& difference, std::uint64_t samples) noexcept {
    planes_[plane].ssim += difference.ssim;
    planes_[plane].squared_error += static_cast<double>(difference.squared_error);
    planes_[plane].samples += static_cast<double>(samples);
}

double QualitySum::ssim(int plane) const noexcept {
    return frames_ == 0 ? 0.0 : planes_[plane].ssim / static_cast<double>(frames_);
}

double QualitySum::psnr(int plane) const noexcept {
    constexpr double identical = 100.0;
    const Plane& sums = planes_[plane];
    if (sums.samples == 0.0) return 0.0;
    if (sums.squared_error == 0.0) return identical;
    const double peak = (1 << bit_depth_) - 1;
    return std::min(identical, 10.0 * std::log10(peak * peak * sums.samples / sums.squared_error));
}

QualityScore QualitySum::score() const noexcept {
    return {ssim(0), ssim(1), ssim(2), psnr(0), psnr(1), psnr(2), frames_};
}

}  // namespace streamforge::media::ffmpeg
