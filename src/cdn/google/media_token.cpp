#include <algorithm>

#include <streamforge/cdn/google.hpp>
#include <streamforge/crypto/compare.hpp>
#include <streamforge/crypto/encoding.hpp>

#include "cdn/decimal.hpp"
#include "cdn/grant_state.hpp"
#include "cdn/policy_check.hpp"
#include "cdn/single_token.hpp"
#include "cdn/token_query.hpp"
#include "cdn/url_scan.hpp"
#include "core/try.hpp"

namespace streamforge::cdn {
namespace google {
namespace {

using crypto::base64_url;

Capabilities token_capabilities(const MediaCdnTokenOptions& options) {
    Capabilities can;
    can.provider = "google-media-token";
    can.prefix = true;
    can.pattern = true;
    can.pattern_question_mark = true;
    can.pattern_separator = ',';
    can.cookies = true;
    can.start_time = true;
    can.client_ip = true;
    can.client_ipv6 = true;
    can.client_network = true;
    can.session_id = true;
    can.data = true;
    can.append_query_exact = true;
    can.append_query_prefix = true;
    can.reserved_parameters = {options.name};
    return can;
}

/// What may stand in a field: nothing that divides fields, headers, parameters or cookies.
bool is_plain_field(std::string_view text) {
    return std::ranges::all_of(text, [](unsigned char c) { return (is_unreserved(c) && c != '~') || c == '/' || c == ':'; });
}

Result<void> check_token_keys(const KeySet& keys) {
    for (const KeyEntry& entry : keys.entries()) {
        const auto* pair = std::get_if<crypto::PrivateKey>(&entry.material);
        const auto* half = std::get_if<crypto::PublicKey>(&entry.material);
        const bool other =
            (pair != nullptr && pair->type() != crypto::KeyType::ed25519) || (half != nullptr && half->type() != crypto::KeyType::ed25519);
        if (other) return refused_field("keys", "must be Ed25519 or symmetric for Media CDN").with("key_id", entry.id);
    }
    return {};
}

/// The two texts that grow side by side: what the token shows, and what is signed.
struct Texts {
    std::string shown;
    std::string covered;

    void add(std::string_view name, std::string_view shown_value, std::string_view covered_value) {
        for (auto* text : {&shown, &covered}) {
            if (!text->empty()) text->push_back('~');
        }
        shown.append(name);
        if (!shown_value.empty()) shown.append("=").append(shown_value);
        covered.append(name).append("=").append(covered_value);
    }
    void add(std::string_view name, std::string_view value) { add(name, value, value); }
};

void add_headers(Texts& texts, const std::vector<TokenParameter>& headers) {
    if (headers.empty()) return;
    std::string names;
    std::string pairs;
    for (const auto& header : headers) {
        names += (names.empty() ? "" : ",") + header.name;
        pairs += (pairs.empty() ? "" : ",") + header.name + "=" + header.value;
    }
    texts.add("Headers", names, pairs);
}

class MediaTokenSigner final : public SingleTokenSigner {
public:
    MediaTokenSigner(KeyRing keys, MediaCdnTokenOptions token, SignerOptions options)
        : SingleTokenSigner(token_capabilities(token), std::move(keys), std::move(options), token.name, token.name),
          token_(std::move(token)) {}

private:
    Result<void> do_check(const SignRequest& request) const override {
        const SignPolicy& policy = *request.policy;
        if (!is_plain_field(policy.session_id)) return refused_field("session_id", "must be of [A-Za-z0-9._:/-]");
        if (!is_plain_field(policy.data)) return refused_field("data", "must be of [A-Za-z0-9._:/-]");
        if (request.url != nullptr && request.url->path.find('~') != std::string_view::npos) {
            return refused_field("url", "holds '~', which divides the fields of a token");
        }
        if (policy.scope == Scope::prefix && request.prefix_origin.empty())
            return refused_field("resource", "must begin with https:// or http://");
        if (policy.scope == Scope::pattern) {
            if (policy.resource.find_first_of("~!&#;") != std::string::npos)
                return refused_field("resource", "holds a character that divides tokens");
            for (std::size_t begin = 0; begin <= policy.resource.size();) {
                const std::size_t end = std::min(policy.resource.find(',', begin), policy.resource.size());
                const std::string_view glob = std::string_view(policy.resource).substr(begin, end - begin);
                if (!glob.starts_with('/')) return refused_field("resource", "must be paths divided by ','");
                if (glob == "/*" && !policy.allow_everything)
                    return refused_field("resource", "would cover everything that trusts the key");
                begin = end + 1;
            }
        }
        return {};
    }

