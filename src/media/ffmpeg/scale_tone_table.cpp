#include "media/ffmpeg/scale_tone_table.hpp"

#include <algorithm>
#include <cmath>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define STREAMFORGE_TONE_AVX2 1
#endif

namespace streamforge::media::ffmpeg {
namespace {

// Grid points lie every 16 luma and every 32 chroma codes; the last ones stand for 1024.
constexpr int luma_points = 65;
constexpr int chroma_points = 33;
constexpr int luma_step_log2 = 4;
constexpr int chroma_step_log2 = 5;
constexpr int fraction_mask = 31;  // distances inside a cell count in 1/32, on every axis
constexpr std::uint32_t y_stride = 1;
constexpr std::uint32_t u_stride = luma_points;
constexpr std::uint32_t v_stride = luma_points * chroma_points;
// Table values have 15 bits, so that they multiply as signed 16-bit numbers; interpolation adds 5, of which 4 go again.
constexpr int value_bits = 15;
constexpr int result_shift = 4;
constexpr int largest_code = 1023;

std::uint32_t to_value(double code_of_8_bit) noexcept {
    const double scaled = code_of_8_bit * (1 << (value_bits - 8));
    return static_cast<std::uint32_t>(std::lround(std::clamp(scaled, 0.0, 32767.0)));
}

/// Where a colour lies: the corners of its tetrahedron, and how much each counts (in 1/32).
struct Place {
    std::uint32_t corners[4];
    std::int32_t weights[4];
};

/// From the cell's near corner to its far one along its axes, the axis with the largest distance first.
Place locate(int y, int u, int v) noexcept {
    y = std::min(y, largest_code);
    u = std::min(u, largest_code);
    v = std::min(v, largest_code);
    // Distance above, stride below: one comparison orders both.
    std::uint32_t a = static_cast<std::uint32_t>((y << 1) & fraction_mask) << 16 | y_stride;
    std::uint32_t b = static_cast<std::uint32_t>(u & fraction_mask) << 16 | u_stride;
    std::uint32_t c = static_cast<std::uint32_t>(v & fraction_mask) << 16 | v_stride;
    if (a < b) std::swap(a, b);
    if (a < c) std::swap(a, c);
    if (b < c) std::swap(b, c);
    Place place{};
    place.corners[0] = static_cast<std::uint32_t>(y >> luma_step_log2) + static_cast<std::uint32_t>(u >> chroma_step_log2) * u_stride +
                       static_cast<std::uint32_t>(v >> chroma_step_log2) * v_stride;
    place.corners[1] = place.corners[0] + (a & 0xFFFFU);
    place.corners[2] = place.corners[1] + (b & 0xFFFFU);
    place.corners[3] = place.corners[2] + (c & 0xFFFFU);
    const auto first = static_cast<std::int32_t>(a >> 16), second = static_cast<std::int32_t>(b >> 16),
               third = static_cast<std::int32_t>(c >> 16);
    place.weights[0] = 32 - first;
    place.weights[1] = first - second;
    place.weights[2] = second - third;
    place.weights[3] = third;
    return place;
}

void luma_plain(const std::uint16_t* table, const YuvLine& line, int from, std::uint16_t* out) noexcept {
    for (int x = from; x < line.pixels; ++x) {
        const Place place = locate(line.y[x], line.u[x], line.v[x]);
        std::int32_t sum = 0;
        for (int i = 0; i < 4; ++i) sum += table[place.corners[i]] * place.weights[i];
        out[x] = static_cast<std::uint16_t>(sum >> result_shift);
    }
}

void chroma_plain(const std::uint32_t* table, const YuvLine& line, int from, std::uint16_t* cb, std::uint16_t* cr) noexcept {
    for (int x = from; x < line.pixels; ++x) {
        const Place place = locate(line.y[x], line.u[x], line.v[x]);
        std::int32_t blue = 0, red = 0;
        for (int i = 0; i < 4; ++i) {
            const std::uint32_t both = table[place.corners[i]];
            blue += static_cast<std::int32_t>(both & 0xFFFFU) * place.weights[i];
            red += static_cast<std::int32_t>(both >> 16) * place.weights[i];
        }
        cb[x] = static_cast<std::uint16_t>(blue >> result_shift);
        cr[x] = static_cast<std::uint16_t>(red >> result_shift);
    }
}

#ifdef STREAMFORGE_TONE_AVX2

constexpr int at_once = 8;

/// As `Place`, of eight pixels; weights in pairs: of corners 0 and 1, of 2 and 3.
struct Places {
    __m256i corners[4];
    __m256i near_weights;
    __m256i far_weights;
};

[[gnu::target("avx2"), gnu::always_inline]] inline __m256i load_codes(const std::uint16_t* from) {
    const __m256i wide = _mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)));
    return _mm256_min_epi32(wide, _mm256_set1_epi32(largest_code));
}

