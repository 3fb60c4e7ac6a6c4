#include <streamforge/cdn/provider.hpp>

#include <gtest/gtest.h>

#include "support/cdn_properties.hpp"
#include "support/cdn_vectors.hpp"

namespace streamforge::cdn {
namespace {

using namespace testing;

/// A key text as the provider's console would show it.
std::string key_text(std::string_view provider) {
    if (provider == "cloudfront") return read_vector_text("keys/p256.pem");
    if (provider == "cloudflare-stream") return crypto::base64_encode(crypto::bytes_of(read_vector_text("keys/rsa2048.pem")));
    if (provider == "akamai") return "52a152a152a152a152a152a152a1";
    if (provider == "google") return "nZtRohdNF9m3cKM24IcK4w==";
    if (provider == "google-media" || provider == "google-media-token") return "DJUcnLguVFKmVCFnWGubG1MZg7fWAnxacMjKDhVZMGI=";
    if (provider.starts_with("fastly")) return "MDEyMzQ1Njc4OWFiY2RlZg==";
    return "0123456789abcdef0123456789abcdef";
}

struct Made {
    std::unique_ptr<UrlSigner> signer;
    std::unique_ptr<UrlVerifier> verifier;
};

Made make(std::string_view provider, const ProviderSettings& settings = {}) {
    const auto ring = KeyRing::single("k1", parse_provider_key(provider, Secret(key_text(provider))).value());
    return {make_signer(provider, ring, settings, test_signer_options()).value(), make_verifier(provider, ring, settings, test_verifier_options()).value()};
}

TEST(Provider, every_one_signs_what_it_verifies) {
    EXPECT_GE(providers().size(), 20U);
    for (const ProviderInfo& info : providers()) {
        SCOPED_TRACE(info.name);
        const Made made = make(info.name);
        const auto& can = made.signer->capabilities();
        SignPolicy policy = can.exact ? exact_for() : prefix_for("https://h.example/vod/");
        if (info.name == "fastly-agent") policy.data = "Agent/1.0";
        const auto url = made.signer->sign("https://h.example/vod/a.mp4", policy);
        ASSERT_TRUE(url) << url.error().describe();
        VerifyRequest request;
        request.url = url->reveal();
        request.user_agent = "Agent/1.0";
        const auto grant = made.verifier->verify(request);
        ASSERT_TRUE(grant) << grant.error().describe();
        EXPECT_EQ(grant->url, "https://h.example/vod/a.mp4");
        request.now = test_now + std::chrono::hours(4);
        EXPECT_EQ(denial(made.verifier->verify(request)), Denial::expired);
        request.now.reset();
        request.url = "https://h.example/vod/a.mp4";
        EXPECT_EQ(denial(made.verifier->verify(request)), Denial::missing_token);
    }
}

TEST(Provider, signer_and_verifier_state_the_same_capabilities) {
    for (const ProviderInfo& info : providers()) {
        const Made made = make(info.name);
        EXPECT_EQ(made.signer->capabilities().prefix, made.verifier->capabilities().prefix) << info.name;
        EXPECT_EQ(made.signer->capabilities().cookies, made.verifier->capabilities().cookies) << info.name;
        EXPECT_FALSE(made.signer->capabilities().provider.empty());
        EXPECT_TRUE(made.signer->capabilities().query_token || made.signer->capabilities().path_token) << info.name;
    }
}

TEST(Provider, one_that_does_not_exist_is_not_found) {
    const auto ring = KeyRing::single("k", SymmetricKey::from_text("0123456789abcdef").value());
    EXPECT_EQ(make_signer("acme", ring).error().code, Errc::not_found);
    EXPECT_EQ(make_verifier("acme", ring).error().code, Errc::not_found);
    EXPECT_EQ(provider_layout("acme").error().code, Errc::not_found);
    EXPECT_EQ(parse_provider_key("acme", Secret("x")).error().code, Errc::not_found);
    EXPECT_EQ(provider_layout("akamai").error().code, Errc::unsupported);
}

TEST(Provider, foreign_settings_are_refused_by_name) {
    const auto ring = KeyRing::single("k", SymmetricKey::from_text("0123456789abcdef0123456789abcdef").value());
    const auto refused = [&](std::string_view provider, const ProviderSettings& settings) { return refused_name(make_signer(provider, ring, settings)); };
    EXPECT_EQ(refused("local", {.hash = crypto::HashAlgorithm::sha1}), "hash");
    EXPECT_EQ(refused("bunny", {.parameter = "x"}), "parameter");
    EXPECT_EQ(refused("local", {.rule_lifetime = std::chrono::seconds(5)}), "rule_lifetime");
    EXPECT_EQ(refused("local", {.prefix_bytes = 5}), "prefix_bytes");
    EXPECT_EQ(refused("local", {.bind_client = true}), "bind_client");
    EXPECT_EQ(refused("local", {.ignore_params = true}), "ignore_params");
    EXPECT_EQ(refused("local", {.escape_early = true}), "escape_early");
    EXPECT_EQ(refused("local", {.salt = "x"}), "salt");
    EXPECT_EQ(refused("local", {.issuer = "x"}), "issuer");
    EXPECT_EQ(refused("local", {.audience = "x"}), "audience");
}

TEST(Provider, settings_reach_the_scheme) {
    EXPECT_NE(make("local", {.parameter = "tok"}).signer->sign("/a", exact_for()).value().reveal().find("?tok=1."), std::string::npos);
    EXPECT_NE(make("akamai", {.parameter = "hdnts"}).signer->sign("/a", exact_for()).value().reveal().find("?hdnts=exp="), std::string::npos);
    EXPECT_EQ(make("cloudflare", {.rule_lifetime = std::chrono::seconds(60)}).signer->capabilities().max_lifetime, std::chrono::seconds(60));
    EXPECT_TRUE(make("bunny", {.ignore_params = true}).signer->capabilities().append_query_exact);
    EXPECT_TRUE(make("nginx", {.bind_client = true}).signer->capabilities().client_ip);
}

TEST(Provider, key_id_is_asked_for_where_the_provider_needs_it) {
    for (const ProviderInfo& info : providers()) {
        const auto ring = KeyRing::single("", parse_provider_key(info.name, Secret(key_text(info.name))).value());
        if (info.needs_key_id) {
            EXPECT_EQ(refused_name(make_signer(info.name, ring)), "key_id") << info.name;
        }
    }
}

}  // namespace
}  // namespace streamforge::cdn
