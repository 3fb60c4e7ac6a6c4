#include <streamforge/crypto/hmac.hpp>

#include <atomic>
#include <gtest/gtest.h>
#include <thread>
#include <vector>

#include <streamforge/crypto/compare.hpp>
#include <streamforge/crypto/encoding.hpp>

namespace streamforge::crypto {
namespace {

std::string mac_hex(HashAlgorithm algorithm, const Bytes& key, std::string_view message) {
    return HmacKey::make(algorithm, key).value().mac(message).hex();
}

Bytes repeated(std::uint8_t byte, std::size_t count) { return Bytes(count, byte); }
Bytes text_bytes(std::string_view text) { return {bytes_of(text).begin(), bytes_of(text).end()}; }

// RFC 4231 §4.2 to §4.8, RFC 2202 §2 and §3.
TEST(Hmac, matches_rfc_4231) {
    EXPECT_EQ(mac_hex(HashAlgorithm::sha256, repeated(0x0b, 20), "Hi There"),
              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    EXPECT_EQ(mac_hex(HashAlgorithm::sha256, text_bytes("Jefe"), "what do ya want for nothing?"),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(mac_hex(HashAlgorithm::sha256, repeated(0xaa, 20), std::string(50, '\xdd')),
              "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    EXPECT_EQ(mac_hex(HashAlgorithm::sha512, repeated(0x0b, 20), "Hi There"),
              "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
              "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854");
}

TEST(Hmac, key_longer_than_a_block_is_hashed_first) {
    EXPECT_EQ(mac_hex(HashAlgorithm::sha256, repeated(0xaa, 131), "Test Using Larger Than Block-Size Key - Hash Key First"),
              "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    EXPECT_EQ(mac_hex(HashAlgorithm::sha512, repeated(0xaa, 131), "Test Using Larger Than Block-Size Key - Hash Key First"),
              "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
              "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598");
}

TEST(Hmac, matches_rfc_2202) {
    EXPECT_EQ(mac_hex(HashAlgorithm::sha1, repeated(0x0b, 20), "Hi There"), "b617318655057264e28bc0b6fb378c8ef146be00");
    EXPECT_EQ(mac_hex(HashAlgorithm::md5, text_bytes("Jefe"), "what do ya want for nothing?"), "750c783e6ab0b503eaa86e310a5db738");
}

TEST(Hmac, of_parts_equals_the_mac_of_the_whole) {
    const auto key = HmacKey::make(HashAlgorithm::sha256, bytes_of("k")).value();
    EXPECT_EQ(key.mac({"/vod/", "", "1798761600"}), key.mac("/vod/1798761600"));
    EXPECT_EQ(key.mac(ByteView{}), key.mac(""));
}

TEST(Hmac, empty_key_is_refused) {
    EXPECT_EQ(HmacKey::make(HashAlgorithm::sha256, {}).error().code, Errc::invalid_argument);
}

TEST(Hmac, one_key_serves_many_threads) {
    const auto key = HmacKey::make(HashAlgorithm::sha256, bytes_of("secret")).value();
    std::atomic<int> wrong = 0;
    std::vector<std::thread> threads;
    for (int number = 0; number < 4; ++number) {
        threads.emplace_back([&, number] {
            const std::string message = "message " + std::to_string(number);
            const Digest expected = HmacKey::make(HashAlgorithm::sha256, bytes_of("secret")).value().mac(message);
            for (int i = 0; i < 500; ++i) wrong += key.mac(message) == expected ? 0 : 1;
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(wrong, 0);
}

TEST(ConstantTime, compares_bytes_and_lengths) {
    EXPECT_TRUE(equal_constant_time("abc", "abc"));
    EXPECT_FALSE(equal_constant_time("abc", "abd"));
    EXPECT_FALSE(equal_constant_time("abc", "abcd"));
    EXPECT_TRUE(equal_constant_time("", ""));
}

TEST(Wipe, leaves_zeros) {
    Bytes secret{1, 2, 3};
    wipe(secret);
    EXPECT_EQ(secret, Bytes(3, 0));
}

}  // namespace
}  // namespace streamforge::crypto
