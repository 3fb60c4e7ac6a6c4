#include <algorithm>
#include <utility>

#include <streamforge/cdn/bunny.hpp>
#include <streamforge/crypto/compare.hpp>

#include "cdn/bunny/bunny_token.hpp"
#include "cdn/decimal.hpp"
#include "cdn/policy_check.hpp"
#include "cdn/symmetric.hpp"
#include "cdn/token_query.hpp"
#include "cdn/url_scan.hpp"
#include "core/try.hpp"

namespace streamforge::cdn {
namespace bunny {
namespace {

constexpr std::string_view component_name = "bcdn_token=";
constexpr std::size_t bound_token_bytes = 8 + 43;  // "HS256-1-" and the MAC

Capabilities make_capabilities(bool ignore_params) {
    Capabilities can;
    can.provider = "bunny";
    can.prefix = true;
    can.path_token = true;
    can.client_ip = true;
    can.client_ipv6 = true;
    can.client_network = true;
    can.countries = !ignore_params;
    can.covers_query = !ignore_params;
    can.append_query_exact = ignore_params;
    can.append_query_prefix = ignore_params;
    can.reserved_parameters = {"token",
                               "expires",
                               "bcdn_token",
                               std::string(path_name),
                               std::string(ignore_name),
                               std::string(allowed_name),
                               std::string(blocked_name),
                               std::string(limit_name)};
    return can;
}

class BunnySigner final : public UrlSigner {
public:
    BunnySigner(KeyRing keys, BunnyOptions bunny, SignerOptions options)
        : UrlSigner(make_capabilities(bunny.ignore_params), std::move(keys), std::move(options)), bunny_(bunny) {}

private:
    Result<void> do_check(const SignRequest& request) const override {
        const auto& client = request.policy->client_ip;
        if (client && client->length_bits() != (client->is_ipv6() ? 64 : 32)) {
            return refused_field("client_ip", "must be one IPv4 address or an IPv6 /64");
        }
        const std::string_view path = request.url != nullptr ? request.url->path : request.prefix_path;
        if (path.find('%') != std::string_view::npos) {
            return refused_field("url", "has percent-encoding in its path, which Bunny's signers treat in different ways");
        }
        if (path.substr(1).starts_with(component_name)) return refused_field("url", "has a token in its path already");
        return {};
    }

    [[nodiscard]] Parameters conditions(const SignRequest& request) const {
        Parameters parameters;
        if (bunny_.ignore_params) parameters.emplace_back(ignore_name, "true");
        if (request.policy->scope == Scope::prefix) parameters.emplace_back(path_name, request.prefix_path);
        if (bunny_.speed_limit_kbps > 0) parameters.emplace_back(limit_name, std::to_string(bunny_.speed_limit_kbps));
        const SignPolicy& policy = *request.policy;
        if (!policy.countries_allowed.empty()) parameters.emplace_back(allowed_name, join_countries(policy.countries_allowed));
        if (!policy.countries_blocked.empty()) parameters.emplace_back(blocked_name, join_countries(policy.countries_blocked));
        return parameters;
    }

    Result<TokenSpan> do_sign(const SignRequest& request, std::string& out) const override {
        SF_ASSIGN(const SymmetricKey* key, symmetric_key(*request.key));
        const UrlParts& url = *request.url;
        Parameters parameters = conditions(request);
        if (!bunny_.ignore_params) {
            auto own = read_parameters(url.query);
            if (!own) {
                return refused_field("url",
                                     "has a query that Bunny would write in another way: name=value pairs, each once, with only "
                                     "[A-Za-z0-9._~-] unescaped");
            }
            parameters.insert(parameters.end(), own->begin(), own->end());
        }
        std::ranges::sort(parameters, {}, &Parameters::value_type::first);
        const std::string time = decimal(request.expires);
        out.append(url.origin).append(url.path).push_back('?');
        const std::size_t begin = out.size();
        out.append("token=").append(
            make_token(key->hmac(crypto::HashAlgorithm::sha256), url.path, time, request.policy->client_ip, parameters));
        append_parameters(out, parameters);
        out.append("&expires=").append(time);
        const TokenSpan span{begin, out.size() - begin};
        if (bunny_.ignore_params && url.has_query()) out.append("&").append(url.query);
        return span;
    }

