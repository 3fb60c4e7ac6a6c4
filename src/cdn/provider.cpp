#include <streamforge/cdn/provider.hpp>

#include <algorithm>
#include <array>

#include <streamforge/cdn/akamai.hpp>
#include <streamforge/cdn/bunny.hpp>
#include <streamforge/cdn/cat.hpp>
#include <streamforge/cdn/cloudflare_stream.hpp>
#include <streamforge/cdn/cloudfront.hpp>
#include <streamforge/cdn/google.hpp>
#include <streamforge/cdn/jwt.hpp>
#include <streamforge/cdn/local.hpp>
#include <streamforge/cdn/uri_signing.hpp>
#include <streamforge/crypto/compare.hpp>

#include "cdn/policy_check.hpp"
#include "core/try.hpp"

namespace streamforge::cdn {
namespace {

using crypto::HashAlgorithm;

constexpr std::array<ProviderInfo, 20> infos{{
    {"akamai", "Akamai EdgeAuth 2.0 tokens", "hexadecimal", false},
    {"bunny", "Bunny token authentication, version 2", "text", false},
    {"cat", "CTA-5007 Common Access Tokens", "text of 32 bytes or more, or a P-256 key as PEM or JWK", false},
    {"cdn77", "CDN77 secure tokens in the path", "text", false},
    {"cloudflare", "Cloudflare WAF timed HMAC tokens", "text", false},
    {"cloudflare-images", "Cloudflare Images signatures", "text", false},
    {"cloudflare-stream", "Cloudflare Stream tokens", "RSA key as PEM or JWK, or base64 of either", true},
    {"cloudfront", "Amazon CloudFront signed URLs and cookies", "RSA 2048 or P-256 key as PEM", true},
    {"fastly", "Fastly token over path and query", "base64", false},
    {"fastly-agent", "Fastly token over path, query and User-Agent", "base64", false},
    {"fastly-path", "Fastly token over the path", "base64", false},
    {"gcore", "Gcore secure tokens", "text", false},
    {"google", "Google Cloud CDN signed URLs and cookies", "base64url of 16 bytes", true},
    {"google-media", "Google Media CDN signed URLs, cookies and paths", "base64url of an Ed25519 seed, or PEM", true},
    {"google-media-token", "Google Media CDN dual-token authentication", "base64url of an Ed25519 seed, or PEM", false},
    {"jwt", "JSON Web Tokens: HS256, RS256, ES256, EdDSA", "text of 32 bytes or more, or a key as PEM or JWK", false},
    {"keycdn", "KeyCDN secure tokens", "text", false},
    {"local", "The tokens of our own origin", "text of 16 bytes or more", false},
    {"nginx", "nginx secure_link", "text", false},
    {"uri-signing", "CDNI URI signing (RFC 9246): Apache Traffic Server", "text of 32 bytes or more, or a key as PEM or JWK", false},
}};

Error unknown_provider(std::string_view name) {
    return make_error(Errc::not_found, "cdn.provider", "there is no provider of this name").with("provider", std::string(name));
}

Result<ProviderInfo> find_provider(std::string_view name) {
    const auto found = std::ranges::find(infos, name, &ProviderInfo::name);
    if (found == infos.end()) return unknown_provider(name);
    return *found;
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
    return std::ranges::find(names, name) != names.end();
}

/// Whether a setting belongs to the provider. *Errors*: `invalid_argument`.
Result<void> check_settings(std::string_view name, const ProviderSettings& settings) {
    const auto check = [&](bool given, std::string_view field, std::initializer_list<std::string_view> names) -> Result<void> {
        if (!given || is_one_of(name, names)) return {};
        return refused_field(field, "is not a setting of this provider").with("provider", std::string(name));
    };
    SF_TRY(
        check(settings.hash.has_value(), "hash", {"cloudfront", "fastly", "fastly-agent", "fastly-path", "akamai", "google-media-token"}));
    SF_TRY(check(!settings.parameter.empty(), "parameter",
                 {"local", "akamai", "jwt", "cat", "cloudflare", "google-media-token", "uri-signing"}));
    SF_TRY(check(settings.rule_lifetime.has_value(), "rule_lifetime", {"cloudflare"}));
    SF_TRY(check(settings.prefix_bytes != 0, "prefix_bytes", {"cloudflare"}));
    SF_TRY(check(settings.bind_client, "bind_client", {"nginx", "gcore"}));
    SF_TRY(check(settings.ignore_params, "ignore_params", {"bunny"}));
    SF_TRY(check(settings.escape_early, "escape_early", {"akamai"}));
    SF_TRY(check(!settings.salt.empty(), "salt", {"akamai"}));
    SF_TRY(check(!settings.issuer.empty(), "issuer", {"jwt", "cat", "uri-signing"}));
    return check(!settings.audience.empty(), "audience", {"jwt", "cat"});
}

bool looks_asymmetric(std::string_view text) {
    return text.find("-----BEGIN ") != std::string_view::npos || text.substr(0, text.find_first_not_of(" \t\r\n") + 1).ends_with('{');
}

Result<KeyMaterial> as_material(Result<SymmetricKey> key) {
    SF_ASSIGN(SymmetricKey made, std::move(key));
    return KeyMaterial(std::move(made));
}

/// An Ed25519 seed as the provider gives it, or any usual form.
Result<KeyMaterial> parse_media_key(const Secret& text) {
    if (looks_asymmetric(text.reveal())) return parse_asymmetric_key(text);
    SF_ASSIGN(Bytes seed, crypto::base64_decode(text.reveal(), crypto::base64_url_padded));
    auto key = crypto::PrivateKey::from_raw_ed25519(seed);
    crypto::wipe(seed);
    SF_ASSIGN(crypto::PrivateKey made, std::move(key));
    return KeyMaterial(std::move(made));
}

AkamaiOptions akamai_options(const ProviderSettings& settings) {
    AkamaiOptions akamai;
    if (!settings.parameter.empty()) akamai.name = settings.parameter;
    if (settings.hash) akamai.hash = *settings.hash;
    akamai.escape_early = settings.escape_early;
    akamai.salt = settings.salt;
    return akamai;
}

LocalOptions local_options(const ProviderSettings& settings) {
    LocalOptions local;
    if (!settings.parameter.empty()) local.name = settings.parameter;
    return local;
}

JwtOptions jwt_options(const ProviderSettings& settings) {
    JwtOptions jwt;
    if (!settings.parameter.empty()) jwt.parameter = settings.parameter;
    jwt.issuer = settings.issuer;
    jwt.audience = settings.audience;
    return jwt;
}

UriSigningOptions uri_signing_options(const ProviderSettings& settings) {
    UriSigningOptions uri;
    if (!settings.parameter.empty()) uri.parameter = settings.parameter;
    uri.issuer = settings.issuer;
    return uri;
}

CatOptions cat_options(const ProviderSettings& settings) {
    CatOptions cat;
    if (!settings.parameter.empty()) cat.parameter = settings.parameter;
    cat.issuer = settings.issuer;
    cat.audience = settings.audience;
    return cat;
}

MediaCdnTokenOptions media_token_options(const ProviderSettings& settings) {
    MediaCdnTokenOptions token;
    if (!settings.parameter.empty()) token.name = settings.parameter;
    if (settings.hash) token.hash = *settings.hash;
    return token;
}

Result<ProviderInfo> check(std::string_view provider, const KeyRing& keys, const ProviderSettings& settings) {
    SF_ASSIGN(const ProviderInfo info, find_provider(provider));
    SF_TRY(check_settings(provider, settings));
    const auto set = keys.snapshot();
    if (info.needs_key_id && std::ranges::any_of(set->entries(), [](const KeyEntry& entry) { return entry.id.empty(); })) {
        return refused_field("key_id", "must be given: the provider knows its keys by id").with("provider", std::string(provider));
    }
    return info;
}

}  // namespace

std::span<const ProviderInfo> providers() noexcept { return infos; }

Result<KeyMaterial> parse_provider_key(std::string_view provider, const Secret& text) {
    SF_TRY(find_provider(provider));
    const std::string_view plain = text.reveal();
    if (is_one_of(provider, {"cloudfront", "cloudflare-stream"})) return parse_asymmetric_key(text);
    if (is_one_of(provider, {"google-media", "google-media-token"})) return parse_media_key(text);
    if (is_one_of(provider, {"jwt", "cat", "uri-signing"}) && looks_asymmetric(plain)) return parse_asymmetric_key(text);
    if (provider == "akamai") return as_material(SymmetricKey::from_hex(plain));
    if (provider == "google") return as_material(SymmetricKey::from_base64(plain, crypto::base64_url_padded));
    if (provider.starts_with("fastly")) return as_material(SymmetricKey::from_base64(plain));
    return as_material(SymmetricKey::from_text(plain));
}

Result<TokenLayout> provider_layout(std::string_view provider, const ProviderSettings& settings) {
    SF_TRY(find_provider(provider));
    SF_TRY(check_settings(provider, settings));
    const HashAlgorithm hash = settings.hash.value_or(HashAlgorithm::sha256);
    if (provider == "fastly") return fastly_layout(FastlyLayout::path_and_query, hash);
    if (provider == "fastly-path") return fastly_layout(FastlyLayout::path, hash);
    if (provider == "fastly-agent") return fastly_layout(FastlyLayout::path_query_user_agent, hash);
    if (provider == "nginx") return nginx_layout(settings.bind_client);
    if (provider == "gcore") return gcore_layout(settings.bind_client);
    if (provider == "keycdn") return keycdn_layout();
    if (provider == "cdn77") return cdn77_layout();
    if (provider == "cloudflare-images") return cloudflare_images_layout();
    if (provider == "cloudflare") {
        CloudflareWafOptions waf;
        if (settings.rule_lifetime) waf.rule_lifetime = *settings.rule_lifetime;
        if (!settings.parameter.empty()) waf.parameter = settings.parameter;
        waf.prefix_bytes = settings.prefix_bytes;
        return cloudflare_waf_layout(waf);
    }
    return make_error(Errc::unsupported, "cdn.provider", "this provider's scheme is no token layout")
        .with("provider", std::string(provider));
}

Result<std::unique_ptr<UrlSigner>> make_signer(std::string_view provider, KeyRing keys, const ProviderSettings& settings,
                                               const SignerOptions& options) {
    SF_TRY(check(provider, keys, settings));
    if (provider == "akamai") return make_akamai_signer(std::move(keys), akamai_options(settings), options);
    if (provider == "bunny") return make_bunny_signer(std::move(keys), {.ignore_params = settings.ignore_params}, options);
    if (provider == "cat") return make_cat_signer(std::move(keys), cat_options(settings), options);
    if (provider == "cloudflare-stream") return make_cloudflare_stream_signer(std::move(keys), {}, options);
    if (provider == "cloudfront")
        return make_cloudfront_signer(std::move(keys), {.hash = settings.hash.value_or(HashAlgorithm::sha256)}, options);
    if (provider == "google") return make_google_cdn_signer(std::move(keys), options);
    if (provider == "google-media") return make_media_cdn_signer(std::move(keys), options);
    if (provider == "google-media-token") return make_media_cdn_token_signer(std::move(keys), media_token_options(settings), options);
    if (provider == "jwt") return make_jwt_signer(std::move(keys), jwt_options(settings), options);
    if (provider == "local") return make_local_signer(std::move(keys), local_options(settings), options);
    if (provider == "uri-signing") return make_uri_signing_signer(std::move(keys), uri_signing_options(settings), options);
    SF_ASSIGN(TokenLayout layout, provider_layout(provider, settings));
    return make_layout_signer(std::move(layout), std::move(keys), options);
}

Result<std::unique_ptr<UrlVerifier>> make_verifier(std::string_view provider, KeyRing keys, const ProviderSettings& settings,
                                                   const VerifierOptions& options) {
    SF_TRY(check(provider, keys, settings));
    if (provider == "akamai") return make_akamai_verifier(std::move(keys), akamai_options(settings), options);
    if (provider == "bunny") return make_bunny_verifier(std::move(keys), options);
    if (provider == "cat") return make_cat_verifier(std::move(keys), cat_options(settings), options);
    if (provider == "cloudflare-stream") return make_cloudflare_stream_verifier(std::move(keys), options);
    if (provider == "cloudfront") return make_cloudfront_verifier(std::move(keys), {}, options);
    if (provider == "google") return make_google_cdn_verifier(std::move(keys), options);
    if (provider == "google-media") return make_media_cdn_verifier(std::move(keys), options);
    if (provider == "google-media-token") return make_media_cdn_token_verifier(std::move(keys), media_token_options(settings), options);
    if (provider == "jwt") return make_jwt_verifier(std::move(keys), jwt_options(settings), options);
    if (provider == "local") return make_local_verifier(std::move(keys), local_options(settings), options);
    if (provider == "uri-signing") return make_uri_signing_verifier(std::move(keys), uri_signing_options(settings), options);
    SF_ASSIGN(TokenLayout layout, provider_layout(provider, settings));
    return make_layout_verifier(std::move(layout), std::move(keys), options);
}

}  // namespace streamforge::cdn
