#pragma once

#include <functional>
#include <gtest/gtest.h>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <streamforge/cdn/url_signer.hpp>
#include <streamforge/cdn/url_verifier.hpp>

#include "support/cdn_properties.hpp"

/// What every signer and its verifier must do together. A scheme instantiates the suite with a `SignerCase`:
///
///     INSTANTIATE_TEST_SUITE_P(All, UrlSignerConformance, testing::ValuesIn(cases), name_of);
///
/// A test whose capability the scheme lacks checks that it says `unsupported`.
namespace streamforge::cdn {

struct SignerCase {
    std::string name;
    std::function<std::unique_ptr<UrlSigner>(const SignerOptions&)> signer;
    std::function<std::unique_ptr<UrlVerifier>(const VerifierOptions&)> verifier;
    /// The same scheme with another key of the same id. Null: it has no keys.
    std::function<std::unique_ptr<UrlSigner>(const SignerOptions&)> stranger;
    std::string user_agent;  ///< When the scheme signs one.
};

class UrlSignerConformance : public ::testing::TestWithParam<SignerCase> {
protected:
    void SetUp() override {
        signer = GetParam().signer(testing::test_signer_options());
        verifier = GetParam().verifier(testing::test_verifier_options());
    }
    [[nodiscard]] const Capabilities& can() const { return signer->capabilities(); }
    [[nodiscard]] SignPolicy exact(std::chrono::seconds lifetime = std::chrono::seconds(300)) const {
        SignPolicy policy = testing::exact_for(lifetime);
        policy.data = GetParam().user_agent;
        return policy;
    }
    [[nodiscard]] SignPolicy folder(std::chrono::seconds lifetime = std::chrono::seconds(300)) const {
        SignPolicy policy = exact(lifetime);
        policy.scope = Scope::prefix;
        policy.resource = folder_url;
        return policy;
    }
    /// The narrowest policy that the scheme has.
    [[nodiscard]] SignPolicy usual(std::chrono::seconds lifetime = std::chrono::seconds(300)) const { return can().exact ? exact(lifetime) : folder(lifetime); }
    [[nodiscard]] Result<VerifiedGrant> ask(const std::string& url, std::optional<TimePoint> now = {}, const std::string& cookies = {}) const {
        VerifyRequest request;
        request.url = url;
        request.cookies = cookies;
        request.user_agent = GetParam().user_agent;
        request.method = "GET";
        request.client_ip = "203.0.113.9";
        request.country = "DE";
        request.now = now;
        return verifier->verify(request);
    }
    [[nodiscard]] std::string sign(const SignPolicy& policy, std::string_view url) const {
        const auto made = signer->sign(url, policy);
        EXPECT_TRUE(made) << made.error().describe();
        return made ? made->reveal() : std::string();
    }

