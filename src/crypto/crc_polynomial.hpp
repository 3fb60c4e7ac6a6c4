#pragma once

#include <cstdint>

namespace streamforge::crypto {

// Polynomials bit-reflected: the lowest bit is the highest power.
inline constexpr std::uint32_t polynomial_32c = 0x82f63b78U;
inline constexpr std::uint64_t polynomial_64nvme = 0x9a6c9329ac4bc9b5U;

/// Product of two reflected polynomials, modulo the CRC's.
template <class Word>
constexpr Word multiply(Word polynomial, Word a, Word b) {
    constexpr Word top = Word{1} << (sizeof(Word) * 8 - 1);
    Word product = 0;
    for (Word bit = top; bit != 0; bit >>= 1) {
        if ((a & bit) != 0) product ^= b;
        b = (b >> 1) ^ ((b & 1) != 0 ? polynomial : Word{0});
    }
    return product;
}

/// x to the power of `exponent`, modulo the CRC's polynomial, reflected.
template <class Word>
constexpr Word power_of_x(Word polynomial, std::uint64_t exponent) {
    constexpr Word top = Word{1} << (sizeof(Word) * 8 - 1);
    Word result = top;      // 1
    Word power = top >> 1;  // x
    for (; exponent != 0; exponent >>= 1) {
        if ((exponent & 1) != 0) result = multiply(polynomial, power, result);
        power = multiply(polynomial, power, power);
    }
    return result;
}

}  // namespace streamforge::crypto
