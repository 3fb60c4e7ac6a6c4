#include <array>

#include "cdn/decimal.hpp"
#include "cdn/jwt/jwt_codec.hpp"
#include "cdn/policy_check.hpp"
#include "cdn/single_token.hpp"
#include "cdn/strict_json.hpp"
#include "cdn/token_query.hpp"
#include "cdn/url_scan.hpp"
#include "core/try.hpp"

namespace streamforge::cdn {
namespace jwt {
namespace {

Capabilities make_capabilities(const JwtOptions& options) {
    Capabilities can;
    can.provider = "jwt";
    can.prefix = true;
    can.cookies = true;
    can.start_time = true;
    can.client_ip = true;
    can.client_ipv6 = true;
    can.client_network = true;
    can.session_id = true;
    can.data = true;
    can.append_query_exact = true;
    can.append_query_prefix = true;
    can.query_values_clean = true;
    can.query_values_plain = true;
    can.reserved_parameters = {options.parameter};
    return can;
}

void append_claim(std::string& claims, std::string_view name, std::string_view value) {
    if (value.empty()) return;
    if (claims.size() > 1) claims.push_back(',');
    claims.append(json_string(name)).push_back(':');
    claims.append(json_string(value));
}

void append_time(std::string& claims, std::string_view name, TimePoint time) {
    if (claims.size() > 1) claims.push_back(',');
    claims.append(json_string(name)).push_back(':');
    append_epoch(claims, time);
}

class JwtSigner final : public SingleTokenSigner {
public:
    JwtSigner(KeyRing keys, JwtOptions jwt, SignerOptions options)
        : SingleTokenSigner(make_capabilities(jwt), std::move(keys), std::move(options), jwt.parameter, jwt.parameter),
          jwt_(std::move(jwt)) {}

private:
    Result<void> append_token(std::string& out, const SignRequest& request) const override {
        const SignPolicy& policy = *request.policy;
        std::string claims = "{";
        append_claim(claims, "iss", jwt_.issuer);
        append_claim(claims, "aud", jwt_.audience);
        append_claim(claims, "sub", jwt_.subject);
        append_time(claims, "exp", request.expires);
        if (request.starts) append_time(claims, "nbf", *request.starts);
        if (policy.scope == Scope::exact) {
            append_claim(claims, jwt_.path_claim, request.url->path);
        } else {
            append_claim(claims, jwt_.prefix_claim, request.prefix_path);
        }
        if (policy.client_ip) append_claim(claims, jwt_.client_claim, policy.client_ip->to_cidr());
        append_claim(claims, jwt_.session_claim, policy.session_id);
        append_claim(claims, jwt_.data_claim, policy.data);
        claims.push_back('}');
        SF_ASSIGN(const std::string token, encode(header_for(*request.key), claims, *request.key));
        out.append(token);
        return {};
    }

    JwtOptions jwt_;
};

class JwtVerifier final : public UrlVerifier {
public:
    JwtVerifier(KeyRing keys, JwtOptions jwt, VerifierOptions options)
        : UrlVerifier(make_capabilities(jwt), std::move(keys), std::move(options)), jwt_(std::move(jwt)) {}

private:
    Result<VerifiedGrant> do_verify(const Context& context) const override {
        SF_ASSIGN(auto token, single_parameter(context.url.query, jwt_.parameter));
        const bool in_query = token.has_value();
        if (!in_query) {
            SF_ASSIGN(token, single_cookie(context.request->cookies, jwt_.parameter));
        }
        if (!token) return make_denial(Denial::missing_token, "the request has no token");
        SF_ASSIGN(const Decoded decoded, decode(*token, *context.keys, context.now));
        VerifiedGrant grant;
        grant.key_id = decoded.verified.key_id;
        grant.policy.expires_at = decoded.verified.expires;
        grant.policy.starts_at = decoded.verified.starts;
        const std::string_view name = jwt_.parameter;
        grant.url = without_parameters(context.url, std::span(&name, in_query ? 1 : 0));
        SF_TRY(check_identity(decoded.claims));
        SF_TRY(check_scope(decoded.claims, context.url.path, grant.policy));
        SF_TRY(read_bindings(decoded.claims, grant.policy));
        return grant;
    }