    static constexpr auto file_url = "https://h.example/vod/a.mp4";
    static constexpr auto folder_url = "https://h.example/vod/";
    std::unique_ptr<UrlSigner> signer;
    std::unique_ptr<UrlVerifier> verifier;
};

TEST_P(UrlSignerConformance, what_was_signed_comes_back) {
    const auto grant = ask(sign(usual(), file_url));
    ASSERT_TRUE(grant) << grant.error().describe();
    EXPECT_EQ(grant->url, file_url);
    EXPECT_EQ(grant->policy.scope == Scope::exact, can().exact && !can().prefix_direct_children_only);
    EXPECT_EQ(grant->policy.expires_at, testing::test_now + std::chrono::seconds(300));
}

TEST_P(UrlSignerConformance, token_ends_at_its_second) {
    const std::string url = sign(usual(), file_url);
    const TimePoint end = testing::test_now + std::chrono::seconds(300);
    EXPECT_TRUE(ask(url, end - std::chrono::seconds(1)));
    EXPECT_EQ(testing::denial(ask(url, end)), Denial::expired);
}

TEST_P(UrlSignerConformance, skew_widens_and_lifetime_narrows) {
    const std::string url = sign(usual(), file_url);
    VerifyRequest request;
    request.url = url;
    request.user_agent = GetParam().user_agent;
    request.now = testing::test_now + std::chrono::seconds(310);
    VerifierOptions options = testing::test_verifier_options();
    options.skew = std::chrono::seconds(30);
    EXPECT_TRUE(GetParam().verifier(options)->verify(request));
    options.skew = std::chrono::seconds(0);
    options.max_lifetime = std::chrono::seconds(60);
    request.now.reset();
    EXPECT_EQ(testing::denial(GetParam().verifier(options)->verify(request)), Denial::lifetime_too_long);
}

TEST_P(UrlSignerConformance, start_is_kept_where_the_scheme_has_one) {
    SignPolicy policy = usual();
    policy.starts_at = testing::test_now + std::chrono::seconds(60);
    const auto made = signer->sign(file_url, policy);
    if (!can().start_time) {
        ASSERT_FALSE(made);
        EXPECT_EQ(made.error().code, Errc::unsupported);
        return;
    }
    EXPECT_EQ(testing::denial(ask(made->reveal(), *policy.starts_at - std::chrono::seconds(1))), Denial::not_yet_valid);
    EXPECT_TRUE(ask(made->reveal(), *policy.starts_at));
}

TEST_P(UrlSignerConformance, another_key_is_not_ours) {
    if (!GetParam().stranger) GTEST_SKIP() << "the scheme has no keys";
    const auto url = GetParam().stranger(testing::test_signer_options())->sign(file_url, usual()).value();
    EXPECT_EQ(testing::denial(ask(url.reveal())), Denial::wrong_signature);
}

TEST_P(UrlSignerConformance, exact_token_opens_its_url_alone) {
    if (!can().exact || can().prefix_direct_children_only) GTEST_SKIP() << "the scheme knows folders only";
    std::string url = sign(exact(), file_url);
    url.replace(url.find("a.mp4"), 5, "b.mp4");
    EXPECT_FALSE(ask(url));
}

TEST_P(UrlSignerConformance, no_byte_of_a_token_may_change) {
    const std::string url = sign(usual(), file_url);
    const std::string bare = file_url;
    const auto differs = std::mismatch(bare.begin(), bare.end(), url.begin());
    const auto begin = static_cast<std::size_t>(differs.second - url.begin());
    const std::size_t tail = can().query_token ? 0 : bare.size() - begin;
    for (std::size_t at = begin; at < url.size() - tail; ++at) {
        for (const char other : {'A', 'b', '7', '-', '.'}) {
            std::string changed = url;
            if (changed[at] == other) continue;
            changed[at] = other;
            EXPECT_FALSE(ask(changed)) << "byte " << at << " of " << url << " as " << other;
        }
    }
}

TEST_P(UrlSignerConformance, token_cannot_be_there_twice) {
    if (!can().query_token) GTEST_SKIP() << "the token lies in the path";
    const std::string url = sign(usual(), file_url);
    const std::string token = url.substr(url.find('?') + 1);
    EXPECT_FALSE(ask(url + "&" + token));
}

TEST_P(UrlSignerConformance, player_may_append_exactly_where_the_capabilities_say) {
    if (!can().query_token) GTEST_SKIP() << "the token lies in the path";
    if (can().exact) {
        EXPECT_EQ(ask(sign(exact(), file_url) + "&CMCD=bl%3D1").has_value(), can().append_query_exact);
    }
    if (can().prefix) {
        EXPECT_EQ(ask(sign(folder(), file_url) + "&CMCD=bl%3D1").has_value(), can().append_query_prefix);
    }
}

TEST_P(UrlSignerConformance, folder_token_opens_the_folder_and_nothing_else) {
    if (can().prefix_direct_children_only) GTEST_SKIP() << "the scheme's folders have no sub-folders";
    if (!can().prefix) {
        EXPECT_EQ(signer->grant(folder()).error().code, Errc::unsupported);
        return;
    }
    const auto placement = can().query_token ? TokenPlacement::query : TokenPlacement::path;
    const auto grant = signer->grant(folder(), placement).value();
    for (const std::string path : {"a.mp4", "m1/v/seg_1.m4s", "z"}) {
        const std::string url = grant.url(std::string(folder_url) + path).value().reveal();
        EXPECT_LE(url.size(), std::string(folder_url).size() + path.size() + grant.overhead_bytes());
        const auto verified = ask(url);
        ASSERT_TRUE(verified) << url << verified.error().describe();
        EXPECT_EQ(verified->policy.scope, Scope::prefix);
        EXPECT_EQ(verified->url, std::string(folder_url) + path);
    }
    for (const auto* outside : {"https://h.example/vox/a.mp4", "https://h.example/vod", "https://h.example/", "https://h.example/vod/..%2fa", "https://h.example/vod/../a"}) {
        EXPECT_FALSE(grant.url(outside)) << outside;
        if (placement != TokenPlacement::query) continue;
        EXPECT_FALSE(ask(std::string(outside) + "?" + grant.query())) << outside;
    }
}

TEST_P(UrlSignerConformance, cookies_carry_the_same_grant) {
    const auto made = signer->sign_cookies(file_url, can().prefix ? folder() : exact());
    if (!can().cookies) {
        ASSERT_FALSE(made);
        EXPECT_EQ(made.error().code, Errc::unsupported);
        return;
    }
    ASSERT_TRUE(made) << made.error().describe();
    EXPECT_TRUE(ask("https://h.example/vod/b.mp4", {}, made->cookie_header()));
    EXPECT_FALSE(ask("https://h.example/vox/b.mp4", {}, made->cookie_header()));
    for (const std::string& header : made->set_cookie_headers()) {
        EXPECT_NE(header.find("; Secure"), std::string::npos);
        EXPECT_EQ(header.find_first_of("\r\n"), std::string::npos);
    }
}

TEST_P(UrlSignerConformance, token_in_the_path_is_inherited) {
    if (!can().path_token || !can().prefix || can().prefix_direct_children_only) GTEST_SKIP() << "the scheme has no path tokens for a folder";
    const std::string entry = signer->grant(folder(), TokenPlacement::path).value().url("https://h.example/vod/m1/master.m3u8").value().reveal();
    const std::string relative = entry.substr(0, entry.rfind('/') + 1) + "v/seg_1.m4s";
    const auto verified = ask(relative);
    ASSERT_TRUE(verified) << relative << verified.error().describe();
    EXPECT_EQ(verified->url, "https://h.example/vod/m1/v/seg_1.m4s");
}

TEST_P(UrlSignerConformance, batch_is_the_same_as_one_by_one) {
    const std::vector<std::string_view> urls{"https://h.example/vod/a.mp4", "https://h.example/vod/b.mp4", "https://h.example/vod/c.mp4"};
    const auto made = signer->sign_batch(urls, usual()).value();
    ASSERT_EQ(made.size(), urls.size());
    for (std::size_t i = 0; i < urls.size(); ++i) EXPECT_EQ(ask(made[i].reveal()).value().url, urls[i]);
    const std::vector<std::string_view> broken{"https://h.example/vod/a.mp4", "https://h.example/vod/b c"};
    const auto refused = signer->sign_batch(broken, usual());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().context.back(), (std::pair<std::string, std::string>{"index", "1"}));
}

