#include <streamforge/cdn/google.hpp>

#include "cdn/decimal.hpp"
#include "cdn/google/google_sign.hpp"
#include "cdn/policy_check.hpp"
#include "cdn/token_query.hpp"
#include "cdn/url_scan.hpp"
#include "core/try.hpp"

namespace streamforge::cdn {
namespace google {
namespace {

using crypto::base64_url;
using crypto::base64_url_padded;

constexpr std::string_view component_name = "edge-cache-token=";
constexpr std::string_view signature_name = "Signature=";

class GoogleSigner final : public UrlSigner {
public:
    GoogleSigner(Product product, KeyRing keys, SignerOptions options)
        : UrlSigner(capabilities_of(product), std::move(keys), std::move(options)), product_(product) {}

private:
    /// "URLPrefix=…&Expires=…&KeyName=…" with any divider.
    static std::string policy_text(const SignRequest& request, char divider) {
        std::string text = "URLPrefix=";
        crypto::base64_append(text, crypto::bytes_of(request.policy->resource), base64_url_padded);
        text.push_back(divider);
        text.append("Expires=").append(decimal(request.expires));
        text.push_back(divider);
        text.append("KeyName=").append(request.key->id);
        return text;
    }

    Result<TokenSpan> do_sign(const SignRequest& request, std::string& out) const override {
        std::string text(request.url->text);
        text.push_back(request.url->has_query() ? '&' : '?');
        const std::size_t begin = out.size() + text.size();
        text.append("Expires=").append(decimal(request.expires)).append("&KeyName=").append(request.key->id);
        SF_ASSIGN(const std::string signature, sign_text(product_, *request.key, text, base64_url_padded));
        out.append(text).append("&").append(signature_name).append(signature);
        return TokenSpan{begin, out.size() - begin};
    }

    Result<GrantToken> do_grant(const SignRequest& request, TokenPlacement placement) const override {
        GrantToken grant;
        if (placement == TokenPlacement::path) {
            grant.component.append(component_name)
                .append("Expires=")
                .append(decimal(request.expires))
                .append("&KeyName=")
                .append(request.key->id);
            SF_ASSIGN(const std::string signature,
                      sign_text(product_, *request.key, request.policy->resource + grant.component, base64_url));
            grant.component.append("&").append(signature_name).append(signature);
            grant.component_at = request.prefix_path.size() - 1;
            return grant;
        }
        SF_ASSIGN(std::string signature, sign_text(product_, *request.key, policy_text(request, '&'), base64_url_padded));
        grant.parameters.push_back({"URLPrefix", crypto::base64_encode(crypto::bytes_of(request.policy->resource), base64_url_padded)});
        grant.parameters.push_back({"Expires", decimal(request.expires)});
        grant.parameters.push_back({"KeyName", request.key->id});
        grant.parameters.push_back({"Signature", std::move(signature)});
        return grant;
    }

    Result<std::vector<TokenParameter>> do_cookies(const SignRequest& request) const override {
        if (request.policy->scope != Scope::prefix) return unsupported_field(capabilities(), "scope", "has cookies for a prefix only");
        std::string text = policy_text(request, ':');
        const auto variant = product_ == Product::cloud_cdn ? base64_url_padded : base64_url;
        SF_ASSIGN(const std::string signature, sign_text(product_, *request.key, text, variant));
        text.append(":").append(signature_name).append(signature);
        return std::vector<TokenParameter>{{std::string(cookie_name(product_)), std::move(text)}};
    }

    Product product_;
};

/// A signed text and what it says.
struct Claim {
    std::string text;
    std::string_view expires, key_name, signature;
    std::string prefix;  ///< Empty for an exact URL.
    crypto::Base64Variant variant = base64_url_padded;
    std::string stripped_url;
};

class GoogleVerifier final : public UrlVerifier {
public:
    GoogleVerifier(Product product, KeyRing keys, VerifierOptions options)
        : UrlVerifier(capabilities_of(product), std::move(keys), std::move(options)), product_(product) {}

private:
    static Result<std::string> decode_prefix(std::string_view text) {
        const auto bytes = crypto::base64_decode(text, base64_url_padded);
        if (!bytes || bytes->empty()) return make_denial(Denial::malformed_token, "URLPrefix is not base64url");
        return std::string(bytes->begin(), bytes->end());
    }