    Result<GrantToken> do_grant(const SignRequest& request, TokenPlacement placement) const override {
        SF_ASSIGN(const SymmetricKey* key, symmetric_key(*request.key));
        Parameters parameters = conditions(request);
        std::ranges::sort(parameters, {}, &Parameters::value_type::first);
        const std::string time = decimal(request.expires);
        std::string token =
            make_token(key->hmac(crypto::HashAlgorithm::sha256), request.prefix_path, time, request.policy->client_ip, parameters);
        GrantToken grant;
        if (placement == TokenPlacement::path) {
            grant.component.append(component_name).append(token);
            append_parameters(grant.component, parameters);
            grant.component.append("&expires=").append(time);
            return grant;
        }
        grant.parameters.push_back({"token", std::move(token)});
        for (const auto& [name, value] : parameters) grant.parameters.push_back({encode_query_value(name), encode_query_value(value)});
        grant.parameters.push_back({"expires", time});
        return grant;
    }

    BunnyOptions bunny_;
};

/// A token's parts, wherever they stood.
struct Located {
    std::string_view token;
    std::string_view expires;
    std::string_view path;
    std::string query;  ///< All other parameters.
    bool in_path = false;
};

class BunnyVerifier final : public UrlVerifier {
public:
    BunnyVerifier(KeyRing keys, VerifierOptions options) : UrlVerifier(make_capabilities(false), std::move(keys), std::move(options)) {}

private:
    [[nodiscard]] static Result<Located> locate(const UrlParts& url) {
        Located found;
        found.path = url.path;
        std::string_view parameters = url.query;
        std::string_view token_name = "token";
        if (url.path.substr(1).starts_with(component_name)) {
            const std::size_t end = url.path.find('/', 1);
            if (end == std::string_view::npos) return make_denial(Denial::malformed_token, "the path ends with its token");
            parameters = url.path.substr(1, end - 1);
            token_name = "bcdn_token";
            found.path = url.path.substr(end);
            found.in_path = true;
        }
        SF_ASSIGN(found.token, required_parameter(parameters, token_name));
        SF_ASSIGN(found.expires, required_parameter(parameters, "expires"));
        UrlParts rest;
        rest.query = parameters;
        const std::string_view names[] = {token_name, "expires"};
        found.query = without_parameters(rest, names);
        if (!found.query.empty()) found.query.erase(0, 1);  // the question mark
        return found;
    }

    Result<VerifiedGrant> do_verify(const Context& context) const override {
        SF_ASSIGN(const Located found, locate(context.url));
        const auto time = parse_epoch(found.expires);
        // Only the length tells: one MAC in 4096 begins with "1-" itself.
        const bool bound = found.token.starts_with("HS256-1-") && found.token.size() == bound_token_bytes;
        if (!time || !found.token.starts_with("HS256-")) return make_denial(Denial::malformed_token, "the token is not of version 2");
        SF_ASSIGN(const Parameters parameters, signed_parameters(found));
        SF_TRY(check_place(context.url, found, parameters));
        VerifiedGrant grant;
        if (bound) SF_TRY(read_client(context, grant.policy));
        const std::string* prefix = find(parameters, path_name);
        const KeyEntry* entry =
            find_key(context, found, prefix != nullptr ? std::string_view(*prefix) : found.path, grant.policy.client_ip, parameters);
        if (entry == nullptr) return make_denial(Denial::wrong_signature, "the token was not made for this request by these keys");
        grant.key_id = entry->id;
        grant.policy.expires_at = *time;
        grant.url = stripped_url(context.url, found);
        SF_TRY(read_conditions(parameters, found.path, grant.policy));
        return grant;
    }

    /// The parameters that the token covers: all, or those about the token alone.
    [[nodiscard]] static Result<Parameters> signed_parameters(const Located& found) {
        const auto value_of = [&](std::string_view name) { return single_parameter(found.query, name); };
        SF_ASSIGN(const auto ignore, value_of(ignore_name));
        if (!ignore) {
            auto all = read_parameters(found.query);
            if (!all) return make_denial(Denial::malformed_token, "the query is not spelled as it was signed");
            return *std::move(all);
        }
        SF_ASSIGN(const auto path, value_of(path_name));
        std::string kept;
        kept.append(ignore_name).append("=").append(*ignore);
        if (path) kept.append("&").append(path_name).append("=").append(*path);
        auto few = read_parameters(kept);
        if (!few || *ignore != "true")
            return make_denial(Denial::malformed_token, "the token's parameters are not spelled as they were signed");
        return *std::move(few);
    }

