#include "packaging/bit_reader.hpp"

#include <gtest/gtest.h>

namespace streamforge::packaging {
namespace {

TEST(BitReader, bits_are_read_most_significant_first_across_bytes) {
    const Bytes bytes{0b1010'1100, 0b0101'0011, 0xFF};
    BitReader reader(bytes);
    EXPECT_EQ(reader.bits(3), 0b101u);
    EXPECT_EQ(reader.bits(7), 0b0110001u);
    EXPECT_TRUE(reader.ok());
    EXPECT_EQ(reader.bits_left(), 14u);
}

TEST(BitReader, thirty_two_bits_at_any_offset_are_exact) {
    const Bytes bytes{0x01, 0x23, 0x45, 0x67, 0x89};
    BitReader reader(bytes);
    reader.skip(4);
    EXPECT_EQ(reader.bits(32), 0x12345678u);
}

TEST(BitReader, exp_golomb_codes_match_the_standard_table) {
    // 1, 010, 011, 00100, 00101 → 0, 1, 2, 3, 4
    const Bytes bytes{0b1010'0110, 0b0100'0010, 0b1000'0000};
    BitReader reader(bytes);
    for (std::uint32_t value = 0; value < 5; ++value) EXPECT_EQ(reader.ue(), value);
    BitReader again(bytes);
    for (const std::int32_t value : {0, 1, -1, 2, -2}) EXPECT_EQ(again.se(), value);
}

TEST(BitReader, reading_past_the_end_gives_zero_and_stays_failed) {
    const Bytes bytes{0xFF};
    BitReader reader(bytes);
    EXPECT_EQ(reader.bits(9), 0u);
    EXPECT_FALSE(reader.ok());
    EXPECT_EQ(reader.bits(1), 0u);
    EXPECT_FALSE(reader.ok());
}

TEST(BitReader, endless_zeros_end_an_exp_golomb_code_with_failure) {
    const Bytes bytes(16, 0);
    BitReader reader(bytes);
    EXPECT_EQ(reader.ue(), 0u);
    EXPECT_FALSE(reader.ok());
}

}  // namespace
}  // namespace streamforge::packaging
