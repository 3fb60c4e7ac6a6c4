#pragma once

#include <memory>
#include <string>
#include <vector>

#include <streamforge/cdn/key_ring.hpp>
#include <streamforge/cdn/url_signer.hpp>
#include <streamforge/cdn/url_verifier.hpp>
#include <streamforge/core/export.hpp>

namespace streamforge::cdn {

/// CTA-5007 Common Access Tokens: a CBOR Web Token in COSE_Mac0 with HMAC 256/256 (tags 61 and 17), or, with a P-256 key, in
/// COSE_Sign1 with ES256 (tags 61 and 18); as base64url in a parameter, a cookie or a header.
///
/// Several CDNs read the same token with tools of their own. Path and, where the URL or prefix names one, host become `catu`;
/// the client `catnip`, allowed countries `catgeoiso3166`, the session `cti`. Tokens above 1 KiB are refused: CloudFront's limit.
/// *Source*: CTA-5007, RFC 8392, RFC 9052; labels as the published implementations have them.
struct CatOptions {
    std::string parameter = "CAT";                   ///< Of the query.
    std::string cookie = "CTA-Common-Access-Token";  ///< Of the cookie and the header.
    std::string issuer;                              ///< `iss`; empty: none.
    std::string audience;                            ///< `aud`; empty: none.
    std::string subject;                             ///< `sub`; empty: none.
    std::vector<std::string> methods;                ///< `catm`, e.g. {"GET", "HEAD"}; empty: any.

    /// *Errors*: `invalid_argument`, with the context `field`.
    [[nodiscard]] STREAMFORGE_EXPORT Result<void> validate() const;
};

/// Keys are symmetric with at least 32 bytes, or ECDSA P-256. *Errors*: `invalid_argument`: options, keys.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::unique_ptr<UrlSigner>> make_cat_signer(KeyRing keys, const CatOptions& cat = {},
                                                                                    const SignerOptions& options = {});
/// Checks every part of `catu` but regular expressions and SHA-512/256, and `catm`, `catnip`, `catgeoiso3166`; a token with a claim
/// that it cannot check is refused. Issuer, audience and subject must be those of `cat` where these are set.
/// *Errors*: as `make_cat_signer`.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::unique_ptr<UrlVerifier>> make_cat_verifier(KeyRing keys, const CatOptions& cat = {},
                                                                                        const VerifierOptions& options = {});

}  // namespace streamforge::cdn