    [[nodiscard]] Result<void> check_identity(const nlohmann::json& claims) const {
        const std::array<std::pair<const char*, const std::string*>, 3> expected{
            {{"iss", &jwt_.issuer}, {"aud", &jwt_.audience}, {"sub", &jwt_.subject}}};
        for (const auto& [name, value] : expected) {
            if (!value->empty() && string_claim(claims, name) != *value) {
                return make_denial(Denial::wrong_scope, "the token was made for another issuer, audience or subject").with("claim", name);
            }
        }
        return {};
    }

    [[nodiscard]] Result<void> check_scope(const nlohmann::json& claims, std::string_view path, SignPolicy& policy) const {
        const auto exact = string_claim(claims, jwt_.path_claim);
        const auto prefix = string_claim(claims, jwt_.prefix_claim);
        if (!exact || !prefix || exact->empty() == prefix->empty()) {
            return make_denial(Denial::malformed_token, "the token names no path, or two");
        }
        if (!exact->empty()) {
            if (*exact != path) return make_denial(Denial::wrong_scope, "the token is for another path");
            return {};
        }
        if (prefix->back() != '/' || !path.starts_with(*prefix) || has_encoded_slash(path)) {
            return make_denial(Denial::wrong_scope, "the path is outside of the token's prefix");
        }
        policy.scope = Scope::prefix;
        policy.resource = *prefix;
        return {};
    }

    [[nodiscard]] Result<void> read_bindings(const nlohmann::json& claims, SignPolicy& policy) const {
        const auto client = string_claim(claims, jwt_.client_claim);
        const auto session = string_claim(claims, jwt_.session_claim);
        const auto data = string_claim(claims, jwt_.data_claim);
        if (!client || !session || !data) return make_denial(Denial::malformed_token, "a claim of the token has an unexpected type");
        policy.session_id = *session;
        policy.data = *data;
        if (client->empty()) return {};
        const auto network = IpNetwork::parse(*client);
        if (!network) return make_denial(Denial::malformed_token, "the client's network cannot be read");
        policy.client_ip = *network;
        return {};
    }

    JwtOptions jwt_;
};

}  // namespace
}  // namespace jwt

Result<void> JwtOptions::validate() const {
    const auto is_name = [](const std::string& name) {
        return !name.empty() &&
               name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~") == std::string::npos;
    };
    if (!is_name(parameter)) return refused_field("parameter", "must be of [A-Za-z0-9._~-]");
    const std::array<std::string, 5> claims{path_claim, prefix_claim, client_claim, session_claim, data_claim};
    constexpr std::array<std::string_view, 7> registered{"iss", "sub", "aud", "exp", "nbf", "iat", "jti"};
    for (std::size_t i = 0; i < claims.size(); ++i) {
        const bool taken = std::ranges::find(registered, claims[i]) != registered.end() ||
                           std::find(claims.begin(), claims.begin() + static_cast<std::ptrdiff_t>(i), claims[i]) !=
                               claims.begin() + static_cast<std::ptrdiff_t>(i);
        if (claims[i].empty() || taken)
            return refused_field("path_claim", "and the other claims must have different names, none of RFC 7519");
    }
    return {};
}

Result<std::unique_ptr<UrlSigner>> make_jwt_signer(KeyRing keys, const JwtOptions& jwt, const SignerOptions& options) {
    SF_TRY(jwt.validate());
    SF_TRY(options.validate());
    SF_TRY(jwt::check_keys(*keys.snapshot()));
    return std::unique_ptr<UrlSigner>(std::make_unique<jwt::JwtSigner>(std::move(keys), jwt, options));
}

Result<std::unique_ptr<UrlVerifier>> make_jwt_verifier(KeyRing keys, const JwtOptions& jwt, const VerifierOptions& options) {
    SF_TRY(jwt.validate());
    SF_TRY(options.validate());
    SF_TRY(jwt::check_keys(*keys.snapshot()));
    return std::unique_ptr<UrlVerifier>(std::make_unique<jwt::JwtVerifier>(std::move(keys), jwt, options));
}

}  // namespace streamforge::cdn
