#include <streamforge/crypto/key.hpp>

#include <atomic>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <regex>
#include <sstream>
#include <thread>

#include <streamforge/crypto/encoding.hpp>

namespace streamforge::crypto {
namespace {

std::string fixture(const std::string& name) {
    std::ifstream file(std::string(STREAMFORGE_TEST_SOURCE_DIR) + "/vectors/keys/" + name, std::ios::binary);
    EXPECT_TRUE(file) << name;
    return {std::istreambuf_iterator<char>(file), {}};
}

template <class T>
Errc code_of(const Result<T>& result) {
    EXPECT_FALSE(result);
    return result ? Errc::internal : result.error().code;
}

Bytes from_base64url(std::string_view text) { return base64_decode(text, base64_url).value(); }

constexpr auto message_text = "the message";
const ByteView message = bytes_of(message_text);

// RFC 7515 appendix A.3.
constexpr auto rfc7515_ec_jwk =
    R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"})";
constexpr auto rfc7515_ec_input =
    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
constexpr auto rfc7515_ec_signature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
// RFC 8037 appendix A.
constexpr auto rfc8037_jwk =
    R"({"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";

TEST(PublicKey, verifies_the_signature_of_rfc_7515_a_3) {
    const auto key = PublicKey::from_jwk(rfc7515_ec_jwk).value();
    EXPECT_EQ(key.type(), KeyType::ecdsa_p256);
    Bytes signature = from_base64url(rfc7515_ec_signature);
    EXPECT_TRUE(key.verify(HashAlgorithm::sha256, bytes_of(rfc7515_ec_input), signature, EcdsaForm::raw));
    signature[40] ^= 1;
    EXPECT_EQ(code_of(key.verify(HashAlgorithm::sha256, bytes_of(rfc7515_ec_input), signature, EcdsaForm::raw)), Errc::denied);
}

TEST(PrivateKey, makes_the_signature_of_rfc_8037_a_4) {
    const auto key = PrivateKey::from_jwk(rfc8037_jwk).value();
    EXPECT_EQ(key.type(), KeyType::ed25519);
    const auto input = bytes_of("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc");
    const Bytes signature = key.sign(HashAlgorithm::sha256, input).value();
    EXPECT_EQ(base64_encode(signature, base64_url),
              "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
    EXPECT_TRUE(key.public_key().verify(HashAlgorithm::sha256, input, signature));
}

TEST(PrivateKey, one_rsa_key_in_every_form_gives_one_signature) {
    const Bytes expected = PrivateKey::from_pem(fixture("rsa2048.pem")).value().sign(HashAlgorithm::sha256, message).value();
    EXPECT_EQ(PrivateKey::from_pem(fixture("rsa2048-pkcs1.pem")).value().sign(HashAlgorithm::sha256, message).value(), expected);
    EXPECT_EQ(PrivateKey::from_pkcs8(bytes_of(fixture("rsa2048.der"))).value().sign(HashAlgorithm::sha256, message).value(), expected);
    EXPECT_EQ(PrivateKey::from_jwk(fixture("rsa2048.jwk")).value().sign(HashAlgorithm::sha256, message).value(), expected);
    EXPECT_EQ(PrivateKey::from_pem(fixture("rsa2048-encrypted.pem"), Secret("correct-horse")).value().sign(HashAlgorithm::sha256, message).value(),
              expected);
    for (const auto* name : {"rsa2048-public.pem", "rsa2048-public-pkcs1.pem"}) {
        EXPECT_TRUE(PublicKey::from_pem(fixture(name)).value().verify(HashAlgorithm::sha256, message, expected)) << name;
    }
    EXPECT_TRUE(PublicKey::from_jwk(fixture("rsa2048.jwk")).value().verify(HashAlgorithm::sha256, message, expected));
}

TEST(PrivateKey, one_p256_key_in_every_form_fits_its_public_half) {
    const auto public_key = PublicKey::from_pem(fixture("p256-public.pem")).value();
    for (const auto* name : {"p256.pem", "p256-sec1.pem"}) {
        const auto key = PrivateKey::from_pem(fixture(name)).value();
        for (const auto form : {EcdsaForm::der, EcdsaForm::raw}) {
            for (const auto algorithm : {HashAlgorithm::sha1, HashAlgorithm::sha256}) {
                const Bytes signature = key.sign(algorithm, message, form).value();
                EXPECT_TRUE(public_key.verify(algorithm, message, signature, form));
                EXPECT_FALSE(public_key.verify(algorithm, bytes_of("another"), signature, form));
            }
        }
    }
}

TEST(PrivateKey, weak_and_foreign_keys_are_refused) {
    for (const auto* name : {"rsa1024.pem", "p384.pem", "rsa-pss.pem"}) {
        EXPECT_EQ(code_of(PrivateKey::from_pem(fixture(name))), Errc::unsupported) << name;
    }
    EXPECT_EQ(code_of(PrivateKey::generate(KeyType::rsa, 1024)), Errc::invalid_argument);
}

TEST(PrivateKey, passphrase_is_asked_of_the_caller_only) {
    EXPECT_EQ(code_of(PrivateKey::from_pem(fixture("rsa2048-encrypted.pem"))), Errc::unauthenticated);
    EXPECT_EQ(code_of(PrivateKey::from_pem(fixture("rsa2048-encrypted.pem"), Secret("wrong"))), Errc::unauthenticated);
}

TEST(PrivateKey, text_that_is_no_key_is_malformed) {
    const std::string pem = fixture("rsa2048.pem");
    const std::string texts[] = {"", "hello", pem.substr(0, pem.size() / 2), fixture("rsa2048-public.pem")};
    for (const std::string& text : texts) EXPECT_EQ(code_of(PrivateKey::from_pem(text)), Errc::malformed);
    std::string der = fixture("rsa2048.der");
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{100}, der.size() - 1}) {
        EXPECT_EQ(code_of(PrivateKey::from_pkcs8(bytes_of(der).first(size))), Errc::malformed);
    }
    der.push_back('x');
    EXPECT_EQ(code_of(PrivateKey::from_pkcs8(bytes_of(der))), Errc::malformed);
    EXPECT_EQ(code_of(PrivateKey::from_pem(std::string(70'000, 'A'))), Errc::limit_exceeded);
    EXPECT_EQ(code_of(PublicKey::from_pem("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")), Errc::malformed);
    EXPECT_EQ(code_of(PublicKey::from_raw_ed25519(Bytes(31))), Errc::malformed);
}

TEST(PrivateKey, generated_keys_come_back_from_pem) {
    for (const auto type : {KeyType::rsa, KeyType::ecdsa_p256, KeyType::ed25519}) {
        const auto key = PrivateKey::generate(type).value();
        EXPECT_EQ(key.type(), type);
        const auto again = PrivateKey::from_pem(key.to_pem().value().reveal()).value();
        const Bytes signature = again.sign(HashAlgorithm::sha256, message).value();
        EXPECT_TRUE(key.public_key().verify(HashAlgorithm::sha256, message, signature));
        EXPECT_TRUE(PublicKey::from_pem(key.public_key().to_pem()).value().verify(HashAlgorithm::sha256, message, signature));
    }
}

TEST(PrivateKey, sign_digest_equals_sign) {
    const auto key = PrivateKey::from_pem(fixture("rsa2048.pem")).value();
    EXPECT_EQ(key.sign_digest(HashAlgorithm::sha1, hash(HashAlgorithm::sha1, message)).value(),
              key.sign(HashAlgorithm::sha1, message).value());
    EXPECT_EQ(code_of(key.sign_digest(HashAlgorithm::sha1, sha256(message))), Errc::invalid_argument);
    EXPECT_EQ(code_of(PrivateKey::from_pem(fixture("ed25519.pem")).value().sign_digest(HashAlgorithm::sha256, sha256(message))),
              Errc::invalid_argument);
}

TEST(PrivateKey, many_threads_sign_with_one_key_and_more_than_one_hash) {
    for (const KeyType type : {KeyType::rsa, KeyType::ecdsa_p256}) {
        const auto key = PrivateKey::generate(type).value();
        std::atomic<int> wrong = 0;
        {
            std::vector<std::jthread> threads;
            for (int thread = 0; thread < 40; ++thread) {
                threads.emplace_back([&, thread] {
                    for (int round = 0; round < 4; ++round) {
                        const auto algorithm = (thread + round) % 3 == 0 ? HashAlgorithm::sha1 : HashAlgorithm::sha256;
                        const std::string text = std::to_string(thread) + "/" + std::to_string(round);
                        const auto signature = key.sign(algorithm, bytes_of(text));
                        if (!signature || !key.public_key().verify(algorithm, bytes_of(text), *signature)) ++wrong;
                    }
                });
            }
        }
        EXPECT_EQ(wrong, 0);
    }
}

TEST(PublicKey, every_bit_of_a_signature_counts) {
    for (const auto* name : {"rsa2048.pem", "p256.pem", "ed25519.pem"}) {
        const auto key = PrivateKey::from_pem(fixture(name)).value();
        const auto public_key = key.public_key();
        const Bytes signature = key.sign(HashAlgorithm::sha256, message).value();
        for (std::size_t at = 0; at < signature.size(); ++at) {
            Bytes changed = signature;
            changed[at] ^= static_cast<std::uint8_t>(1U << (at % 8));
            EXPECT_FALSE(public_key.verify(HashAlgorithm::sha256, message, changed)) << name << " byte " << at;
        }
        Bytes longer = signature;
        longer.push_back(0);
        EXPECT_FALSE(public_key.verify(HashAlgorithm::sha256, message, longer)) << name;
        EXPECT_EQ(code_of(public_key.verify(HashAlgorithm::sha256, message, {})), Errc::malformed) << name;
    }
}

TEST(Jwk, faults_are_named) {
    const std::string rsa = fixture("rsa2048.jwk");
    EXPECT_EQ(code_of(PrivateKey::from_jwk("{")), Errc::malformed);
    EXPECT_EQ(code_of(PrivateKey::from_jwk(R"({"kty":"RSA"})")), Errc::malformed);
    EXPECT_EQ(code_of(PrivateKey::from_jwk(R"({"kty":"oct","k":"AAAA","d":"AA"})")), Errc::unsupported);
    EXPECT_EQ(code_of(PrivateKey::from_jwk(R"({"keys":[]})")), Errc::unsupported);
    EXPECT_EQ(code_of(PublicKey::from_jwk(R"({"kty":"EC","crv":"P-384","x":"AA","y":"AA"})")), Errc::unsupported);
    EXPECT_EQ(code_of(PublicKey::from_jwk(R"({"kty":"EC","crv":"P-256","x":"AA","y":"AA"})")), Errc::malformed);
    EXPECT_EQ(code_of(PublicKey::from_jwk(R"({"kty":"OKP","crv":"X25519","x":"AA"})")), Errc::unsupported);
    EXPECT_EQ(code_of(PublicKey::from_jwk(R"({"kty":"RSA","n":"not base64!","e":"AQAB"})")), Errc::malformed);
    EXPECT_EQ(code_of(PublicKey::from_jwk(R"({"kty":"RSA","n":"w6X0","e":"AQAB"})")), Errc::unsupported);
    EXPECT_EQ(code_of(PublicKey::from_jwk(R"({"kty":"RSA","kty":"EC"})")), Errc::malformed);
}

TEST(Jwk, point_off_the_curve_is_refused) {
    std::string text = rfc7515_ec_jwk;
    text.replace(text.find("x_FEzRu9"), 8, "x_FEzRu8");
    EXPECT_EQ(code_of(PublicKey::from_jwk(text)), Errc::malformed);
}

TEST(Jwk, halves_of_different_keys_are_refused) {
    std::string text = rfc8037_jwk;
    text.replace(text.find("nWGx"), 4, "nWGy");
    EXPECT_EQ(code_of(PrivateKey::from_jwk(text)), Errc::malformed);
    std::string ec = rfc7515_ec_jwk;
    ec.replace(ec.find("jpsQ"), 4, "jpsR");
    EXPECT_EQ(code_of(PrivateKey::from_jwk(ec)), Errc::malformed);
    const std::string rsa = fixture("rsa2048.jwk");
    const std::string other_modulus = std::regex_replace(rsa, std::regex(R"("n": "....)"), R"("n": "zzzz)");
    ASSERT_NE(other_modulus, rsa);
    EXPECT_EQ(code_of(PrivateKey::from_jwk(other_modulus)), Errc::malformed);
}

TEST(ExternalSigner, signs_with_a_key_held_elsewhere) {
    for (const auto* name : {"rsa2048.pem", "p256.pem", "ed25519.pem"}) {
        const auto hidden = PrivateKey::from_pem(fixture(name)).value();
        const auto key = PrivateKey::external(hidden.public_key(), [hidden](HashAlgorithm algorithm, ByteView payload) -> Result<Bytes> {
            if (hidden.type() == KeyType::ed25519) return hidden.sign(algorithm, payload);
            return hidden.sign_digest(algorithm, Digest(payload));
        });
        EXPECT_EQ(key.type(), hidden.type());
        for (const auto form : {EcdsaForm::der, EcdsaForm::raw}) {
            const Bytes signature = key.sign(HashAlgorithm::sha256, message, form).value();
            EXPECT_TRUE(hidden.public_key().verify(HashAlgorithm::sha256, message, signature, form)) << name;
        }
        EXPECT_EQ(code_of(key.to_pem()), Errc::unsupported);
    }
}

TEST(ExternalSigner, answer_that_does_not_fit_the_public_key_is_refused) {
    const auto other = PrivateKey::generate(KeyType::ecdsa_p256).value();
    const auto key = PrivateKey::external(PublicKey::from_pem(fixture("p256-public.pem")).value(),
                                          [&](HashAlgorithm algorithm, ByteView digest) { return other.sign_digest(algorithm, Digest(digest)); });
    EXPECT_EQ(code_of(key.sign(HashAlgorithm::sha256, message)), Errc::integrity);
    const auto failing = PrivateKey::external(PublicKey::from_pem(fixture("p256-public.pem")).value(), [](HashAlgorithm, ByteView) -> Result<Bytes> {
        return make_error(Errc::throttled, "kms.sign", "slow down");
    });
    EXPECT_EQ(code_of(failing.sign(HashAlgorithm::sha256, message)), Errc::throttled);
}

TEST(KeyType, has_a_name) {
    EXPECT_EQ(to_string(KeyType::rsa), "rsa");
    EXPECT_EQ(to_string(KeyType::ecdsa_p256), "ecdsa-p256");
    EXPECT_EQ(to_string(KeyType::ed25519), "ed25519");
}

}  // namespace
}  // namespace streamforge::crypto
