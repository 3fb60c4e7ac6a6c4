#pragma once

#include <functional>
#include <gtest/gtest.h>
#include <random>
#include <string>

#include <streamforge/cdn/url_signer.hpp>
#include <streamforge/cdn/url_verifier.hpp>

namespace streamforge::cdn::testing {

/// 2026-11-01T00:00:00Z.
inline constexpr TimePoint test_now{std::chrono::seconds(1'793'491'200)};
inline Clock fixed_clock(TimePoint now = test_now) {
    return [now] { return std::chrono::system_clock::time_point(now); };
}
inline SignerOptions test_signer_options() {
    SignerOptions options;
    options.clock = fixed_clock();
    return options;
}
inline VerifierOptions test_verifier_options() {
    VerifierOptions options;
    options.clock = fixed_clock();
    return options;
}

inline SignPolicy exact_for(std::chrono::seconds lifetime = std::chrono::seconds(300)) {
    SignPolicy policy;
    policy.expires_in = lifetime;
    return policy;
}
inline SignPolicy prefix_for(std::string prefix, std::chrono::seconds lifetime = std::chrono::seconds(300)) {
    SignPolicy policy = exact_for(lifetime);
    policy.scope = Scope::prefix;
    policy.resource = std::move(prefix);
    return policy;
}
inline SignPolicy pattern_for(std::string pattern, std::chrono::seconds lifetime = std::chrono::seconds(300)) {
    SignPolicy policy = prefix_for(std::move(pattern), lifetime);
    policy.scope = Scope::pattern;
    return policy;
}

/// A reproducible source of URLs that a signer may accept.
class UrlMaker {
public:
    explicit UrlMaker(std::uint32_t seed) : random_(seed) {}

    std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_); }

    std::string segment() {
        static constexpr std::string_view plain = "ABCXYZabcxyz0189-_.~!$&'()+,;=:@";
        std::string text(1, static_cast<char>('a' + below(26)));
        for (std::size_t i = below(12); i > 0; --i) {
            if (below(10) == 0) {
                text += std::array<const char*, 4>{"%20", "%C3%A9", "%25", "%2B"}[below(4)];
            } else {
                text.push_back(plain[below(plain.size())]);
            }
        }
        return text;
    }
    std::string path_below(std::string prefix) {
        for (std::size_t i = below(3); i > 0; --i) prefix += segment() + "/";
        return prefix + segment();
    }
    std::string query() {
        std::string text;
        for (std::size_t i = 1 + below(3); i > 0; --i) {
            if (!text.empty()) text.push_back('&');
            text += "q" + std::to_string(i);
            if (below(4) != 0) text += "=" + segment_of_query();
        }
        return text;
    }

private:
    std::string segment_of_query() {
        static constexpr std::string_view plain = "ABCabc019-_.~!$'()+,;:@/?[]";
        std::string text;
        for (std::size_t i = below(8); i > 0; --i) text.push_back(plain[below(plain.size())]);
        return text;
    }
    std::mt19937 random_;
};

struct RoundTrip {
    const UrlSigner* signer = nullptr;
    const UrlVerifier* verifier = nullptr;
    /// A URL and the policy for it.
    std::function<std::pair<std::string, SignPolicy>(UrlMaker&)> make;
    /// What a request carries beside the URL.
    std::function<void(VerifyRequest&)> dress = [](VerifyRequest&) {};
    /// Whether the scheme promises to notice a change of byte `at` of the signed URL. All by default.
    std::function<bool(const std::string& signed_url, std::size_t at)> covers = [](const std::string&, std::size_t) { return true; };
    int rounds = 50'000;
};

/// What is signed is accepted, and nothing that differs from it in one byte is.
inline void expect_round_trips(const RoundTrip& test) {
    UrlMaker maker(20260701);
    int mutations = 0;
    for (int round = 0; round < test.rounds; ++round) {
        const auto [url, policy] = test.make(maker);
        const auto signed_url = test.signer->sign(url, policy);
        ASSERT_TRUE(signed_url) << url << "\n" << signed_url.error().describe();
        const std::string& text = signed_url->reveal();
        VerifyRequest request;
        request.url = text;
        test.dress(request);
        const auto verified = test.verifier->verify(request);
        ASSERT_TRUE(verified) << text << "\n" << verified.error().describe();
        // A token over a folder opens all of it, whatever was asked for, and says so.
        ASSERT_EQ(verified->policy.scope, test.signer->capabilities().prefix_direct_children_only ? Scope::prefix : policy.scope);

        std::string changed = text;
        const std::size_t at = maker.below(changed.size());
        const auto byte = static_cast<char>(maker.below(2) == 0 ? 0x21 + maker.below(94) : maker.below(256));
        if (byte == changed[at] || !test.covers(text, at)) continue;
        changed[at] = byte;
        request.url = changed;
        const auto refused = test.verifier->verify(request);
        ASSERT_FALSE(refused) << "accepted after a change of byte " << at << "\n" << text << "\n" << changed;
        ASSERT_TRUE(denial_of(refused.error())) << refused.error().describe();
        ++mutations;
    }
    EXPECT_GT(mutations, test.rounds / 10);
}

template <class T>
std::optional<Denial> denial(const Result<T>& result) {
    EXPECT_FALSE(result);
    return result ? std::nullopt : denial_of(result.error());
}

/// The field or part that an error names.
template <class T>
std::string refused_name(const Result<T>& result) {
    EXPECT_FALSE(result);
    if (result) return "";
    for (const auto& [key, value] : result.error().context) {
        if (key == "field" || key == "part") return value;
    }
    return "";
}

}  // namespace streamforge::cdn::testing
