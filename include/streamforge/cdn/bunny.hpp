#pragma once

#include <cstdint>
#include <memory>

#include <streamforge/cdn/key_ring.hpp>
#include <streamforge/cdn/url_signer.hpp>
#include <streamforge/cdn/url_verifier.hpp>
#include <streamforge/core/export.hpp>

namespace streamforge::cdn {

/// Bunny's tokens of version 2: `token=HS256-…&…&expires=…`, or the same as the path's first component (`bcdn_token=…`).
///
/// A prefix becomes `token_path`. A client is one IPv4 address or an IPv6 /64. The URL's own parameters are signed in sorted order,
/// and therefore emitted so, unless they are ignored. Paths with percent-encoding are refused: the provider's own signers
/// disagree about whether it is resolved before signing. *Source*: Bunny's TokenAuthentication 2.1.
struct BunnyOptions {
    /// Leaves the URL's own parameters out (`token_ignore_params`), so that players may add some. Country rules and the speed
    /// limit are then not possible: the edge would not see them as signed.
    bool ignore_params = false;
    std::uint32_t speed_limit_kbps = 0;  ///< 0: none.

    /// *Errors*: `invalid_argument`, with the context `field`.
    [[nodiscard]] STREAMFORGE_EXPORT Result<void> validate() const;
};

/// Keys are symmetric: the pull zone's key as text. *Errors*: `invalid_argument`: options, keys of another kind.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::unique_ptr<UrlSigner>> make_bunny_signer(KeyRing keys, const BunnyOptions& bunny = {},
                                                                                      const SignerOptions& options = {});
/// Verifies tokens with and without ignored parameters. *Errors*: as `make_bunny_signer`.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::unique_ptr<UrlVerifier>> make_bunny_verifier(KeyRing keys,
                                                                                          const VerifierOptions& options = {});

}  // namespace streamforge::cdn
