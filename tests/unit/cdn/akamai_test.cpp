#include <streamforge/cdn/akamai.hpp>

#include <gtest/gtest.h>

#include "cdn/akamai/edge_auth.hpp"
#include "support/cdn_properties.hpp"
#include "support/cdn_vectors.hpp"

namespace streamforge::cdn {
namespace {

using namespace testing;
using crypto::HashAlgorithm;

constexpr auto hex_key = "52a152a152a152a152a152a152a1";
KeyRing ring(std::string_view key = hex_key) { return KeyRing::single("", SymmetricKey::from_hex(key).value()); }

HashAlgorithm hash_named(const std::string& name) {
    return name == "md5" ? HashAlgorithm::md5 : name == "sha1" ? HashAlgorithm::sha1 : HashAlgorithm::sha256;
}

TEST(AkamaiVectors, tokens_equal_those_of_the_provider_and_verify) {
    const auto document = read_vectors("akamai_edgeauth.json");
    const std::string url = text_of(document, "url");
    for (const auto& item : document["cases"]) {
        SCOPED_TRACE(text_of(item, "name"));
        const AkamaiOptions akamai{.hash = hash_named(text_of(item, "hash")), .escape_early = item["escape_early"].get<bool>(), .salt = text_of(item, "salt")};
        SignerOptions options;
        options.clock = fixed_clock(TimePoint(std::chrono::seconds(1'798'700'000)));
        SignPolicy policy = policy_of(item);
        policy.session_id = text_of(item, "session_id");
        policy.data = text_of(item, "data");
        const auto signer = make_akamai_signer(ring(text_of(item, "key")), akamai, options).value();
        const std::string signed_url = signer->sign(url, policy).value().reveal();
        EXPECT_EQ(signed_url, url + "?__token__=" + text_of(item, "token"));

        VerifyRequest request;
        request.url = signed_url;
        request.client_ip = "203.0.113.7";
        request.now = TimePoint(std::chrono::seconds(1'798'700'000));
        const auto grant = make_akamai_verifier(ring(), akamai).value()->verify(request).value();
        EXPECT_EQ(grant.policy, policy);
        EXPECT_EQ(grant.url, url);
    }
    EXPECT_EQ(document["cases"].size(), 54U);
}

class Akamai : public ::testing::Test {
protected:
    std::unique_ptr<UrlSigner> signer = make_akamai_signer(ring(), {}, test_signer_options()).value();
    std::unique_ptr<UrlVerifier> verifier = make_akamai_verifier(ring(), {}, test_verifier_options()).value();
    Result<VerifiedGrant> verify(std::string_view url, std::string_view cookies = {}) {
        VerifyRequest request;
        request.url = url;
        request.cookies = cookies;
        return verifier->verify(request);
    }
};

TEST_F(Akamai, field_that_would_add_another_access_list_is_refused) {
    // The provider's generator signs this input; ours must not.
    SignPolicy policy = prefix_for("/vod/1/");
    for (const auto* data : {"u~acl=/*", "a&b", "a=b", "a b", "a!b", "a*"}) {
        policy.data = data;
        EXPECT_EQ(refused_name(signer->grant(policy)), "data") << data;
        policy.data.clear();
        policy.session_id = data;
        EXPECT_EQ(refused_name(signer->grant(policy)), "session_id") << data;
        policy.session_id.clear();
    }
    const auto escaping = make_akamai_signer(ring(), {.escape_early = true}, test_signer_options()).value();
    policy.data = "u~acl=/*";
    const std::string url = escaping->sign("/vod/1/a", policy).value().reveal();
    EXPECT_NE(url.find("data=u%7eacl%3d%2f%2a~hmac="), std::string::npos) << url;
}

TEST_F(Akamai, token_with_two_access_lists_is_malformed) {
    const std::string token = "exp=1798761600~acl=/vod/1/*~data=u~acl=/*~hmac=ac84f15e690121da7911531e139364ab3a6c6876c32efb0c23dadab026a51b4c";
    EXPECT_EQ(denial(verify("/vod/2/a?__token__=" + token)), Denial::malformed_token);
}

TEST_F(Akamai, access_list_opens_what_it_names) {
    const auto grant = signer->grant(pattern_for("/vod/1/*!/img/a*.png")).value();
    const std::string token = "?" + grant.query();
    EXPECT_TRUE(verify("/vod/1/v/2.ts" + token + "&CMCD=x"));
    EXPECT_TRUE(verify("/img/a7.png" + token));
    EXPECT_EQ(denial(verify("/img/b.png" + token)), Denial::wrong_scope);
    EXPECT_EQ(denial(verify("/vod/1/..%2f2/a" + token)), Denial::wrong_scope);
    EXPECT_FALSE(grant.url("/img/b.png"));
}

TEST_F(Akamai, url_token_is_for_one_path) {
    const std::string url = signer->sign("https://h.example/vod/a.mp4?x=1", exact_for()).value().reveal();
    EXPECT_EQ(verify(url).value().url, "https://h.example/vod/a.mp4?x=1");
    EXPECT_TRUE(verify(url + "&CMCD=x"));
    EXPECT_EQ(denial(verify("https://h.example/vod/b.mp4" + url.substr(url.find('?')))), Denial::wrong_signature);
}

TEST_F(Akamai, cookie_carries_the_token) {
    const auto cookies = signer->sign_cookies("/vod/1/a", prefix_for("/vod/1/")).value();
    EXPECT_EQ(cookies.reveal().front().name, "__token__");
    EXPECT_TRUE(verify("/vod/1/b", cookies.cookie_header()));
    EXPECT_EQ(denial(verify("/vod/1/b")), Denial::missing_token);
}

TEST_F(Akamai, what_divides_tokens_is_refused) {
    EXPECT_EQ(refused_name(signer->sign("/a~b", exact_for())), "url");
    EXPECT_EQ(refused_name(signer->grant(prefix_for("/a~b/"))), "resource");
    EXPECT_EQ(refused_name(signer->grant(prefix_for("/a!b/"))), "resource");
    for (const auto* list : {"/a/*!", "a/*", "/a/*!*", "/a?/*", "/a b/*", "/*", "/a/*!/*", "*", "/a%2fb/*", "/a/../*"}) {
        EXPECT_EQ(refused_name(signer->grant(pattern_for(list))), "resource") << list;
    }
    SignPolicy policy = exact_for();
    policy.client_ip = IpNetwork::parse("203.0.113.0/24").value();
    EXPECT_EQ(refused_name(signer->sign("/a", policy)), "client_ip");
    EXPECT_EQ(refused_name(AkamaiOptions{.hash = HashAlgorithm::sha512}.validate()), "hash");
    EXPECT_EQ(refused_name(AkamaiOptions{.salt = "a~b"}.validate()), "salt");
    EXPECT_EQ(refused_name(AkamaiOptions{.name = "a b"}.validate()), "name");
}

TEST(AkamaiToken, only_the_documented_form_is_read) {
    EXPECT_TRUE(akamai::parse("exp=1798761600~acl=/*~hmac=aa"));
    for (const auto* token : {"", "~hmac=", "exp=1798761600", "acl=/*~exp=1798761600~hmac=aa", "exp=1798761600~exp=1798761600~hmac=aa",
                              "exp=1798761600~hmac=aa~x", "exp=~hmac=aa", "exp=01798761600~hmac=aa", "exp=1798761600~acl=~hmac=aa", "exp=1798761600~~hmac=aa",
                              "exp=1798761600~x=1~hmac=aa", "ip=1~st=0~exp=1798761600~hmac=aa", "~exp=1798761600~hmac=aa"}) {
        const auto parsed = akamai::parse(token);
        EXPECT_TRUE(!parsed || parsed->mac != "aa") << token;
    }
}

TEST(AkamaiToken, early_escaping_has_one_spelling) {
    EXPECT_EQ(akamai::escape_early("a b~*'()!/é"), "a%20b%7e%2a%27()!%2f%c3%a9");
    EXPECT_EQ(akamai::unescape_early("a%20b"), "a b");
    EXPECT_FALSE(akamai::unescape_early("a%2Fb"));
    EXPECT_FALSE(akamai::unescape_early("%61"));
}

TEST_F(Akamai, what_is_signed_is_accepted_and_no_changed_byte_is) {
    for (const bool escape : {false, true}) {
        const AkamaiOptions akamai{.escape_early = escape, .salt = "salt"};
        const auto own_signer = make_akamai_signer(ring(), akamai, test_signer_options()).value();
        const auto own_verifier = make_akamai_verifier(ring(), akamai, test_verifier_options()).value();
        RoundTrip test;
        test.signer = own_signer.get();
        test.verifier = own_verifier.get();
        test.make = [escape](UrlMaker& maker) {
            std::string url = maker.path_below("/");
            if (!escape) std::ranges::replace(url, '~', '-');
            SignPolicy policy = exact_for();
            if (maker.below(3) == 0) policy.session_id = escape ? maker.segment() : "s-1";
            return std::pair(url, policy);
        };
        test.rounds = 25'000;
        expect_round_trips(test);
    }
}

}  // namespace
}  // namespace streamforge::cdn
