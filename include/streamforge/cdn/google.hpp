#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <streamforge/cdn/key_ring.hpp>
#include <streamforge/cdn/url_signer.hpp>
#include <streamforge/cdn/url_verifier.hpp>
#include <streamforge/core/export.hpp>

namespace streamforge::cdn {

/// Signed URLs and cookies of Google's Cloud CDN: HMAC-SHA1 with a key of 16 bytes.
///
/// Cloud CDN does not block requests without a signature; it refuses bad ones and caches both kinds apart. The origin must check too.
/// Keys are `SymmetricKey::from_base64(text, base64_url_padded)`, with the KeyName as their id.
/// *Errors*: `invalid_argument`: options, keys. *Source*: Cloud CDN documentation, "Use signed URLs", "Use signed cookies".
[[nodiscard]] STREAMFORGE_EXPORT Result<std::unique_ptr<UrlSigner>> make_google_cdn_signer(KeyRing keys, const SignerOptions& options = {});
/// *Errors*: as `make_google_cdn_signer`.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::unique_ptr<UrlVerifier>> make_google_cdn_verifier(KeyRing keys,
                                                                                               const VerifierOptions& options = {});

/// Signed URLs, cookies and path components of Google's Media CDN: Ed25519 over the same texts.
///
/// Keys are Ed25519 (`crypto::PrivateKey::from_raw_ed25519` of the provider's base64url), with the KeyName as their id.
/// Signatures are padded in URLs, and not in cookies and path components.
/// *Errors*: `invalid_argument`: options, keys. *Source*: Media CDN documentation, "Use signed requests".
[[nodiscard]] STREAMFORGE_EXPORT Result<std::unique_ptr<UrlSigner>> make_media_cdn_signer(KeyRing keys, const SignerOptions& options = {});
/// *Errors*: as `make_media_cdn_signer`.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::unique_ptr<UrlVerifier>> make_media_cdn_verifier(KeyRing keys,
                                                                                              const VerifierOptions& options = {});

/// Media CDN's tokens for dual-token authentication: `FullPath~Expires=…~Signature=…`.
///
/// An exact policy becomes FullPath, a prefix URLPrefix (it must be absolute), a pattern PathGlobs (paths with '*' and '?', divided
/// by ','). Keys are Ed25519, or symmetric for an HMAC. *Source*: Media CDN documentation, "Generate tokens".
struct MediaCdnTokenOptions {
    std::string name = "edge-cache-token";                       ///< Of parameter and cookie.
    crypto::HashAlgorithm hash = crypto::HashAlgorithm::sha256;  ///< Of symmetric keys: sha256 or sha1.
    /// Headers that the request must have with these values; the token shows their names only.
    std::vector<TokenParameter> headers;

    /// *Errors*: `invalid_argument`, with the context `field`.
    [[nodiscard]] STREAMFORGE_EXPORT Result<void> validate() const;
};

/// *Errors*: `invalid_argument`: options, keys.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::unique_ptr<UrlSigner>> make_media_cdn_token_signer(KeyRing keys,
                                                                                                const MediaCdnTokenOptions& token = {},
                                                                                                const SignerOptions& options = {});
/// Reads the values of headers from `VerifyRequest::headers`. *Errors*: as `make_media_cdn_token_signer`.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::unique_ptr<UrlVerifier>> make_media_cdn_token_verifier(KeyRing keys,
                                                                                                    const MediaCdnTokenOptions& token = {},
                                                                                                    const VerifierOptions& options = {});

}  // namespace streamforge::cdn
