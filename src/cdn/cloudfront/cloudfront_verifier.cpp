#include <array>

#include <streamforge/cdn/cloudfront.hpp>

#include "cdn/cloudfront/cloudfront_keys.hpp"
#include "cdn/cloudfront/policy_text.hpp"
#include "cdn/decimal.hpp"
#include "cdn/token_query.hpp"
#include "cdn/url_scan.hpp"
#include "cdn/wildcard.hpp"
#include "core/try.hpp"

namespace streamforge::cdn {
namespace cloudfront {
namespace {

constexpr std::array<std::string_view, 5> names{"Expires", "Policy", "Signature", "Key-Pair-Id", "Hash-Algorithm"};

/// The five values of a request, from its query or its cookies.
struct Token {
    std::optional<std::string_view> expires, policy, signature, key_id, hash;
    [[nodiscard]] bool is_there() const { return expires || policy || signature || key_id; }
};

Result<Token> from_query(std::string_view query) {
    Token token;
    SF_ASSIGN(token.expires, single_parameter(query, names[0]));
    SF_ASSIGN(token.policy, single_parameter(query, names[1]));
    SF_ASSIGN(token.signature, single_parameter(query, names[2]));
    SF_ASSIGN(token.key_id, single_parameter(query, names[3]));
    SF_ASSIGN(token.hash, single_parameter(query, names[4]));
    return token;
}

Result<Token> from_cookies(std::string_view header) {
    Token token;
    SF_ASSIGN(token.expires, single_cookie(header, "CloudFront-Expires"));
    SF_ASSIGN(token.policy, single_cookie(header, "CloudFront-Policy"));
    SF_ASSIGN(token.signature, single_cookie(header, "CloudFront-Signature"));
    SF_ASSIGN(token.key_id, single_cookie(header, "CloudFront-Key-Pair-Id"));
    SF_ASSIGN(token.hash, single_cookie(header, "CloudFront-Hash-Algorithm"));
    return token;
}

/// The shape that CloudFront gives back for a prefix: everything up to one final star.
bool is_prefix_pattern(std::string_view resource) {
    return resource.ends_with("/*") && resource.find_first_of("*?") == resource.size() - 1;
}

class CloudFrontVerifier final : public UrlVerifier {
public:
    CloudFrontVerifier(KeyRing keys, CloudFrontVerifierOptions cloudfront, VerifierOptions options)
        : UrlVerifier(make_capabilities(), std::move(keys), std::move(options)), cloudfront_(cloudfront) {}

private:
    [[nodiscard]] Result<crypto::HashAlgorithm> hash_of(const Token& token) const {
        if (token.hash) {
            if (*token.hash != "SHA256") return make_denial(Denial::weak_algorithm, "Hash-Algorithm must be SHA256 or left out");
            return crypto::HashAlgorithm::sha256;
        }
        if (!cloudfront_.allow_sha1) return make_denial(Denial::weak_algorithm, "signatures over SHA-1 are not allowed");
        return crypto::HashAlgorithm::sha1;
    }

    static Result<void> check_signature(const KeyEntry& entry, crypto::HashAlgorithm hash, std::string_view text,
                                        std::string_view signature_text) {
        const auto signature = crypto::base64_decode(signature_text, base64_variant);
        if (!signature) return make_denial(Denial::malformed_token, "the signature is not CloudFront's base64");
        Result<void> verified;
        if (const auto* key = std::get_if<crypto::PublicKey>(&entry.material)) {
            verified = key->verify(hash, crypto::bytes_of(text), *signature);
        } else if (const auto* pair = std::get_if<crypto::PrivateKey>(&entry.material)) {
            verified = pair->public_key().verify(hash, crypto::bytes_of(text), *signature);
        } else {
            return make_denial(Denial::unknown_key, "the key is of another kind");
        }
        if (!verified) return make_denial(Denial::wrong_signature, "the signature is not this key's over this policy");
        return {};
    }

