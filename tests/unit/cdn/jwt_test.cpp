#include <streamforge/cdn/jwt.hpp>

#include <gtest/gtest.h>

#include "support/cdn_properties.hpp"
#include "support/cdn_vectors.hpp"

namespace streamforge::cdn {
namespace {

using namespace testing;

constexpr auto secret = "0123456789abcdef0123456789abcdef";

KeyMaterial symmetric(std::string_view text = secret) { return SymmetricKey::from_text(text).value(); }
KeyMaterial asymmetric(const std::string& name) { return test_key(name); }
KeyEntry entry(std::string id, KeyMaterial material) { return {std::move(id), std::move(material), {}, {}, {}}; }
KeySet keys(KeyEntry only) {
    std::vector<KeyEntry> entries;
    entries.push_back(std::move(only));
    return KeySet::make(std::move(entries)).value();
}
std::string part(std::string_view json) { return crypto::base64_encode(crypto::bytes_of(json), crypto::base64_url); }

/// A token with any header and claims, rightly signed with `key`'s own algorithm.
std::string forged(std::string_view header, std::string_view claims, const KeyEntry& key) {
    const std::string input = part(header) + "." + part(claims);
    if (const auto* shared = std::get_if<SymmetricKey>(&key.material)) {
        return input + "." + crypto::base64_encode(shared->hmac(crypto::HashAlgorithm::sha256).mac(input).bytes(), crypto::base64_url);
    }
    const Bytes signature = std::get<crypto::PrivateKey>(key.material)
                                .sign(crypto::HashAlgorithm::sha256, crypto::bytes_of(input), crypto::EcdsaForm::raw)
                                .value();
    return input + "." + crypto::base64_encode(signature, crypto::base64_url);
}

TEST(JwtVectors, tokens_equal_those_of_jose) {
    const auto document = read_vectors("jwt_jose.json");
    for (const auto& item : document["cases"]) {
        SCOPED_TRACE(text_of(item, "name"));
        const bool shared = text_of(item, "key").empty();
        const KeyEntry key = entry("k1", shared ? symmetric(text_of(item, "secret")) : asymmetric(text_of(item, "key")));
        const std::string theirs = text_of(item, "token");
        const std::string ours = sign_jwt(text_of(item, "claims"), key).value();
        const std::size_t compared = text_of(item, "alg") == "ES256" ? theirs.rfind('.') : theirs.size();
        EXPECT_EQ(ours.substr(0, compared), theirs.substr(0, compared));
        for (const std::string& token : {ours, theirs}) {
            const auto verified = verify_jwt(token, keys(key), test_now).value();
            EXPECT_EQ(verified.claims_json, text_of(item, "claims"));
            EXPECT_EQ(verified.key_id, "k1");
            EXPECT_EQ(verified.expires, TimePoint(std::chrono::seconds(1'798'761'600)));
        }
    }
    EXPECT_EQ(document["cases"].size(), 16U);
}

// RFC 7515 appendix A.1: its header and claims have line breaks, and its key is 64 bytes.
TEST(JwtVectors, rfc_7515_hmac_example_verifies) {
    const auto key = SymmetricKey::from_base64("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
                                               crypto::base64_url)
                         .value();
    const auto verified = verify_jwt(
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
        ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        keys(entry("", key)), test_now);
    EXPECT_EQ(verified.value().expires, TimePoint(std::chrono::seconds(1'300'819'380)));
}

TEST(Jwt, algorithm_is_the_keys_and_no_other) {
    const std::string claims = R"({"exp":1793491500})";
    const KeyEntry shared = entry("k", symmetric());
    for (const auto* alg : {"none", "HS384", "hs256", "RS256", "ES256", ""}) {
        const std::string header = std::string(R"({"alg":")") + alg + R"(","kid":"k"})";
        const auto verified = verify_jwt(forged(header, claims, shared), keys(shared), test_now);
        ASSERT_FALSE(verified) << alg;
        EXPECT_TRUE(denial_of(verified.error()) == Denial::weak_algorithm || denial_of(verified.error()) == Denial::malformed_token) << alg;
    }
    EXPECT_EQ(denial(verify_jwt(part(R"({"alg":"none"})") + "." + part(claims) + ".", keys(shared), test_now)), Denial::weak_algorithm);
}

TEST(Jwt, public_key_as_an_hmac_secret_is_refused) {
    const KeyEntry rsa = entry("k", asymmetric("rsa2048.pem"));
    const std::string pem = std::get<crypto::PrivateKey>(rsa.material).public_key().to_pem();
    const std::string token = forged(R"({"alg":"HS256","kid":"k"})", R"({"exp":1793491500})", entry("k", symmetric(pem)));
    EXPECT_EQ(denial(verify_jwt(token, keys(rsa), test_now)), Denial::weak_algorithm);
}

TEST(Jwt, header_must_be_plain) {
    const KeyEntry key = entry("k", symmetric());
    const std::string claims = R"({"exp":1793491500})";
    EXPECT_EQ(denial(verify_jwt(forged(R"({"alg":"HS256","kid":"k","crit":["b64"],"b64":false})", claims, key), keys(key), test_now)),
              Denial::malformed_token);
    EXPECT_EQ(denial(verify_jwt(forged(R"({"alg":"HS256","kid":7})", claims, key), keys(key), test_now)), Denial::malformed_token);
    EXPECT_EQ(denial(verify_jwt(forged(R"({"alg":"HS256","alg":"HS256","kid":"k"})", claims, key), keys(key), test_now)), Denial::malformed_token);
    EXPECT_EQ(denial(verify_jwt(forged(R"([])", claims, key), keys(key), test_now)), Denial::malformed_token);
    EXPECT_EQ(denial(verify_jwt(forged(R"({"alg":"HS256","kid":"../../etc/passwd"})", claims, key), keys(key), test_now)), Denial::unknown_key);
    EXPECT_TRUE(verify_jwt(forged(R"({"alg":"HS256"})", claims, key), keys(key), test_now));
}

TEST(Jwt, token_without_key_id_needs_a_ring_of_one) {
    std::vector<KeyEntry> two;
    two.push_back(entry("a", symmetric()));
    two.push_back(entry("b", symmetric("another secret that is long enough")));
    const auto ring = KeySet::make(std::move(two)).value();
    EXPECT_EQ(denial(verify_jwt(forged(R"({"alg":"HS256"})", R"({"exp":1793491500})", entry("", symmetric())), ring, test_now)), Denial::unknown_key);
}

TEST(Jwt, claims_must_be_an_object_with_whole_seconds) {
    const KeyEntry key = entry("k", symmetric());
    for (const auto* claims : {"[]", "{}", "{", R"({"exp":"1793491500"})", R"({"exp":1793491500.5})", R"({"exp":-1})", R"({"exp":1793491500000})",
                               R"({"exp":1793491500,"nbf":"x"})", R"({"exp":1793491500,"exp":1793491500})"}) {
        EXPECT_EQ(denial(verify_jwt(forged(R"({"alg":"HS256","kid":"k"})", claims, key), keys(key), test_now)), Denial::malformed_token) << claims;
    }
    const std::string deep = R"({"exp":1793491500,"x":)" + std::string(50, '[') + std::string(50, ']') + "}";
    EXPECT_EQ(denial(verify_jwt(forged(R"({"alg":"HS256","kid":"k"})", deep, key), keys(key), test_now)), Denial::malformed_token);
    EXPECT_EQ(denial(verify_jwt(std::string(9000, 'a'), keys(key), test_now)), Denial::malformed_token);
    EXPECT_EQ(refused_name(sign_jwt("[]", key)), "claims_json");
}

TEST(Jwt, every_spelling_but_one_is_refused) {
    const KeyEntry key = entry("k", symmetric());
    const std::string token = sign_jwt(R"({"exp":1793491500})", key).value();
    for (const std::string& text : {token + "=", token + ".", token + "A", " " + token, token.substr(0, token.size() - 1), std::string("a.b"), std::string(".."), std::string()}) {
        EXPECT_TRUE(denial(verify_jwt(text, keys(key), test_now))) << text;
    }
}

TEST(Jwt, short_shared_secret_is_refused) {
    EXPECT_EQ(refused_name(sign_jwt("{}", entry("k", symmetric("short")))), "keys");
    EXPECT_EQ(refused_name(make_jwt_signer(KeyRing::single("k", symmetric("short")))), "keys");
}

class JwtUrl : public ::testing::Test {
protected:
    std::unique_ptr<UrlSigner> signer_for(KeyMaterial key, const JwtOptions& jwt = {}) {
        return make_jwt_signer(KeyRing::single("k1", std::move(key)), jwt, test_signer_options()).value();
    }
    std::unique_ptr<UrlVerifier> verifier_for(KeyMaterial key, const JwtOptions& jwt = {}) {
        return make_jwt_verifier(KeyRing::single("k1", std::move(key)), jwt, test_verifier_options()).value();
    }
    static Result<VerifiedGrant> verify(const UrlVerifier& verifier, std::string_view url, std::string_view client = {}) {
        VerifyRequest request;
        request.url = url;
        request.client_ip = client;
        return verifier.verify(request);
    }
};

TEST_F(JwtUrl, signed_policy_comes_back_with_every_kind_of_key) {
    SignPolicy policy = prefix_for("/vod/m1/");
    policy.starts_at = test_now;
    policy.client_ip = IpNetwork::parse("2001:db8::/64").value();
    policy.session_id = "s-1";
    policy.data = "\"quoted\" text";
    for (const auto& key : {symmetric(), asymmetric("rsa2048.pem"), asymmetric("p256.pem"), asymmetric("ed25519.pem")}) {
        const std::string url = signer_for(key)->sign("https://h.example/vod/m1/a.m4s?x=1", policy).value().reveal();
        const auto grant = verify(*verifier_for(key), url + "&_HLS_msn=1", "2001:db8::7").value();
        SignPolicy expected = policy;
        expected.expires_in = std::chrono::seconds(0);
        expected.expires_at = test_now + std::chrono::seconds(300);
        EXPECT_EQ(grant.policy, expected);
        EXPECT_EQ(grant.url, "https://h.example/vod/m1/a.m4s?x=1&_HLS_msn=1");
    }
}

TEST_F(JwtUrl, scope_and_identity_are_checked) {
    const JwtOptions jwt{.issuer = "us", .audience = "edge", .subject = "viewer"};
    const auto signer = signer_for(symmetric(), jwt);
    const auto verifier = verifier_for(symmetric(), jwt);
    const std::string exact = signer->sign("/vod/a.mp4", exact_for()).value().reveal();
    const std::string token = exact.substr(exact.find('?'));
    EXPECT_TRUE(verify(*verifier, exact));
    EXPECT_EQ(denial(verify(*verifier, "/vod/b.mp4" + token)), Denial::wrong_scope);
    const std::string prefix = "?" + signer->grant(prefix_for("/vod/")).value().query();
    EXPECT_TRUE(verify(*verifier, "/vod/x/y" + prefix));
    EXPECT_EQ(denial(verify(*verifier, "/vods/x" + prefix)), Denial::wrong_scope);
    EXPECT_EQ(denial(verify(*verifier, "/vod/..%2fx" + prefix)), Denial::wrong_scope);
    EXPECT_EQ(denial(verify(*verifier_for(symmetric(), {.issuer = "them"}), exact)), Denial::wrong_scope);
    EXPECT_EQ(denial(verify(*verifier, "/vod/a.mp4")), Denial::missing_token);
}

TEST_F(JwtUrl, token_without_a_path_claim_opens_nothing) {
    const std::string token = sign_jwt(R"({"exp":1793491500})", entry("k1", symmetric())).value();
    EXPECT_EQ(denial(verify(*verifier_for(symmetric()), "/a?token=" + token)), Denial::malformed_token);
}

TEST_F(JwtUrl, cookie_carries_the_token) {
    const auto cookies = signer_for(symmetric())->sign_cookies("/vod/a", prefix_for("/vod/")).value();
    VerifyRequest request;
    request.url = "/vod/b?x=1";
    const std::string header = cookies.cookie_header();
    request.cookies = header;
    EXPECT_EQ(verifier_for(symmetric())->verify(request).value().url, "/vod/b?x=1");
}

TEST_F(JwtUrl, options_are_checked) {
    EXPECT_EQ(refused_name(JwtOptions{.parameter = "a b"}.validate()), "parameter");
    EXPECT_EQ(refused_name(JwtOptions{.path_claim = "exp"}.validate()), "path_claim");
    EXPECT_EQ(refused_name(JwtOptions{.path_claim = "x", .prefix_claim = "x"}.validate()), "path_claim");
}

TEST_F(JwtUrl, what_is_signed_is_accepted_and_no_changed_byte_is) {
    const auto signer = signer_for(symmetric());
    const auto verifier = verifier_for(symmetric());
    RoundTrip test;
    test.signer = signer.get();
    test.verifier = verifier.get();
    test.make = [](UrlMaker& maker) { return std::pair(maker.path_below("/"), exact_for()); };
    test.rounds = 20'000;
    expect_round_trips(test);
}

}  // namespace
}  // namespace streamforge::cdn
