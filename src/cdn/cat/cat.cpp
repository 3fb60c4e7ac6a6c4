#include <algorithm>

#include <streamforge/cdn/cat.hpp>
#include <streamforge/crypto/encoding.hpp>

#include "cdn/cat/cat_claims.hpp"
#include "cdn/cat/cose.hpp"
#include "cdn/policy_check.hpp"
#include "cdn/single_token.hpp"
#include "cdn/token_query.hpp"
#include "cdn/url_scan.hpp"
#include "core/try.hpp"

namespace streamforge::cdn {
namespace cat {
namespace {

constexpr std::size_t max_token_bytes = 1024;

Capabilities make_capabilities(const CatOptions& options) {
    Capabilities can;
    can.provider = "cat";
    can.prefix = true;
    can.cookies = true;
    can.start_time = true;
    can.client_ip = true;
    can.client_ipv6 = true;
    can.client_network = true;
    can.session_id = true;
    can.countries = true;
    can.append_query_exact = true;
    can.append_query_prefix = true;
    can.query_values_clean = true;
    can.query_values_plain = true;
    can.reserved_parameters = {options.parameter};
    return can;
}

Result<void> check_keys(const KeySet& keys) {
    for (const KeyEntry& entry : keys.entries()) {
        if (!cose::algorithm_of(entry.material)) {
            return refused_field("keys", "must be symmetric with at least 32 bytes, or ECDSA P-256").with("key_id", entry.id);
        }
    }
    return {};
}

class CatSigner final : public SingleTokenSigner {
public:
    CatSigner(KeyRing keys, CatOptions cat, SignerOptions options)
        : SingleTokenSigner(make_capabilities(cat), std::move(keys), std::move(options), cat.parameter, cat.cookie), cat_(std::move(cat)) {}

private:
    Result<void> do_check(const SignRequest& request) const override {
        if (!request.policy->countries_blocked.empty())
            return unsupported_field(capabilities(), "countries_blocked", "can allow countries only");
        if (request.url != nullptr && has_encoded_slash(request.url->path)) return refused_field("url", "must not hold an encoded slash");
        return {};
    }

    Result<void> append_token(std::string& out, const SignRequest& request) const override {
        SF_ASSIGN(const Bytes token, cose::seal(write_claims(request, cat_), *request.key));
        const std::string text = crypto::base64_encode(token, crypto::base64_url);
        if (text.size() > max_token_bytes) {
            return make_error(Errc::limit_exceeded, "cdn.cat", "the token would be longer than 1 KiB")
                .with("size_bytes", std::to_string(text.size()));
        }
        out.append(text);
        return {};
    }

    CatOptions cat_;
};

class CatVerifier final : public UrlVerifier {
public:
    CatVerifier(KeyRing keys, CatOptions cat, VerifierOptions options)
        : UrlVerifier(make_capabilities(cat), std::move(keys), std::move(options)), cat_(std::move(cat)) {}

private:
    /// From the query, the header or the cookie; the first that is there counts.
    [[nodiscard]] Result<std::string_view> find_token(const Context& context) const {
        SF_ASSIGN(const auto parameter, single_parameter(context.url.query, cat_.parameter));
        if (parameter) return *parameter;
        const auto header = std::ranges::find(context.request->headers, cat_.cookie, &TokenParameter::name);
        if (header != context.request->headers.end()) return std::string_view(header->value);
        SF_ASSIGN(const auto cookie, single_cookie(context.request->cookies, cat_.cookie));
        if (cookie) return *cookie;
        return make_denial(Denial::missing_token, "the request has no token");
    }

    [[nodiscard]] static Result<const KeyEntry*> find_key(const Context& context, const cose::Message& message) {
        const KeyEntry* entry = nullptr;
        if (message.key_id) {
            entry = context.keys->verification_key(*message.key_id, context.now);
        } else if (context.keys->entries().size() == 1 && context.keys->entries().front().verifies_at(context.now)) {
            entry = &context.keys->entries().front();
        }
        if (entry == nullptr) return make_denial(Denial::unknown_key, "no key of the token's id may verify now");
        if (cose::algorithm_of(entry->material) != message.algorithm) {
            return make_denial(Denial::weak_algorithm, "the token's algorithm is not the key's");
        }
        return entry;
    }

    Result<VerifiedGrant> do_verify(const Context& context) const override {
        SF_ASSIGN(const std::string_view text, find_token(context));
        const auto bytes = crypto::base64_decode(text.substr(0, max_token_bytes + 1), crypto::base64_url);
        const auto message = bytes && text.size() <= max_token_bytes ? cose::parse(*bytes) : std::nullopt;
        if (!message) return make_denial(Denial::malformed_token, "the token is not a CBOR Web Token of at most 1 KiB");
        SF_ASSIGN(const KeyEntry* entry, find_key(context, *message));
        if (!cose::proof_fits(*message, entry->material)) return make_denial(Denial::wrong_signature, "the token was not made by this key");
        const auto claims = cbor::decode(crypto::bytes_of(message->payload));
        if (!claims || !claims->is(cbor::Kind::map)) return make_denial(Denial::malformed_token, "the claims are not a CBOR map");
        VerifiedGrant grant;
        grant.key_id = entry->id;
        const std::string_view name = cat_.parameter;
        grant.url = without_parameters(context.url, std::span(&name, 1));
        const auto stripped = parse_url(grant.url);
        if (!stripped) return make_denial(Denial::malformed_url, "the URL without its token is not one");
        SF_TRY(read_claims(*claims, cat_, *stripped, *context.request, grant.policy));
        return grant;
    }

    CatOptions cat_;
};

}  // namespace
}  // namespace cat

Result<void> CatOptions::validate() const {
    const auto is_name = [](std::string_view text) {
        return !text.empty() && std::ranges::all_of(text, [](unsigned char c) { return is_unreserved(c); });
    };
    if (!is_name(parameter)) return refused_field("parameter", "must be of [A-Za-z0-9._~-]");
    if (!is_name(cookie)) return refused_field("cookie", "must be of [A-Za-z0-9._~-]");
    for (const auto& method : methods) {
        if (method.empty() || method.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string::npos) {
            return refused_field("methods", "must be upper-case method names");
        }
    }
    return {};
}

Result<std::unique_ptr<UrlSigner>> make_cat_signer(KeyRing keys, const CatOptions& cat, const SignerOptions& options) {
    SF_TRY(cat.validate());
    SF_TRY(options.validate());
    SF_TRY(cat::check_keys(*keys.snapshot()));
    return std::unique_ptr<UrlSigner>(std::make_unique<cat::CatSigner>(std::move(keys), cat, options));
}

Result<std::unique_ptr<UrlVerifier>> make_cat_verifier(KeyRing keys, const CatOptions& cat, const VerifierOptions& options) {
    SF_TRY(cat.validate());
    SF_TRY(options.validate());
    SF_TRY(cat::check_keys(*keys.snapshot()));
    return std::unique_ptr<UrlVerifier>(std::make_unique<cat::CatVerifier>(std::move(keys), cat, options));
}

}  // namespace streamforge::cdn
