#include <algorithm>

#include <streamforge/cdn/akamai.hpp>
#include <streamforge/crypto/compare.hpp>
#include <streamforge/crypto/encoding.hpp>

#include "cdn/akamai/edge_auth.hpp"
#include "cdn/grant_state.hpp"
#include "cdn/policy_check.hpp"
#include "cdn/single_token.hpp"
#include "cdn/symmetric.hpp"
#include "cdn/token_query.hpp"
#include "cdn/url_scan.hpp"
#include "core/try.hpp"

namespace streamforge::cdn {
namespace akamai {
namespace {

Capabilities make_capabilities(const AkamaiOptions& options) {
    Capabilities can;
    can.provider = "akamai";
    can.prefix = true;
    can.pattern = true;
    can.pattern_separator = '!';
    can.cookies = true;
    can.start_time = true;
    can.client_ip = true;
    can.client_ipv6 = true;
    can.session_id = true;
    can.data = true;
    can.append_query_exact = true;
    can.append_query_prefix = true;
    can.reserved_parameters = {options.name};
    return can;
}

/// What may stand in a field without escaping: nothing that divides fields or parameters, or that a URL may not hold.
bool is_plain_field(std::string_view text) {
    return std::ranges::all_of(text, [](unsigned char c) { return (is_unreserved(c) && c != '~') || c == ':' || c == '/' || c == ','; });
}

class AkamaiSigner final : public SingleTokenSigner {
public:
    AkamaiSigner(KeyRing keys, AkamaiOptions akamai, SignerOptions options)
        : SingleTokenSigner(make_capabilities(akamai), std::move(keys), std::move(options), akamai.name, akamai.name),
          akamai_(std::move(akamai)) {}

private:
    Result<void> do_check(const SignRequest& request) const override {
        const SignPolicy& policy = *request.policy;
        if (policy.client_ip && !policy.client_ip->is_single_address()) return refused_field("client_ip", "must be a single address");
        if (!akamai_.escape_early) {
            if (!is_plain_field(policy.session_id)) return refused_field("session_id", "must be of [A-Za-z0-9._:/,-] without escaping");
            if (!is_plain_field(policy.data)) return refused_field("data", "must be of [A-Za-z0-9._:/,-] without escaping");
            if (request.url != nullptr && request.url->path.find('~') != std::string_view::npos) {
                return refused_field("url", "holds '~', which divides the fields of a token");
            }
        }
        if (policy.scope == Scope::exact) return {};
        constexpr std::string_view dividers = "~&?#;";
        if (policy.scope == Scope::prefix) {
            if (request.prefix_path.find_first_of("~&;!") != std::string_view::npos)
                return refused_field("resource", "holds a character that divides tokens");
            return {};
        }
        if (policy.resource.find_first_of(dividers) != std::string::npos)
            return refused_field("resource", "holds a character that divides tokens");
        return check_access_list(policy);
    }

    [[nodiscard]] static Result<void> check_access_list(const SignPolicy& policy) {
        std::string_view rest = policy.resource;
        for (;;) {
            const std::size_t end = rest.find('!');
            const std::string_view item = rest.substr(0, end);
            if (!item.starts_with('/')) return refused_field("resource", "must be paths divided by '!'");
            if (item == "/*" && !policy.allow_everything) {
                return refused_field("resource", "would cover everything that trusts the key: set allow_everything if that is meant");
            }
            if (scan_path(item) != item.size()) return refused_field("resource", "holds a character that no path holds");
            if (end == std::string_view::npos) return {};
            rest.remove_prefix(end + 1);
        }
    }

    [[nodiscard]] std::string escaped(std::string_view text) const { return akamai_.escape_early ? escape_early(text) : std::string(text); }

    Result<void> append_token(std::string& out, const SignRequest& request) const override {
        SF_ASSIGN(const SymmetricKey* key, symmetric_key(*request.key));
        const SignPolicy& policy = *request.policy;
        Fields fields;
        if (policy.client_ip) fields.ip = escaped(policy.client_ip->address_text());
        fields.starts = request.starts;
        fields.expires = request.expires;
        fields.id = escaped(policy.session_id);
        fields.data = escaped(policy.data);
        if (policy.scope == Scope::prefix) fields.acl = std::string(request.prefix_path) + "*";
        if (policy.scope == Scope::pattern) fields.acl = policy.resource;
        const std::size_t begin = out.size();
        append_fields(out, fields);
        append_mac(out, begin, key->hmac(akamai_.hash), policy.scope == Scope::exact ? escaped(request.url->path) : std::string(),
                   akamai_.salt);
        return {};
    }

