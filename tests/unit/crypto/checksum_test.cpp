#include <streamforge/crypto/checksum.hpp>

#include <gtest/gtest.h>

#include <streamforge/core/random.hpp>
#include <streamforge/crypto/hash.hpp>

namespace streamforge::crypto {
namespace {

/// Straight from the definition, one bit at a time.
template <class Word>
Word bitwise(Word polynomial, ByteView bytes) {
    Word state = ~Word{0};
    for (const std::uint8_t byte : bytes) {
        state ^= byte;
        for (int bit = 0; bit < 8; ++bit) state = (state >> 1) ^ ((state & 1) != 0 ? polynomial : Word{0});
    }
    return ~state;
}

Bytes some_bytes(std::size_t size) {
    Bytes bytes(size);
    seeded_random(42)(bytes);
    return bytes;
}

TEST(Crc32c, matches_rfc_3720_appendix_b_4) {
    EXPECT_EQ(crc32c(bytes_of("123456789")), 0xe3069283U);
    EXPECT_EQ(crc32c(Bytes(32, 0)), 0x8a9136aaU);
    EXPECT_EQ(crc32c(Bytes(32, 0xff)), 0x62a8ab43U);
    EXPECT_EQ(crc32c({}), 0U);
}

TEST(Crc64nvme, matches_the_published_check_value) {
    EXPECT_EQ(crc64nvme(bytes_of("123456789")), 0xae8b14860a799888U);
    EXPECT_EQ(crc64nvme(Bytes(4096, 0)), 0x6482d367eb22b64eU);  // NVM Command Set 1.0, figure of test cases
    EXPECT_EQ(crc64nvme({}), 0U);
}

TEST(Checksums, equal_the_definition_at_every_length_and_alignment) {
    const Bytes bytes = some_bytes(1100);
    for (std::size_t size = 0; size + 16 <= bytes.size(); ++size) {
        const ByteView part = ByteView(bytes).subspan(size % 16, size);
        EXPECT_EQ(crc32c(part), bitwise<std::uint32_t>(0x82f63b78U, part));
        EXPECT_EQ(crc64nvme(part), bitwise<std::uint64_t>(0x9a6c9329ac4bc9b5U, part));
    }
}

TEST(Checksums, go_on_and_combine_at_every_cut) {
    const Bytes bytes = some_bytes(300);
    const ByteView whole = bytes;
    for (std::size_t cut = 0; cut <= bytes.size(); cut += 7) {
        const ByteView a = whole.first(cut);
        const ByteView b = whole.subspan(cut);
        EXPECT_EQ(crc32c(b, crc32c(a)), crc32c(whole));
        EXPECT_EQ(crc64nvme(b, crc64nvme(a)), crc64nvme(whole));
        EXPECT_EQ(crc32c_combine(crc32c(a), crc32c(b), b.size()), crc32c(whole)) << cut;
        EXPECT_EQ(crc64nvme_combine(crc64nvme(a), crc64nvme(b), b.size()), crc64nvme(whole)) << cut;
    }
}

}  // namespace
}  // namespace streamforge::crypto
