#pragma once

#include <memory>
#include <string>

#include <streamforge/cdn/key_ring.hpp>
#include <streamforge/cdn/url_signer.hpp>
#include <streamforge/cdn/url_verifier.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/crypto/hash.hpp>

namespace streamforge::cdn {

/// Akamai's EdgeAuth 2.0 tokens: `ip=…~st=…~exp=…~acl=…~id=…~data=…~hmac=…`.
///
/// An exact policy becomes a URL token over the path; a prefix becomes the access list "PREFIX*"; a pattern is a list of paths with
/// '*', divided by '!'. Hosts and queries are not covered. Rotate keys with the ring: the provider calls the older one the
/// transition key. *Source*: Akamai's EdgeAuth token generators.
struct AkamaiOptions {
    std::string name = "__token__";                              ///< Of parameter and cookie; "hdnts" for adaptive media delivery.
    crypto::HashAlgorithm hash = crypto::HashAlgorithm::sha256;  ///< Or sha1, md5, as the property says.
    /// Percent-encodes client, session, data and URL in lower-case hexadecimal before they are signed ("escape early").
    bool escape_early = false;
    /// Signed but not shown; empty: none.
    std::string salt;

    /// *Errors*: `invalid_argument`, with the context `field`.
    [[nodiscard]] STREAMFORGE_EXPORT Result<void> validate() const;
};

/// Keys are symmetric: `SymmetricKey::from_hex` of what the property shows.
/// *Errors*: `invalid_argument`: options, keys of another kind.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::unique_ptr<UrlSigner>> make_akamai_signer(KeyRing keys, const AkamaiOptions& akamai = {},
                                                                                       const SignerOptions& options = {});
/// *Errors*: as `make_akamai_signer`.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::unique_ptr<UrlVerifier>> make_akamai_verifier(KeyRing keys, const AkamaiOptions& akamai = {},
                                                                                           const VerifierOptions& options = {});

}  // namespace streamforge::cdn
