#include <streamforge/cdn/uri_signing.hpp>

#include <algorithm>
#include <array>

#include "cdn/decimal.hpp"
#include "cdn/jwt/jwt_codec.hpp"
#include "cdn/jwt/uri_container.hpp"
#include "cdn/policy_check.hpp"
#include "cdn/single_token.hpp"
#include "cdn/strict_json.hpp"
#include "cdn/token_query.hpp"
#include "cdn/url_scan.hpp"
#include "core/try.hpp"

namespace streamforge::cdn {
namespace uri_signing {
namespace {

Capabilities make_capabilities(const UriSigningOptions& options) {
    Capabilities can;
    can.provider = "uri-signing";
    can.prefix = true;
    can.pattern = true;
    can.pattern_covers_query = true;
    can.cookies = true;
    can.start_time = true;
    can.covers_host = true;
    can.covers_query = true;
    can.append_query_prefix = true;
    can.query_values_clean = true;
    can.query_values_plain = true;
    can.reserved_parameters = {options.parameter};
    return can;
}

class UriSigner final : public SingleTokenSigner {
public:
    UriSigner(KeyRing keys, UriSigningOptions uri, SignerOptions options)
        : SingleTokenSigner(make_capabilities(uri), std::move(keys), std::move(options), uri.parameter, uri.parameter),
          uri_(std::move(uri)) {}

private:
    Result<void> do_check(const SignRequest& request) const override {
        if (request.policy->scope == Scope::pattern && request.policy->resource.find('?') != std::string::npos) {
            return refused_field("resource", "knows '*' only");
        }
        return {};
    }

    Result<void> append_token(std::string& out, const SignRequest& request) const override {
        const SignPolicy& policy = *request.policy;
        const UriContainer container = policy.scope == Scope::exact    ? UriContainer::of(request.url->text, false)
                                       : policy.scope == Scope::prefix ? UriContainer::of(policy.resource + "*", true)
                                                                       : UriContainer::of(policy.resource, true);
        std::string claims = "{";
        if (!uri_.issuer.empty()) claims.append("\"iss\":").append(json_string(uri_.issuer)).push_back(',');
        claims.append("\"exp\":");
        append_epoch(claims, request.expires);
        if (request.starts) {
            claims.append(",\"nbf\":");
            append_epoch(claims, *request.starts);
        }
        claims.append(",\"cdniv\":1,\"cdniuc\":").append(json_string(container.claim())).push_back('}');
        SF_ASSIGN(const std::string token, jwt::encode(jwt::header_for(*request.key), claims, *request.key));
        out.append(token);
        return {};
    }

    UriSigningOptions uri_;
};

class UriVerifier final : public UrlVerifier {
public:
    UriVerifier(KeyRing keys, UriSigningOptions uri, VerifierOptions options)
        : UrlVerifier(make_capabilities(uri), std::move(keys), std::move(options)), uri_(std::move(uri)) {}

private:
    Result<VerifiedGrant> do_verify(const Context& context) const override {
        SF_ASSIGN(auto token, single_parameter(context.url.query, uri_.parameter));
        const bool in_query = token.has_value();
        if (!in_query) {
            SF_ASSIGN(token, single_cookie(context.request->cookies, uri_.parameter));
        }
        if (!token) return make_denial(Denial::missing_token, "the request has no token");
        if (!context.url.is_absolute()) return make_denial(Denial::malformed_url, "these tokens cover absolute URLs");
        SF_ASSIGN(const jwt::Decoded decoded, jwt::decode(*token, *context.keys, context.now));
        SF_TRY(check_claims(decoded.claims));
        VerifiedGrant grant;
        grant.key_id = decoded.verified.key_id;
        grant.policy.expires_at = decoded.verified.expires;
        grant.policy.starts_at = decoded.verified.starts;
        const std::string_view name = uri_.parameter;
        grant.url = without_parameters(context.url, std::span(&name, in_query ? 1 : 0));
        SF_TRY(check_scope(decoded.claims, context.url.path, grant));
        return grant;
    }

    /// A claim that was not looked at may hold a condition: the token is then refused.
    [[nodiscard]] Result<void> check_claims(const nlohmann::json& claims) const {
        constexpr std::array<std::string_view, 7> known{"iss", "exp", "nbf", "iat", "sub", "cdniv", "cdniuc"};
        for (const auto& [name, value] : claims.items()) {
            if (std::ranges::find(known, name) == known.end()) {
                return make_denial(Denial::unsupported_claim, "the token holds a claim that is not known here").with("claim", name);
            }
        }
        const auto version = claims.find("cdniv");
        if (version != claims.end() && *version != 1) return make_denial(Denial::unsupported_claim, "the token is of another version");
        if (!uri_.issuer.empty() && jwt::string_claim(claims, "iss") != uri_.issuer) {
            return make_denial(Denial::wrong_scope, "the token was made by another issuer");
        }
        return {};
    }

    [[nodiscard]] static Result<void> check_scope(const nlohmann::json& claims, std::string_view path, VerifiedGrant& grant) {
        const auto text = jwt::string_claim(claims, "cdniuc");
        if (!text || text->empty()) return make_denial(Denial::malformed_token, "the token names no URL");
        const auto container = UriContainer::parse(*text);
        if (!container) return make_denial(Denial::unsupported_claim, "the token's expression is of another form");
        if (!container->is_exact() && has_encoded_slash(path))
            return make_denial(Denial::wrong_scope, "an encoded slash is not allowed here");
        if (!container->matches(grant.url)) return make_denial(Denial::wrong_scope, "the token is for other URLs");
        if (container->is_exact()) return {};
        const auto prefix = container->prefix();
        grant.policy.scope = prefix ? Scope::prefix : Scope::pattern;
        grant.policy.resource = prefix ? *prefix : container->pattern();
        return {};
    }

    UriSigningOptions uri_;
};

}  // namespace
}  // namespace uri_signing

Result<void> UriSigningOptions::validate() const {
    if (parameter.empty() || !std::ranges::all_of(parameter, [](unsigned char c) { return is_unreserved(c); })) {
        return refused_field("parameter", "must be of [A-Za-z0-9._~-]");
    }
    return {};
}

Result<std::unique_ptr<UrlSigner>> make_uri_signing_signer(KeyRing keys, const UriSigningOptions& uri, const SignerOptions& options) {
    SF_TRY(uri.validate());
    SF_TRY(options.validate());
    SF_TRY(jwt::check_keys(*keys.snapshot()));
    return std::unique_ptr<UrlSigner>(std::make_unique<uri_signing::UriSigner>(std::move(keys), uri, options));
}

Result<std::unique_ptr<UrlVerifier>> make_uri_signing_verifier(KeyRing keys, const UriSigningOptions& uri, const VerifierOptions& options) {
    SF_TRY(uri.validate());
    SF_TRY(options.validate());
    SF_TRY(jwt::check_keys(*keys.snapshot()));
    return std::unique_ptr<UrlVerifier>(std::make_unique<uri_signing::UriVerifier>(std::move(keys), uri, options));
}

}  // namespace streamforge::cdn
