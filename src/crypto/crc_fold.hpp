#pragma once

#if defined(__x86_64__)
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <wmmintrin.h>

#include <streamforge/core/bytes.hpp>

#include "crypto/crc_polynomial.hpp"

namespace streamforge::crypto {

/// Folds a message by carry-less multiplication into the 16 bytes that have the same remainder.
///
/// A block of 128 bits that stands `distance` bits before another is worth its two halves, each multiplied by the power of x that
/// the distance makes of it. The product of reflected halves comes out multiplied by x once too often, hence the `- 1`.
/// *Source*: V. Gopal et al., "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction" (Intel, 2009).
template <class Word, Word polynomial>
class CrcFold {
public:
    static constexpr std::size_t lanes = 8;
    static constexpr std::size_t least_bytes = 2 * lanes * 16;

    /// Needs PCLMULQDQ. Takes whole lanes from `bytes` (at least `least_bytes`), and leaves the rest in it.
    __attribute__((target("pclmul,sse4.1"))) static void run(Word state, ByteView& bytes, std::uint8_t (&remainder)[16]) {
        __m128i lane[lanes];
        for (std::size_t k = 0; k < lanes; ++k) lane[k] = load(bytes.data() + 16 * k);
        lane[0] = _mm_xor_si128(lane[0], _mm_set_epi64x(0, static_cast<long long>(state)));
        bytes = bytes.subspan(16 * lanes);
        const auto far = constants(lanes * 128);
        while (bytes.size() >= 16 * lanes) {
            for (std::size_t k = 0; k < lanes; ++k) lane[k] = _mm_xor_si128(fold(lane[k], far), load(bytes.data() + 16 * k));
            bytes = bytes.subspan(16 * lanes);
        }
        const auto near = constants(128);
        auto all = lane[0];
        for (std::size_t k = 1; k < lanes; ++k) all = _mm_xor_si128(fold(all, near), lane[k]);
        while (bytes.size() >= 16) {
            all = _mm_xor_si128(fold(all, near), load(bytes.data()));
            bytes = bytes.subspan(16);
        }
        _mm_storeu_si128(reinterpret_cast<__m128i*>(remainder), all);
    }

private:
    /// As the high bits of a 64-bit half, where a reflected polynomial of low degree stands.
    static constexpr std::uint64_t widened(std::uint64_t exponent) {
        return static_cast<std::uint64_t>(power_of_x<Word>(polynomial, exponent)) << (64 - 8 * sizeof(Word));
    }

    static __m128i constants(std::uint64_t distance) {
        static constexpr std::uint64_t far[2]{widened(lanes * 128 + 63), widened(lanes * 128 - 1)};
        static constexpr std::uint64_t near[2]{widened(128 + 63), widened(128 - 1)};
        const auto* pair = distance == 128 ? near : far;
        return _mm_set_epi64x(static_cast<long long>(pair[1]), static_cast<long long>(pair[0]));
    }
    static __m128i load(const std::uint8_t* from) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from)); }
    __attribute__((target("pclmul,sse4.1"))) static __m128i fold(__m128i block, __m128i by) {
        return _mm_xor_si128(_mm_clmulepi64_si128(block, by, 0x00), _mm_clmulepi64_si128(block, by, 0x11));
    }
};

}  // namespace streamforge::crypto
#endif