[[gnu::target("avx2"), gnu::always_inline]] inline Places locate_eight(const YuvLine& line, int x) {
    const __m256i y = load_codes(line.y + x), u = load_codes(line.u + x), v = load_codes(line.v + x);
    const __m256i mask = _mm256_set1_epi32(fraction_mask);
    const __m256i stride_mask = _mm256_set1_epi32(0xFFFF);
    const auto key = [&](__m256i distance, std::uint32_t stride) __attribute__((target("avx2"), always_inline)) {
        return _mm256_or_si256(_mm256_slli_epi32(_mm256_and_si256(distance, mask), 16), _mm256_set1_epi32(static_cast<int>(stride)));
    };
    const __m256i a = key(_mm256_slli_epi32(y, 1), y_stride), b = key(u, u_stride), c = key(v, v_stride);
    const __m256i high = _mm256_max_epi32(a, b), low = _mm256_min_epi32(a, b);
    const __m256i first = _mm256_max_epi32(high, c), rest = _mm256_min_epi32(high, c);
    const __m256i second = _mm256_max_epi32(low, rest), third = _mm256_min_epi32(low, rest);

    Places places;
    places.corners[0] = _mm256_add_epi32(
        _mm256_srli_epi32(y, luma_step_log2),
        _mm256_add_epi32(_mm256_mullo_epi32(_mm256_srli_epi32(u, chroma_step_log2), _mm256_set1_epi32(static_cast<int>(u_stride))),
                         _mm256_mullo_epi32(_mm256_srli_epi32(v, chroma_step_log2), _mm256_set1_epi32(static_cast<int>(v_stride)))));
    places.corners[1] = _mm256_add_epi32(places.corners[0], _mm256_and_si256(first, stride_mask));
    places.corners[2] = _mm256_add_epi32(places.corners[1], _mm256_and_si256(second, stride_mask));
    places.corners[3] = _mm256_add_epi32(places.corners[2], _mm256_and_si256(third, stride_mask));
    const __m256i w1 = _mm256_srli_epi32(first, 16), w2 = _mm256_srli_epi32(second, 16), w3 = _mm256_srli_epi32(third, 16);
    places.near_weights = _mm256_or_si256(_mm256_sub_epi32(_mm256_set1_epi32(32), w1), _mm256_slli_epi32(_mm256_sub_epi32(w1, w2), 16));
    places.far_weights = _mm256_or_si256(_mm256_sub_epi32(w2, w3), _mm256_slli_epi32(w3, 16));
    return places;
}

/// The weighted sum of four values whose low halves count.
[[gnu::target("avx2"), gnu::always_inline]] inline __m256i weigh(const __m256i values[4], const Places& places) {
    const __m256i low = _mm256_set1_epi32(0xFFFF);
    const __m256i near_pair = _mm256_or_si256(_mm256_and_si256(values[0], low), _mm256_slli_epi32(values[1], 16));
    const __m256i far_pair = _mm256_or_si256(_mm256_and_si256(values[2], low), _mm256_slli_epi32(values[3], 16));
    return _mm256_srli_epi32(
        _mm256_add_epi32(_mm256_madd_epi16(near_pair, places.near_weights), _mm256_madd_epi16(far_pair, places.far_weights)), result_shift);
}

[[gnu::target("avx2"), gnu::always_inline]] inline void store_eight(__m256i wide, std::uint16_t* to) {
    const __m256i packed = _mm256_packus_epi32(wide, wide);
    const __m256i in_order = _mm256_permute4x64_epi64(packed, 0b1000);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm256_castsi256_si128(in_order));
}

[[gnu::target("avx2")]] int luma_avx2(const std::uint16_t* table, const YuvLine& line, std::uint16_t* out) {
    int x = 0;
    for (; x + at_once <= line.pixels; x += at_once) {
        const Places places = locate_eight(line, x);
        __m256i values[4];
        for (int i = 0; i < 4; ++i) values[i] = _mm256_i32gather_epi32(reinterpret_cast<const int*>(table), places.corners[i], 2);
        store_eight(weigh(values, places), out + x);
    }
    return x;
}

[[gnu::target("avx2")]] int chroma_avx2(const std::uint32_t* table, const YuvLine& line, std::uint16_t* cb, std::uint16_t* cr) {
    int x = 0;
    for (; x + at_once <= line.pixels; x += at_once) {
        const Places places = locate_eight(line, x);
        __m256i values[4];
        for (int i = 0; i < 4; ++i) values[i] = _mm256_i32gather_epi32(reinterpret_cast<const int*>(table), places.corners[i], 4);
        store_eight(weigh(values, places), cb + x);
        for (auto& each : values) each = _mm256_srli_epi32(each, 16);
        store_eight(weigh(values, places), cr + x);
    }
    return x;
}

#endif

}  // namespace

ToneTable::ToneTable(const std::function<Point(int y, int u, int v)>& transform) {
    constexpr std::size_t size = std::size_t{v_stride} * chroma_points;
    luma_.reserve(size + 1);
    chroma_.reserve(size);
    for (int v = 0; v < chroma_points; ++v) {
        for (int u = 0; u < chroma_points; ++u) {
            for (int y = 0; y < luma_points; ++y) {
                const Point point = transform(y << luma_step_log2, u << chroma_step_log2, v << chroma_step_log2);
                luma_.push_back(static_cast<std::uint16_t>(to_value(point.y)));
                chroma_.push_back(to_value(point.cb) | to_value(point.cr) << 16);
            }
        }
    }
    luma_.push_back(0);  // eight at once are read as pairs
}

void ToneTable::luma(const YuvLine& line, std::uint16_t* out) const {
    int done = 0;
#ifdef STREAMFORGE_TONE_AVX2
    if (__builtin_cpu_supports("avx2") != 0) done = luma_avx2(luma_.data(), line, out);
#endif
    luma_plain(luma_.data(), line, done, out);
}

void ToneTable::chroma(const YuvLine& line, std::uint16_t* cb, std::uint16_t* cr) const {
    int done = 0;
#ifdef STREAMFORGE_TONE_AVX2
    if (__builtin_cpu_supports("avx2") != 0) done = chroma_avx2(chroma_.data(), line, cb, cr);
#endif
    chroma_plain(chroma_.data(), line, done, cb, cr);
}

}  // namespace streamforge::media::ffmpeg
