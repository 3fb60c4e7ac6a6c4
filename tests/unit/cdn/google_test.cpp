#include <streamforge/cdn/google.hpp>

#include <gtest/gtest.h>

#include "support/cdn_properties.hpp"
#include "support/cdn_vectors.hpp"

namespace streamforge::cdn {
namespace {

using namespace testing;
using crypto::HashAlgorithm;

KeyMaterial google_key(const std::string& text, bool symmetric) {
    if (symmetric) return SymmetricKey::from_base64(text, crypto::base64_url_padded).value();
    return crypto::PrivateKey::from_raw_ed25519(crypto::base64_decode(text, crypto::base64_url_padded).value()).value();
}

struct Pair {
    std::unique_ptr<UrlSigner> signer;
    std::unique_ptr<UrlVerifier> verifier;
};

Pair pair_for(const std::string& product, const std::string& algorithm, const KeyRing& ring, const SignerOptions& options) {
    if (product == "cloud_cdn") return {make_google_cdn_signer(ring, options).value(), make_google_cdn_verifier(ring).value()};
    if (product == "media_cdn") return {make_media_cdn_signer(ring, options).value(), make_media_cdn_verifier(ring).value()};
    const MediaCdnTokenOptions token{.hash = algorithm == "sha1" ? HashAlgorithm::sha1 : HashAlgorithm::sha256};
    return {make_media_cdn_token_signer(ring, token, options).value(), make_media_cdn_token_verifier(ring, token).value()};
}

TEST(GoogleVectors, urls_cookies_and_tokens_equal_those_of_the_provider) {
    const auto document = read_vectors("google.json");
    for (const auto& item : document["cases"]) {
        SCOPED_TRACE(text_of(item, "name"));
        const std::string product = text_of(item, "product");
        const bool symmetric = product == "cloud_cdn" || (product == "media_token" && text_of(item, "algorithm") != "ed25519");
        const auto ring = KeyRing::single(text_of(item, "key_name"), google_key(text_of(item, "key"), symmetric));
        SignerOptions options;
        SignPolicy policy = policy_of(item);
        policy.resource = text_of(item, "resource");
        policy.allow_everything = true;
        const TimePoint now = *policy.expires_at - std::chrono::seconds(60);
        options.clock = fixed_clock(now);
        const Pair pair = pair_for(product, text_of(item, "algorithm"), ring, options);
        const std::string url = text_of(item, "url");
        VerifyRequest request;
        request.now = now;
        std::string given;
        std::string cookies;
        if (item.contains("cookie")) {
            cookies = pair.signer->sign_cookies(url, policy).value().cookie_header();
            EXPECT_EQ(cookies, text_of(item, "cookie"));
            given = url;
        } else if (text_of(item, "placement") == "path") {
            given = pair.signer->grant(policy, TokenPlacement::path).value().url(url).value().reveal();
            EXPECT_EQ(given, text_of(item, "signed_url"));
        } else {
            given = pair.signer->sign(url, policy).value().reveal();
            EXPECT_EQ(given, item.contains("token") ? url + "?edge-cache-token=" + text_of(item, "token") : text_of(item, "signed_url"));
        }
        request.url = given;
        request.cookies = cookies;
        const auto grant = pair.verifier->verify(request);
        ASSERT_TRUE(grant) << grant.error().describe();
        policy.allow_everything = false;
        EXPECT_EQ(grant->policy, policy);
        EXPECT_EQ(grant->url, url);
        request.now = *policy.expires_at;
        EXPECT_EQ(denial(pair.verifier->verify(request)), Denial::expired);
    }
    EXPECT_EQ(document["cases"].size(), 20U);
}

KeyRing cloud_ring() { return KeyRing::single("my-key", SymmetricKey::from_base64("nZtRohdNF9m3cKM24IcK4w==").value()); }
KeyRing media_ring() { return KeyRing::single("my-key", test_key("ed25519.pem")); }

class Google : public ::testing::Test {
protected:
    std::unique_ptr<UrlSigner> signer = make_google_cdn_signer(cloud_ring(), test_signer_options()).value();
    std::unique_ptr<UrlVerifier> verifier = make_google_cdn_verifier(cloud_ring(), test_verifier_options()).value();
    std::unique_ptr<UrlSigner> media_signer = make_media_cdn_signer(media_ring(), test_signer_options()).value();
    std::unique_ptr<UrlVerifier> media_verifier = make_media_cdn_verifier(media_ring(), test_verifier_options()).value();

