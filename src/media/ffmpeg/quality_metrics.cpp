#include "media/ffmpeg/quality_metrics.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#endif

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

/// Sums of the blocks from `first` on, of the four rows from `top` on.
template <class Sample>
void sum_blocks(const PlanePair& planes, int top, int first, int blocks, Sums out) {
    for (int i = first; i < blocks; ++i) {
        std::int32_t reference = 0, other = 0, squares = 0, product = 0;
        for (int row = top; row < top + block; ++row) {
            const auto* a = reinterpret_cast<const Sample*>(planes.reference + row * planes.reference_stride) + i * block;
            const auto* b = reinterpret_cast<const Sample*>(planes.other + row * planes.other_stride) + i * block;
            for (int x = 0; x < block; ++x) {
                const std::int32_t p = a[x], q = b[x];
                reference += p;
                other += q;
                squares += p * p + q * q;
                product += p * q;
            }
        }
        out.reference[i] = reference;
        out.other[i] = other;
        out.squares[i] = squares;
        out.product[i] = product;
    }
}

/// SSIM of the windows between two rows of blocks, added up.
[[gnu::always_inline]] inline float ssim_of_windows(Sums upper, Sums lower, int windows, float c1, float c2, float* scratch) {
    constexpr float pixels = 64.0F;
    for (int i = 0; i < windows; ++i) {
        const auto s1 = static_cast<float>(upper.reference[i] + upper.reference[i + 1] + lower.reference[i] + lower.reference[i + 1]);
        const auto s2 = static_cast<float>(upper.other[i] + upper.other[i + 1] + lower.other[i] + lower.other[i + 1]);
        const auto ss = static_cast<float>(upper.squares[i] + upper.squares[i + 1] + lower.squares[i] + lower.squares[i + 1]);
        const auto s12 = static_cast<float>(upper.product[i] + upper.product[i + 1] + lower.product[i] + lower.product[i + 1]);
        const float variances = ss * pixels - s1 * s1 - s2 * s2;
        const float covariance = s12 * pixels - s1 * s2;
        scratch[i] = (2.0F * s1 * s2 + c1) * (2.0F * covariance + c2) / ((s1 * s1 + s2 * s2 + c1) * (variances + c2));
    }
    float sum = 0.0F;
    for (int i = 0; i < windows; ++i) sum += scratch[i];
    return sum;
}

using SumBlocks = void (*)(const PlanePair&, int, int, Sums);
using SumWindows = float (*)(Sums, Sums, int, float, float, float*);

template <class Sample>
void sum_blocks_plain(const PlanePair& planes, int top, int blocks, Sums out) {
    sum_blocks<Sample>(planes, top, 0, blocks, out);
}
float sum_windows_plain(Sums u, Sums l, int n, float c1, float c2, float* s) { return ssim_of_windows(u, l, n, c1, c2, s); }

#if defined(__x86_64__) && defined(__GNUC__)

[[gnu::target("avx2"), gnu::always_inline]] inline __m256i load_16(const std::uint8_t* from) {
    return _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)));
}
[[gnu::target("avx2"), gnu::always_inline]] inline __m256i load_16(const std::uint16_t* from) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
}

/// Sums of pairs of samples, 16 samples wide and four rows high.
struct PairSums {
    __m256i reference, other, squares, product;
};

template <class Sample>
[[gnu::target("avx2"), gnu::always_inline]] inline PairSums sum_pairs(const PlanePair& planes, int top, int x) {
    const __m256i ones = _mm256_set1_epi16(1);
    PairSums sums{_mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256()};
    for (int row = top; row < top + block; ++row) {
        const __m256i a = load_16(reinterpret_cast<const Sample*>(planes.reference + row * planes.reference_stride) + x);
        const __m256i b = load_16(reinterpret_cast<const Sample*>(planes.other + row * planes.other_stride) + x);
        sums.reference = _mm256_add_epi32(sums.reference, _mm256_madd_epi16(a, ones));
        sums.other = _mm256_add_epi32(sums.other, _mm256_madd_epi16(b, ones));
        sums.squares = _mm256_add_epi32(sums.squares, _mm256_add_epi32(_mm256_madd_epi16(a, a), _mm256_madd_epi16(b, b)));
        sums.product = _mm256_add_epi32(sums.product, _mm256_madd_epi16(a, b));
    }
    return sums;
}

