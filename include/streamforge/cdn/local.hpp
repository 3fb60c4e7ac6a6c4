#pragma once

#include <memory>
#include <string>

#include <streamforge/cdn/key_ring.hpp>
#include <streamforge/cdn/url_signer.hpp>
#include <streamforge/cdn/url_verifier.hpp>
#include <streamforge/core/export.hpp>

namespace streamforge::cdn {

/// The scheme of our own origin: HMAC-SHA256 over path, scope and conditions, in one parameter, path component or cookie.
///
/// A token reads `1.KEY.EXPIRES[.sSTART][.dDEPTH][.nADDRESS-BITS][.iSESSION][.aDATA].MAC`, made of [A-Za-z0-9._-] only. DEPTH is
/// the number of folders that a prefix token covers; without it the token covers the path and the query before it. What comes
/// behind the token in the query is not covered, so players may add parameters there. The host is not covered.
struct LocalOptions {
    /// Name of the parameter, path component and cookie.
    std::string name = "sf_token";

    /// *Errors*: `invalid_argument`, with the context `field`.
    [[nodiscard]] STREAMFORGE_EXPORT Result<void> validate() const;
};

/// *Errors*: `invalid_argument`: options; keys that are not symmetric, have fewer than 16 bytes, or ids other than 1 to 32 of
/// [A-Za-z0-9_-].
[[nodiscard]] STREAMFORGE_EXPORT Result<std::unique_ptr<UrlSigner>> make_local_signer(KeyRing keys, const LocalOptions& local = {},
                                                                                      const SignerOptions& options = {});
/// *Errors*: as `make_local_signer`.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::unique_ptr<UrlVerifier>> make_local_verifier(KeyRing keys, const LocalOptions& local = {},
                                                                                          const VerifierOptions& options = {});

}  // namespace streamforge::cdn
