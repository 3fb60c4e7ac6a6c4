#include <algorithm>

#include <streamforge/cdn/local.hpp>

#include "cdn/decimal.hpp"
#include "cdn/local/local_key.hpp"
#include "cdn/local/local_token.hpp"
#include "cdn/policy_check.hpp"
#include "cdn/symmetric.hpp"
#include "cdn/token_query.hpp"
#include "cdn/url_scan.hpp"
#include "core/try.hpp"

namespace streamforge::cdn {
namespace local {

constexpr std::size_t min_key_bytes = 16;
constexpr unsigned max_depth = 99;

bool is_key_id(std::string_view id) noexcept {
    const auto allowed = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    };
    return !id.empty() && id.size() <= 32 && std::ranges::all_of(id, allowed);
}

Result<void> check_keys(const KeySet& keys) {
    for (const KeyEntry& entry : keys.entries()) {
        const auto* key = std::get_if<SymmetricKey>(&entry.material);
        if (key == nullptr) return refused_field("keys", "must be symmetric for the local scheme").with("key_id", entry.id);
        if (key->size_bytes() < min_key_bytes) return refused_field("keys", "must have at least 16 bytes").with("key_id", entry.id);
        if (!is_key_id(entry.id))
            return refused_field("keys", "must have ids of 1 to 32 letters, digits, '_' and '-'").with("key_id", entry.id);
    }
    return {};
}

namespace {

Capabilities make_capabilities(const LocalOptions& options) {
    Capabilities can;
    can.provider = "local";
    can.prefix = true;
    can.cookies = true;
    can.path_token = true;
    can.start_time = true;
    can.client_ip = true;
    can.client_ipv6 = true;
    can.client_network = true;
    can.session_id = true;
    can.data = true;
    can.covers_query = true;
    can.append_query_exact = true;
    can.append_query_prefix = true;
    can.query_values_clean = true;
    can.query_values_plain = true;
    can.reserved_parameters = {options.name};
    return can;
}

Fields fields_of(const SignRequest& request) {
    Fields fields;
    fields.key_id = request.key->id;
    fields.expires = request.expires;
    fields.starts = request.starts;
    fields.client = request.policy->client_ip;
    fields.session = request.policy->session_id;
    fields.data = request.policy->data;
    if (request.policy->scope == Scope::prefix) fields.depth = depth_of(request.prefix_path);
    return fields;
}

class LocalSigner final : public UrlSigner {
public:
    LocalSigner(KeyRing keys, LocalOptions local, SignerOptions options)
        : UrlSigner(make_capabilities(local), std::move(keys), std::move(options)), local_(std::move(local)) {}

private:
    Result<void> do_check(const SignRequest& request) const override {
        if (request.policy->scope == Scope::prefix && depth_of(request.prefix_path) > max_depth) {
            return refused_field("resource", "has more than 99 folders");
        }
        const std::string_view path = request.url != nullptr ? request.url->path : request.prefix_path;
        if (path.substr(1).starts_with(local_.name + "=")) return refused_field("url", "has a token in its path already");
        return {};
    }

    Result<TokenSpan> do_sign(const SignRequest& request, std::string& out) const override {
        SF_ASSIGN(const SymmetricKey* key, symmetric_key(*request.key));
        const UrlParts& url = *request.url;
        const std::size_t token_begin = out.size() + url.text.size() + 1;
        out.append(url.text).push_back(url.has_query() ? '&' : '?');
        out.append(local_.name).push_back('=');
        const std::size_t fields_begin = out.size();
        append_fields(out, fields_of(request));
        append_mac(out, fields_begin, key->hmac(crypto::HashAlgorithm::sha256), url.path_and_query());
        return TokenSpan{token_begin, out.size() - token_begin};
    }

    [[nodiscard]] Result<std::string> prefix_token(const SignRequest& request) const {
        SF_ASSIGN(const SymmetricKey* key, symmetric_key(*request.key));
        std::string token;
        append_fields(token, fields_of(request));
        append_mac(token, 0, key->hmac(crypto::HashAlgorithm::sha256), request.prefix_path);
        return token;
    }

    Result<GrantToken> do_grant(const SignRequest& request, TokenPlacement placement) const override {
        SF_ASSIGN(std::string token, prefix_token(request));
        GrantToken grant;
        if (placement == TokenPlacement::query) {
            grant.parameters.push_back({local_.name, std::move(token)});
        } else {
            grant.component = local_.name + "=" + token;
        }
        return grant;
    }

    Result<std::vector<TokenParameter>> do_cookies(const SignRequest& request) const override {
        if (request.policy->scope != Scope::prefix) return unsupported_field(capabilities(), "scope", "has cookies for a prefix only");
        SF_ASSIGN(std::string token, prefix_token(request));
        return std::vector<TokenParameter>{{local_.name, std::move(token)}};
    }