/// Adds neighbouring pairs of two runs to eight block sums.
[[gnu::target("avx2"), gnu::always_inline]] inline void store_blocks(__m256i left, __m256i right, std::int32_t* to) {
    constexpr int in_order = 0b11011000;  // the addition works in halves: 0, 2, 1, 3
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), _mm256_permute4x64_epi64(_mm256_hadd_epi32(left, right), in_order));
}

template <class Sample>
[[gnu::target("avx2")]] void sum_blocks_avx2(const PlanePair& planes, int top, int blocks, Sums out) {
    constexpr int at_once = 8;
    int i = 0;
    for (; i + at_once <= blocks; i += at_once) {
        const PairSums left = sum_pairs<Sample>(planes, top, i * block);
        const PairSums right = sum_pairs<Sample>(planes, top, i * block + 16);
        store_blocks(left.reference, right.reference, out.reference + i);
        store_blocks(left.other, right.other, out.other + i);
        store_blocks(left.squares, right.squares, out.squares + i);
        store_blocks(left.product, right.product, out.product + i);
    }
    sum_blocks<Sample>(planes, top, i, blocks, out);
}
[[gnu::target("avx2")]] float sum_windows_avx2(Sums u, Sums l, int n, float c1, float c2, float* s) {
    return ssim_of_windows(u, l, n, c1, c2, s);
}
bool has_avx2() { return __builtin_cpu_supports("avx2") != 0; }

#endif

SumBlocks pick_sum_blocks(bool wide) {
#if defined(__x86_64__) && defined(__GNUC__)
    if (has_avx2()) return wide ? sum_blocks_avx2<std::uint16_t> : sum_blocks_avx2<std::uint8_t>;
#endif
    return wide ? sum_blocks_plain<std::uint16_t> : sum_blocks_plain<std::uint8_t>;
}

SumWindows pick_sum_windows() {
#if defined(__x86_64__) && defined(__GNUC__)
    if (has_avx2()) return sum_windows_avx2;
#endif
    return sum_windows_plain;
}

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

    BlockRow upper(static_cast<std::size_t>(blocks));
    BlockRow lower(static_cast<std::size_t>(blocks));
    std::vector<float> scratch(static_cast<std::size_t>(blocks));
    const double peak = (1 << planes.bit_depth) - 1;
    const auto c1 = static_cast<float>(std::floor(0.01 * 0.01 * peak * peak * 64 + 0.5));
    const auto c2 = static_cast<float>(std::floor(0.03 * 0.03 * peak * peak * 64 * 63 + 0.5));
    double ssim = 0.0;
    for (int row = 0; row < rows; ++row) {
        std::swap(upper, lower);
        sum(planes, row * block, blocks, view(lower));
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

double QualitySum::ssim(int plane) const noexcept { return frames_ == 0 ? 0.0 : planes_[plane].ssim / static_cast<double>(frames_); }

double QualitySum::psnr(int plane) const noexcept {
    constexpr double identical = 100.0;
    const Plane& sums = planes_[plane];
    if (sums.samples == 0.0) return 0.0;
    if (sums.squared_error == 0.0) return identical;
    const double peak = (1 << bit_depth_) - 1;
    return std::min(identical, 10.0 * std::log10(peak * peak * sums.samples / sums.squared_error));
}

QualityScore QualitySum::score() const noexcept { return {ssim(0), ssim(1), ssim(2), psnr(0), psnr(1), psnr(2), frames_}; }

}  // namespace streamforge::media::ffmpeg
