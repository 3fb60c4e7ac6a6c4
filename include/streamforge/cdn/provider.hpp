#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <streamforge/cdn/key_ring.hpp>
#include <streamforge/cdn/token_layout.hpp>
#include <streamforge/cdn/url_signer.hpp>
#include <streamforge/cdn/url_verifier.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/secret.hpp>
#include <streamforge/crypto/hash.hpp>

namespace streamforge::cdn {

/// A provider by its name, for configuration files and command lines. Programs use the `make_…_signer` of the provider itself.
struct ProviderInfo {
    std::string_view name;      ///< "cloudfront", "cloudflare-stream", …
    std::string_view summary;   ///< One line for people.
    std::string_view key_form;  ///< What its keys look like.
    bool needs_key_id = false;
};

/// Every provider, by name.
[[nodiscard]] STREAMFORGE_EXPORT std::span<const ProviderInfo> providers() noexcept;

/// The settings that several providers have in common. What a provider does not know must be left alone.
struct ProviderSettings {
    std::optional<crypto::HashAlgorithm> hash;          ///< CloudFront, Fastly, Akamai, Media CDN tokens.
    std::string parameter;                              ///< Name of the parameter or cookie: local, Akamai, JWT, CAT, Cloudflare.
    std::optional<std::chrono::seconds> rule_lifetime;  ///< Cloudflare: the lifetime in the rule.
    std::size_t prefix_bytes = 0;                       ///< Cloudflare: for a rule over a fixed part of the path.
    bool bind_client = false;                           ///< nginx, Gcore: the client's address is part of the hash.
    bool ignore_params = false;                         ///< Bunny.
    bool escape_early = false;                          ///< Akamai.
    std::string salt;                                   ///< Akamai.
    std::string issuer;                                 ///< JWT, CAT.
    std::string audience;                               ///< JWT, CAT.
};

/// The key in the form that the provider's console shows it: PEM, JWK, hexadecimal, base64 or plain text.
/// *Errors*: `not_found` (no such provider), and those of the form.
[[nodiscard]] STREAMFORGE_EXPORT Result<KeyMaterial> parse_provider_key(std::string_view provider, const Secret& text);

/// *Errors*: `not_found` (no such provider), `invalid_argument` (a setting that the provider does not know, a missing key id), and
/// those of the provider's own function.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::unique_ptr<UrlSigner>> make_signer(std::string_view provider, KeyRing keys,
                                                                                const ProviderSettings& settings = {},
                                                                                const SignerOptions& options = {});
/// *Errors*: as `make_signer`.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::unique_ptr<UrlVerifier>> make_verifier(std::string_view provider, KeyRing keys,
                                                                                    const ProviderSettings& settings = {},
                                                                                    const VerifierOptions& options = {});
/// The layout of the providers that have one: fastly, fastly-path, fastly-agent, nginx, keycdn, cdn77, gcore, cloudflare,
/// cloudflare-images. *Errors*: `unsupported` for the others, `not_found`.
[[nodiscard]] STREAMFORGE_EXPORT Result<TokenLayout> provider_layout(std::string_view provider, const ProviderSettings& settings = {});

}  // namespace streamforge::cdn