    static Result<VerifiedGrant> verify(const UrlVerifier& by, std::string_view url, std::string_view cookies = {}) {
        VerifyRequest request;
        request.url = url;
        request.cookies = cookies;
        return by.verify(request);
    }
};

TEST_F(Google, prefix_opens_its_folder_with_any_query) {
    const auto grant = signer->grant(prefix_for("https://h.example/vod/m1/")).value();
    const std::string token = grant.query();
    EXPECT_TRUE(verify(*verifier, "https://h.example/vod/m1/v/1.ts?a=1&" + token + "&CMCD=x"));
    EXPECT_EQ(denial(verify(*verifier, "https://h.example/vod/m2/1.ts?" + token)), Denial::wrong_scope);
    EXPECT_EQ(denial(verify(*verifier, "https://g.example/vod/m1/1.ts?" + token)), Denial::wrong_scope);
    EXPECT_EQ(denial(verify(*verifier, "https://h.example/vod/m1/%2e%2e%2fm2/1.ts?" + token)), Denial::wrong_scope);
    EXPECT_EQ(denial(verify(*verifier, "/vod/m1/1.ts?" + token)), Denial::malformed_url);
}

TEST_F(Google, exact_signature_takes_no_parameter_behind_it) {
    const std::string url = signer->sign("https://h.example/a?x=1", exact_for()).value().reveal();
    EXPECT_EQ(verify(*verifier, url).value().url, "https://h.example/a?x=1");
    EXPECT_EQ(denial(verify(*verifier, url + "&y=1")), Denial::malformed_token);
}

TEST_F(Google, media_path_token_is_inherited_by_relative_urls) {
    const auto grant = media_signer->grant(prefix_for("https://h.example/vod/m1/"), TokenPlacement::path).value();
    const std::string url = grant.url("https://h.example/vod/m1/a.m3u8?x=1").value().reveal();
    EXPECT_TRUE(url.starts_with("https://h.example/vod/m1/edge-cache-token=Expires=")) << url;
    EXPECT_EQ(verify(*media_verifier, url).value().url, "https://h.example/vod/m1/a.m3u8?x=1");
    const std::string token = "/" + grant.path_component();
    EXPECT_TRUE(verify(*media_verifier, "https://h.example/vod/m1" + token + "/v/1.ts"));
    EXPECT_EQ(denial(verify(*media_verifier, "https://h.example/vod/m2" + token + "/v/1.ts")), Denial::wrong_signature);
    EXPECT_EQ(denial(verify(*media_verifier, "https://h.example/vod/m1" + token)), Denial::malformed_token);
}

TEST_F(Google, cookies_open_the_folder) {
    const auto cookies = signer->sign_cookies("https://h.example/vod/a", prefix_for("https://h.example/vod/")).value();
    EXPECT_TRUE(cookies.cookie_header().starts_with("Cloud-CDN-Cookie=URLPrefix="));
    EXPECT_TRUE(verify(*verifier, "https://h.example/vod/b", cookies.cookie_header()));
    EXPECT_EQ(denial(verify(*verifier, "https://h.example/vid/b", cookies.cookie_header())), Denial::wrong_scope);
    EXPECT_EQ(denial(verify(*verifier, "https://h.example/vod/b", "Cloud-CDN-Cookie=Expires=1:URLPrefix=x")), Denial::malformed_token);
    EXPECT_EQ(denial(verify(*verifier, "https://h.example/vod/b")), Denial::missing_token);
}

TEST_F(Google, keys_must_fit_the_product) {
    EXPECT_EQ(refused_name(make_google_cdn_signer(media_ring())), "keys");
    EXPECT_EQ(refused_name(make_media_cdn_signer(cloud_ring())), "keys");
    EXPECT_EQ(refused_name(make_google_cdn_signer(KeyRing::single("k", SymmetricKey::from_text("short").value()))), "keys");
    EXPECT_EQ(refused_name(make_google_cdn_signer(KeyRing::single("a b", SymmetricKey::from_text("0123456789abcdef").value()))), "keys");
    EXPECT_EQ(refused_name(make_media_cdn_token_signer(KeyRing::single("", test_key("p256.pem")))), "keys");
}

class MediaToken : public ::testing::Test {
protected:
    MediaCdnTokenOptions token{.headers = {{"Foo", "bar"}, {"BAZ", "quux"}}};
    KeyRing ring = KeyRing::single("", SymmetricKey::from_text("a shared secret").value());
    std::unique_ptr<UrlSigner> signer = make_media_cdn_token_signer(ring, token, test_signer_options()).value();
    std::unique_ptr<UrlVerifier> verifier = make_media_cdn_token_verifier(ring, token, test_verifier_options()).value();
};

TEST_F(MediaToken, shows_header_names_and_signs_their_values) {
    SignPolicy policy = pattern_for("/tv/*,/film/*");
    policy.starts_at = test_now;
    policy.session_id = "test-id";
    policy.data = "test-data";
    policy.client_ip = IpNetwork::parse("203.0.113.0/24").value();
    const std::string url = signer->sign("https://h.example/tv/a", policy).value().reveal();
    EXPECT_TRUE(url.starts_with("https://h.example/tv/a?edge-cache-token=PathGlobs=/tv/*,/film/*~Starts=1793491200~Expires=1793491500~SessionID=test-id"
                                "~Data=test-data~Headers=Foo,BAZ~IPRanges=MjAzLjAuMTEzLjAvMjQ~hmac="))
        << url;
    VerifyRequest request;
    request.url = url;
    request.client_ip = "203.0.113.9";
    request.headers = {{"BAZ", "quux"}, {"Foo", "bar"}};
    policy.expires_in = std::chrono::seconds(0);
    policy.expires_at = test_now + std::chrono::seconds(300);
    EXPECT_EQ(verifier->verify(request).value().policy, policy);
    request.headers[0].value = "other";
    EXPECT_EQ(denial(verifier->verify(request)), Denial::wrong_signature);
    request.headers.clear();
    EXPECT_EQ(denial(verifier->verify(request)), Denial::wrong_signature);
    const auto without = make_media_cdn_token_verifier(ring, {}, test_verifier_options()).value();
    EXPECT_EQ(denial(without->verify(request)), Denial::malformed_token);
}

TEST_F(MediaToken, injection_is_refused) {
    SignPolicy policy = prefix_for("https://h.example/a/");
    for (const auto* text : {"x~Expires=9999999999", "a&b", "a=b", "a b", "a,b"}) {
        policy.data = text;
        EXPECT_EQ(refused_name(signer->grant(policy)), "data") << text;
        policy.data.clear();
        policy.session_id = text;
        EXPECT_EQ(refused_name(signer->grant(policy)), "session_id") << text;
        policy.session_id.clear();
    }
    EXPECT_EQ(refused_name(signer->sign("/a~b", exact_for())), "url");
    EXPECT_EQ(refused_name(signer->grant(prefix_for("/a/"))), "resource");
    for (const auto* globs : {"/a/*,b", "/a/*,", "/a~/*", "/*", "/a/*,/*"}) EXPECT_EQ(refused_name(signer->grant(pattern_for(globs))), "resource") << globs;
    EXPECT_EQ(refused_name(MediaCdnTokenOptions{.headers = {{"A", "x~y"}}}.validate()), "headers");
}

TEST_F(Google, what_is_signed_is_accepted_and_no_changed_byte_is) {
    RoundTrip test;
    test.signer = signer.get();
    test.verifier = verifier.get();
    test.make = [](UrlMaker& maker) {
        std::string url = "https://h.example" + maker.path_below("/");
        if (maker.below(2) == 0) url += "?" + maker.query();
        return std::pair(url, exact_for(std::chrono::seconds(1 + maker.below(1000))));
    };
    expect_round_trips(test);
    test.signer = media_signer.get();
    test.verifier = media_verifier.get();
    test.rounds = 5'000;
    expect_round_trips(test);
}

TEST_F(MediaToken, what_is_signed_is_accepted_and_no_changed_byte_is) {
    RoundTrip test;
    const auto plain_signer = make_media_cdn_token_signer(ring, {}, test_signer_options()).value();
    const auto plain_verifier = make_media_cdn_token_verifier(ring, {}, test_verifier_options()).value();
    test.signer = plain_signer.get();
    test.verifier = plain_verifier.get();
    test.make = [](UrlMaker& maker) {
        std::string url = maker.path_below("/");
        std::ranges::replace(url, '~', '-');
        return std::pair(url, exact_for());
    };
    test.rounds = 20'000;
    expect_round_trips(test);
}

}  // namespace
}  // namespace streamforge::cdn