    /// "…&Expires=…&KeyName=…&Signature=…" at the very end of the URL.
    static Result<Claim> exact_claim(const UrlParts& url) {
        Claim claim;
        SF_ASSIGN(claim.expires, required_parameter(url.query, "Expires"));
        SF_ASSIGN(claim.key_name, required_parameter(url.query, "KeyName"));
        SF_ASSIGN(claim.signature, required_parameter(url.query, "Signature"));
        const std::size_t tail =
            std::string_view("&KeyName=").size() + claim.key_name.size() + 1 + signature_name.size() + claim.signature.size();
        const std::size_t own = std::string_view("Expires=").size() + claim.expires.size();
        if (url.query.size() < tail + own || !url.query.substr(0, url.query.size() - tail).ends_with(claim.expires) ||
            !url.query.ends_with(claim.signature)) {
            return make_denial(Denial::malformed_token, "the signature's parameters are not the last ones, or out of order");
        }
        claim.text = url.text.substr(0, url.text.size() - 1 - signature_name.size() - claim.signature.size());
        const std::string_view names[] = {"Expires", "KeyName", "Signature"};
        claim.stripped_url = without_parameters(url, names);
        return claim;
    }

    static Result<Claim> prefix_claim(const UrlParts& url, std::string_view prefix_text) {
        Claim claim;
        SF_ASSIGN(claim.expires, required_parameter(url.query, "Expires"));
        SF_ASSIGN(claim.key_name, required_parameter(url.query, "KeyName"));
        SF_ASSIGN(claim.signature, required_parameter(url.query, "Signature"));
        SF_ASSIGN(claim.prefix, decode_prefix(prefix_text));
        claim.text.append("URLPrefix=")
            .append(prefix_text)
            .append("&Expires=")
            .append(claim.expires)
            .append("&KeyName=")
            .append(claim.key_name);
        const std::string_view names[] = {"URLPrefix", "Expires", "KeyName", "Signature"};
        claim.stripped_url = without_parameters(url, names);
        return claim;
    }

    /// "NAME=value" parts with one divider, in one order; the last is the signature.
    static bool read_fields(std::string_view rest, char divider, std::span<const std::string_view> names,
                            std::span<std::string_view> values) {
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (!rest.starts_with(names[i])) return false;
            rest.remove_prefix(names[i].size());
            const std::size_t end = std::min(rest.find(divider), rest.size());
            const bool is_last = i + 1 == names.size();
            if ((end == rest.size()) != is_last) return false;
            values[i] = rest.substr(0, end);
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
        return true;
    }

    static Result<Claim> path_claim(const UrlParts& url, std::size_t slash) {
        constexpr std::string_view names[] = {"Expires=", "KeyName=", signature_name};
        std::string_view values[3];
        const std::size_t begin = slash + 1 + component_name.size();
        const std::size_t end = url.path.find('/', begin);
        if (end == std::string_view::npos || !read_fields(url.path.substr(begin, end - begin), '&', names, values)) {
            return make_denial(Denial::malformed_token, "the path's token is not in the provider's form");
        }
        Claim claim;
        claim.expires = values[0];
        claim.key_name = values[1];
        claim.signature = values[2];
        claim.variant = base64_url;
        claim.prefix = std::string(url.origin) + std::string(url.path.substr(0, slash + 1));
        const std::size_t text_end = url.origin.size() + end - 1 - signature_name.size() - claim.signature.size();
        claim.text = url.text.substr(0, text_end);
        claim.stripped_url = std::string(url.text.substr(0, url.origin.size() + slash)) + std::string(url.path_and_query().substr(end));
        return claim;
    }

    [[nodiscard]] Result<Claim> cookie_claim(const UrlParts& url, std::string_view cookie) const {
        constexpr std::string_view names[] = {"URLPrefix=", "Expires=", "KeyName=", signature_name};
        std::string_view values[4];
        if (!read_fields(cookie, ':', names, values))
            return make_denial(Denial::malformed_token, "the cookie is not in the provider's form");
        Claim claim;
        claim.expires = values[1];
        claim.key_name = values[2];
        claim.signature = values[3];
        claim.variant = product_ == Product::cloud_cdn ? base64_url_padded : base64_url;
        SF_ASSIGN(claim.prefix, decode_prefix(values[0]));
        claim.text = cookie.substr(0, cookie.size() - 1 - signature_name.size() - claim.signature.size());
        claim.stripped_url = url.text;
        return claim;
    }

