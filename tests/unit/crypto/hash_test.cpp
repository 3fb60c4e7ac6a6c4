#include <streamforge/crypto/hash.hpp>

#include <gtest/gtest.h>
#include <utility>
#include <vector>

namespace streamforge::crypto {
namespace {

TEST(Hash, matches_the_published_values_of_abc) {
    EXPECT_EQ(hash(HashAlgorithm::md5, bytes_of("abc")).hex(), "900150983cd24fb0d6963f7d28e17f72");
    EXPECT_EQ(hash(HashAlgorithm::sha1, bytes_of("abc")).hex(), "a9993e364706816aba3e25717850c26c9cd0d89d");
    EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(hash(HashAlgorithm::sha512, bytes_of("abc")).hex(),
              "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
              "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
}

TEST(Hash, of_nothing_is_the_published_value) {
    EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(Hasher(HashAlgorithm::sha1).finish().hex(), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
}

TEST(Hash, in_pieces_equals_the_hash_of_the_whole) {
    const std::string text(1000, 'q');
    for (const std::size_t cut : {0U, 1U, 63U, 64U, 65U, 999U, 1000U}) {
        Hasher hasher;
        hasher.update(std::string_view(text).substr(0, cut)).update(std::string_view(text).substr(cut));
        EXPECT_EQ(hasher.finish(), sha256(text)) << cut;
    }
}

TEST(Hasher, starts_anew_after_finish) {
    Hasher hasher;
    (void)hasher.update("something else").finish();
    EXPECT_EQ(hasher.update("abc").finish(), sha256("abc"));
}

TEST(Hasher, copy_goes_on_from_the_same_state) {
    Hasher first;
    first.update("ab");
    Hasher second = first;
    EXPECT_EQ(first.update("c").finish(), sha256("abc"));
    EXPECT_EQ(second.update("d").finish(), sha256("abd"));
    second = first.update("x");
    EXPECT_EQ(second.finish(), sha256("x"));
}

TEST(Hasher, moves) {
    Hasher first(HashAlgorithm::sha1);
    first.update("ab");
    Hasher second = std::move(first);
    EXPECT_EQ(second.update("c").finish(), hash(HashAlgorithm::sha1, bytes_of("abc")));
}

TEST(Digest, holds_at_most_64_bytes) {
    const Bytes many(100, 7);
    EXPECT_EQ(Digest(many).size(), 64U);
    EXPECT_EQ(Digest(ByteView(many).first(3)).hex(), "070707");
    EXPECT_EQ(Digest().hex(), "");
}

TEST(HashAlgorithm, knows_its_name_and_size) {
    for (const auto algorithm : {HashAlgorithm::md5, HashAlgorithm::sha1, HashAlgorithm::sha256, HashAlgorithm::sha512}) {
        EXPECT_EQ(hash(algorithm, {}).size(), digest_size_bytes(algorithm));
        EXPECT_TRUE(check_available(algorithm));
    }
    EXPECT_EQ(to_string(HashAlgorithm::sha256), "sha256");
    EXPECT_EQ(to_string(HashAlgorithm::md5), "md5");
}

}  // namespace
}  // namespace streamforge::crypto
