#include "packaging/nal_units.hpp"

#include <gtest/gtest.h>

#include "unit/packaging/support/tools.hpp"

namespace streamforge::packaging {
namespace {

using test::hex;
using test::to_hex;

TEST(NalUnits, start_codes_of_both_lengths_separate_units) {
    const Bytes stream = hex("00000001 6742 000001 68ce 00000001 65b8");
    const auto units = split_annex_b(stream);
    ASSERT_EQ(units.size(), 3u);
    EXPECT_EQ(to_hex(units[0]), "6742");
    EXPECT_EQ(to_hex(units[1]), "68ce");
    EXPECT_EQ(to_hex(units[2]), "65b8");
}

TEST(NalUnits, trailing_zeros_and_bytes_before_the_first_code_are_not_part_of_a_unit) {
    const Bytes stream = hex("ffff 000001 09f0 000000 000001 65b80000");
    const auto units = split_annex_b(stream);
    ASSERT_EQ(units.size(), 2u);
    EXPECT_EQ(to_hex(units[0]), "09f0");
    EXPECT_EQ(to_hex(units[1]), "65b8");
}

TEST(NalUnits, empty_units_and_streams_without_codes_give_nothing) {
    EXPECT_TRUE(split_annex_b({}).empty());
    EXPECT_TRUE(split_annex_b(hex("0102030405")).empty());
    EXPECT_TRUE(split_annex_b(hex("000001 000001 000001")).empty());
    EXPECT_TRUE(split_annex_b(hex("0000")).empty());
}

TEST(NalUnits, lengths_of_every_size_are_followed) {
    for (const auto& [sample, bytes] : {std::pair{hex("02 6742 01 68"), 1u}, std::pair{hex("0002 6742 0001 68"), 2u},
                                        std::pair{hex("00000002 6742 00000001 68"), 4u}}) {
        const auto units = split_length_prefixed(sample, bytes);
        ASSERT_TRUE(units);
        ASSERT_EQ(units->size(), 2u);
        EXPECT_EQ(to_hex((*units)[0]), "6742");
        EXPECT_EQ(to_hex((*units)[1]), "68");
    }
}

TEST(NalUnits, length_beyond_the_sample_is_malformed) {
    EXPECT_EQ(split_length_prefixed(hex("00000003 6742"), 4).error().code, Errc::malformed);
    EXPECT_EQ(split_length_prefixed(hex("ffffffff 6742"), 4).error().code, Errc::malformed);
    EXPECT_EQ(split_length_prefixed(hex("000000"), 4).error().code, Errc::malformed);
}

TEST(NalUnits, emulation_prevention_bytes_are_taken_out) {
    EXPECT_EQ(to_hex(unescape_nal(hex("67 000003 00 000003 01 000003 03"))), "67000000000001000003");
    EXPECT_EQ(to_hex(unescape_nal(hex("0000030000030001"))), "000000000001");
    EXPECT_EQ(to_hex(unescape_nal(hex("00030003"))), "00030003");
    EXPECT_EQ(unescape_nal(Bytes(100, 1), 10).size(), 10u);
}

TEST(NalUnits, types_are_read_from_each_codecs_header) {
    EXPECT_EQ(nal_type(Codec::h264, hex("67")), h264_nal::sps);
    EXPECT_EQ(nal_type(Codec::h264, hex("09")), h264_nal::access_unit_delimiter);
    EXPECT_EQ(nal_type(Codec::hevc, hex("4201")), hevc_nal::sps);
    EXPECT_EQ(nal_type(Codec::hevc, hex("4601")), hevc_nal::access_unit_delimiter);
}

}  // namespace
}  // namespace streamforge::packaging
