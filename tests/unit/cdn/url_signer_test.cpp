#include <streamforge/cdn/url_signer.hpp>

#include <gtest/gtest.h>
#include <sstream>

#include <streamforge/cdn/cloudfront.hpp>
#include <streamforge/cdn/local.hpp>

#include "support/cdn_properties.hpp"
#include "support/cdn_vectors.hpp"

namespace streamforge::cdn {
namespace {

using namespace testing;

KeyRing ring() { return KeyRing::single("k1", SymmetricKey::from_text("0123456789abcdef0123456789abcdef").value()); }

class Signer : public ::testing::Test {
protected:
    SignerOptions options = test_signer_options();
    std::unique_ptr<UrlSigner> make() { return make_local_signer(ring(), {}, options).value(); }
    std::unique_ptr<UrlSigner> signer = make();
    std::string refused(const SignPolicy& policy, std::string_view url = "/a") { return refused_name(signer->sign(url, policy)); }
};

TEST_F(Signer, an_end_is_needed_and_only_one) {
    EXPECT_EQ(refused(SignPolicy{}), "expires_in");
    SignPolicy both = exact_for();
    both.expires_at = test_now + std::chrono::seconds(10);
    EXPECT_EQ(refused(both), "expires_in");
}

TEST_F(Signer, past_distant_and_millisecond_ends_are_refused) {
    SignPolicy policy;
    policy.expires_at = test_now;
    EXPECT_EQ(refused(policy), "expires_at");
    policy.expires_at = test_now + std::chrono::days(7);
    EXPECT_TRUE(signer->sign("/a", policy));
    policy.expires_at = test_now + std::chrono::days(7) + std::chrono::seconds(1);
    EXPECT_EQ(refused(policy), "expires_at");
    policy.expires_at = TimePoint(std::chrono::seconds(1'793'491'500'000));
    EXPECT_EQ(refused(policy), "expires_at");
    EXPECT_NE(signer->sign("/a", policy).error().message.find("milliseconds"), std::string::npos);
    EXPECT_EQ(refused(exact_for(std::chrono::seconds(300'000'000))), "expires_in");
    EXPECT_EQ(refused(exact_for(std::chrono::seconds(-5))), "expires_in");
    policy = exact_for();
    policy.starts_at = TimePoint(std::chrono::seconds(1'793'491'500'000));
    EXPECT_EQ(refused(policy), "starts_at");
    policy.starts_at = test_now + std::chrono::seconds(300);
    EXPECT_EQ(refused(policy), "starts_at");
}

TEST_F(Signer, lifetime_limit_can_be_set) {
    options.max_lifetime = std::chrono::seconds(60);
    signer = make();
    EXPECT_TRUE(signer->sign("/a", exact_for(std::chrono::seconds(60))));
    EXPECT_EQ(refused(exact_for(std::chrono::seconds(61))), "expires_in");
}

TEST_F(Signer, bucketed_ends_give_one_url_for_a_while) {
    SignPolicy policy = exact_for(std::chrono::seconds(100));
    policy.expiry_bucket = std::chrono::seconds(600);
    std::string first;
    for (const int later : {0, 1, 499}) {
        options.clock = fixed_clock(test_now + std::chrono::seconds(later));
        const std::string url = make()->sign("/a", policy).value().reveal();
        if (first.empty()) first = url;
        EXPECT_EQ(url, first) << later;
        EXPECT_NE(url.find(".1793491800."), std::string::npos) << url;
    }
    options.clock = fixed_clock(test_now + std::chrono::seconds(501));
    EXPECT_NE(make()->sign("/a", policy).value().reveal(), first);
}

TEST_F(Signer, fractions_of_a_second_are_cut_off) {
    options.clock = [] { return std::chrono::system_clock::time_point(test_now) + std::chrono::milliseconds(999); };
    EXPECT_NE(make()->sign("/a", exact_for()).value().reveal().find(".1793491500."), std::string::npos);
}

TEST_F(Signer, prefix_must_be_a_folder) {
    EXPECT_EQ(refused(prefix_for("/vod"), "/vod/a"), "resource");
    EXPECT_EQ(refused(prefix_for(""), "/vod/a"), "resource");
    EXPECT_EQ(refused(prefix_for("/vod/?x=1"), "/vod/a"), "resource");
    EXPECT_EQ(refused(prefix_for("/vod/*/"), "/vod/a"), "resource");
    EXPECT_EQ(refused(prefix_for("/vod/a%2fb/"), "/vod/a"), "resource");
    EXPECT_EQ(refused(prefix_for("/vod/../x/"), "/vod/a"), "path");
    EXPECT_EQ(refused(prefix_for("/"), "/vod/a"), "resource");
    SignPolicy everything = prefix_for("/");
    everything.allow_everything = true;
    EXPECT_TRUE(signer->sign("/vod/a", everything));
    SignPolicy exact = exact_for();
    exact.resource = "/vod/";
    EXPECT_EQ(refused(exact), "resource");
}

TEST_F(Signer, url_outside_of_the_prefix_is_refused) {
    EXPECT_TRUE(signer->sign("/vod/a", prefix_for("/vod/")));
    EXPECT_TRUE(signer->sign("https://h.example/vod/a", prefix_for("/vod/")));
    EXPECT_EQ(refused(prefix_for("/vod/"), "/vods/a"), "path");
    EXPECT_EQ(refused(prefix_for("/vod/"), "/vod/%2e%2e/a"), "path");
    EXPECT_EQ(refused(prefix_for("/vod/"), "/vod/..%2Fa"), "path");
    EXPECT_EQ(refused(prefix_for("https://h.example/vod/"), "https://g.example/vod/a"), "path");
}

TEST_F(Signer, what_the_scheme_lacks_is_unsupported) {
    SignPolicy policy = pattern_for("/vod/*");
    EXPECT_EQ(signer->sign("/vod/a", policy).error().code, Errc::unsupported);
    policy = exact_for();
    policy.countries_allowed = {"DE"};
    EXPECT_EQ(signer->sign("/a", policy).error().code, Errc::unsupported);
    EXPECT_EQ(signer->grant(exact_for()).error().code, Errc::invalid_argument);
}

TEST_F(Signer, texts_and_countries_are_checked) {
    SignPolicy policy = exact_for();
    policy.session_id = "a\nb";
    EXPECT_EQ(refused(policy), "session_id");
    policy.session_id = std::string(1025, 'a');
    EXPECT_EQ(refused(policy), "session_id");
    policy.session_id.clear();
    policy.data = "caf\xc3\xa9";
    EXPECT_EQ(refused(policy), "data");
    policy.data.clear();
    policy.countries_allowed = {"de"};
    EXPECT_EQ(refused(policy), "countries_allowed");
    policy.countries_allowed = {"DE"};
    policy.countries_blocked = {"US"};
    EXPECT_EQ(refused(policy), "countries_blocked");
    policy = exact_for();
    policy.expiry_bucket = std::chrono::seconds(-1);
    EXPECT_EQ(refused(policy), "expiry_bucket");
}

TEST_F(Signer, only_listed_hosts_are_signed) {
    options.allowed_hosts = {"cdn.example.com"};
    signer = make();
    EXPECT_TRUE(signer->sign("https://cdn.example.com/a", exact_for()));
    EXPECT_TRUE(signer->sign("/a", exact_for()));
    EXPECT_EQ(signer->sign("https://evil.example/a", exact_for()).error().code, Errc::permission_denied);
    EXPECT_EQ(signer->grant(prefix_for("https://evil.example/v/")).error().code, Errc::permission_denied);
    EXPECT_EQ(signer->grant(prefix_for("/v/")).value().url("https://evil.example/v/a").error().code, Errc::permission_denied);
    options.allowed_hosts = {"CDN.example.com"};
    EXPECT_EQ(refused_name(make_local_signer(ring(), {}, options)), "allowed_hosts");
}

TEST_F(Signer, without_a_key_for_now_nothing_is_signed) {
    std::vector<KeyEntry> entries;
    entries.push_back({"k1", SymmetricKey::from_text("0123456789abcdef").value(), test_now + std::chrono::seconds(1), {}, {}});
    signer = make_local_signer(KeyRing::make(std::move(entries)).value(), {}, options).value();
    EXPECT_EQ(signer->sign("/a", exact_for()).error().code, Errc::unauthenticated);
}

TEST_F(Signer, sign_to_appends_and_leaves_the_text_alone_on_errors) {
    std::string out = "x ";
    ASSERT_TRUE(signer->sign_to(out, "/a", exact_for()));
    EXPECT_EQ(out, "x " + signer->sign("/a", exact_for()).value().reveal());
    const std::string before = out;
    EXPECT_FALSE(signer->sign_to(out, "/a b", exact_for()));
    EXPECT_EQ(out, before);
}

TEST_F(Signer, batch_equals_one_by_one) {
    const std::vector<std::string_view> urls{"/vod/1.ts", "/vod/2.ts?x=1", "https://h.example/vod/3.ts"};
    for (const SignPolicy& policy : {exact_for(), prefix_for("/vod/")}) {
        const auto batch = signer->sign_batch(urls, policy).value();
        ASSERT_EQ(batch.size(), urls.size());
        for (std::size_t i = 0; i < urls.size(); ++i) EXPECT_EQ(batch[i].reveal(), signer->sign(urls[i], policy).value().reveal());
    }
    EXPECT_TRUE(signer->sign_batch({}, exact_for()).value().empty());
}

TEST_F(Signer, batch_names_the_url_it_refuses) {
    const std::vector<std::string_view> urls{"/vod/1.ts", "/vod/ 2.ts"};
    for (const SignPolicy& policy : {exact_for(), prefix_for("/vod/")}) {
        const auto batch = signer->sign_batch(urls, policy);
        ASSERT_FALSE(batch);
        EXPECT_EQ(batch.error().context.back(), (std::pair<std::string, std::string>("index", "1")));
    }
}

TEST_F(Signer, grant_signs_without_allocation_when_there_is_room) {
    const auto grant = signer->grant(prefix_for("https://h.example/vod/")).value();
    std::string out;
    out.reserve(1000);
    const char* place = out.data();
    ASSERT_TRUE(grant.append_url(out, "https://h.example/vod/1.ts"));
    ASSERT_TRUE(grant.append_url(out, "https://h.example/vod/2.ts?x=1"));
    EXPECT_EQ(out.data(), place);
    EXPECT_EQ(out, "https://h.example/vod/1.ts?" + grant.query() + "https://h.example/vod/2.ts?x=1&" + grant.query());
    EXPECT_EQ(grant.overhead_bytes(), grant.query().size() + 1);
    EXPECT_EQ(grant.expires_at(), test_now + std::chrono::seconds(300));
    EXPECT_EQ(grant.scope(), Scope::prefix);
}

TEST_F(Signer, errors_and_prints_hold_no_secret) {
    std::ostringstream text;
    text << signer->sign("/a", exact_for()).value();
    SignPolicy policy = exact_for();
    policy.data = "caf\xc3\xa9";
    text << signer->sign("/a", policy).error().describe() << signer->sign("/a?sf_token=abc", exact_for()).error().describe();
    EXPECT_EQ(text.str().find("0123456789abcdef"), std::string::npos);
    EXPECT_EQ(text.str().find("1793491500"), std::string::npos);
}

TEST(SignedUrl, hides_its_token_only) {
    const SignedUrl url("https://h/a?t=secret&x=1", 12, 8);
    EXPECT_EQ(url.redacted(), "https://h/a?[token]&x=1");
    EXPECT_EQ(SignedUrl("abc", 99, 5).redacted(), "abc[token]");
}

TEST(CookieSet, writes_attributes) {
    const CookieSet cookies({{"a", "1"}, {"b", "2"}}, {.domain = "example.com", .path = "/vod/", .same_site = SameSite::none, .partitioned = true});
    EXPECT_EQ(cookies.set_cookie_headers(),
              (std::vector<std::string>{"a=1; Path=/vod/; Domain=example.com; Secure; HttpOnly; SameSite=None; Partitioned",
                                        "b=2; Path=/vod/; Domain=example.com; Secure; HttpOnly; SameSite=None; Partitioned"}));
    EXPECT_EQ(cookies.cookie_header(), "a=1; b=2");
    EXPECT_EQ(cookies.redacted(), "a=[token]; b=[token]");
    EXPECT_EQ(CookieSet({{"a", "1"}}, {.http_only = false, .secure = false}).set_cookie_headers().front(), "a=1; Path=/; SameSite=Lax");
}

TEST(CookieAttributes, injection_and_contradictions_are_refused) {
    EXPECT_EQ(refused_name(CookieAttributes{.domain = "a;b"}.validate()), "domain");
    EXPECT_EQ(refused_name(CookieAttributes{.domain = "a\r\nb"}.validate()), "domain");
    EXPECT_EQ(refused_name(CookieAttributes{.path = "/a;Path=/"}.validate()), "path");
    EXPECT_EQ(refused_name(CookieAttributes{.path = "vod/"}.validate()), "path");
    EXPECT_EQ(refused_name(CookieAttributes{.same_site = SameSite::none, .secure = false}.validate()), "secure");
    EXPECT_EQ(refused_name(CookieAttributes{.secure = false, .partitioned = true}.validate()), "secure");
}

TEST(Denial, has_a_name_that_comes_back) {
    for (int value = 0; value <= static_cast<int>(Denial::unsupported_claim); ++value) {
        const auto denial_value = static_cast<Denial>(value);
        EXPECT_NE(to_string(denial_value), "unknown");
        EXPECT_EQ(denial_of(make_denial(denial_value, "x")), denial_value);
    }
    EXPECT_FALSE(denial_of(make_error(Errc::denied, "x", "y")));
    EXPECT_FALSE(denial_of(make_error(Errc::internal, "x", "y").with("condition", "expired")));
}

TEST(VerifierOptions, are_checked) {
    VerifierOptions options;
    options.skew = std::chrono::hours(2);
    EXPECT_EQ(refused_name(options.validate()), "skew");
    options.skew = std::chrono::seconds(0);
    options.max_lifetime = std::chrono::seconds(-1);
    EXPECT_EQ(refused_name(options.validate()), "max_lifetime");
    options.max_lifetime = std::chrono::seconds(0);
    options.clock = nullptr;
    EXPECT_EQ(refused_name(options.validate()), "clock");
}

}  // namespace
}  // namespace streamforge::cdn
