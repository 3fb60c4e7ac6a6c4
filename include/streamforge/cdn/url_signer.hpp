#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <streamforge/cdn/capabilities.hpp>
#include <streamforge/cdn/key_ring.hpp>
#include <streamforge/cdn/prefix_grant.hpp>
#include <streamforge/cdn/sign_policy.hpp>
#include <streamforge/cdn/signed_url.hpp>
#include <streamforge/cdn/url.hpp>
#include <streamforge/core/clock.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>

namespace streamforge::cdn {

/// What every signer is told, whatever its provider.
struct SignerOptions {
    Clock clock = system_clock();
    /// Longest time from now to the end of a token; catches milliseconds and slips. The provider's own limit counts too.
    std::chrono::seconds max_lifetime = std::chrono::days(7);
    /// Hosts whose absolute URLs may be signed, in lower case. Empty: any. Set it where URLs come from users.
    std::vector<std::string> allowed_hosts;

    /// *Errors*: `invalid_argument`, with the context `field`.
    [[nodiscard]] STREAMFORGE_EXPORT Result<void> validate() const;
};

/// A policy after its times were settled, and the key that was chosen. What a provider's part of a signer works from.
struct SignRequest {
    const UrlParts* url = nullptr;  ///< Null when a grant is made.
    const SignPolicy* policy = nullptr;
    const KeyEntry* key = nullptr;
    TimePoint now;
    TimePoint expires;
    std::optional<TimePoint> starts;
    /// Of `policy->resource`, for a prefix: origin (may be empty) and path with its final slash.
    std::string_view prefix_origin;
    std::string_view prefix_path;
};

/// Signs URLs for one provider.
///
/// *Errors* of all calls: `invalid_argument` (the URL, a field of the policy, or a time is refused; the context says which),
/// `unsupported` (see `capabilities()`), `unauthenticated` (no key may sign now), and what an external key gives.
/// *Thread safety*: all calls.
class STREAMFORGE_EXPORT UrlSigner {
public:
    virtual ~UrlSigner();
    UrlSigner(const UrlSigner&) = delete;
    UrlSigner& operator=(const UrlSigner&) = delete;

    [[nodiscard]] const Capabilities& capabilities() const noexcept { return capabilities_; }
    [[nodiscard]] const SignerOptions& options() const noexcept { return options_; }

    /// `url`, signed. With a prefix or pattern the URL must lie within it.
    [[nodiscard]] Result<SignedUrl> sign(std::string_view url, const SignPolicy& policy) const;
    /// As `sign`, appended to `out`. On an error `out` is as it was.
    [[nodiscard]] Result<void> sign_to(std::string& out, std::string_view url, const SignPolicy& policy) const;
    /// All of `urls` under one policy, in order: one signature for all with a prefix or pattern, else one each, with the key
    /// and the time settled once. The error names the first URL refused (`index`).
    [[nodiscard]] Result<std::vector<SignedUrl>> sign_batch(std::span<const std::string_view> urls, const SignPolicy& policy) const;
    /// One signature for every URL within the policy's prefix or pattern, to be put on thousands of them.
    [[nodiscard]] Result<PrefixGrant> grant(const SignPolicy& policy, TokenPlacement placement = TokenPlacement::query) const;
    /// The same as cookies. `url` must lie within the prefix or pattern; an exact policy covers it alone, where the provider
    /// knows such cookies.
    [[nodiscard]] Result<CookieSet> sign_cookies(std::string_view url, const SignPolicy& policy,
                                                 const CookieAttributes& attributes = {}) const;

protected:
    UrlSigner(Capabilities capabilities, KeyRing keys, SignerOptions options);

private:
    /// Refuses what only this provider refuses. Called before the key is chosen.
    [[nodiscard]] virtual Result<void> do_check(const SignRequest& request) const;
    /// Appends `request.url` signed on its own, and says where the token lies.
    [[nodiscard]] virtual Result<TokenSpan> do_sign(const SignRequest& request, std::string& out) const;
    /// The token for a prefix or pattern.
    [[nodiscard]] virtual Result<GrantToken> do_grant(const SignRequest& request, TokenPlacement placement) const;
    [[nodiscard]] virtual Result<std::vector<TokenParameter>> do_cookies(const SignRequest& request) const;

    [[nodiscard]] Result<void> settle_times(const SignPolicy& policy, SignRequest& request) const;
    [[nodiscard]] Result<void> choose_key(const KeySet& keys, SignRequest& request) const;
    [[nodiscard]] Result<void> prepare(const SignPolicy& policy, const KeySet& keys, SignRequest& request) const;
    [[nodiscard]] Result<UrlParts> parse_signable(std::string_view url) const;
    [[nodiscard]] Result<TokenSpan> sign_exact(std::string& out, std::string_view url, SignRequest& request) const;
    void fill_scope(const SignRequest& request, PrefixGrant::State& state) const;
    [[nodiscard]] Result<TokenSpan> sign_one(std::string& out, std::string_view url, const SignPolicy& policy) const;

    Capabilities capabilities_;
    KeyRing keys_;
    SignerOptions options_;
};

}  // namespace streamforge::cdn
