#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <streamforge/cdn/capabilities.hpp>
#include <streamforge/cdn/key_ring.hpp>
#include <streamforge/cdn/sign_policy.hpp>
#include <streamforge/cdn/signed_url.hpp>
#include <streamforge/cdn/url.hpp>
#include <streamforge/core/clock.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>

namespace streamforge::cdn {

/// Why a request is refused.
enum class Denial : std::uint8_t {
    malformed_url,
    missing_token,
    malformed_token,  ///< Not exactly what a signer writes.
    unknown_key,      ///< No key of that id may verify now.
    weak_algorithm,   ///< The token asks for an algorithm that the key or the options do not allow.
    wrong_signature,
    wrong_scope,  ///< Signed, but for something else.
    not_yet_valid,
    expired,
    lifetime_too_long,  ///< Ends later than the verifier's limit allows.
    wrong_client_ip,
    wrong_country,
    unsupported_claim,  ///< Holds a condition that this verifier cannot check.
};

/// "expired", …
[[nodiscard]] STREAMFORGE_EXPORT std::string_view to_string(Denial denial) noexcept;
/// The condition that failed, of an error from `verify`. Empty for errors of another kind.
[[nodiscard]] STREAMFORGE_EXPORT std::optional<Denial> denial_of(const Error& error) noexcept;
/// The error that says so: `Errc::denied`, with the context `condition`. For providers' verifiers.
[[nodiscard]] STREAMFORGE_EXPORT Error make_denial(Denial denial, std::string message);

struct VerifierOptions {
    Clock clock = system_clock();
    /// How far the clocks of signer and verifier may differ. Widens both ends of validity.
    std::chrono::seconds skew{0};
    /// Refuses tokens that end later than this from now, however they were signed. 0: no limit.
    std::chrono::seconds max_lifetime{0};

    /// *Errors*: `invalid_argument`, with the context `field`.
    [[nodiscard]] STREAMFORGE_EXPORT Result<void> validate() const;
};

/// What an edge knows of a request.
struct VerifyRequest {
    /// As it came: absolute, or from the path on.
    std::string_view url;
    /// The client's address. Needed when a token is bound to one.
    std::string_view client_ip;
    /// The values of the Cookie headers, joined by "; ". Empty: none.
    std::string_view cookies;
    /// For layouts that sign it.
    std::string_view user_agent;
    /// "GET", … Needed when a token speaks of methods.
    std::string_view method;
    /// Headers that tokens may be bound to, by name as the client sent them.
    std::vector<TokenParameter> headers;
    /// The client's country, ISO 3166-1 alpha-2, when the edge knows it. Needed when a token speaks of countries.
    std::string_view country;
    /// Empty: the verifier's clock.
    std::optional<TimePoint> now;
};

/// What a good token says.
struct VerifiedGrant {
    SignPolicy policy;   ///< As it was signed, as far as the scheme carries it. Always with `expires_at`.
    std::string key_id;  ///< Empty where tokens name no key and the ring gives none.
    std::string url;     ///< The request's URL without the token: what the origin and the cache key should see.
};

/// Decides whether a request may pass, for one provider's scheme.
///
/// *Errors* of `verify`: `denied` with the condition that failed (see `denial_of`); nothing else for any request.
/// *Thread safety*: all calls. *Cost*: signatures are compared in constant time, before any other condition is looked at.
class STREAMFORGE_EXPORT UrlVerifier {
public:
    virtual ~UrlVerifier();
    UrlVerifier(const UrlVerifier&) = delete;
    UrlVerifier& operator=(const UrlVerifier&) = delete;

    [[nodiscard]] const Capabilities& capabilities() const noexcept { return capabilities_; }
    [[nodiscard]] Result<VerifiedGrant> verify(const VerifyRequest& request) const;

protected:
    UrlVerifier(Capabilities capabilities, KeyRing keys, VerifierOptions options)
        : capabilities_(std::move(capabilities)), keys_(std::move(keys)), options_(std::move(options)) {}

    /// A request after the first checks.
    struct Context {
        const VerifyRequest* request = nullptr;
        UrlParts url;
        const KeySet* keys = nullptr;
        TimePoint now;
        std::chrono::seconds skew{0};
    };

private:
    /// Checks the token's form and signature and gives what it says; times and the client's address are checked by the caller.
    [[nodiscard]] virtual Result<VerifiedGrant> do_verify(const Context& context) const = 0;
    [[nodiscard]] Result<void> check_conditions(const SignPolicy& policy, const Context& context) const;

    Capabilities capabilities_;
    KeyRing keys_;
    VerifierOptions options_;
};

}  // namespace streamforge::cdn
