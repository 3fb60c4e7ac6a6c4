#include <streamforge/cdn/local.hpp>

#include <gtest/gtest.h>
#include <sstream>

#include "support/cdn_properties.hpp"

namespace streamforge::cdn {
namespace {

using namespace testing;

KeyRing ring(std::string_view secret = "0123456789abcdef0123456789abcdef", std::string id = "k1") {
    return KeyRing::single(std::move(id), SymmetricKey::from_text(secret).value());
}

class Local : public ::testing::Test {
protected:
    std::unique_ptr<UrlSigner> signer = make_local_signer(ring(), {}, test_signer_options()).value();
    std::unique_ptr<UrlVerifier> verifier = make_local_verifier(ring(), {}, test_verifier_options()).value();

    Result<VerifiedGrant> verify(std::string_view url, std::string_view client = {}, std::optional<TimePoint> now = {}) {
        VerifyRequest request;
        request.url = url;
        request.client_ip = client;
        request.now = now;
        return verifier->verify(request);
    }
};

// The MAC was computed with Python's hmac module: HMAC-SHA256(key, "streamforge-local-v1\n" + fields + "\n" + covered).
TEST_F(Local, exact_token_has_the_documented_form) {
    const auto url = signer->sign("https://cdn.example.com/vod/a.mp4?x=1", exact_for()).value();
    EXPECT_EQ(url.reveal(), "https://cdn.example.com/vod/a.mp4?x=1&sf_token=1.k1.1793491500.Wt40aDOfPZiBwT-N18oYrHNWalfhkHmcg-sC3ISGb2c");
}

TEST_F(Local, prefix_token_has_the_documented_form) {
    SignPolicy policy = prefix_for("/vod/m1/");
    policy.starts_at = test_now;
    policy.client_ip = IpNetwork::parse("203.0.113.0/24").value();
    policy.session_id = "s 1";
    policy.data = "d~";
    const auto grant = signer->grant(policy).value();
    EXPECT_EQ(grant.query(), "sf_token=1.k1.1793491500.s1793491200.d2.ncb007100-24.icyAx.aZH4.Qe85DxnJiY9kL0MiOmwoPb07LZXEkAmxt3HgUOPoZXU");
}

TEST_F(Local, signed_policy_comes_back_from_verification) {
    SignPolicy policy = prefix_for("/vod/m1/");
    policy.starts_at = test_now;
    policy.client_ip = IpNetwork::parse("2001:db8:1:2::/64").value();
    policy.session_id = "session-1";
    policy.data = "plan=gold;x=1";
    const auto url = signer->sign("https://cdn.example.com/vod/m1/v/1.m4s", policy).value();
    const auto grant = verify(url.reveal(), "2001:db8:1:2:ffff::1").value();
    SignPolicy expected = policy;
    expected.expires_in = std::chrono::seconds(0);
    expected.expires_at = test_now + std::chrono::seconds(300);
    EXPECT_EQ(grant.policy, expected);
    EXPECT_EQ(grant.key_id, "k1");
    EXPECT_EQ(grant.url, "https://cdn.example.com/vod/m1/v/1.m4s");
}

TEST_F(Local, player_may_add_parameters_behind_the_token) {
    const std::string url = signer->sign("https://cdn.example.com/live/a.m3u8?x=1", exact_for()).value().reveal();
    const auto grant = verify(url + "&_HLS_msn=12&CMCD=br%3D1").value();
    EXPECT_EQ(grant.url, "https://cdn.example.com/live/a.m3u8?x=1&_HLS_msn=12&CMCD=br%3D1");
    const std::string without_query = signer->sign("/live/a.m3u8", exact_for()).value().reveal();
    EXPECT_EQ(verify(without_query + "&_HLS_msn=12").value().url, "/live/a.m3u8?_HLS_msn=12");
}

TEST_F(Local, parameter_before_the_token_is_covered) {
    std::string url = signer->sign("/a.m3u8", exact_for()).value().reveal();
    url.insert(url.find('?') + 1, "evil=1&");
    EXPECT_EQ(denial(verify(url)), Denial::wrong_signature);
}

TEST_F(Local, prefix_token_opens_the_folder_and_nothing_else) {
    const auto grant = signer->grant(prefix_for("https://cdn.example.com/vod/m1/")).value();
    const std::string token = grant.query();
    EXPECT_TRUE(verify("/vod/m1/master.m3u8?" + token));
    EXPECT_TRUE(verify("/vod/m1/a/b/c.m4s?_HLS_msn=1&" + token + "&x=1"));
    EXPECT_EQ(denial(verify("/vod/m12/master.m3u8?" + token)), Denial::wrong_signature);
    EXPECT_EQ(denial(verify("/vod/m1?" + token)), Denial::wrong_scope);
    EXPECT_EQ(denial(verify("/vod/?" + token)), Denial::wrong_scope);
    EXPECT_EQ(denial(verify("/vod/m1/../m2/a?" + token)), Denial::malformed_url);
    EXPECT_EQ(denial(verify("/vod/m1/..%2fm2/a?" + token)), Denial::wrong_scope);
}

TEST_F(Local, path_token_is_inherited_by_relative_urls) {
    const auto grant = signer->grant(prefix_for("https://cdn.example.com/vod/m1/"), TokenPlacement::path).value();
    const std::string url = grant.url("https://cdn.example.com/vod/m1/master.m3u8").value().reveal();
    EXPECT_EQ(url, "https://cdn.example.com/" + grant.path_component() + "/vod/m1/master.m3u8");
    const std::string relative = url.substr(0, url.rfind('/')) + "/v1/seg.m4s?a=1";
    EXPECT_EQ(verify(relative).value().url, "https://cdn.example.com/vod/m1/v1/seg.m4s?a=1");
    EXPECT_EQ(denial(verify("/" + grant.path_component())), Denial::malformed_token);
    EXPECT_EQ(denial(verify("/" + grant.path_component() + "/vod/m2/a")), Denial::wrong_signature);
    EXPECT_EQ(denial(verify(relative + "&" + signer->grant(prefix_for("/vod/m1/")).value().query())), Denial::malformed_token);
}

TEST_F(Local, cookie_opens_the_folder) {
    const auto cookies = signer->sign_cookies("/vod/m1/a.m3u8", prefix_for("/vod/m1/")).value();
    EXPECT_EQ(cookies.attributes().path, "/vod/m1/");
    VerifyRequest request;
    request.url = "/vod/m1/a.m4s";
    const std::string header = "other=1; " + cookies.cookie_header();
    request.cookies = header;
    EXPECT_EQ(verifier->verify(request).value().url, "/vod/m1/a.m4s");
    request.url = "/vod/m2/a.m4s";
    EXPECT_EQ(denial(verifier->verify(request)), Denial::wrong_signature);
    const std::string twice = header + "; " + cookies.cookie_header();
    request.cookies = twice;
    EXPECT_EQ(denial(verifier->verify(request)), Denial::malformed_token);
}

TEST_F(Local, cookies_are_for_a_prefix) {
    EXPECT_EQ(signer->sign_cookies("/vod/a", exact_for()).error().code, Errc::unsupported);
    EXPECT_FALSE(signer->sign_cookies("/other/a", prefix_for("/vod/")));
}

TEST_F(Local, times_are_half_open_and_widened_by_skew) {
    SignPolicy policy = exact_for();
    policy.starts_at = test_now + std::chrono::seconds(10);
    const std::string url = signer->sign("/a", policy).value().reveal();
    const auto at = [&](int seconds) { return test_now + std::chrono::seconds(seconds); };
    EXPECT_EQ(denial(verify(url, {}, at(9))), Denial::not_yet_valid);
    EXPECT_TRUE(verify(url, {}, at(10)));
    EXPECT_TRUE(verify(url, {}, at(299)));
    EXPECT_EQ(denial(verify(url, {}, at(300))), Denial::expired);
    VerifierOptions options = test_verifier_options();
    options.skew = std::chrono::seconds(5);
    verifier = make_local_verifier(ring(), {}, options).value();
    EXPECT_EQ(denial(verify(url, {}, at(4))), Denial::not_yet_valid);
    EXPECT_TRUE(verify(url, {}, at(5)));
    EXPECT_TRUE(verify(url, {}, at(304)));
    EXPECT_EQ(denial(verify(url, {}, at(305))), Denial::expired);
}

TEST_F(Local, verifier_may_limit_the_lifetime) {
    VerifierOptions options = test_verifier_options();
    options.max_lifetime = std::chrono::seconds(299);
    verifier = make_local_verifier(ring(), {}, options).value();
    EXPECT_EQ(denial(verify(signer->sign("/a", exact_for()).value().reveal())), Denial::lifetime_too_long);
    EXPECT_TRUE(verify(signer->sign("/a", exact_for(std::chrono::seconds(299))).value().reveal()));
}

TEST_F(Local, token_is_bound_to_its_client) {
    SignPolicy policy = exact_for();
    policy.client_ip = IpNetwork::parse("203.0.113.0/24").value();
    const std::string url = signer->sign("/a", policy).value().reveal();
    EXPECT_TRUE(verify(url, "203.0.113.77"));
    for (const auto* client : {"203.0.114.1", "", "nonsense", "2001:db8::1", "203.0.113.0/24"}) {
        EXPECT_EQ(denial(verify(url, client)), Denial::wrong_client_ip) << client;
    }
}

TEST_F(Local, other_key_and_unknown_key_are_told_apart) {
    const std::string url = signer->sign("/a", exact_for()).value().reveal();
    verifier = make_local_verifier(ring("another key of 32 bytes.........."), {}, test_verifier_options()).value();
    EXPECT_EQ(denial(verify(url)), Denial::wrong_signature);
    verifier = make_local_verifier(ring("0123456789abcdef0123456789abcdef", "k2"), {}, test_verifier_options()).value();
    EXPECT_EQ(denial(verify(url)), Denial::unknown_key);
}

TEST_F(Local, requests_without_a_good_token_are_refused) {
    EXPECT_EQ(denial(verify("/a")), Denial::missing_token);
    EXPECT_EQ(denial(verify("/a?sf_token")), Denial::missing_token);
    for (const auto* token : {"", "x", "1.k1.1793491500", "2.k1.1793491500.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                              "1.k 1.1793491500.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                              "1..1793491500.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                              "1.k1.01793491500.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                              "1.k1.1793491500.d2.d2.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                              "1.k1.1793491500.d2.s1793491200.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                              "1.k1.1793491500.d02.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                              "1.k1.1793491500.ncb007101-24.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                              "1.k1.1793491500.z1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                              "1.k1.1793491500..AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}) {
        const std::string url = std::string("/a?sf_token=") + encode_query_value(token);
        EXPECT_EQ(denial(verify(url)), Denial::malformed_token) << token;
    }
    const std::string url = signer->sign("/a", exact_for()).value().reveal();
    EXPECT_EQ(denial(verify(url + "&" + url.substr(3))), Denial::malformed_token);
}

TEST_F(Local, reserved_parameter_and_path_are_refused) {
    EXPECT_EQ(refused_name(signer->sign("/a?sf_token=x", exact_for())), "query");
    EXPECT_EQ(refused_name(signer->sign("/a?sf%5Ftoken=x", exact_for())), "query");
    EXPECT_EQ(refused_name(signer->sign("/sf_token=x/a", exact_for())), "url");
    EXPECT_EQ(refused_name(signer->grant(prefix_for("/sf_token=x/"))), "url");
}

TEST_F(Local, keys_must_be_symmetric_long_and_well_named) {
    EXPECT_FALSE(make_local_signer(ring("short")));
    EXPECT_FALSE(make_local_signer(ring("0123456789abcdef", "a~b")));
    EXPECT_FALSE(make_local_signer(ring("0123456789abcdef", "")));
    EXPECT_FALSE(make_local_signer(KeyRing::single("k1", crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256).value())));
    EXPECT_FALSE(make_local_signer(ring(), {.name = "bad name"}));
}

TEST_F(Local, printing_hides_the_token) {
    const auto url = signer->sign("https://cdn.example.com/a?x=1", exact_for()).value();
    std::ostringstream text;
    text << url << " " << signer->sign_cookies("/v/a", prefix_for("/v/")).value() << " " << signer->grant(prefix_for("/v/")).value();
    EXPECT_EQ(text.str(), "https://cdn.example.com/a?x=1&[token] sf_token=[token] /v/ [token]");
}

TEST_F(Local, what_is_signed_is_accepted_and_no_changed_byte_is) {
    RoundTrip test;
    test.signer = signer.get();
    test.verifier = verifier.get();
    test.make = [](UrlMaker& maker) {
        std::string url = maker.path_below("/");
        if (maker.below(2) == 0) url += "?" + maker.query();
        SignPolicy policy = exact_for(std::chrono::seconds(1 + maker.below(1000)));
        if (maker.below(3) == 0) policy.session_id = maker.segment();
        return std::pair(url, policy);
    };
    expect_round_trips(test);
}

TEST_F(Local, under_a_prefix_no_changed_byte_of_folder_or_token_is_accepted) {
    RoundTrip test;
    test.signer = signer.get();
    test.verifier = verifier.get();
    test.make = [](UrlMaker& maker) { return std::pair(maker.path_below("/vod/m1/"), prefix_for("/vod/m1/")); };
    test.covers = [](const std::string& url, std::size_t at) { return at < std::string_view("/vod/m1/").size() || at >= url.find('?'); };
    test.rounds = 10'000;
    expect_round_trips(test);
}

}  // namespace
}  // namespace streamforge::cdn
