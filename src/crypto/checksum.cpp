#include <streamforge/crypto/checksum.hpp>

#include <array>
#include <bit>
#include <cstring>
#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

#include "crypto/crc_fold.hpp"
#include "crypto/crc_polynomial.hpp"

namespace streamforge::crypto {
namespace {

template <class Word>
using Tables = std::array<std::array<Word, 256>, 8>;

/// Entry [k][b]: the remainder of byte b followed by k zero bytes, so that eight bytes are taken in one step.
template <class Word, Word polynomial>
constexpr Tables<Word> make_tables() {
    Tables<Word> tables{};
    for (std::size_t byte = 0; byte < 256; ++byte) {
        Word remainder = static_cast<Word>(byte);
        for (int bit = 0; bit < 8; ++bit) remainder = (remainder >> 1) ^ ((remainder & 1) != 0 ? polynomial : Word{0});
        tables[0][byte] = remainder;
    }
    for (std::size_t k = 1; k < 8; ++k) {
        for (std::size_t byte = 0; byte < 256; ++byte) {
            const Word previous = tables[k - 1][byte];
            tables[k][byte] = (previous >> 8) ^ tables[0][previous & 0xff];
        }
    }
    return tables;
}

constexpr Tables<std::uint32_t> tables_32c = make_tables<std::uint32_t, polynomial_32c>();
constexpr Tables<std::uint64_t> tables_64nvme = make_tables<std::uint64_t, polynomial_64nvme>();

std::uint64_t load_little_endian(const std::uint8_t* from) {
    std::uint64_t word = 0;
    std::memcpy(&word, from, sizeof word);
    if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
    return word;
}

template <class Word>
Word update(const Tables<Word>& tables, Word state, ByteView bytes) {
    while (bytes.size() >= 8) {
        const std::uint64_t word = load_little_endian(bytes.data()) ^ state;
        Word next = 0;
        for (std::size_t k = 0; k < 8; ++k) next ^= tables[7 - k][(word >> (8 * k)) & 0xff];
        state = next;
        bytes = bytes.subspan(8);
    }
    for (const std::uint8_t byte : bytes) state = (state >> 8) ^ tables[0][(state ^ byte) & 0xff];
    return state;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t update_32c_sse42(std::uint32_t state, ByteView bytes) {
    std::uint64_t wide = state;
    while (bytes.size() >= 8) {
        wide = _mm_crc32_u64(wide, load_little_endian(bytes.data()));
        bytes = bytes.subspan(8);
    }
    auto narrow = static_cast<std::uint32_t>(wide);
    for (const std::uint8_t byte : bytes) narrow = _mm_crc32_u8(narrow, byte);
    return narrow;
}

bool has_crc_instruction() {
    static const bool has = __builtin_cpu_supports("sse4.2") != 0;
    return has;
}

bool has_multiplication() {
    static const bool has = __builtin_cpu_supports("pclmul") != 0 && __builtin_cpu_supports("sse4.1") != 0;
    return has;
}
#endif

std::uint32_t update_32c(std::uint32_t state, ByteView bytes) {
#if defined(__x86_64__)
    if (has_multiplication() && has_crc_instruction() && bytes.size() >= CrcFold<std::uint32_t, polynomial_32c>::least_bytes) {
        std::uint8_t remainder[16];
        CrcFold<std::uint32_t, polynomial_32c>::run(state, bytes, remainder);
        state = update_32c_sse42(0, remainder);
    }
    if (has_crc_instruction()) return update_32c_sse42(state, bytes);
#endif
    return update(tables_32c, state, bytes);
}

std::uint64_t update_64nvme(std::uint64_t state, ByteView bytes) {
#if defined(__x86_64__)
    if (has_multiplication() && bytes.size() >= CrcFold<std::uint64_t, polynomial_64nvme>::least_bytes) {
        std::uint8_t remainder[16];
        CrcFold<std::uint64_t, polynomial_64nvme>::run(state, bytes, remainder);
        state = update(tables_64nvme, std::uint64_t{0}, ByteView(remainder));
    }
#endif
    return update(tables_64nvme, state, bytes);
}

/// `a` followed by as many zero bytes as B has, plus B. Squares x^8 along the binary digits of the length.
template <class Word>
constexpr Word combine(Word polynomial, Word a, Word b, std::uint64_t length_bytes) {
    constexpr Word top = Word{1} << (sizeof(Word) * 8 - 1);
    Word power = top >> 8;  // x^8
    for (; length_bytes != 0; length_bytes >>= 1) {
        if ((length_bytes & 1) != 0) a = multiply(polynomial, power, a);
        power = multiply(polynomial, power, power);
    }
    return a ^ b;
}

}  // namespace

std::uint32_t crc32c(ByteView bytes, std::uint32_t previous) noexcept { return ~update_32c(~previous, bytes); }

std::uint32_t crc32c_combine(std::uint32_t a, std::uint32_t b, std::uint64_t length_b_bytes) noexcept {
    return combine(polynomial_32c, a, b, length_b_bytes);
}

std::uint64_t crc64nvme(ByteView bytes, std::uint64_t previous) noexcept { return ~update_64nvme(~previous, bytes); }

std::uint64_t crc64nvme_combine(std::uint64_t a, std::uint64_t b, std::uint64_t length_b_bytes) noexcept {
    return combine(polynomial_64nvme, a, b, length_b_bytes);
}

}  // namespace streamforge::crypto