    /// The URL as the signer saw it, and the policy that it signed.
    Result<VerifiedGrant> do_verify(const Context& context) const override {
        SF_ASSIGN(Token token, from_query(context.url.query));
        if (!token.is_there()) {
            SF_ASSIGN(token, from_cookies(context.request->cookies));
        }
        if (!token.is_there()) return make_denial(Denial::missing_token, "the request has no signature");
        if (!token.signature || !token.key_id || token.expires.has_value() == token.policy.has_value()) {
            return make_denial(Denial::malformed_token, "the signature's parameters are not complete, or do not go together");
        }
        if (!context.url.is_absolute()) return make_denial(Denial::malformed_url, "CloudFront's signatures cover absolute URLs");
        SF_ASSIGN(const crypto::HashAlgorithm hash, hash_of(token));
        const KeyEntry* entry = context.keys->verification_key(*token.key_id, context.now);
        if (entry == nullptr) return make_denial(Denial::unknown_key, "no key of the token's id may verify now");
        VerifiedGrant grant;
        grant.key_id = entry->id;
        grant.url = without_parameters(context.url, names);
        SF_TRY(token.expires ? verify_canned(token, hash, *entry, grant) : verify_custom(token, hash, *entry, grant));
        return grant;
    }

    static Result<void> verify_canned(const Token& token, crypto::HashAlgorithm hash, const KeyEntry& entry, VerifiedGrant& grant) {
        const auto expires = parse_epoch(*token.expires);
        if (!expires) return make_denial(Denial::malformed_token, "Expires is not a time in seconds");
        std::string text;
        append_canned_policy(text, grant.url, *expires);
        SF_TRY(check_signature(entry, hash, text, *token.signature));
        grant.policy.expires_at = *expires;
        return {};
    }

    static Result<void> verify_custom(const Token& token, crypto::HashAlgorithm hash, const KeyEntry& entry, VerifiedGrant& grant) {
        const auto json = crypto::base64_decode(*token.policy, base64_variant);
        if (!json) return make_denial(Denial::malformed_token, "the policy is not CloudFront's base64");
        const std::string_view text(reinterpret_cast<const char*>(json->data()), json->size());
        SF_TRY(check_signature(entry, hash, text, *token.signature));
        const auto policy = parse_custom_policy(text);
        if (!policy) return make_denial(Denial::malformed_token, "the policy is not one that CloudFront accepts");
        if (!wildcard_match(policy->resource, grant.url, WildcardSyntax::star_question)) {
            return make_denial(Denial::wrong_scope, "the policy is for other URLs");
        }
        grant.policy.expires_at = policy->expires;
        grant.policy.starts_at = policy->starts;
        grant.policy.client_ip = policy->client;
        if (is_prefix_pattern(policy->resource)) {
            grant.policy.scope = Scope::prefix;
            grant.policy.resource = policy->resource.substr(0, policy->resource.size() - 1);
        } else if (policy->resource != grant.url) {
            grant.policy.scope = Scope::pattern;
            grant.policy.resource = policy->resource;
        }
        const auto parts = parse_url(grant.url);
        if (grant.policy.scope != Scope::exact && parts && has_encoded_slash(parts->path)) {
            return make_denial(Denial::wrong_scope, "an encoded slash is not allowed under a wildcard");
        }
        return {};
    }

    CloudFrontVerifierOptions cloudfront_;
};

}  // namespace
}  // namespace cloudfront

Result<std::unique_ptr<UrlVerifier>> make_cloudfront_verifier(KeyRing keys, const CloudFrontVerifierOptions& cloudfront,
                                                              const VerifierOptions& options) {
    SF_TRY(options.validate());
    SF_TRY(cloudfront::check_keys(*keys.snapshot()));
    return std::unique_ptr<UrlVerifier>(std::make_unique<cloudfront::CloudFrontVerifier>(std::move(keys), cloudfront, options));
}

}  // namespace streamforge::cdn
