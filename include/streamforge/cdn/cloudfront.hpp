#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <streamforge/cdn/key_ring.hpp>
#include <streamforge/cdn/url_signer.hpp>
#include <streamforge/cdn/url_verifier.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/crypto/hash.hpp>

namespace streamforge::cdn {

/// Signed URLs and cookies of Amazon CloudFront.
///
/// An exact policy with an end alone becomes a canned policy (the edge rebuilds it from the URL); everything else becomes a custom
/// policy, written in the order DateLessThan, IpAddress, DateGreaterThan. A prefix becomes the resource "PREFIX*". Patterns know
/// '*' and '?', and are matched against the query too.
/// *Source*: Amazon CloudFront Developer Guide, "Serve private content with signed URLs and signed cookies".
struct CloudFrontOptions {
    /// `sha256` writes Hash-Algorithm=SHA256; `sha1` is what CloudFront assumes without that parameter.
    crypto::HashAlgorithm hash = crypto::HashAlgorithm::sha256;

    /// *Errors*: `invalid_argument`, with the context `field`.
    [[nodiscard]] STREAMFORGE_EXPORT Result<void> validate() const;
};

/// Keys are RSA of 2048 bits or ECDSA P-256, with the public key's id at CloudFront (Key-Pair-Id) as their id.
/// *Errors*: `invalid_argument`: options, keys of another kind or size, ids that are not letters and digits.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::unique_ptr<UrlSigner>> make_cloudfront_signer(KeyRing keys,
                                                                                           const CloudFrontOptions& cloudfront = {},
                                                                                           const SignerOptions& options = {});

struct CloudFrontVerifierOptions {
    /// Whether signatures over SHA-1 count, as they do at CloudFront.
    bool allow_sha1 = true;
};

/// Verifies URLs and cookies of any CloudFront signer, whatever the order of its parameters. Private keys in the ring serve with
/// their public half. *Errors*: as `make_cloudfront_signer`.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::unique_ptr<UrlVerifier>> make_cloudfront_verifier(
    KeyRing keys, const CloudFrontVerifierOptions& cloudfront = {}, const VerifierOptions& options = {});

/// The canned policy that CloudFront rebuilds for `url`: what is signed, byte for byte.
[[nodiscard]] STREAMFORGE_EXPORT std::string cloudfront_canned_policy(std::string_view url, TimePoint expires);

}  // namespace streamforge::cdn
