#pragma once

#include <memory>
#include <string>

#include <streamforge/cdn/key_ring.hpp>
#include <streamforge/cdn/url_signer.hpp>
#include <streamforge/cdn/url_verifier.hpp>
#include <streamforge/core/export.hpp>

namespace streamforge::cdn {

/// CDNI URI signing: a JSON Web Token whose `cdniuc` is a regular expression over the whole URL, as Apache Traffic Server's
/// uri_signing plugin and other edges of the standard check it.
///
/// Expressions are anchored and made of literal text and ".*" only, so that every edge reads them alike and in linear time.
/// Patterns know '*'. *Source*: RFC 9246.
struct UriSigningOptions {
    std::string parameter = "URISigningPackage";  ///< Of the query; also the cookie's name.
    std::string issuer;                           ///< `iss`, by which the edge finds its keys; empty: none.

    /// *Errors*: `invalid_argument`, with the context `field`.
    [[nodiscard]] STREAMFORGE_EXPORT Result<void> validate() const;
};

/// *Errors*: `invalid_argument`: options, symmetric keys below 32 bytes.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::unique_ptr<UrlSigner>> make_uri_signing_signer(KeyRing keys, const UriSigningOptions& uri = {},
                                                                                            const SignerOptions& options = {});
/// Refuses tokens with expressions of another form, and with claims that it cannot check. *Errors*: as `make_uri_signing_signer`.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::unique_ptr<UrlVerifier>> make_uri_signing_verifier(KeyRing keys,
                                                                                                const UriSigningOptions& uri = {},
                                                                                                const VerifierOptions& options = {});

}  // namespace streamforge::cdn
