#include "cdn/cat/cbor.hpp"

#include <gtest/gtest.h>

#include <streamforge/crypto/encoding.hpp>
#include <streamforge/crypto/hash.hpp>

namespace streamforge::cdn::cbor {
namespace {

std::optional<Item> decode_hex(std::string_view hex) { return decode(crypto::hex_decode(hex).value()); }

// RFC 8949 appendix A.
TEST(Cbor, reads_integers_of_every_length) {
    const std::pair<const char*, std::int64_t> vectors[] = {{"00", 0},         {"17", 23},           {"1818", 24},
                                                            {"1903e8", 1000},  {"1a000f4240", 1000000}, {"1b000000e8d4a51000", 1000000000000},
                                                            {"20", -1},        {"3863", -100},       {"3903e7", -1000}};
    for (const auto& [hex, value] : vectors) {
        const auto item = decode_hex(hex);
        ASSERT_TRUE(item) << hex;
        EXPECT_EQ(item->integer(), value);
        Bytes written;
        append_integer(written, value);
        EXPECT_EQ(crypto::hex_encode(written), hex);
    }
    EXPECT_FALSE(decode_hex("1bffffffffffffffff")->integer());
}

TEST(Cbor, reads_strings_groups_and_tags) {
    EXPECT_EQ(decode_hex("4401020304")->data, std::string("\1\2\3\4"));
    EXPECT_EQ(decode_hex("6449455446")->data, "IETF");
    const auto array = decode_hex("8301820203820405").value();
    EXPECT_EQ(array.items.size(), 3U);
    EXPECT_EQ(array.items[2].items[1].integer(), 5);
    const auto map = decode_hex("a201020304").value();
    EXPECT_EQ(map.find(3)->integer(), 4);
    EXPECT_EQ(map.find(2), nullptr);
    const auto tag = decode_hex("c11a514b67b0").value();
    EXPECT_EQ(tag.number, 1U);
    EXPECT_EQ(tag.items.front().integer(), 1363896240);
    EXPECT_TRUE(decode_hex("f5")->is(Kind::boolean));
    EXPECT_TRUE(decode_hex("f6")->is(Kind::null));
}

TEST(Cbor, what_tokens_have_no_use_for_is_refused) {
    for (const auto* hex : {"", "18", "1817", "1900ff", "1a0000ffff", "1b00000000ffffffff", "9f01ff", "5f4101ff", "bf0102ff", "7f6161ff", "ff", "1c", "f90000",
                            "fb3ff199999999999a", "f7", "e0", "0000", "4402", "81", "a1", "a101", "a201020103", "9bffffffffffffffff", "bbffffffffffffffff",
                            "5bffffffffffffffff", "c1", "a1810102", "a1f501"}) {
        EXPECT_FALSE(decode_hex(hex)) << hex;
    }
}

TEST(Cbor, depth_and_size_are_bounded) {
    std::string deep;
    for (int i = 0; i < 8; ++i) deep += "81";
    EXPECT_TRUE(decode_hex(deep + "00"));
    EXPECT_FALSE(decode_hex("81" + deep + "00"));
    Bytes tags(4000, 0xc1);
    tags.push_back(0);
    EXPECT_FALSE(decode(tags));
    Bytes long_text;
    append_bytes(long_text, Bytes(5000));
    EXPECT_FALSE(decode(long_text));
}

TEST(Cbor, what_is_written_is_read) {
    Bytes out;
    append_tag(out, 61);
    append_map(out, 2);
    append_integer(out, -7);
    append_bytes(out, crypto::bytes_of("abc"));
    append_unsigned(out, 300);
    append_array(out, 2);
    append_text(out, std::string(30, 'x'));
    append_unsigned(out, 1);
    const auto item = decode(out).value();
    EXPECT_EQ(item.number, 61U);
    EXPECT_EQ(item.items.front().find(-7)->data, "abc");
    EXPECT_EQ(item.items.front().find(300)->items[0].data, std::string(30, 'x'));
}

}  // namespace
}  // namespace streamforge::cdn::cbor
