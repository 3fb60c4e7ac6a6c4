#include <streamforge/crypto/aes.hpp>

#include <algorithm>
#include <gtest/gtest.h>

#include <streamforge/crypto/encoding.hpp>
#include <streamforge/crypto/hash.hpp>

namespace streamforge::crypto {
namespace {

Bytes from_hex(std::string_view text) { return hex_decode(text).value(); }
AesBlock block_of(std::string_view text) {
    AesBlock block{};
    std::ranges::copy(from_hex(text), block.begin());
    return block;
}

// NIST SP 800-38A, F.2.1 and F.5.1.
constexpr auto key_128 = "2b7e151628aed2a6abf7158809cf4f3c";
constexpr auto plain_text =
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";
constexpr auto cbc_text =
    "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b273bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7";
constexpr auto ctr_text =
    "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee";
constexpr auto cbc_vector = "000102030405060708090a0b0c0d0e0f";
constexpr auto ctr_block = "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff";

TEST(AesCtr, matches_sp_800_38a) {
    Bytes bytes = from_hex(plain_text);
    ASSERT_TRUE(AesCtr::make(from_hex(key_128), block_of(ctr_block)).value().apply(bytes));
    EXPECT_EQ(hex_encode(bytes), ctr_text);
}

TEST(AesCtr, keystream_goes_on_over_calls_of_any_length) {
    const Bytes whole = from_hex(plain_text);
    for (const std::size_t cut : {1U, 5U, 16U, 17U, 63U}) {
        Bytes bytes = whole;
        auto cipher = AesCtr::make(from_hex(key_128), block_of(ctr_block)).value();
        ASSERT_TRUE(cipher.apply(std::span(bytes).first(cut)));
        ASSERT_TRUE(cipher.apply(std::span(bytes).subspan(cut)));
        EXPECT_EQ(hex_encode(bytes), ctr_text) << cut;
    }
}

TEST(AesCtr, restart_begins_the_keystream_again) {
    auto cipher = AesCtr::make(from_hex(key_128), block_of(cbc_vector)).value();
    Bytes bytes = from_hex(plain_text);
    ASSERT_TRUE(cipher.apply(std::span(bytes).first(7)));
    bytes = from_hex(plain_text);
    ASSERT_TRUE(cipher.restart(block_of(ctr_block)));
    ASSERT_TRUE(cipher.apply(bytes));
    EXPECT_EQ(hex_encode(bytes), ctr_text);
}

TEST(AesCbc, matches_sp_800_38a_both_ways) {
    Bytes bytes = from_hex(plain_text);
    ASSERT_TRUE(AesCbc::make(CipherDirection::encrypt, from_hex(key_128), block_of(cbc_vector)).value().apply(bytes));
    EXPECT_EQ(hex_encode(bytes), cbc_text);
    ASSERT_TRUE(AesCbc::make(CipherDirection::decrypt, from_hex(key_128), block_of(cbc_vector)).value().apply(bytes));
    EXPECT_EQ(hex_encode(bytes), plain_text);
}

TEST(AesCbc, chain_goes_on_over_calls_and_restarts) {
    auto cipher = AesCbc::make(CipherDirection::encrypt, from_hex(key_128), block_of(cbc_vector)).value();
    for (int round = 0; round < 2; ++round) {
        Bytes bytes = from_hex(plain_text);
        ASSERT_TRUE(cipher.apply(std::span(bytes).first(16)));
        ASSERT_TRUE(cipher.apply(std::span(bytes).subspan(16)));
        EXPECT_EQ(hex_encode(bytes), cbc_text);
        ASSERT_TRUE(cipher.restart(block_of(cbc_vector)));
    }
}

TEST(AesCbc, part_of_a_block_is_refused) {
    auto cipher = AesCbc::make(CipherDirection::encrypt, from_hex(key_128), block_of(cbc_vector)).value();
    Bytes bytes(17);
    EXPECT_EQ(cipher.apply(bytes).error().code, Errc::invalid_argument);
    EXPECT_TRUE(cipher.apply({}));
}

TEST(Aes, key_length_is_checked) {
    for (const std::size_t size : {0U, 15U, 17U, 33U}) {
        EXPECT_EQ(AesCtr::make(Bytes(size), {}).error().code, Errc::invalid_argument);
        EXPECT_EQ(AesCbc::make(CipherDirection::encrypt, Bytes(size), {}).error().code, Errc::invalid_argument);
        EXPECT_EQ(aes_cbc_encrypt_padded(Bytes(size), {}, {}).error().code, Errc::invalid_argument);
    }
    for (const std::size_t size : {16U, 24U, 32U}) EXPECT_TRUE(AesCtr::make(Bytes(size), {}));
}

TEST(AesCbcPadded, every_length_comes_back) {
    const Bytes key = from_hex(key_128);
    for (std::size_t size = 0; size < 50; ++size) {
        const Bytes plain(size, static_cast<std::uint8_t>(size));
        const Bytes cipher = aes_cbc_encrypt_padded(key, block_of(cbc_vector), plain).value();
        EXPECT_EQ(cipher.size(), size / 16 * 16 + 16);
        EXPECT_EQ(aes_cbc_decrypt_padded(key, block_of(cbc_vector), cipher).value(), plain);
    }
}

TEST(AesCbcPadded, wrong_padding_is_an_integrity_error) {
    const Bytes key = from_hex(key_128);
    Bytes cipher = aes_cbc_encrypt_padded(key, block_of(cbc_vector), bytes_of("sixteen bytes...")).value();
    cipher.resize(16);
    EXPECT_EQ(aes_cbc_decrypt_padded(key, block_of(cbc_vector), cipher).error().code, Errc::integrity);
    EXPECT_EQ(aes_cbc_decrypt_padded(key, block_of(cbc_vector), Bytes(15)).error().code, Errc::integrity);
    EXPECT_EQ(aes_cbc_decrypt_padded(key, block_of(cbc_vector), {}).error().code, Errc::integrity);
}

}  // namespace
}  // namespace streamforge::crypto