    Result<void> append_token(std::string& out, const SignRequest& request) const override {
        const SignPolicy& policy = *request.policy;
        Texts texts;
        switch (policy.scope) {
            case Scope::exact: texts.add("FullPath", "", request.url->path); break;
            case Scope::prefix: texts.add("URLPrefix", crypto::base64_encode(crypto::bytes_of(policy.resource), base64_url)); break;
            case Scope::pattern: texts.add("PathGlobs", policy.resource); break;
        }
        if (request.starts) texts.add("Starts", decimal(*request.starts));
        texts.add("Expires", decimal(request.expires));
        if (!policy.session_id.empty()) texts.add("SessionID", policy.session_id);
        if (!policy.data.empty()) texts.add("Data", policy.data);
        add_headers(texts, token_.headers);
        if (policy.client_ip) texts.add("IPRanges", crypto::base64_encode(crypto::bytes_of(policy.client_ip->to_cidr()), base64_url));
        if (const auto* key = std::get_if<SymmetricKey>(&request.key->material)) {
            out.append(texts.shown).append("~hmac=").append(key->hmac(token_.hash).mac(texts.covered).hex());
            return {};
        }
        const auto* key = std::get_if<crypto::PrivateKey>(&request.key->material);
        if (key == nullptr || key->type() != crypto::KeyType::ed25519) {
            return make_error(Errc::unauthenticated, "cdn.google", "the key is not one that the product knows")
                .with("key_id", request.key->id);
        }
        SF_ASSIGN(const Bytes signature, key->sign(crypto::HashAlgorithm::sha512, crypto::bytes_of(texts.covered)));
        out.append(texts.shown).append("~Signature=").append(crypto::base64_encode(signature, base64_url));
        return {};
    }

    MediaCdnTokenOptions token_;
};

/// A token's fields, and what its signature must cover for this request.
struct Read {
    SignPolicy policy;
    Texts texts;
    std::string_view proof_name, proof;
    std::string prefix;
    std::string globs;
};

class MediaTokenVerifier final : public UrlVerifier {
public:
    MediaTokenVerifier(KeyRing keys, MediaCdnTokenOptions token, VerifierOptions options)
        : UrlVerifier(token_capabilities(token), std::move(keys), std::move(options)), token_(std::move(token)) {}

private:
    static bool take(std::string_view& rest, std::string_view name, std::string_view& value) {
        if (!rest.starts_with(name) || rest.size() <= name.size() || rest[name.size()] != '=') return false;
        const std::size_t begin = name.size() + 1;
        const std::size_t end = std::min(rest.find('~', begin), rest.size());
        if (end == begin) return false;
        value = rest.substr(begin, end - begin);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        return true;
    }

    static std::optional<std::string> decoded(std::string_view text) {
        const auto bytes = crypto::base64_decode(text, base64_url);
        if (!bytes) return std::nullopt;
        return std::string(bytes->begin(), bytes->end());
    }

    /// The first field: what the token covers.
    static bool read_scope(std::string_view& rest, const UrlParts& url, Read& read) {
        std::string_view value;
        if (rest.starts_with("FullPath~")) {
            rest.remove_prefix(std::string_view("FullPath~").size());
            read.texts.add("FullPath", "", url.path);
            return true;
        }
        if (take(rest, "URLPrefix", value)) {
            const auto prefix = decoded(value);
            if (!prefix || prefix->empty()) return false;
            read.prefix = *prefix;
            read.texts.add("URLPrefix", value);
            return true;
        }
        if (!take(rest, "PathGlobs", value)) return false;
        read.globs = value;
        read.texts.add("PathGlobs", value);
        return true;
    }

    /// The names must be those that the edge asks for, and the values those of the request.
    [[nodiscard]] bool read_headers(std::string_view names, const VerifyRequest& request, Read& read) const {
        std::vector<TokenParameter> found;
        for (const auto& header : token_.headers) {
            const auto sent = std::ranges::find(request.headers, header.name, &TokenParameter::name);
            found.push_back({header.name, sent == request.headers.end() ? std::string() : sent->value});
        }
        const std::size_t before = read.texts.shown.size();
        add_headers(read.texts, found);
        return std::string_view(read.texts.shown).substr(before) == "~Headers=" + std::string(names);
    }

    [[nodiscard]] bool read_fields(std::string_view rest, const Context& context, Read& read) const {
        if (!read_scope(rest, context.url, read)) return false;
        std::string_view value;
        if (take(rest, "Starts", value)) {
            read.policy.starts_at = parse_epoch(value);
            if (!read.policy.starts_at) return false;
            read.texts.add("Starts", value);
        }
        if (!take(rest, "Expires", value)) return false;
        read.policy.expires_at = parse_epoch(value);
        if (!read.policy.expires_at) return false;
        read.texts.add("Expires", value);
        if (take(rest, "SessionID", value)) {
            read.policy.session_id = value;
            read.texts.add("SessionID", value);
        }
        if (take(rest, "Data", value)) {
            read.policy.data = value;
            read.texts.add("Data", value);
        }
        if (take(rest, "Headers", value) ? !read_headers(value, *context.request, read) : !token_.headers.empty()) return false;
        if (take(rest, "IPRanges", value)) {
            const auto text = decoded(value);
            const auto network = IpNetwork::parse(text ? *text : "");
            if (!network) return false;
            read.policy.client_ip = *network;
            read.texts.add("IPRanges", value);
        }
        if (take(rest, "Signature", read.proof)) {
            read.proof_name = "Signature";
        } else if (take(rest, "hmac", read.proof)) {
            read.proof_name = "hmac";
        }
        return !read.proof_name.empty() && rest.empty();
    }

