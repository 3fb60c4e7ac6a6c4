#include <algorithm>

#include <streamforge/cdn/cloudfront.hpp>

#include "cdn/cloudfront/cloudfront_keys.hpp"
#include "cdn/cloudfront/policy_text.hpp"
#include "cdn/decimal.hpp"
#include "cdn/policy_check.hpp"
#include "core/try.hpp"

namespace streamforge::cdn {
namespace cloudfront {
namespace {

bool is_key_pair_id(std::string_view id) {
    const auto allowed = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    return !id.empty() && id.size() <= 64 && std::ranges::all_of(id, allowed);
}

bool is_accepted(crypto::KeyType type, std::uint32_t bits) {
    return type == crypto::KeyType::ecdsa_p256 || (type == crypto::KeyType::rsa && bits == 2048);
}

/// The parts of a signature that URL and cookies have in common.
struct Signed {
    bool custom = false;
    std::string first;  ///< Expires or Policy.
    std::string signature;
};

class CloudFrontSigner final : public UrlSigner {
public:
    CloudFrontSigner(KeyRing keys, const CloudFrontOptions& cloudfront, SignerOptions options)
        : UrlSigner(make_capabilities(), std::move(keys), std::move(options)), hash_(cloudfront.hash) {}

private:
    static bool needs_custom(const SignRequest& request) {
        return request.policy->scope != Scope::exact || request.starts || request.policy->client_ip;
    }

    Result<void> do_check(const SignRequest& request) const override {
        if (request.url != nullptr && needs_custom(request) && request.url->text.find('*') != std::string_view::npos) {
            return refused_field("url", "holds '*', which a custom policy would take for a wildcard: write %2A or use a pattern");
        }
        if (request.url != nullptr && needs_custom(request) && request.url->query.find('?') != std::string_view::npos) {
            return refused_field("url", "holds a second '?', which a custom policy would take for a wildcard: write %3F");
        }
        if (request.policy->scope == Scope::pattern) {
            const std::string_view pattern = request.policy->resource;
            if (!pattern.starts_with("https://") && !pattern.starts_with("http://") && !pattern.starts_with("*") &&
                !pattern.starts_with("http*://")) {
                return refused_field("resource", "must begin with https://, http://, http*:// or '*'");
            }
        }
        return {};
    }

    [[nodiscard]] Result<std::string> sign_text(const SignRequest& request, std::string_view text) const {
        const auto* key = std::get_if<crypto::PrivateKey>(&request.key->material);
        if (key == nullptr || !is_accepted(key->type(), key->size_bits())) {
            return make_error(Errc::unauthenticated, "cdn.cloudfront", "the key is not one that CloudFront knows")
                .with("key_id", request.key->id);
        }
        SF_ASSIGN(const Bytes signature, key->sign(hash_, crypto::bytes_of(text), crypto::EcdsaForm::der));
        return crypto::base64_encode(signature, base64_variant);
    }

    [[nodiscard]] Result<Signed> make_signed(const SignRequest& request) const {
        Signed made;
        std::string text;
        made.custom = needs_custom(request);
        if (!made.custom) {
            append_canned_policy(text, request.url->text, request.expires);
            append_epoch(made.first, request.expires);
        } else {
            PolicyText policy;
            policy.expires = request.expires;
            policy.starts = request.starts;
            policy.client = request.policy->client_ip;
            switch (request.policy->scope) {
                case Scope::exact: policy.resource = request.url->text; break;
                case Scope::prefix: policy.resource = request.policy->resource + "*"; break;
                case Scope::pattern: policy.resource = request.policy->resource; break;
            }
            append_custom_policy(text, policy);
            made.first = crypto::base64_encode(crypto::bytes_of(text), base64_variant);
        }
        SF_ASSIGN(made.signature, sign_text(request, text));
        return made;
    }