    LocalOptions local_;
};

/// The token of a request, and the URL as it was before the token came.
struct Located {
    std::string_view token;
    std::string_view path;           ///< Without a path token.
    std::string_view covered_query;  ///< What stands before the token in the query.
    bool in_query = false;
    bool in_path = false;
};

class LocalVerifier final : public UrlVerifier {
public:
    LocalVerifier(KeyRing keys, LocalOptions local, VerifierOptions options)
        : UrlVerifier(make_capabilities(local), std::move(keys), std::move(options)), local_(std::move(local)) {}

private:
    [[nodiscard]] Result<Located> locate(const Context& context) const {
        const UrlParts& url = context.url;
        Located found;
        found.path = url.path;
        const std::string_view after_slash = url.path.substr(1);
        if (after_slash.starts_with(local_.name) && after_slash.substr(local_.name.size()).starts_with('=')) {
            const std::size_t end = url.path.find('/', 1);
            if (end == std::string_view::npos) return make_denial(Denial::malformed_token, "the path ends with its token");
            found.token = url.path.substr(local_.name.size() + 2, end - local_.name.size() - 2);
            found.path = url.path.substr(end);
            found.in_path = true;
        }
        SF_ASSIGN(const auto parameter, single_parameter(url.query, local_.name));
        if (parameter) {
            if (found.in_path) return make_denial(Denial::malformed_token, "the URL has two tokens");
            found.token = *parameter;
            found.in_query = true;
            const std::size_t name_at = static_cast<std::size_t>(parameter->data() - url.query.data()) - local_.name.size() - 1;
            found.covered_query = url.query.substr(0, name_at == 0 ? 0 : name_at - 1);
        }
        if (found.in_path || found.in_query) return found;
        SF_ASSIGN(const auto cookie, single_cookie(context.request->cookies, local_.name));
        if (!cookie) return make_denial(Denial::missing_token, "the request has no token");
        found.token = *cookie;
        return found;
    }

    /// The text that the MAC must cover for this request.
    [[nodiscard]] static Result<std::string> covered_text(const Fields& fields, const Located& found) {
        if (fields.depth) {
            if (has_encoded_slash(found.path)) return make_denial(Denial::wrong_scope, "an encoded slash is not allowed under a prefix");
            const auto folder = folder_of(found.path, *fields.depth);
            if (!folder) return make_denial(Denial::wrong_scope, "the path is outside of the token's folder");
            return std::string(*folder);
        }
        if (!found.in_query) return make_denial(Denial::wrong_scope, "a token for one URL belongs into its query");
        std::string covered(found.path);
        if (!found.covered_query.empty()) covered.append("?").append(found.covered_query);
        return covered;
    }

    Result<VerifiedGrant> do_verify(const Context& context) const override {
        SF_ASSIGN(const Located found, locate(context));
        const auto token = parse(found.token);
        if (!token) return make_denial(Denial::malformed_token, "the token is not one of ours");
        const KeyEntry* entry = context.keys->verification_key(token->fields.key_id, context.now);
        const SymmetricKey* key = entry == nullptr ? nullptr : std::get_if<SymmetricKey>(&entry->material);
        if (key == nullptr) return make_denial(Denial::unknown_key, "no key of the token's id may verify now");
        SF_ASSIGN(const std::string covered, covered_text(token->fields, found));
        if (!mac_fits(key->hmac(crypto::HashAlgorithm::sha256), *token, covered)) {
            return make_denial(Denial::wrong_signature, "the token was not made for this request by this key");
        }
        VerifiedGrant grant;
        grant.key_id = entry->id;
        grant.policy.expires_at = token->fields.expires;
        grant.policy.starts_at = token->fields.starts;
        grant.policy.client_ip = token->fields.client;
        grant.policy.session_id = token->fields.session;
        grant.policy.data = token->fields.data;
        if (token->fields.depth) {
            grant.policy.scope = Scope::prefix;
            grant.policy.resource = covered;
        }
        const std::string_view name = local_.name;
        grant.url = without_parameters(context.url, std::span(&name, found.in_query ? 1 : 0));
        if (found.in_path) grant.url.erase(context.url.origin.size(), context.url.path.size() - found.path.size());
        return grant;
    }

    LocalOptions local_;
};

}  // namespace
}  // namespace local

Result<void> LocalOptions::validate() const {
    if (!local::is_key_id(name)) return refused_field("name", "must be 1 to 32 letters, digits, '_' and '-'");
    return {};
}

Result<std::unique_ptr<UrlSigner>> make_local_signer(KeyRing keys, const LocalOptions& local, const SignerOptions& options) {
    SF_TRY(local.validate());
    SF_TRY(options.validate());
    SF_TRY(local::check_keys(*keys.snapshot()));
    return std::unique_ptr<UrlSigner>(std::make_unique<local::LocalSigner>(std::move(keys), local, options));
}

Result<std::unique_ptr<UrlVerifier>> make_local_verifier(KeyRing keys, const LocalOptions& local, const VerifierOptions& options) {
    SF_TRY(local.validate());
    SF_TRY(options.validate());
    SF_TRY(local::check_keys(*keys.snapshot()));
    return std::unique_ptr<UrlVerifier>(std::make_unique<local::LocalVerifier>(std::move(keys), local, options));
}

}  // namespace streamforge::cdn