    [[nodiscard]] bool proof_fits(const KeyEntry& entry, const Read& read) const {
        if (const auto* key = std::get_if<SymmetricKey>(&entry.material)) {
            return read.proof_name == "hmac" &&
                   crypto::equal_constant_time(key->hmac(token_.hash).mac(read.texts.covered).hex(), read.proof);
        }
        const auto signature = crypto::base64_decode(read.proof, base64_url);
        if (read.proof_name != "Signature" || !signature) return false;
        const auto* pair = std::get_if<crypto::PrivateKey>(&entry.material);
        const crypto::PublicKey key = pair != nullptr ? pair->public_key() : std::get<crypto::PublicKey>(entry.material);
        return key.verify(crypto::HashAlgorithm::sha512, crypto::bytes_of(read.texts.covered), *signature).has_value();
    }

    Result<VerifiedGrant> do_verify(const Context& context) const override {
        SF_ASSIGN(auto text, single_parameter(context.url.query, token_.name));
        const bool in_query = text.has_value();
        if (!in_query) {
            SF_ASSIGN(text, single_cookie(context.request->cookies, token_.name));
        }
        if (!text) return make_denial(Denial::missing_token, "the request has no token");
        Read read;
        if (!read_fields(*text, context, read)) return make_denial(Denial::malformed_token, "the token is not in Media CDN's form");
        const auto fits = [&](const KeyEntry& entry) { return entry.verifies_at(context.now) && proof_fits(entry, read); };
        const auto entry = std::ranges::find_if(context.keys->entries(), fits);
        if (entry == context.keys->entries().end()) {
            return make_denial(Denial::wrong_signature, "the token was not made for this request by these keys");
        }
        VerifiedGrant grant;
        grant.policy = std::move(read.policy);
        grant.key_id = entry->id;
        const std::string_view name = token_.name;
        grant.url = without_parameters(context.url, std::span(&name, in_query ? 1 : 0));
        SF_TRY(check_scope(read, context.url, grant));
        return grant;
    }

    [[nodiscard]] Result<void> check_scope(const Read& read, const UrlParts& url, VerifiedGrant& grant) const {
        if (read.prefix.empty() && read.globs.empty()) return {};
        const bool inside = read.globs.empty() ? grant.url.starts_with(read.prefix) : matches_pattern(read.globs, url, capabilities());
        if (!inside || has_encoded_slash(url.path)) return make_denial(Denial::wrong_scope, "the token is for other URLs");
        grant.policy.scope = read.globs.empty() ? Scope::prefix : Scope::pattern;
        grant.policy.resource = read.globs.empty() ? read.prefix : read.globs;
        return {};
    }

    MediaCdnTokenOptions token_;
};

}  // namespace
}  // namespace google

Result<void> MediaCdnTokenOptions::validate() const {
    const auto is_name = [](std::string_view text) {
        return !text.empty() && std::ranges::all_of(text, [](unsigned char c) { return is_unreserved(c) && c != '~'; });
    };
    if (!is_name(name)) return refused_field("name", "must be of [A-Za-z0-9._-]");
    if (hash != crypto::HashAlgorithm::sha256 && hash != crypto::HashAlgorithm::sha1)
        return refused_field("hash", "must be sha256 or sha1");
    for (const auto& header : headers) {
        if (!is_name(header.name) || header.value.find_first_of("~,\r\n") != std::string::npos) {
            return refused_field("headers", "must have names of [A-Za-z0-9._-] and values without '~' and ','");
        }
    }
    return crypto::check_available(hash);
}

Result<std::unique_ptr<UrlSigner>> make_media_cdn_token_signer(KeyRing keys, const MediaCdnTokenOptions& token,
                                                               const SignerOptions& options) {
    SF_TRY(token.validate());
    SF_TRY(options.validate());
    SF_TRY(google::check_token_keys(*keys.snapshot()));
    return std::unique_ptr<UrlSigner>(std::make_unique<google::MediaTokenSigner>(std::move(keys), token, options));
}

Result<std::unique_ptr<UrlVerifier>> make_media_cdn_token_verifier(KeyRing keys, const MediaCdnTokenOptions& token,
                                                                   const VerifierOptions& options) {
    SF_TRY(token.validate());
    SF_TRY(options.validate());
    SF_TRY(google::check_token_keys(*keys.snapshot()));
    return std::unique_ptr<UrlVerifier>(std::make_unique<google::MediaTokenVerifier>(std::move(keys), token, options));
}

}  // namespace streamforge::cdn
