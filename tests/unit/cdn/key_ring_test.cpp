#include <streamforge/cdn/key_ring.hpp>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <thread>

#include "support/cdn_properties.hpp"
#include "support/cdn_vectors.hpp"

namespace streamforge::cdn {
namespace {

using namespace testing;

SymmetricKey secret(std::string_view text = "secret") { return SymmetricKey::from_text(text).value(); }
TimePoint at(int seconds) { return test_now + std::chrono::seconds(seconds); }
KeyEntry entry(std::string id, std::optional<TimePoint> from = {}, std::optional<TimePoint> until = {}, std::optional<TimePoint> verify = {}) {
    return {std::move(id), secret(), from, until, verify};
}
template <class... Entries>
std::vector<KeyEntry> list(Entries... entries) {
    std::vector<KeyEntry> all;
    (all.push_back(std::move(entries)), ...);
    return all;
}

TEST(SymmetricKey, is_read_from_text_hex_and_base64) {
    EXPECT_EQ(SymmetricKey::from_text("abc").value().size_bytes(), 3U);
    EXPECT_EQ(SymmetricKey::from_hex("00FFab").value().size_bytes(), 3U);
    EXPECT_EQ(SymmetricKey::from_base64("AAEC").value().size_bytes(), 3U);
    EXPECT_EQ(SymmetricKey::from_base64("_-8=", crypto::base64_url_padded).value().reveal()[0], 0xff);
    EXPECT_FALSE(SymmetricKey::from_text(""));
    EXPECT_FALSE(SymmetricKey::from_hex("0"));
    EXPECT_FALSE(SymmetricKey::from_base64("AAE"));
    EXPECT_FALSE(SymmetricKey::from_text(std::string(1025, 'a')));
}

TEST(SymmetricKey, prepares_each_algorithm_once) {
    const SymmetricKey key = secret();
    const auto& first = key.hmac(crypto::HashAlgorithm::sha256);
    EXPECT_EQ(&first, &SymmetricKey(key).hmac(crypto::HashAlgorithm::sha256));
    EXPECT_EQ(key.hmac(crypto::HashAlgorithm::sha1).mac("x").size(), 20U);
}

TEST(KeySet, signs_with_the_key_that_started_last) {
    const auto keys = KeySet::make(list(entry("old"), entry("new", at(0)), entry("next", at(100)))).value();
    EXPECT_EQ(keys.signing_key(at(-1))->id, "old");
    EXPECT_EQ(keys.signing_key(at(0))->id, "new");
    EXPECT_EQ(keys.signing_key(at(99))->id, "new");
    EXPECT_EQ(keys.signing_key(at(100))->id, "next");
}

TEST(KeySet, no_key_signs_outside_of_all_windows) {
    const auto keys = KeySet::make(list(entry("a", at(0), at(10)), entry("b", at(20), at(30)))).value();
    EXPECT_EQ(keys.signing_key(at(-1)), nullptr);
    EXPECT_EQ(keys.signing_key(at(9))->id, "a");
    EXPECT_EQ(keys.signing_key(at(10)), nullptr);
    EXPECT_EQ(keys.signing_key(at(20))->id, "b");
}

TEST(KeySet, verifies_until_the_key_is_retired) {
    const auto keys = KeySet::make(list(entry("a", {}, at(10), at(20)))).value();
    EXPECT_NE(keys.verification_key("a", at(19)), nullptr);
    EXPECT_EQ(keys.verification_key("a", at(20)), nullptr);
    EXPECT_EQ(keys.verification_key("b", at(0)), nullptr);
}

TEST(KeySet, public_keys_verify_only) {
    const auto keys = KeySet::make(list(KeyEntry{"p", test_key("p256.pem").public_key(), {}, {}, {}})).value();
    EXPECT_EQ(keys.signing_key(at(0)), nullptr);
    EXPECT_NE(keys.verification_key("p", at(0)), nullptr);
}

TEST(KeySet, contradictions_are_refused) {
    EXPECT_FALSE(KeySet::make({}));
    EXPECT_FALSE(KeySet::make(list(entry("a"), entry("a"))));
    EXPECT_TRUE(KeySet::make(list(entry(""), entry(""))));
    EXPECT_FALSE(KeySet::make(list(entry("a", at(1), at(1)))));
    EXPECT_FALSE(KeySet::make(list(entry("a", {}, at(10), at(9)))));
    EXPECT_FALSE(KeySet::make(list(entry("a", {}, {}, at(9)))));
    std::vector<KeyEntry> many;
    for (int i = 0; i < 65; ++i) many.push_back(entry(std::to_string(i)));
    EXPECT_FALSE(KeySet::make(std::move(many)));
}

TEST(KeyRing, reload_reaches_every_copy_and_keeps_the_old_keys_on_error) {
    const auto ring = KeyRing::make(list(entry("a"))).value();
    const KeyRing copy = ring;
    EXPECT_FALSE(ring.reload({}));
    EXPECT_EQ(copy.snapshot()->signing_key(at(0))->id, "a");
    ASSERT_TRUE(ring.reload(list(entry("b"))));
    EXPECT_EQ(copy.snapshot()->signing_key(at(0))->id, "b");
}

TEST(KeyRing, old_set_lives_as_long_as_a_call_uses_it) {
    const auto ring = KeyRing::make(list(entry("a"))).value();
    const auto used = ring.snapshot();
    ASSERT_TRUE(ring.reload(list(entry("b"))));
    EXPECT_EQ(used->signing_key(at(0))->id, "a");
}

TEST(KeyRing, signers_and_reloads_do_not_disturb_each_other) {
    const auto ring = KeyRing::make(list(entry("0"))).value();
    std::atomic<bool> done = false;
    std::atomic<int> missing = 0;
    std::vector<std::thread> readers;
    for (int i = 0; i < 3; ++i) {
        readers.emplace_back([&] {
            while (!done) missing += ring.snapshot()->signing_key(at(0)) == nullptr ? 1 : 0;
        });
    }
    for (int i = 0; i < 1000; ++i) ASSERT_TRUE(ring.reload(list(entry(std::to_string(i)))));
    done = true;
    for (auto& reader : readers) reader.join();
    EXPECT_EQ(missing, 0);
    EXPECT_EQ(ring.snapshot()->signing_key(at(0))->id, "999");
}

class KeyFile : public ::testing::Test {
protected:
    std::string path = ::testing::TempDir() + "streamforge-key-" + std::to_string(::getpid());
    void TearDown() override { std::remove(path.c_str()); }
    void write(std::string_view text) const { std::ofstream(path, std::ios::binary) << text; }
};

TEST_F(KeyFile, is_read_without_its_final_line_break) {
    write("secret\r\n");
    EXPECT_EQ(read_key_file(path).value().reveal(), "secret");
    write("");
    EXPECT_TRUE(read_key_file(path).value().empty());
}

TEST_F(KeyFile, missing_and_huge_files_are_told_apart) {
    EXPECT_EQ(read_key_file(path).error().code, Errc::not_found);
    write(std::string(65 * 1024, 'x'));
    EXPECT_EQ(read_key_file(path).error().code, Errc::limit_exceeded);
}

TEST(KeyEnvironment, is_read_by_name) {
    ::setenv("STREAMFORGE_TEST_KEY", "secret\n", 1);
    EXPECT_EQ(read_key_environment("STREAMFORGE_TEST_KEY").value().reveal(), "secret");
    ::unsetenv("STREAMFORGE_TEST_KEY");
    EXPECT_EQ(read_key_environment("STREAMFORGE_TEST_KEY").error().code, Errc::not_found);
}

TEST(ParseKey, knows_pem_jwk_and_base64_of_either) {
    const std::string pem = read_vector_text("keys/rsa2048.pem");
    const std::string jwk = read_vector_text("keys/rsa2048.jwk");
    const auto encoded = [](const std::string& text) { return crypto::base64_encode(crypto::bytes_of(text)); };
    for (const std::string& text : {pem, jwk, encoded(pem), encoded(jwk) + "\n"}) {
        EXPECT_EQ(parse_private_key(Secret(text)).value().type(), crypto::KeyType::rsa);
        EXPECT_TRUE(std::holds_alternative<crypto::PrivateKey>(parse_asymmetric_key(Secret(text)).value()));
    }
    EXPECT_TRUE(std::holds_alternative<crypto::PublicKey>(parse_asymmetric_key(Secret(read_vector_text("keys/p256-public.pem"))).value()));
    for (const auto* text : {"", "hello", "aGVsbG8="}) EXPECT_FALSE(parse_private_key(Secret(text))) << text;
    EXPECT_EQ(parse_asymmetric_key(Secret(read_vector_text("keys/p384.pem"))).error().code, Errc::unsupported);
}

}  // namespace
}  // namespace streamforge::cdn
