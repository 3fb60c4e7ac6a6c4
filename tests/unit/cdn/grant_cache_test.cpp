#include <streamforge/cdn/grant_cache.hpp>

#include <atomic>
#include <gtest/gtest.h>
#include <thread>

#include <streamforge/cdn/cloudfront.hpp>

#include "support/cdn_properties.hpp"
#include "support/cdn_vectors.hpp"

namespace streamforge::cdn {
namespace {

using namespace testing;

class Cache : public ::testing::Test {
protected:
    // ECDSA signatures are random, so two that are equal are one.
    TimePoint now = test_now;
    std::shared_ptr<const UrlSigner> signer = make();
    std::shared_ptr<const UrlSigner> make() {
        SignerOptions options;
        options.clock = [this] { return std::chrono::system_clock::time_point(now); };
        return make_cloudfront_signer(KeyRing::single("K1", test_key("p256.pem")), {}, options).value();
    }
    static SignPolicy policy(const std::string& folder = "a") { return prefix_for("https://h.example/" + folder + "/"); }
};

TEST_F(Cache, same_policy_is_signed_once) {
    GrantCache cache(signer);
    const std::string first = cache.grant(policy()).value().query();
    EXPECT_EQ(cache.grant(policy()).value().query(), first);
    EXPECT_EQ(cache.sign("https://h.example/a/1.ts", policy()).value().reveal(), "https://h.example/a/1.ts?" + first);
    EXPECT_EQ(cache.statistics().hits, 2U);
    EXPECT_EQ(cache.statistics().misses, 1U);
}

TEST_F(Cache, every_field_of_a_policy_counts) {
    GrantCache cache(signer);
    std::vector<SignPolicy> policies(8, policy());
    policies[1].resource = "https://h.example/b/";
    policies[2].expires_in += std::chrono::seconds(1);
    policies[3].starts_at = test_now;
    policies[4].client_ip = IpNetwork::parse("192.0.2.1").value();
    policies[5].scope = Scope::pattern;
    policies[5].resource += "*";
    policies[6].client_ip = IpNetwork::parse("192.0.2.0/31").value();
    policies[7].starts_at = test_now - std::chrono::seconds(1);
    std::vector<std::string> tokens;
    for (const auto& each : policies) {
        tokens.push_back(cache.grant(each).value().query());
        EXPECT_EQ(std::ranges::count(tokens, tokens.back()), 1);
    }
    EXPECT_EQ(cache.statistics().size, policies.size());
}

TEST_F(Cache, bucket_decides_when_a_new_signature_is_made) {
    GrantCache cache(signer);
    SignPolicy bucketed = policy();
    bucketed.expiry_bucket = std::chrono::seconds(600);
    const std::string first = cache.grant(bucketed).value().query();
    now += std::chrono::seconds(299);
    EXPECT_EQ(cache.grant(bucketed).value().query(), first);
    now += std::chrono::seconds(2);
    EXPECT_NE(cache.grant(bucketed).value().query(), first);
}

TEST_F(Cache, expired_grant_is_not_given_again) {
    GrantCache cache(signer);
    SignPolicy fixed = policy();
    fixed.expires_in = std::chrono::seconds(0);
    fixed.expires_at = test_now + std::chrono::seconds(10);
    ASSERT_TRUE(cache.grant(fixed));
    now += std::chrono::seconds(10);
    EXPECT_EQ(refused_name(cache.grant(fixed)), "expires_at");
}

TEST_F(Cache, least_recently_used_goes_first) {
    GrantCache cache(signer, 2);
    const std::string a = cache.grant(policy("a")).value().query();
    const std::string b = cache.grant(policy("b")).value().query();
    EXPECT_EQ(cache.grant(policy("a")).value().query(), a);
    ASSERT_TRUE(cache.grant(policy("c")));
    EXPECT_EQ(cache.statistics().size, 2U);
    EXPECT_EQ(cache.grant(policy("a")).value().query(), a);
    EXPECT_NE(cache.grant(policy("b")).value().query(), b);
}

TEST_F(Cache, clear_forgets_everything) {
    GrantCache cache(signer);
    const std::string a = cache.grant(policy()).value().query();
    cache.clear();
    EXPECT_EQ(cache.statistics().size, 0U);
    EXPECT_NE(cache.grant(policy()).value().query(), a);
}

TEST_F(Cache, errors_are_not_kept) {
    GrantCache cache(signer);
    EXPECT_FALSE(cache.grant(prefix_for("https://h.example/a")));
    EXPECT_FALSE(cache.grant(SignPolicy{}));
    EXPECT_EQ(cache.statistics().size, 0U);
    EXPECT_TRUE(cache.sign("https://h.example/a", exact_for()));
}

TEST_F(Cache, threads_share_it) {
    GrantCache cache(signer, 4);
    std::atomic<int> failed = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < 200; ++i) failed += cache.grant(policy(std::to_string((i + t) % 6))) ? 0 : 1;
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(failed, 0);
    EXPECT_LE(cache.statistics().size, 4U);
}

}  // namespace
}  // namespace streamforge::cdn
