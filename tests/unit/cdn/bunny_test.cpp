#include <streamforge/cdn/bunny.hpp>

#include <gtest/gtest.h>

#include "cdn/bunny/bunny_token.hpp"
#include "support/cdn_properties.hpp"
#include "support/cdn_vectors.hpp"

namespace streamforge::cdn {
namespace {

using namespace testing;

KeyRing ring(std::string_view key = "SecurityKey") { return KeyRing::single("", SymmetricKey::from_text(key).value()); }
const TimePoint vector_now{std::chrono::seconds(1'598'000'000)};

std::optional<IpNetwork> client_of(const std::string& text) {
    if (text.empty()) return std::nullopt;
    if (text.find(':') == std::string::npos) return IpNetwork::parse(text).value();
    return IpNetwork::parse("2001:db8:85a3::/64").value();
}

TEST(BunnyVectors, tokens_and_urls_equal_those_of_the_provider) {
    const auto document = read_vectors("bunny.json");
    for (const auto& item : document["cases"]) {
        SCOPED_TRACE(text_of(item, "name"));
        const BunnyOptions bunny{.ignore_params = item["ignore_params"].get<bool>(), .speed_limit_kbps = item["speed_limit_kbps"].get<std::uint32_t>()};
        const std::string allowed = text_of(item, "countries_allowed");
        const std::string blocked = text_of(item, "countries_blocked");
        const std::string prefix = text_of(item, "path_allowed");
        const std::string url = text_of(item, "url");
        const std::string path(parse_url(url).value().path);

        bunny::Parameters parameters;
        if (bunny.speed_limit_kbps > 0) parameters.emplace_back("limit", std::to_string(bunny.speed_limit_kbps));
        if (!allowed.empty()) parameters.emplace_back("token_countries", allowed);
        if (!blocked.empty()) parameters.emplace_back("token_countries_blocked", blocked);
        if (bunny.ignore_params) parameters.emplace_back("token_ignore_params", "true");
        if (!prefix.empty()) parameters.emplace_back("token_path", prefix);
        const auto key = SymmetricKey::from_text(text_of(item, "key")).value();
        EXPECT_EQ(bunny::make_token(key.hmac(crypto::HashAlgorithm::sha256), prefix.empty() ? path : prefix, "1598024587",
                                    client_of(text_of(item, "client_ip")), parameters),
                  text_of(item, "token"));

        if (prefix.empty() && !item["directory"].get<bool>()) {  // the others have no slash behind their prefix, or no token_path
            SignerOptions options;
            options.clock = fixed_clock(vector_now);
            SignPolicy policy;
            policy.expires_at = time_of(item, "expires");
            policy.client_ip = client_of(text_of(item, "client_ip"));
            if (!allowed.empty()) policy.countries_allowed = bunny::split_countries(allowed).value();
            if (!blocked.empty()) policy.countries_blocked = bunny::split_countries(blocked).value();
            EXPECT_EQ(make_bunny_signer(ring(), bunny, options).value()->sign(url, policy).value().reveal(), text_of(item, "signed_url"));
        }
        VerifyRequest request;
        const std::string signed_url = text_of(item, "signed_url");
        const std::string client = text_of(item, "client_ip");
        request.url = signed_url;
        request.client_ip = client;
        request.country = "CA";
        request.now = vector_now;
        const auto grant = make_bunny_verifier(ring()).value()->verify(request);
        ASSERT_TRUE(grant) << grant.error().describe();
        EXPECT_EQ(grant->url, url);
        request.country = "RU";
        EXPECT_EQ(make_bunny_verifier(ring()).value()->verify(request).has_value(), allowed.empty() && blocked.empty());
    }
    EXPECT_EQ(document["cases"].size(), 15U);
}

class Bunny : public ::testing::Test {
protected:
    std::unique_ptr<UrlSigner> signer = make_bunny_signer(ring(), {}, test_signer_options()).value();
    std::unique_ptr<UrlSigner> open_signer = make_bunny_signer(ring(), {.ignore_params = true}, test_signer_options()).value();
    std::unique_ptr<UrlVerifier> verifier = make_bunny_verifier(ring(), test_verifier_options()).value();
    Result<VerifiedGrant> verify(std::string_view url, std::string_view client = {}) {
        VerifyRequest request;
        request.url = url;
        request.client_ip = client;
        return verifier->verify(request);
    }
};

TEST_F(Bunny, own_parameters_are_signed_in_sorted_order) {
    const std::string url = signer->sign("https://z.b-cdn.net/a.jpg?width=100&aspect=16%3A9", exact_for()).value().reveal();
    EXPECT_NE(url.find("&aspect=16%3A9&width=100&expires="), std::string::npos) << url;
    EXPECT_EQ(verify(url).value().url, "https://z.b-cdn.net/a.jpg?aspect=16%3A9&width=100");
    EXPECT_EQ(denial(verify(url + "&CMCD=x")), Denial::wrong_signature);
}

TEST_F(Bunny, ignored_parameters_stay_where_they_are) {
    const std::string url = open_signer->sign("https://z.b-cdn.net/a.jpg?width=100&b=%2f+", exact_for()).value().reveal();
    EXPECT_TRUE(url.ends_with("&width=100&b=%2f+"));
    EXPECT_EQ(verify(url + "&CMCD=x").value().url, "https://z.b-cdn.net/a.jpg?width=100&b=%2f+&CMCD=x");
}

TEST_F(Bunny, prefix_token_opens_its_folder_from_query_and_path) {
    for (const auto placement : {TokenPlacement::query, TokenPlacement::path}) {
        const auto grant = open_signer->grant(prefix_for("https://z.b-cdn.net/vod/m1/"), placement).value();
        const std::string url = grant.url("https://z.b-cdn.net/vod/m1/v/caf%C3%A9.ts?x=1").value().reveal();
        const auto verified = verify(url).value();
        EXPECT_EQ(verified.url, "https://z.b-cdn.net/vod/m1/v/caf%C3%A9.ts?x=1");
        EXPECT_EQ(verified.policy.resource, "/vod/m1/");
        std::string other = url;
        other.replace(other.rfind("/vod/m1/"), 8, "/vod/m2/");
        EXPECT_EQ(denial(verify(other)), Denial::wrong_scope);
    }
}

TEST_F(Bunny, path_token_is_the_first_component) {
    const auto grant = open_signer->grant(prefix_for("/vod/m1/"), TokenPlacement::path).value();
    EXPECT_TRUE(grant.path_component().starts_with("bcdn_token=HS256-"));
    EXPECT_TRUE(grant.path_component().ends_with("&token_ignore_params=true&token_path=%2Fvod%2Fm1%2F&expires=1793491500")) << grant.path_component();
    EXPECT_EQ(denial(verify("/" + grant.path_component())), Denial::malformed_token);
}

TEST_F(Bunny, covered_folder_takes_no_other_parameters_unless_ignored) {
    const auto grant = signer->grant(prefix_for("/vod/m1/"), TokenPlacement::path).value();
    EXPECT_FALSE(grant.url("/vod/m1/a.ts?x=1"));
    EXPECT_TRUE(verify(grant.url("/vod/m1/a.ts").value().reveal()));
    EXPECT_EQ(denial(verify(grant.url("/vod/m1/a.ts").value().reveal() + "?x=1")), Denial::wrong_scope);
}

TEST_F(Bunny, client_is_an_address_or_a_64_network) {
    SignPolicy policy = exact_for();
    policy.client_ip = IpNetwork::parse("2001:db8:1:2::/64").value();
    const std::string url = signer->sign("/a", policy).value().reveal();
    EXPECT_EQ(verify(url, "2001:db8:1:2:3::4").value().policy.client_ip, policy.client_ip);
    EXPECT_EQ(denial(verify(url, "2001:db8:1:3::4")), Denial::wrong_signature);
    EXPECT_EQ(denial(verify(url)), Denial::wrong_client_ip);
    for (const auto* client : {"203.0.113.0/24", "2001:db8::/48"}) {
        policy.client_ip = IpNetwork::parse(client).value();
        EXPECT_EQ(refused_name(signer->sign("/a", policy)), "client_ip") << client;
    }
}

TEST_F(Bunny, what_the_provider_would_write_otherwise_is_refused) {
    for (const auto* url : {"/a%20b", "/a?x=1+2", "/a?x=%2f", "/a?x", "/a?x=1&x=2", "/a?x=a/b", "/a?=1"}) {
        EXPECT_EQ(refused_name(signer->sign(url, exact_for())), "url") << url;
    }
    EXPECT_EQ(refused_name(signer->sign("/bcdn_token=x/a", exact_for())), "url");
    for (const auto* name : {"token", "expires", "token_path", "limit", "token_countries", "bcdn_token"}) {
        EXPECT_EQ(refused_name(signer->sign("/a?" + std::string(name) + "=1", exact_for())), "query") << name;
    }
    SignPolicy policy = exact_for();
    policy.countries_allowed = {"DE"};
    EXPECT_EQ(open_signer->sign("/a", policy).error().code, Errc::unsupported);
    EXPECT_EQ(refused_name(BunnyOptions{.ignore_params = true, .speed_limit_kbps = 5}.validate()), "speed_limit_kbps");
}

TEST_F(Bunny, requests_without_a_good_token_are_refused) {
    const std::string url = signer->sign("/a", exact_for()).value().reveal();
    EXPECT_EQ(denial(verify("/a")), Denial::missing_token);
    EXPECT_EQ(denial(verify("/a?token=abc&expires=1793491500")), Denial::malformed_token);
    EXPECT_EQ(denial(verify("/a?token=HS256-abc&expires=1793491500000")), Denial::malformed_token);
    EXPECT_EQ(denial(verify(url + "&expires=1793491500")), Denial::malformed_token);
    EXPECT_EQ(denial(verify(url + "&token_ignore_params=true")), Denial::wrong_signature);
    EXPECT_EQ(denial(verify(url + "&token_ignore_params=yes")), Denial::malformed_token);
    EXPECT_EQ(denial(verify(url + "&token_path=%2F")), Denial::wrong_signature);
}

TEST_F(Bunny, what_is_signed_is_accepted_and_no_changed_byte_is) {
    RoundTrip test;
    test.signer = signer.get();
    test.verifier = verifier.get();
    test.make = [](UrlMaker& maker) {
        std::string url = "/vod/" + std::to_string(maker.below(1000)) + "/seg.m4s";
        if (maker.below(2) == 0) url += "?n=" + std::to_string(maker.below(99));
        return std::pair(url, exact_for(std::chrono::seconds(1 + maker.below(1000))));
    };
    expect_round_trips(test);
}

}  // namespace
}  // namespace streamforge::cdn
