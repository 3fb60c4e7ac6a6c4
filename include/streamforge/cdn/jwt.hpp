#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <streamforge/cdn/key_ring.hpp>
#include <streamforge/cdn/url_signer.hpp>
#include <streamforge/cdn/url_verifier.hpp>
#include <streamforge/core/export.hpp>

namespace streamforge::cdn {

/// A JSON Web Token over `claims_json`, an object as text, taken as it is. The key decides the algorithm: HS256 for a symmetric
/// key, RS256, ES256 or EdDSA for a private one; a key id becomes `kid`.
/// *Errors*: `invalid_argument` (the claims are no JSON object; a symmetric key below 32 bytes), `unauthenticated` (a public key).
/// *Source*: RFC 7519, RFC 7515, RFC 7518, RFC 8037.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::string> sign_jwt(std::string_view claims_json, const KeyEntry& key);

struct VerifiedJwt {
    std::string claims_json;
    std::string key_id;
    TimePoint expires;
    std::optional<TimePoint> starts;
};

/// What a good token says. The algorithm must be the one of the key that `kid` names (without `kid`: of the ring's only key),
/// `exp` must be there, and there must be no `crit`. Times are not checked.
/// *Errors*: `denied` with the condition that failed. *Cost*: tokens above 8 KiB are refused unread.
[[nodiscard]] STREAMFORGE_EXPORT Result<VerifiedJwt> verify_jwt(std::string_view token, const KeySet& keys, TimePoint now);

/// URLs with a JSON Web Token in one parameter, for edges that run a program of yours.
struct JwtOptions {
    std::string parameter = "token";
    std::string issuer;                        ///< `iss`; empty: none.
    std::string audience;                      ///< `aud`; empty: none.
    std::string subject;                       ///< `sub`; empty: none.
    std::string path_claim = "path";           ///< Of an exact policy: the URL's path.
    std::string prefix_claim = "path_prefix";  ///< Of a prefix policy.
    std::string client_claim = "client_ip";
    std::string session_claim = "sid";
    std::string data_claim = "data";

    /// *Errors*: `invalid_argument`, with the context `field`.
    [[nodiscard]] STREAMFORGE_EXPORT Result<void> validate() const;
};

/// *Errors*: `invalid_argument`: options, symmetric keys below 32 bytes.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::unique_ptr<UrlSigner>> make_jwt_signer(KeyRing keys, const JwtOptions& jwt = {},
                                                                                    const SignerOptions& options = {});
/// *Errors*: as `make_jwt_signer`.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::unique_ptr<UrlVerifier>> make_jwt_verifier(KeyRing keys, const JwtOptions& jwt = {},
                                                                                        const VerifierOptions& options = {});

}  // namespace streamforge::cdn