    AkamaiOptions akamai_;
};

class AkamaiVerifier final : public UrlVerifier {
public:
    AkamaiVerifier(KeyRing keys, AkamaiOptions akamai, VerifierOptions options)
        : UrlVerifier(make_capabilities(akamai), std::move(keys), std::move(options)), akamai_(std::move(akamai)) {}

private:
    Result<VerifiedGrant> do_verify(const Context& context) const override {
        SF_ASSIGN(auto text, single_parameter(context.url.query, akamai_.name));
        const bool in_query = text.has_value();
        if (!in_query) {
            SF_ASSIGN(text, single_cookie(context.request->cookies, akamai_.name));
        }
        if (!text) return make_denial(Denial::missing_token, "the request has no token");
        const auto token = parse(*text);
        if (!token) return make_denial(Denial::malformed_token, "the token is not in EdgeAuth's form");
        const KeyEntry* entry = find_key(context, *token);
        if (entry == nullptr) return make_denial(Denial::wrong_signature, "the token was not made for this request by these keys");
        VerifiedGrant grant;
        grant.key_id = entry->id;
        const std::string_view name = akamai_.name;
        grant.url = without_parameters(context.url, std::span(&name, in_query ? 1 : 0));
        grant.policy.expires_at = token->fields.expires;
        grant.policy.starts_at = token->fields.starts;
        SF_TRY(read_scope(token->fields.acl, context.url, grant.policy));
        SF_TRY(read_texts(token->fields, grant.policy));
        return grant;
    }

    [[nodiscard]] const KeyEntry* find_key(const Context& context, const Parsed& token) const {
        std::string url;
        if (token.fields.acl.empty()) url = akamai_.escape_early ? escape_early(context.url.path) : std::string(context.url.path);
        const KeyEntry* found = nullptr;
        for (const KeyEntry& entry : context.keys->entries()) {
            const auto* key = std::get_if<SymmetricKey>(&entry.material);
            if (key == nullptr || !entry.verifies_at(context.now)) continue;
            std::string expected(token.signed_text);
            append_mac(expected, 0, key->hmac(akamai_.hash), url, akamai_.salt);
            const std::string_view mac = std::string_view(expected).substr(expected.size() - 2 * crypto::digest_size_bytes(akamai_.hash));
            if (crypto::equal_constant_time(mac, token.mac) && found == nullptr) found = &entry;
        }
        return found;
    }

    [[nodiscard]] Result<void> read_scope(const std::string& acl, const UrlParts& url, SignPolicy& policy) const {
        if (acl.empty()) return {};
        if (has_encoded_slash(url.path)) return make_denial(Denial::wrong_scope, "an encoded slash is not allowed under an access list");
        if (!matches_pattern(acl, url, capabilities())) return make_denial(Denial::wrong_scope, "the access list is for other paths");
        const bool prefix = acl.ends_with("/*") && acl.find('*') == acl.size() - 1 && acl.find('!') == std::string::npos;
        policy.scope = prefix ? Scope::prefix : Scope::pattern;
        policy.resource = prefix ? acl.substr(0, acl.size() - 1) : acl;
        return {};
    }

    [[nodiscard]] Result<void> read_texts(const Fields& fields, SignPolicy& policy) const {
        const auto plain = [&](const std::string& text) { return akamai_.escape_early ? unescape_early(text) : std::optional(text); };
        const auto ip = plain(fields.ip);
        const auto id = plain(fields.id);
        const auto data = plain(fields.data);
        if (!ip || !id || !data) return make_denial(Denial::malformed_token, "a field of the token is not escaped as it should be");
        policy.session_id = *id;
        policy.data = *data;
        if (ip->empty()) return {};
        const auto client = IpNetwork::parse_address(*ip);
        if (!client) return make_denial(Denial::malformed_token, "the client's address cannot be read");
        policy.client_ip = *client;
        return {};
    }

    AkamaiOptions akamai_;
};

}  // namespace
}  // namespace akamai

Result<void> AkamaiOptions::validate() const {
    if (name.empty() || !std::ranges::all_of(name, [](unsigned char c) { return is_unreserved(c) && c != '~'; })) {
        return refused_field("name", "must be of [A-Za-z0-9._-]");
    }
    if (hash == crypto::HashAlgorithm::sha512) return refused_field("hash", "must be sha256, sha1 or md5");
    if (salt.find('~') != std::string::npos) return refused_field("salt", "must not hold '~'");
    return crypto::check_available(hash);
}

Result<std::unique_ptr<UrlSigner>> make_akamai_signer(KeyRing keys, const AkamaiOptions& akamai, const SignerOptions& options) {
    SF_TRY(akamai.validate());
    SF_TRY(options.validate());
    SF_TRY(check_symmetric_keys(*keys.snapshot()));
    return std::unique_ptr<UrlSigner>(std::make_unique<akamai::AkamaiSigner>(std::move(keys), akamai, options));
}

Result<std::unique_ptr<UrlVerifier>> make_akamai_verifier(KeyRing keys, const AkamaiOptions& akamai, const VerifierOptions& options) {
    SF_TRY(akamai.validate());
    SF_TRY(options.validate());
    SF_TRY(check_symmetric_keys(*keys.snapshot()));
    return std::unique_ptr<UrlVerifier>(std::make_unique<akamai::AkamaiVerifier>(std::move(keys), akamai, options));
}

}  // namespace streamforge::cdn
