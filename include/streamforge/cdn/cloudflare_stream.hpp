#pragma once

#include <memory>

#include <streamforge/cdn/key_ring.hpp>
#include <streamforge/cdn/url_signer.hpp>
#include <streamforge/cdn/url_verifier.hpp>
#include <streamforge/core/export.hpp>

namespace streamforge::cdn {

/// Cloudflare Stream's signed tokens: a JSON Web Token that stands in the path where the video's id was, so that relative URLs
/// inherit it. A token opens the whole video: policies are prefixes of the form "https://HOST/VIDEO-ID/".
///
/// A client or countries become access rules; both `countries_allowed` and `client_ip` at once cannot be written as rules of
/// which the first match decides, and are refused.
/// *Source*: Cloudflare Stream documentation, "Secure your Stream".
struct CloudflareStreamOptions {
    bool downloadable = false;  ///< Permits MP4 downloads.
};

/// Keys are RSA, with the signing key's id as their id. *Errors*: `invalid_argument`: options, keys.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::unique_ptr<UrlSigner>> make_cloudflare_stream_signer(
    KeyRing keys, const CloudflareStreamOptions& stream = {}, const SignerOptions& options = {});

/// Checks the token in the path's first component, with its access rules (`VerifyRequest::country` and `client_ip`).
/// *Errors*: as `make_cloudflare_stream_signer`.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::unique_ptr<UrlVerifier>> make_cloudflare_stream_verifier(KeyRing keys,
                                                                                                      const VerifierOptions& options = {});

}  // namespace streamforge::cdn