    [[nodiscard]] Result<Claim> find_claim(const Context& context) const {
        const UrlParts& url = context.url;
        if (product_ == Product::media_cdn) {
            const std::string wanted = "/" + std::string(component_name);
            if (const std::size_t slash = url.path.find(wanted); slash != std::string_view::npos) return path_claim(url, slash);
        }
        SF_ASSIGN(const auto prefix, single_parameter(url.query, "URLPrefix"));
        if (prefix) return prefix_claim(url, *prefix);
        SF_ASSIGN(const auto signature, single_parameter(url.query, "Signature"));
        if (signature) return exact_claim(url);
        SF_ASSIGN(const auto cookie, single_cookie(context.request->cookies, cookie_name(product_)));
        if (cookie) return cookie_claim(url, *cookie);
        return make_denial(Denial::missing_token, "the request has no signature");
    }

    Result<VerifiedGrant> do_verify(const Context& context) const override {
        if (!context.url.is_absolute()) return make_denial(Denial::malformed_url, "the signature covers absolute URLs");
        SF_ASSIGN(const Claim claim, find_claim(context));
        const auto expires = parse_epoch(claim.expires);
        if (!expires) return make_denial(Denial::malformed_token, "Expires is not a time in seconds");
        const KeyEntry* entry = context.keys->verification_key(claim.key_name, context.now);
        if (entry == nullptr) return make_denial(Denial::unknown_key, "no key of the token's name may verify now");
        if (!signature_fits(product_, *entry, claim.text, claim.signature, claim.variant)) {
            return make_denial(Denial::wrong_signature, "the signature is not this key's over this request");
        }
        VerifiedGrant grant;
        grant.key_id = entry->id;
        grant.url = claim.stripped_url;
        grant.policy.expires_at = *expires;
        if (claim.prefix.empty()) return grant;
        if (!grant.url.starts_with(claim.prefix) || has_encoded_slash(context.url.path)) {
            return make_denial(Denial::wrong_scope, "the URL is outside of the token's prefix");
        }
        grant.policy.scope = Scope::prefix;
        grant.policy.resource = claim.prefix;
        return grant;
    }

    Product product_;
};

Result<std::unique_ptr<UrlSigner>> make_signer(Product product, KeyRing keys, const SignerOptions& options) {
    SF_TRY(options.validate());
    SF_TRY(check_keys(product, *keys.snapshot()));
    return std::unique_ptr<UrlSigner>(std::make_unique<GoogleSigner>(product, std::move(keys), options));
}

Result<std::unique_ptr<UrlVerifier>> make_verifier(Product product, KeyRing keys, const VerifierOptions& options) {
    SF_TRY(options.validate());
    SF_TRY(check_keys(product, *keys.snapshot()));
    return std::unique_ptr<UrlVerifier>(std::make_unique<GoogleVerifier>(product, std::move(keys), options));
}

}  // namespace
}  // namespace google

Result<std::unique_ptr<UrlSigner>> make_google_cdn_signer(KeyRing keys, const SignerOptions& options) {
    return google::make_signer(google::Product::cloud_cdn, std::move(keys), options);
}
Result<std::unique_ptr<UrlVerifier>> make_google_cdn_verifier(KeyRing keys, const VerifierOptions& options) {
    return google::make_verifier(google::Product::cloud_cdn, std::move(keys), options);
}
Result<std::unique_ptr<UrlSigner>> make_media_cdn_signer(KeyRing keys, const SignerOptions& options) {
    return google::make_signer(google::Product::media_cdn, std::move(keys), options);
}
Result<std::unique_ptr<UrlVerifier>> make_media_cdn_verifier(KeyRing keys, const VerifierOptions& options) {
    return google::make_verifier(google::Product::media_cdn, std::move(keys), options);
}

}  // namespace streamforge::cdn
