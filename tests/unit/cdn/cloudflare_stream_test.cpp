#include <streamforge/cdn/cloudflare_stream.hpp>

#include <gtest/gtest.h>

#include <streamforge/cdn/jwt.hpp>

#include "support/cdn_properties.hpp"
#include "support/cdn_vectors.hpp"

namespace streamforge::cdn {
namespace {

using namespace testing;

constexpr std::string_view video = "5d5bc37ffcf54c9b82e996823bffbb81";
const std::string base = "https://customer-1.cloudflarestream.com/";

KeyRing ring() { return KeyRing::single("k1", test_key("rsa2048.pem")); }

class CloudflareStream : public ::testing::Test {
protected:
    std::unique_ptr<UrlSigner> signer = make_cloudflare_stream_signer(ring(), {}, test_signer_options()).value();
    std::unique_ptr<UrlVerifier> verifier = make_cloudflare_stream_verifier(ring(), test_verifier_options()).value();
    SignPolicy policy = prefix_for(base + std::string(video) + "/");
    std::string manifest = base + std::string(video) + "/manifest/video.m3u8";

    std::string sign() { return signer->sign(manifest, policy).value().reveal(); }
    std::string claims(const std::string& url) {
        const std::string token = url.substr(base.size(), url.find('/', base.size()) - base.size());
        return verify_jwt(token, *ring().snapshot(), test_now).value().claims_json;
    }
    Result<VerifiedGrant> verify(std::string_view url, std::string_view client = {}, std::string_view country = {}) {
        VerifyRequest request;
        request.url = url;
        request.client_ip = client;
        request.country = country;
        return verifier->verify(request);
    }
};

TEST_F(CloudflareStream, token_stands_where_the_video_id_was) {
    const std::string url = sign();
    EXPECT_TRUE(url.ends_with("/manifest/video.m3u8"));
    EXPECT_EQ(url.find(video), std::string::npos);
    EXPECT_EQ(claims(url), R"({"sub":"5d5bc37ffcf54c9b82e996823bffbb81","kid":"k1","exp":1793491500})");
    const auto grant = verify(url).value();
    EXPECT_EQ(grant.url, manifest);
    EXPECT_EQ(grant.policy.resource, policy.resource);
    const std::string relative = url.substr(0, url.find("/manifest/")) + "/720p/seg_1.ts?p=1";
    EXPECT_EQ(verify(relative).value().url, base + std::string(video) + "/720p/seg_1.ts?p=1");
}

TEST_F(CloudflareStream, conditions_become_claims) {
    policy.starts_at = test_now;
    policy.countries_blocked = {"US", "MX"};
    policy.client_ip = IpNetwork::parse("93.184.216.0/24").value();
    signer = make_cloudflare_stream_signer(ring(), {.downloadable = true}, test_signer_options()).value();
    EXPECT_EQ(claims(sign()),
              R"({"sub":"5d5bc37ffcf54c9b82e996823bffbb81","kid":"k1","exp":1793491500,"nbf":1793491200,"downloadable":true,"accessRules":[)"
              R"({"type":"ip.geoip.country","action":"block","country":["US","MX"]},)"
              R"({"type":"ip.src","action":"allow","ip":["93.184.216.0/24"]},{"type":"any","action":"block"}]})");
}

TEST_F(CloudflareStream, access_rules_decide_by_the_first_match) {
    policy.countries_blocked = {"US"};
    policy.client_ip = IpNetwork::parse("93.184.216.0/24").value();
    const std::string url = sign();
    EXPECT_TRUE(verify(url, "93.184.216.9", "DE"));
    EXPECT_EQ(denial(verify(url, "93.184.216.9", "US")), Denial::wrong_country);
    EXPECT_EQ(denial(verify(url, "93.184.217.9", "DE")), Denial::wrong_client_ip);
    EXPECT_EQ(denial(verify(url, "93.184.216.9")), Denial::wrong_country);
    policy = prefix_for(policy.resource);
    policy.countries_allowed = {"DE", "FR"};
    EXPECT_TRUE(verify(sign(), {}, "FR"));
    EXPECT_FALSE(verify(sign(), {}, "US"));
}

TEST_F(CloudflareStream, rules_that_cannot_be_read_are_refused) {
    for (const auto* rules : {R"({})", R"([1])", R"([{"type":"any"}])", R"([{"type":"any","action":"maybe"}])", R"([{"type":"asn","action":"allow"}])",
                              R"([{"type":"ip.src","action":"allow"}])", R"([{"type":"ip.src","action":"allow","ip":["x"]}])",
                              R"([{"type":"ip.src","action":"allow","ip":[7]}])", R"([{"type":"ip.geoip.country","action":"allow","country":"DE"}])"}) {
        const std::string token = sign_jwt(std::string(R"({"sub":"abc","kid":"k1","exp":1793491500,"accessRules":)") + rules + "}",
                                           {"k1", test_key("rsa2048.pem"), {}, {}, {}})
                                      .value();
        EXPECT_EQ(denial(verify(base + token + "/a", "192.0.2.1", "DE")), Denial::unsupported_claim) << rules;
    }
}

TEST_F(CloudflareStream, policy_must_name_one_video) {
    for (const std::string& resource : {base, base + "a/b/", std::string("https://h.example/%61/")}) {
        policy.resource = resource;
        EXPECT_EQ(refused_name(signer->grant(policy, TokenPlacement::path)), "resource") << resource;
    }
    EXPECT_EQ(signer->sign(manifest, exact_for()).error().code, Errc::unsupported);
    EXPECT_EQ(signer->grant(policy, TokenPlacement::query).error().code, Errc::unsupported);
}

TEST_F(CloudflareStream, limits_of_the_provider_are_kept) {
    policy.expires_in = std::chrono::hours(24);
    EXPECT_TRUE(signer->sign(manifest, policy));
    policy.expires_in += std::chrono::seconds(1);
    EXPECT_EQ(refused_name(signer->sign(manifest, policy)), "expires_in");
    policy.expires_in = std::chrono::hours(1);
    policy.client_ip = IpNetwork::parse("192.0.2.1").value();
    policy.countries_allowed = {"DE"};
    EXPECT_EQ(signer->sign(manifest, policy).error().code, Errc::unsupported);
    EXPECT_EQ(refused_name(make_cloudflare_stream_signer(KeyRing::single("k", test_key("p256.pem")))), "keys");
    EXPECT_EQ(refused_name(make_cloudflare_stream_signer(KeyRing::single("", test_key("rsa2048.pem")))), "keys");
}

TEST_F(CloudflareStream, requests_without_a_good_token_are_refused) {
    EXPECT_EQ(denial(verify(manifest)), Denial::missing_token);
    EXPECT_EQ(denial(verify(base)), Denial::missing_token);
    EXPECT_EQ(denial(verify(base + "a.b.c/x")), Denial::malformed_token);
    std::string url = sign();
    url[base.size() + 60] = url[base.size() + 60] == 'A' ? 'B' : 'A';
    EXPECT_TRUE(denial(verify(url)));
    const std::string other_kid = sign_jwt(R"({"sub":"abc","kid":"k2","exp":1793491500})", {"k1", test_key("rsa2048.pem"), {}, {}, {}}).value();
    EXPECT_EQ(denial(verify(base + other_kid + "/a")), Denial::malformed_token);
}

}  // namespace
}  // namespace streamforge::cdn
