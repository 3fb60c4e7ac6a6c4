#include <streamforge/crypto/encoding.hpp>

#include <gtest/gtest.h>
#include <set>

#include <streamforge/crypto/hash.hpp>

namespace streamforge::crypto {
namespace {

constexpr Base64Variant all_variants[] = {base64_standard, base64_standard_unpadded, base64_url_padded, base64_url,
                                          Base64Variant{'-', '~', '_'}};

TEST(Base64, matches_rfc_4648_section_10) {
    const std::pair<std::string_view, std::string_view> vectors[] = {
        {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
    for (const auto& [plain, text] : vectors) {
        EXPECT_EQ(base64_encode(bytes_of(plain)), text);
        EXPECT_EQ(base64_length(plain.size(), base64_standard), text.size());
    }
}

TEST(Base64, variants_differ_in_their_last_two_characters_and_padding) {
    const Bytes bytes{0xfb, 0xff, 0xfe, 0xff};
    EXPECT_EQ(base64_encode(bytes, base64_standard), "+//+/w==");
    EXPECT_EQ(base64_encode(bytes, base64_standard_unpadded), "+//+/w");
    EXPECT_EQ(base64_encode(bytes, base64_url), "-__-_w");
    EXPECT_EQ(base64_encode(bytes, base64_url_padded), "-__-_w==");
    EXPECT_EQ(base64_encode(bytes, Base64Variant{'-', '~', '_'}), "-~~-~w__");
}

TEST(Base64, every_length_comes_back) {
    for (const auto variant : all_variants) {
        for (std::size_t size = 0; size < 70; ++size) {
            Bytes bytes(size);
            for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 37 + size);
            const std::string text = base64_encode(bytes, variant);
            EXPECT_EQ(text.size(), base64_length(size, variant));
            EXPECT_EQ(base64_decode(text, variant).value(), bytes);
        }
    }
}

TEST(Base64, decoding_accepts_only_what_encoding_gives) {
    const std::string_view refused[] = {"Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm8", "Z", "====", "=", "Zm 9v", "Zm9v\n", "Zm-v", "Zm_v",
                                        "Zm9v====", std::string_view("Zm9v\0\0\0\0", 8), "Zg==Zg=="};
    for (const std::string_view text : refused) {
        const auto decoded = base64_decode(text);
        ASSERT_FALSE(decoded) << text;
        EXPECT_EQ(decoded.error().code, Errc::malformed) << text;
    }
    for (const std::string_view text : {"Zg==", "Zh", "Zm9", "Zm+v", "Zm/v", "A"}) {
        EXPECT_FALSE(base64_decode(text, base64_url)) << text;
    }
}

TEST(Base64, each_two_character_text_decodes_to_its_own_byte) {
    std::set<std::uint8_t> seen;
    for (int a = 0; a < 256; ++a) {
        for (int b = 0; b < 256; ++b) {
            const std::string text{static_cast<char>(a), static_cast<char>(b)};
            const auto decoded = base64_decode(text, base64_url);
            if (!decoded) continue;
            EXPECT_TRUE(seen.insert(decoded->at(0)).second) << text;
            EXPECT_EQ(base64_encode(*decoded, base64_url), text);
        }
    }
    EXPECT_EQ(seen.size(), 256U);
}

TEST(Base64, append_keeps_what_was_there) {
    std::string out = "sig=";
    base64_append(out, bytes_of("foo"), base64_url);
    EXPECT_EQ(out, "sig=Zm9v");
}

TEST(Hex, encodes_lower_case) { EXPECT_EQ(hex_encode(Bytes{0x00, 0x9f, 0xab}), "009fab"); }

TEST(Hex, decodes_strictly) {
    EXPECT_EQ(hex_decode("009fab").value(), (Bytes{0x00, 0x9f, 0xab}));
    EXPECT_EQ(hex_decode("009FAB", HexCase::any).value(), (Bytes{0x00, 0x9f, 0xab}));
    for (const std::string_view text : {"0", "009FAB", "0g", "0x", " 00", "00 "}) {
        const auto decoded = hex_decode(text);
        ASSERT_FALSE(decoded) << text;
        EXPECT_EQ(decoded.error().code, Errc::malformed) << text;
    }
}

}  // namespace
}  // namespace streamforge::crypto