TEST_P(UrlSignerConformance, urls_that_would_be_rewritten_are_refused) {
    for (const auto* url : {"", "h.example/a", "ftp://h.example/a", "https://h.example", "https://H.example/vod/a", "https://u@h.example/vod/a",
                            "https://h.example:443/vod/a", "https://h.example/vod/a b", "https://h.example/vod/a#f", "https://h.example/vod/\xc3\xa9",
                            "https://h.example/vod/a\\b", "https://h.example/vod/./a", "https://h.example/vod/%2e%2e/a", "https://h.example/vod/a?",
                            "https://h.example/vod/%zz", "https://h.example/vod/a\n", "https://h.example/vod/a?x=\"", "//h.example/vod/a"}) {
        const auto made = signer->sign(url, usual());
        ASSERT_FALSE(made) << url;
        EXPECT_EQ(made.error().code, Errc::invalid_argument) << url;
    }
    std::string out = "kept";
    EXPECT_FALSE(signer->sign_to(out, "https://h.example/vod/a b", usual()));
    EXPECT_EQ(out, "kept");
}

TEST_P(UrlSignerConformance, parameters_of_the_scheme_are_refused) {
    for (const std::string& name : can().reserved_parameters) {
        EXPECT_FALSE(signer->sign(std::string(file_url) + "?" + name + "=x", usual())) << name;
        EXPECT_FALSE(signer->sign(std::string(file_url) + "?a=b&" + name + "=x", usual())) << name;
    }
}

TEST_P(UrlSignerConformance, times_that_cannot_be_meant_are_refused) {
    const auto at = [&](std::int64_t epoch) {
        SignPolicy policy = usual();
        policy.expires_in = std::chrono::seconds(0);
        policy.expires_at = TimePoint(std::chrono::seconds(epoch));
        return signer->sign(file_url, policy);
    };
    EXPECT_FALSE(at(testing::test_now.time_since_epoch().count())) << "now";
    EXPECT_FALSE(at(1'500'000'000)) << "past";
    EXPECT_FALSE(at(1'793'491'500'000)) << "milliseconds";
    EXPECT_FALSE(at(1'793'491'200 + 8 * 86'400)) << "beyond the limit";
}

TEST_P(UrlSignerConformance, printing_shows_no_token) {
    const auto made = signer->sign(file_url, usual()).value();
    std::ostringstream shown;
    shown << made;
    EXPECT_NE(shown.str().find("[token]"), std::string::npos);
    EXPECT_LT(shown.str().size(), made.reveal().size());
    const std::string bare = file_url;
    EXPECT_LE(shown.str().size(), bare.size() + std::string("?[token]/").size());
}

}  // namespace streamforge::cdn
