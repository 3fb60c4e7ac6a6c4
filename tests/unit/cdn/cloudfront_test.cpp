#include <streamforge/cdn/cloudfront.hpp>

#include <gtest/gtest.h>

#include "cdn/cloudfront/policy_text.hpp"
#include "support/cdn_properties.hpp"
#include "support/cdn_vectors.hpp"

namespace streamforge::cdn {
namespace {

using namespace testing;
using crypto::HashAlgorithm;

constexpr auto key_id = "K2JCJMDEHXQW5F";

KeyRing ring(const std::string& key = "p256.pem", const std::string& id = key_id) { return KeyRing::single(id, test_key(key)); }

SignerOptions vector_options() {
    SignerOptions options;
    options.clock = fixed_clock(TimePoint(std::chrono::seconds(1'798'700'000)));
    return options;
}

std::string parameter(const std::string& url, const std::string& name) {
    const std::size_t begin = url.find(name + "=");
    if (begin == std::string::npos) return "";
    const std::size_t value = begin + name.size() + 1;
    return url.substr(value, url.find('&', value) - value);
}

std::string decoded(const std::string& text) {
    const Bytes bytes = crypto::base64_decode(text, cloudfront::base64_variant).value();
    return {bytes.begin(), bytes.end()};
}

class CloudFront : public ::testing::Test {
protected:
    std::unique_ptr<UrlSigner> signer = make_cloudfront_signer(ring(), {}, test_signer_options()).value();
    std::unique_ptr<UrlVerifier> verifier = make_cloudfront_verifier(ring(), {}, test_verifier_options()).value();
    static constexpr auto video = "https://d111111abcdef8.cloudfront.net/vod/m1/a.mp4";

    Result<VerifiedGrant> verify(std::string_view url, std::string_view cookies = {}, std::string_view client = {}) {
        VerifyRequest request;
        request.url = url;
        request.cookies = cookies;
        request.client_ip = client;
        return verifier->verify(request);
    }
};

// From botocore's own tests, tests/unit/test_signers.py.
TEST(CloudFrontPolicy, matches_the_texts_that_botocore_publishes) {
    EXPECT_EQ(cloudfront_canned_policy("foo", TimePoint(std::chrono::seconds(1'451'606'400))),
              R"({"Statement":[{"Resource":"foo","Condition":{"DateLessThan":{"AWS:EpochTime":1451606400}}}]})");
    std::string text;
    cloudfront::append_custom_policy(text, {"foo", TimePoint(std::chrono::seconds(1'451'606'400)), TimePoint(std::chrono::seconds(1'448'928'000)),
                                            IpNetwork::parse("12.34.56.0/24").value()});
    EXPECT_EQ(text, R"({"Statement":[{"Resource":"foo","Condition":{"DateLessThan":{"AWS:EpochTime":1451606400},)"
                    R"("IpAddress":{"AWS:SourceIp":"12.34.56.0/24"},"DateGreaterThan":{"AWS:EpochTime":1448928000}}}]})");
}

TEST(CloudFrontVectors, urls_and_policies_equal_those_of_botocore) {
    const auto document = read_vectors("cloudfront_botocore.json");
    for (const auto& item : document["cases"]) {
        SCOPED_TRACE(text_of(item, "name"));
        const auto signer = make_cloudfront_signer(ring(text_of(item, "key")), {.hash = HashAlgorithm::sha1}, vector_options()).value();
        const auto url = signer->sign(text_of(item, "url"), policy_of(item)).value().reveal();
        if (!item["canned"].get<bool>()) {
            EXPECT_EQ(decoded(parameter(url, "Policy")), text_of(item, "policy"));
        } else {
            EXPECT_EQ(cloudfront_canned_policy(text_of(item, "url"), *policy_of(item).expires_at), text_of(item, "policy"));
        }
        EXPECT_EQ(url, text_of(item, "signed_url"));
    }
    EXPECT_GE(document["cases"].size(), 20U);
}

TEST(CloudFrontVectors, urls_and_cookies_of_the_javascript_signer_verify) {
    const auto document = read_vectors("cloudfront_aws_js.json");
    for (const auto& item : document["cases"]) {
        SCOPED_TRACE(text_of(item, "name"));
        const auto verifier = make_cloudfront_verifier(ring(text_of(item, "key"))).value();
        const SignPolicy expected = policy_of(item);
        VerifyRequest request;
        request.now = TimePoint(std::chrono::seconds(1'798'700'000));
        request.client_ip = "203.0.113.9";
        const std::string signed_url = text_of(item, "signed_url");
        request.url = signed_url;
        const auto grant = verifier->verify(request).value();
        EXPECT_EQ(grant.policy, expected);
        EXPECT_EQ(grant.url, text_of(item, "url"));

        std::string header;
        for (const auto& [name, value] : item["cookies"].items()) {
            header += (header.empty() ? "" : "; ") + name + "=" + (value.is_string() ? value.get<std::string>() : value.dump());
        }
        const std::string url = text_of(item, "url");
        request.url = url;
        request.cookies = header;
        EXPECT_EQ(verifier->verify(request).value().policy, expected);
    }
}

TEST(CloudFrontVectors, urls_of_the_go_signer_verify_and_its_canned_ones_are_ours) {
    const auto document = read_vectors("cloudfront_go.json");
    int equal = 0;
    for (const auto& item : document["cases"]) {
        SCOPED_TRACE(text_of(item, "name"));
        const std::string key = text_of(item, "key");
        const std::string theirs = text_of(item, "signed_url");
        const auto signer = make_cloudfront_signer(ring(key), {.hash = HashAlgorithm::sha1}, vector_options()).value();
        const std::string ours = signer->sign(text_of(item, "url"), policy_of(item)).value().reveal();
        if (item["canned"].get<bool>()) {
            EXPECT_EQ(cloudfront_canned_policy(text_of(item, "url"), *policy_of(item).expires_at), text_of(item, "policy"));
            equal += ours == theirs;
        } else {
            EXPECT_EQ(nlohmann::json::parse(decoded(parameter(ours, "Policy"))), nlohmann::json::parse(text_of(item, "policy")));
        }
        VerifyRequest request;
        request.url = theirs;
        request.now = TimePoint(std::chrono::seconds(1'798'700'000));
        request.client_ip = "203.0.113.9";
        EXPECT_EQ(make_cloudfront_verifier(ring(key)).value()->verify(request).value().policy, policy_of(item));
    }
    EXPECT_EQ(equal, 2) << "RSA signatures are not random";
    EXPECT_EQ(document["cases"].size(), 12U);
}

TEST(CloudFrontVectors, rsa_signatures_equal_those_of_the_javascript_signer) {
    int compared = 0;
    const auto document = read_vectors("cloudfront_aws_js.json");
    for (const auto& item : document["cases"]) {
        if (text_of(item, "key") != "rsa2048.pem" || item.contains("starts")) continue;  // its custom policies have another order
        SCOPED_TRACE(text_of(item, "name"));
        const auto hash = text_of(item, "hash") == "sha1" ? HashAlgorithm::sha1 : HashAlgorithm::sha256;
        const auto signer = make_cloudfront_signer(ring("rsa2048.pem"), {.hash = hash}, vector_options()).value();
        const std::string url = signer->sign(text_of(item, "url"), policy_of(item)).value().reveal();
        const std::string theirs = text_of(item, "signed_url");
        for (const auto* name : {"Expires", "Signature", "Key-Pair-Id", "Hash-Algorithm"}) EXPECT_EQ(parameter(url, name), parameter(theirs, name));
        const auto cookies = signer->sign_cookies(text_of(item, "url"), policy_of(item)).value();
        EXPECT_EQ(cookies.reveal().size(), item["cookies"].size());
        for (const auto& cookie : cookies.reveal()) {
            const auto& value = item["cookies"].at(cookie.name);
            EXPECT_EQ(cookie.value, value.is_string() ? value.get<std::string>() : value.dump());
        }
        ++compared;
    }
    EXPECT_EQ(compared, 4);
}

TEST_F(CloudFront, exact_policy_with_an_end_alone_is_canned) {
    const std::string url = signer->sign(std::string(video) + "?x=1", exact_for()).value().reveal();
    EXPECT_TRUE(url.starts_with(std::string(video) + "?x=1&Expires=1793491500&Signature=")) << url;
    EXPECT_TRUE(url.ends_with("&Key-Pair-Id=K2JCJMDEHXQW5F&Hash-Algorithm=SHA256")) << url;
    const auto grant = verify(url).value();
    EXPECT_EQ(grant.policy.scope, Scope::exact);
    EXPECT_EQ(grant.policy.expires_at, test_now + std::chrono::seconds(300));
    EXPECT_EQ(grant.url, std::string(video) + "?x=1");
}

TEST_F(CloudFront, every_key_and_hash_verifies) {
    for (const auto* key : {"rsa2048.pem", "p256.pem"}) {
        for (const auto hash : {HashAlgorithm::sha1, HashAlgorithm::sha256}) {
            signer = make_cloudfront_signer(ring(key), {.hash = hash}, test_signer_options()).value();
            verifier = make_cloudfront_verifier(ring(key), {}, test_verifier_options()).value();
            EXPECT_TRUE(verify(signer->sign(video, exact_for()).value().reveal())) << key;
            const auto cookies = signer->sign_cookies(video, prefix_for("https://d111111abcdef8.cloudfront.net/vod/m1/")).value();
            EXPECT_TRUE(verify(video, cookies.cookie_header())) << key;
        }
    }
}

TEST_F(CloudFront, signed_policy_comes_back_from_verification) {
    SignPolicy policy = prefix_for("https://d111111abcdef8.cloudfront.net/vod/m1/");
    policy.starts_at = test_now - std::chrono::seconds(60);
    policy.client_ip = IpNetwork::parse("203.0.113.0/24").value();
    const auto grant = verify(signer->sign(video, policy).value().reveal(), {}, "203.0.113.1").value();
    policy.expires_in = std::chrono::seconds(0);
    policy.expires_at = test_now + std::chrono::seconds(300);
    EXPECT_EQ(grant.policy, policy);
    SignPolicy pattern = pattern_for("https://d111111abcdef8.cloudfront.net/*/a.mp?");
    pattern.expires_in = std::chrono::seconds(0);
    pattern.expires_at = test_now + std::chrono::seconds(1);
    EXPECT_EQ(verify(signer->sign(video, pattern).value().reveal()).value().policy, pattern);
}

TEST_F(CloudFront, one_grant_opens_the_folder_with_any_query) {
    const auto grant = signer->grant(prefix_for("https://d111111abcdef8.cloudfront.net/vod/m1/")).value();
    const std::string token = grant.query();
    EXPECT_TRUE(verify(grant.url("https://d111111abcdef8.cloudfront.net/vod/m1/v/1.m4s?a=1").value().reveal() + "&CMCD=br%3D1"));
    EXPECT_EQ(denial(verify("https://d111111abcdef8.cloudfront.net/vod/m2/1.m4s?" + token)), Denial::wrong_scope);
    EXPECT_EQ(denial(verify("https://other.cloudfront.net/vod/m1/1.m4s?" + token)), Denial::wrong_scope);
    EXPECT_EQ(denial(verify("https://d111111abcdef8.cloudfront.net/vod/m1/..%2fm2/1.m4s?" + token)), Denial::wrong_scope);
    EXPECT_FALSE(grant.url("https://d111111abcdef8.cloudfront.net/vod/m2/1.m4s"));
    EXPECT_FALSE(grant.url("https://other.cloudfront.net/vod/m1/1.m4s"));
}

TEST_F(CloudFront, what_the_provider_would_misread_is_refused) {
    SignPolicy bound = exact_for();
    bound.client_ip = IpNetwork::parse("203.0.113.7").value();
    EXPECT_EQ(refused_name(signer->sign("https://h.example/a*b", bound)), "url");
    EXPECT_TRUE(signer->sign("https://h.example/a*b", exact_for()));
    EXPECT_EQ(refused_name(signer->sign("https://h.example/a?q=1?2", bound)), "url");
    EXPECT_EQ(refused_name(signer->sign("/vod/a.mp4", exact_for())), "url");
    for (const auto* name : {"Expires", "Policy", "Signature", "Key-Pair-Id", "Hash-Algorithm", "%45xpires"}) {
        EXPECT_EQ(refused_name(signer->sign("https://h.example/a?x=1&" + std::string(name) + "=1", exact_for())), "query") << name;
    }
    bound.client_ip = IpNetwork::parse("2001:db8::/64").value();
    EXPECT_EQ(signer->sign(video, bound).error().code, Errc::unsupported);
    EXPECT_EQ(refused_name(signer->grant(prefix_for("https://h.example/vod/m1"))), "resource");
    EXPECT_EQ(refused_name(signer->grant(prefix_for("/vod/m1/"))), "resource");
    EXPECT_EQ(refused_name(signer->grant(prefix_for("https://h.example/vod/*/"))), "resource");
    EXPECT_EQ(refused_name(signer->grant(prefix_for(""))), "resource");
}

TEST_F(CloudFront, wildcards_that_overreach_need_consent) {
    for (const auto* pattern : {"*", "**", "?", "https://*", "http*://h.example/a", "https://*.example.com/a/*", "https://h.example*"}) {
        EXPECT_EQ(refused_name(signer->grant(pattern_for(pattern))), "resource") << pattern;
    }
    SignPolicy everything = pattern_for("*");
    everything.allow_everything = true;
    EXPECT_TRUE(signer->grant(everything));
    SignPolicy hosts = pattern_for("https://*.example.com/a/*");
    hosts.allow_host_wildcard = true;
    EXPECT_TRUE(signer->grant(hosts).value().url("https://x.example.com/a/b"));
    EXPECT_TRUE(signer->grant(pattern_for("https://h.example/*")));
    for (const auto* pattern : {"/vod/*", "ftp://h/*", "https://h.example/a\"b*", "https://h.example/../*", "https://h.example/a%2fb/*"}) {
        EXPECT_EQ(refused_name(signer->grant(pattern_for(pattern))), "resource") << pattern;
    }
}

TEST_F(CloudFront, keys_that_the_provider_does_not_know_are_refused) {
    const auto refused = [](KeyRing keys) { return refused_name(make_cloudfront_signer(std::move(keys))); };
    EXPECT_EQ(refused(KeyRing::single(key_id, crypto::PrivateKey::generate(crypto::KeyType::ed25519).value())), "keys");
    EXPECT_EQ(refused(KeyRing::single(key_id, crypto::PrivateKey::generate(crypto::KeyType::rsa, 3072).value())), "keys");
    EXPECT_EQ(refused(KeyRing::single(key_id, SymmetricKey::from_text("secret").value())), "keys");
    EXPECT_EQ(refused(ring("p256.pem", "")), "keys");
    EXPECT_EQ(refused(ring("p256.pem", "K2&x=1")), "keys");
    EXPECT_EQ(refused_name(make_cloudfront_signer(ring(), {.hash = HashAlgorithm::md5})), "hash");
}

TEST_F(CloudFront, signature_of_another_key_or_hash_is_refused) {
    const std::string url = signer->sign(video, exact_for()).value().reveal();
    EXPECT_EQ(denial(verify(url.substr(0, url.rfind('&')))), Denial::wrong_signature);  // taken for SHA-1
    verifier = make_cloudfront_verifier(KeyRing::single(key_id, crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256).value()), {},
                                        test_verifier_options())
                   .value();
    EXPECT_EQ(denial(verify(url)), Denial::wrong_signature);
    verifier = make_cloudfront_verifier(ring("p256.pem", "K3"), {}, test_verifier_options()).value();
    EXPECT_EQ(denial(verify(url)), Denial::unknown_key);
}

TEST_F(CloudFront, sha1_can_be_forbidden) {
    signer = make_cloudfront_signer(ring(), {.hash = HashAlgorithm::sha1}, test_signer_options()).value();
    const std::string url = signer->sign(video, exact_for()).value().reveal();
    EXPECT_TRUE(verify(url));
    verifier = make_cloudfront_verifier(ring(), {.allow_sha1 = false}, test_verifier_options()).value();
    EXPECT_EQ(denial(verify(url)), Denial::weak_algorithm);
    EXPECT_EQ(denial(verify(url + "&Hash-Algorithm=SHA1")), Denial::weak_algorithm);
}

TEST_F(CloudFront, incomplete_and_doubled_parameters_are_refused) {
    const std::string url = signer->sign(video, exact_for()).value().reveal();
    EXPECT_EQ(denial(verify(video)), Denial::missing_token);
    EXPECT_EQ(denial(verify(url + "&Expires=1793491500")), Denial::malformed_token);
    EXPECT_EQ(denial(verify(url + "&Policy=e30_")), Denial::malformed_token);
    EXPECT_EQ(denial(verify(std::string(video) + "?Expires=1793491500&Key-Pair-Id=K2JCJMDEHXQW5F")), Denial::malformed_token);
    EXPECT_EQ(denial(verify(std::string(video) + "?Expires=1793491500&Signature=AAAA&Key-Pair-Id=K2JCJMDEHXQW5F")), Denial::wrong_signature);
    EXPECT_EQ(denial(verify(std::string(video) + "?Expires=1793491500&Signature=AA+A&Key-Pair-Id=K2JCJMDEHXQW5F")), Denial::malformed_token);
    EXPECT_EQ(denial(verify(std::string(video) + "?Expires=1793491500000&Signature=AAAA&Key-Pair-Id=K2JCJMDEHXQW5F")), Denial::malformed_token);
    EXPECT_EQ(denial(verify(std::string(video) + "?Policy=!&Signature=AAAA&Key-Pair-Id=K2JCJMDEHXQW5F")), Denial::malformed_token);
}

TEST_F(CloudFront, url_parameters_win_over_cookies) {
    const auto cookies = signer->sign_cookies(video, exact_for()).value();
    EXPECT_EQ(cookies.reveal().front().name, "CloudFront-Expires");
    EXPECT_TRUE(verify(video, cookies.cookie_header()));
    EXPECT_EQ(denial(verify(std::string(video) + "?Expires=1793491500&Signature=AAAA&Key-Pair-Id=K2JCJMDEHXQW5F", cookies.cookie_header())),
              Denial::wrong_signature);
}

TEST(CloudFrontPolicy, only_policies_that_the_provider_accepts_are_read) {
    EXPECT_TRUE(cloudfront::parse_custom_policy(
        R"({ "Statement": [ {"Condition":{"DateLessThan":{"AWS:EpochTime":1}}, "Resource":"*"} ] })"));
    for (const auto* text : {
             "", "{}", "[]", R"({"Statement":[]})", R"({"Statement":{}})", R"({"Statement":[{"Resource":"a"}]})",
             R"({"Statement":[{"Resource":"a","Condition":{}}]})", R"({"Statement":[{"Resource":1,"Condition":{"DateLessThan":{"AWS:EpochTime":1}}}]})",
             R"({"Statement":[{"Resource":"","Condition":{"DateLessThan":{"AWS:EpochTime":1}}}]})",
             R"({"Statement":[{"Condition":{"DateLessThan":{"AWS:EpochTime":1}}}]})",
             R"({"Statement":[{"Resource":"a","Condition":{"DateLessThan":{"AWS:EpochTime":"1"}}}]})",
             R"({"Statement":[{"Resource":"a","Condition":{"DateLessThan":{"AWS:EpochTime":-1}}}]})",
             R"({"Statement":[{"Resource":"a","Condition":{"DateLessThan":{"AWS:EpochTime":99999999999}}}]})",
             R"({"Statement":[{"Resource":"a","Condition":{"DateLessThan":{"AWS:EpochTime":1},"Unknown":{}}}]})",
             R"({"Statement":[{"Resource":"a","Condition":{"DateLessThan":{"AWS:EpochTime":1},"IpAddress":{"AWS:SourceIp":"x"}}}]})",
             R"({"Statement":[{"Resource":"a","Resource":"b","Condition":{"DateLessThan":{"AWS:EpochTime":1}}}]})",
             R"({"Statement":[{"Resource":"a","Condition":{"DateLessThan":{"AWS:EpochTime":1}}},{"Resource":"b","Condition":{"DateLessThan":{"AWS:EpochTime":1}}}]})",
             R"({"Statement":[{"Resource":"a","Effect":"Allow","Condition":{"DateLessThan":{"AWS:EpochTime":1}}}]})"}) {
        EXPECT_FALSE(cloudfront::parse_custom_policy(text)) << text;
    }
}

TEST_F(CloudFront, what_is_signed_is_accepted_and_no_changed_byte_is) {
    RoundTrip test;
    test.signer = signer.get();
    test.verifier = verifier.get();
    test.make = [](UrlMaker& maker) {
        std::string url = "https://d111111abcdef8.cloudfront.net" + maker.path_below("/");
        SignPolicy policy = exact_for(std::chrono::seconds(1 + maker.below(1000)));
        if (maker.below(2) == 0) {
            policy.starts_at = test_now - std::chrono::seconds(1);
        } else if (maker.below(2) == 0) {
            url += "?" + maker.query();
        }
        return std::pair(url, policy);
    };
    test.rounds = 5'000;
    expect_round_trips(test);
}

}  // namespace
}  // namespace streamforge::cdn
