#include "packaging/obu.hpp"

#include <gtest/gtest.h>

#include "unit/packaging/support/tools.hpp"

namespace streamforge::packaging {
namespace {

using test::hex;
using test::to_hex;

TEST(Obu, units_with_sizes_are_split) {
    const Bytes bytes = hex("1200 0a02aabb 3201cc");
    const auto units = split_obus(bytes);
    ASSERT_TRUE(units);
    ASSERT_EQ(units->size(), 3u);
    EXPECT_EQ((*units)[0].type, obu_type::temporal_delimiter);
    EXPECT_EQ((*units)[1].type, obu_type::sequence_header);
    EXPECT_EQ(to_hex((*units)[1].payload), "aabb");
    EXPECT_EQ(to_hex((*units)[2].whole), "3201cc");
}

TEST(Obu, extension_byte_belongs_to_the_header) {
    const Bytes bytes = hex("3608 02aabb");
    const auto units = split_obus(bytes);
    ASSERT_TRUE(units);
    EXPECT_EQ((*units)[0].header.size(), 2u);
    EXPECT_EQ(to_hex((*units)[0].payload), "aabb");
}

TEST(Obu, unit_without_a_size_takes_the_rest_and_gets_one_when_written) {
    const Bytes bytes = hex("30 010203");
    const auto units = split_obus(bytes);
    ASSERT_TRUE(units);
    EXPECT_FALSE((*units)[0].has_size);
    Bytes out;
    append_obu(out, (*units)[0]);
    EXPECT_EQ(to_hex(out), "3203010203");
}

TEST(Obu, sizes_of_several_bytes_survive_writing) {
    Bytes bytes = hex("30");
    bytes.resize(1 + 300, 0x55);
    Bytes out;
    append_obu(out, split_obus(bytes)->front());
    EXPECT_EQ(to_hex(ByteView(out).first(3)), "32ac02");
    const auto again = split_obus(out);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->front().payload.size(), 300u);
}

TEST(Obu, damage_is_malformed) {
    EXPECT_EQ(split_obus(hex("80")).error().code, Errc::malformed) << "forbidden bit";
    EXPECT_EQ(split_obus(hex("36")).error().code, Errc::malformed) << "no extension byte";
    EXPECT_EQ(split_obus(hex("0a")).error().code, Errc::malformed) << "no size";
    EXPECT_EQ(split_obus(hex("0a05aabb")).error().code, Errc::malformed) << "too long";
    EXPECT_EQ(split_obus(hex("0affffffffffffffffff")).error().code, Errc::malformed) << "endless size";
    EXPECT_TRUE(split_obus({})->empty());
}

}  // namespace
}  // namespace streamforge::packaging