    Result<TokenSpan> do_sign(const SignRequest& request, std::string& out) const override {
        SF_ASSIGN(const Signed made, make_signed(request));
        const UrlParts& url = *request.url;
        out.reserve(out.size() + url.text.size() + made.first.size() + made.signature.size() + request.key->id.size() + 64);
        out.append(url.text).push_back(url.has_query() ? '&' : '?');
        const std::size_t begin = out.size();
        out.append(made.custom ? "Policy=" : "Expires=").append(made.first);
        out.append("&Signature=").append(made.signature).append("&Key-Pair-Id=").append(request.key->id);
        if (hash_ == crypto::HashAlgorithm::sha256) out.append("&Hash-Algorithm=SHA256");
        return TokenSpan{begin, out.size() - begin};
    }

    Result<GrantToken> do_grant(const SignRequest& request, TokenPlacement) const override {
        SF_ASSIGN(Signed made, make_signed(request));
        GrantToken grant;
        grant.parameters.push_back({"Policy", std::move(made.first)});
        grant.parameters.push_back({"Signature", std::move(made.signature)});
        grant.parameters.push_back({"Key-Pair-Id", request.key->id});
        if (hash_ == crypto::HashAlgorithm::sha256) grant.parameters.push_back({"Hash-Algorithm", "SHA256"});
        return grant;
    }

    Result<std::vector<TokenParameter>> do_cookies(const SignRequest& request) const override {
        SF_ASSIGN(Signed made, make_signed(request));
        std::vector<TokenParameter> cookies;
        cookies.push_back({made.custom ? "CloudFront-Policy" : "CloudFront-Expires", std::move(made.first)});
        cookies.push_back({"CloudFront-Signature", std::move(made.signature)});
        cookies.push_back({"CloudFront-Key-Pair-Id", request.key->id});
        if (hash_ == crypto::HashAlgorithm::sha256) cookies.push_back({"CloudFront-Hash-Algorithm", "SHA256"});
        return cookies;
    }

    crypto::HashAlgorithm hash_;
};

}  // namespace

Result<void> check_keys(const KeySet& keys) {
    for (const KeyEntry& entry : keys.entries()) {
        if (!is_key_pair_id(entry.id))
            return refused_field("keys", "must have the Key-Pair-Id as their id: letters and digits").with("key_id", entry.id);
        const auto* private_key = std::get_if<crypto::PrivateKey>(&entry.material);
        const auto* public_key = std::get_if<crypto::PublicKey>(&entry.material);
        const bool accepted = (private_key != nullptr && is_accepted(private_key->type(), private_key->size_bits())) ||
                              (public_key != nullptr && is_accepted(public_key->type(), public_key->size_bits()));
        if (!accepted) return refused_field("keys", "must be RSA of 2048 bits or ECDSA P-256 for CloudFront").with("key_id", entry.id);
    }
    return {};
}

Capabilities make_capabilities() {
    Capabilities can;
    can.provider = "cloudfront";
    can.prefix = true;
    can.pattern = true;
    can.pattern_question_mark = true;
    can.pattern_covers_query = true;
    can.cookies = true;
    can.start_time = true;
    can.client_ip = true;
    can.client_network = true;
    can.covers_host = true;
    can.covers_query = true;
    can.append_query_prefix = true;
    can.query_values_clean = true;
    can.reserved_parameters = {"Expires", "Policy", "Signature", "Key-Pair-Id", "Hash-Algorithm"};
    return can;
}

}  // namespace cloudfront

Result<void> CloudFrontOptions::validate() const {
    if (hash != crypto::HashAlgorithm::sha1 && hash != crypto::HashAlgorithm::sha256)
        return refused_field("hash", "must be sha1 or sha256");
    return crypto::check_available(hash);
}

Result<std::unique_ptr<UrlSigner>> make_cloudfront_signer(KeyRing keys, const CloudFrontOptions& cloudfront, const SignerOptions& options) {
    SF_TRY(cloudfront.validate());
    SF_TRY(options.validate());
    SF_TRY(cloudfront::check_keys(*keys.snapshot()));
    return std::unique_ptr<UrlSigner>(std::make_unique<cloudfront::CloudFrontSigner>(std::move(keys), cloudfront, options));
}

}  // namespace streamforge::cdn