    /// What no signer of ours leaves: escapes whose meaning is open, and parameters that nobody signed.
    [[nodiscard]] static Result<void> check_place(const UrlParts& url, const Located& found, const Parameters& parameters) {
        const bool has_prefix = find(parameters, path_name) != nullptr;
        if (has_prefix ? has_encoded_slash(found.path) : found.path.find('%') != std::string_view::npos) {
            return make_denial(Denial::wrong_scope, "the path has percent-encoding");
        }
        if (found.in_path && url.has_query() && find(parameters, ignore_name) == nullptr) {
            return make_denial(Denial::wrong_scope, "the URL has parameters that the token does not cover");
        }
        return {};
    }

    [[nodiscard]] static Result<void> read_client(const Context& context, SignPolicy& policy) {
        const auto client = IpNetwork::parse_address(context.request->client_ip);
        if (!client) return make_denial(Denial::wrong_client_ip, "the token belongs to a client, and this one's address is unknown");
        std::array<std::uint8_t, 16> bytes{};
        std::ranges::copy(client->bytes().first(client->is_ipv6() ? 8 : 4), bytes.begin());
        policy.client_ip = IpNetwork::from_bytes(ByteView(bytes).first(client->bytes().size()), client->is_ipv6() ? 64 : 32).value();
        return {};
    }

    [[nodiscard]] static const KeyEntry* find_key(const Context& context, const Located& found, std::string_view path,
                                                  const std::optional<IpNetwork>& client, const Parameters& parameters) {
        const KeyEntry* match = nullptr;
        for (const KeyEntry& entry : context.keys->entries()) {
            const auto* key = std::get_if<SymmetricKey>(&entry.material);
            if (key == nullptr || !entry.verifies_at(context.now)) continue;
            const std::string expected = make_token(key->hmac(crypto::HashAlgorithm::sha256), path, found.expires, client, parameters);
            if (crypto::equal_constant_time(expected, found.token) && match == nullptr) match = &entry;
        }
        return match;
    }

    [[nodiscard]] static Result<void> read_conditions(const Parameters& parameters, std::string_view path, SignPolicy& policy) {
        if (const std::string* prefix = find(parameters, path_name)) {
            if (!path.starts_with(*prefix)) return make_denial(Denial::wrong_scope, "the path is outside of the token's");
            policy.scope = Scope::prefix;
            policy.resource = *prefix;
        }
        const std::array<std::pair<std::string_view, std::vector<std::string>*>, 2> lists{
            {{allowed_name, &policy.countries_allowed}, {blocked_name, &policy.countries_blocked}}};
        for (const auto& [name, list] : lists) {
            const std::string* text = find(parameters, name);
            if (text == nullptr) continue;
            auto countries = split_countries(*text);
            if (!countries) return make_denial(Denial::malformed_token, "the token's countries cannot be read");
            *list = *std::move(countries);
        }
        return {};
    }

    [[nodiscard]] static std::string stripped_url(const UrlParts& url, const Located& found) {
        const std::string_view names[] = {"token", "expires", path_name, ignore_name, allowed_name, blocked_name, limit_name};
        std::string stripped = without_parameters(url, std::span(names).subspan(found.in_path ? std::size(names) : 0));
        if (found.in_path) stripped.erase(url.origin.size(), url.path.size() - found.path.size());
        return stripped;
    }
};

}  // namespace
}  // namespace bunny

Result<void> BunnyOptions::validate() const {
    if (ignore_params && speed_limit_kbps > 0) return refused_field("speed_limit_kbps", "is not signed when parameters are ignored");
    return {};
}

Result<std::unique_ptr<UrlSigner>> make_bunny_signer(KeyRing keys, const BunnyOptions& bunny, const SignerOptions& options) {
    SF_TRY(bunny.validate());
    SF_TRY(options.validate());
    SF_TRY(check_symmetric_keys(*keys.snapshot()));
    return std::unique_ptr<UrlSigner>(std::make_unique<bunny::BunnySigner>(std::move(keys), bunny, options));
}

Result<std::unique_ptr<UrlVerifier>> make_bunny_verifier(KeyRing keys, const VerifierOptions& options) {
    SF_TRY(options.validate());
    SF_TRY(check_symmetric_keys(*keys.snapshot()));
    return std::unique_ptr<UrlVerifier>(std::make_unique<bunny::BunnyVerifier>(std::move(keys), options));
}

}  // namespace streamforge::cdn
