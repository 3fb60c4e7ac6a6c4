#include <streamforge/cdn/uri_signing.hpp>

#include <gtest/gtest.h>

#include "cdn/jwt/uri_container.hpp"
#include "streamforge/cdn/jwt.hpp"
#include "support/cdn_properties.hpp"
#include "support/cdn_vectors.hpp"

namespace streamforge::cdn {
namespace {

using namespace testing;
using uri_signing::UriContainer;

KeyEntry entry() { return {"k1", SymmetricKey::from_text("0123456789abcdef0123456789abcdef").value(), {}, {}, {}}; }
KeyRing ring() { return KeyRing::make({entry()}).value(); }

class UriSigning : public ::testing::Test {
protected:
    const UriSigningOptions uri{.issuer = "us"};
    std::unique_ptr<UrlSigner> signer = make_uri_signing_signer(ring(), uri, test_signer_options()).value();
    std::unique_ptr<UrlVerifier> verifier = make_uri_signing_verifier(ring(), uri, test_verifier_options()).value();
    Result<VerifiedGrant> verify(std::string_view url, std::string_view cookies = {}) {
        VerifyRequest request;
        request.url = url;
        request.cookies = cookies;
        return verifier->verify(request);
    }
    static std::string url_with(std::string_view claims, std::string_view url = "https://h.example/a") {
        return std::string(url) + "?URISigningPackage=" + sign_jwt(claims, entry()).value();
    }
};

TEST_F(UriSigning, claims_are_those_of_the_standard) {
    SignPolicy policy = prefix_for("https://h.example/vod/m1/");
    policy.starts_at = test_now;
    const std::string url = signer->sign("https://h.example/vod/m1/a.m4s?x=1", policy).value().reveal();
    const std::string token = url.substr(url.find("URISigningPackage=") + 18);
    EXPECT_EQ(verify_jwt(token, *ring().snapshot(), test_now).value().claims_json,
              R"({"iss":"us","exp":1793491500,"nbf":1793491200,"cdniv":1,"cdniuc":"regex:^https://h\\.example/vod/m1/.*$"})");
}

TEST_F(UriSigning, policies_come_back) {
    for (SignPolicy policy : {exact_for(), prefix_for("https://h.example/vod/"), pattern_for("https://h.example/*/a.m4s*")}) {
        const auto grant = verify(signer->sign("https://h.example/vod/m1/a.m4s?x=(1)", policy).value().reveal()).value();
        policy.expires_at = test_now + policy.expires_in;
        policy.expires_in = std::chrono::seconds(0);
        EXPECT_EQ(grant.policy, policy);
        EXPECT_EQ(grant.url, "https://h.example/vod/m1/a.m4s?x=(1)");
    }
}

TEST_F(UriSigning, each_scope_ends_where_it_says) {
    const auto grant = signer->grant(prefix_for("https://h.example/vod/")).value();
    EXPECT_TRUE(verify("https://h.example/vod/x/y.ts?CMCD=1&" + grant.query()));
    EXPECT_EQ(denial(verify("https://h.example/vid/y.ts?" + grant.query())), Denial::wrong_scope);
    EXPECT_EQ(denial(verify("http://h.example/vod/y.ts?" + grant.query())), Denial::wrong_scope);
    EXPECT_EQ(denial(verify("https://hxexample/vod/y.ts?" + grant.query())), Denial::wrong_scope) << "a dot is a dot";
    EXPECT_EQ(denial(verify("https://h.example/vod/..%2fsecret?" + grant.query())), Denial::wrong_scope);
    const std::string exact = signer->sign("https://h.example/a.b*c", exact_for()).value().reveal();
    EXPECT_TRUE(verify(exact));
    EXPECT_EQ(denial(verify(exact + "&x=1")), Denial::wrong_scope);
    EXPECT_EQ(denial(verify("/a.b*c" + exact.substr(exact.find('?')))), Denial::malformed_url);
}

TEST_F(UriSigning, cookie_is_read) {
    const auto cookies = signer->sign_cookies("https://h.example/vod/a", prefix_for("https://h.example/vod/")).value();
    EXPECT_TRUE(verify("https://h.example/vod/b", cookies.cookie_header()));
    EXPECT_EQ(denial(verify("https://h.example/vod/b")), Denial::missing_token);
}

TEST_F(UriSigning, what_cannot_be_checked_is_refused) {
    const std::string begin = R"({"iss":"us","exp":1793491500,)";
    EXPECT_TRUE(verify(url_with(begin + R"("cdniuc":"regex:^https://h\\.example/a$"})")));
    for (const auto* claims : {R"("cdniuc":"regex:https://h\\.example/a"})", R"("cdniuc":"regex:^https://h.example/a$"})", R"("cdniuc":"regex:^(a|b)*$"})",
                               R"("cdniuc":"hash:abc"})", R"("cdniuc":"regex:^.*$","jti":"x"})", R"("cdniuc":"regex:^.*$","cdniip":"x"})",
                               R"("cdniuc":"regex:^.*$","cdnicrit":"cdniip"})", R"("cdniuc":"regex:^.*$","cdniv":2})"}) {
        EXPECT_EQ(denial(verify(url_with(begin + claims))), Denial::unsupported_claim) << claims;
    }
    EXPECT_EQ(denial(verify(url_with(begin + R"("cdniv":1})"))), Denial::malformed_token);
    EXPECT_EQ(denial(verify(url_with(begin + R"("cdniuc":7})"))), Denial::malformed_token);
    EXPECT_EQ(denial(verify(url_with(R"({"iss":"them","exp":1793491500,"cdniuc":"regex:^.*$"})"))), Denial::wrong_scope);
}

TEST_F(UriSigning, what_the_scheme_cannot_say_is_refused) {
    EXPECT_EQ(refused_name(signer->sign("/a", exact_for())), "url");
    EXPECT_EQ(refused_name(signer->grant(pattern_for("https://h.example/a?b*"))), "resource");
    EXPECT_EQ(refused_name(make_uri_signing_signer(ring(), {.parameter = "a b"})), "parameter");
    const auto short_key = KeyRing::single("k", SymmetricKey::from_text("short").value());
    EXPECT_EQ(refused_name(make_uri_signing_signer(short_key)), "keys");
}

TEST(UriContainer, expressions_have_one_form) {
    const auto container = UriContainer::of("https://h/a.b(c)/*/d$*", true);
    EXPECT_EQ(container.claim(), R"(regex:^https://h/a\.b\(c\)/.*/d\$.*$)");
    EXPECT_EQ(UriContainer::parse(container.claim()).value().pattern(), "https://h/a.b(c)/*/d$*");
    for (const auto* claim : {"", "regex:", "regex:^", "^a$", "regex:a", "regex:^a+$", "regex:^a.$", "regex:^a\\$", "regex:^\\w$", "regex:^[a]$", "regex:^a|b$"}) {
        EXPECT_FALSE(UriContainer::parse(claim)) << claim;
    }
    std::string many = "regex:^";
    for (int i = 0; i < 40; ++i) many += "a.*";
    EXPECT_FALSE(UriContainer::parse(many + "$"));
}

TEST(UriContainer, pieces_match_in_order_without_overlap) {
    const auto matches = [](std::string_view pattern, std::string_view text) { return UriContainer::of(pattern, true).matches(text); };
    EXPECT_TRUE(matches("a*b*c", "abc"));
    EXPECT_TRUE(matches("a*b*c", "aXbbXcc"));
    EXPECT_FALSE(matches("a*b*c", "acb"));
    EXPECT_FALSE(matches("ab*ba", "aba")) << "head and tail may not share a character";
    EXPECT_TRUE(matches("*", ""));
    EXPECT_FALSE(matches("a*bc*bc", "abc"));
}

TEST_F(UriSigning, what_is_signed_is_accepted_and_no_changed_byte_is) {
    RoundTrip test;
    test.signer = signer.get();
    test.verifier = verifier.get();
    test.make = [](UrlMaker& maker) {
        std::string url = "https://h.example" + maker.path_below("/");
        if (maker.below(2) == 0) url += "?" + maker.query();
        return std::pair(url, exact_for());
    };
    test.rounds = 20'000;
    expect_round_trips(test);
}

}  // namespace
}  // namespace streamforge::cdn
