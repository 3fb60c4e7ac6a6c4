#pragma once

#include <memory>

#include <streamforge/cdn/url_signer.hpp>
#include <streamforge/cdn/url_verifier.hpp>
#include <streamforge/core/export.hpp>

namespace streamforge::cdn {

/// A signer for tests of programs that take one: no key, no secrecy, but all of the interface. Its tokens say in clear text what they
/// open and end with a checksum, so that damage is noticed; anybody can make them. Knows URLs, folders, cookies, tokens in query and
/// path, a start. *Errors*: `invalid_argument`: options.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::unique_ptr<UrlSigner>> make_fake_signer(const SignerOptions& options = {});
/// *Errors*: as `make_fake_signer`.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::unique_ptr<UrlVerifier>> make_fake_verifier(const VerifierOptions& options = {});

}  // namespace streamforge::cdn
