#include <algorithm>

#include <streamforge/cdn/cloudflare_stream.hpp>

#include "cdn/decimal.hpp"
#include "cdn/jwt/jwt_codec.hpp"
#include "cdn/policy_check.hpp"
#include "cdn/strict_json.hpp"
#include "cdn/url_scan.hpp"
#include "core/try.hpp"

namespace streamforge::cdn {
namespace cloudflare {
namespace {

using Json = nlohmann::json;

Capabilities make_capabilities() {
    Capabilities can;
    can.provider = "cloudflare-stream";
    can.exact = false;
    can.prefix = true;
    can.query_token = false;
    can.path_token = true;
    can.start_time = true;
    can.client_ip = true;
    can.client_ipv6 = true;
    can.client_network = true;
    can.countries = true;
    can.append_query_exact = true;
    can.append_query_prefix = true;
    can.max_lifetime = std::chrono::hours(24);
    return can;
}

Result<void> check_keys(const KeySet& keys) {
    for (const KeyEntry& entry : keys.entries()) {
        if (jwt::algorithm_of(entry.material) != "RS256")
            return refused_field("keys", "must be RSA for Cloudflare Stream").with("key_id", entry.id);
        if (entry.id.empty()) return refused_field("keys", "must have the signing key's id as their id");
    }
    return {};
}

/// "/VIDEO-ID/" → "VIDEO-ID"; empty when the path is another.
std::string_view video_of(std::string_view prefix_path) {
    const std::string_view inner = prefix_path.size() > 2 ? prefix_path.substr(1, prefix_path.size() - 2) : std::string_view();
    const auto is_plain = [](unsigned char c) { return is_unreserved(c); };
    return std::ranges::all_of(inner, is_plain) ? inner : std::string_view();
}

std::string country_rule(std::string_view action, const std::vector<std::string>& countries) {
    std::string rule = R"({"type":"ip.geoip.country","action":")" + std::string(action) + R"(","country":[)";
    for (const auto& country : countries) rule += (rule.back() == '[' ? "" : ",") + json_string(country);
    return rule + "]}";
}

/// Rules of which the first match decides, and no match means allowed.
std::string access_rules(const SignPolicy& policy) {
    std::string rules;
    const auto add = [&](const std::string& rule) { rules += (rules.empty() ? "" : ",") + rule; };
    if (!policy.countries_blocked.empty()) add(country_rule("block", policy.countries_blocked));
    if (!policy.countries_allowed.empty()) add(country_rule("allow", policy.countries_allowed));
    if (policy.client_ip) add(R"({"type":"ip.src","action":"allow","ip":[")" + policy.client_ip->to_cidr() + R"("]})");
    if (policy.client_ip || !policy.countries_allowed.empty()) add(R"({"type":"any","action":"block"})");
    return rules;
}

class StreamSigner final : public UrlSigner {
public:
    StreamSigner(KeyRing keys, CloudflareStreamOptions stream, SignerOptions options)
        : UrlSigner(make_capabilities(), std::move(keys), std::move(options)), stream_(stream) {}

private:
    Result<void> do_check(const SignRequest& request) const override {
        if (video_of(request.prefix_path).empty())
            return refused_field("resource", "must be HOST/VIDEO-ID/, since a token opens one video");
        if (request.policy->client_ip && !request.policy->countries_allowed.empty()) {
            return unsupported_field(capabilities(), "client_ip", "cannot ask for a client and for countries at once");
        }
        return {};
    }

    Result<GrantToken> do_grant(const SignRequest& request, TokenPlacement) const override {
        const std::string_view video = video_of(request.prefix_path);
        std::string claims =
            R"({"sub":)" + json_string(video) + R"(,"kid":)" + json_string(request.key->id) + R"(,"exp":)" + decimal(request.expires);
        if (request.starts) claims += R"(,"nbf":)" + decimal(*request.starts);
        if (stream_.downloadable) claims += R"(,"downloadable":true)";
        if (const std::string rules = access_rules(*request.policy); !rules.empty()) claims += R"(,"accessRules":[)" + rules + "]";
        claims += "}";
        GrantToken grant;
        SF_ASSIGN(grant.component, jwt::encode(jwt::header_for(*request.key), claims, *request.key));
        grant.component_replaces = video.size() + 1;
        return grant;
    }

    CloudflareStreamOptions stream_;
};

enum class RuleMatch : std::uint8_t { no, yes, unreadable };

RuleMatch matches_client(const Json& rule, std::string_view client_text) {
    const auto client = IpNetwork::parse_address(client_text);
    const auto list = rule.find("ip");
    if (list == rule.end() || !list->is_array()) return RuleMatch::unreadable;
    for (const Json& item : *list) {
        const auto network = item.is_string() ? IpNetwork::parse(item.get<std::string>()) : IpNetwork::parse("");
        if (!network) return RuleMatch::unreadable;
        if (client && network->contains(*client)) return RuleMatch::yes;
    }
    return RuleMatch::no;
}

RuleMatch matches_country(const Json& rule, std::string_view country) {
    const auto list = rule.find("country");
    if (list == rule.end() || !list->is_array()) return RuleMatch::unreadable;
    for (const Json& item : *list) {
        if (!item.is_string()) return RuleMatch::unreadable;
        if (item.get<std::string>() == country) return RuleMatch::yes;
    }
    return RuleMatch::no;
}

/// *Errors*: `denied` by the first rule that matches, or when a rule cannot be read.
Result<void> check_rules(const Json& claims, const VerifyRequest& request) {
    constexpr std::size_t max_rules = 5;
    const auto rules = claims.find("accessRules");
    if (rules == claims.end()) return {};
    const Error unreadable = make_denial(Denial::unsupported_claim, "an access rule cannot be read");
    if (!rules->is_array() || rules->size() > max_rules) return unreadable;
    for (const Json& rule : *rules) {
        const auto type = rule.is_object() ? jwt::string_claim(rule, "type") : std::nullopt;
        const auto action = rule.is_object() ? jwt::string_claim(rule, "action") : std::nullopt;
        if (!type || !action || (*action != "allow" && *action != "block")) return unreadable;
        const bool by_country = *type == "ip.geoip.country";
        if (by_country && request.country.empty()) return make_denial(Denial::wrong_country, "the client's country is unknown");
        const RuleMatch match = *type == "any"      ? RuleMatch::yes
                                : *type == "ip.src" ? matches_client(rule, request.client_ip)
                                : by_country        ? matches_country(rule, request.country)
                                                    : RuleMatch::unreadable;
        if (match == RuleMatch::unreadable) return unreadable;
        if (match == RuleMatch::no) continue;
        if (*action == "allow") return {};
        return make_denial(by_country ? Denial::wrong_country : Denial::wrong_client_ip, "an access rule blocks the client")
            .with("rule", *type);
    }
    return {};
}

class StreamVerifier final : public UrlVerifier {
public:
    StreamVerifier(KeyRing keys, VerifierOptions options) : UrlVerifier(make_capabilities(), std::move(keys), std::move(options)) {}

private:
    Result<VerifiedGrant> do_verify(const Context& context) const override {
        const std::string_view path = context.url.path;
        const std::size_t end = path.find('/', 1);
        if (end == std::string_view::npos || path.substr(1, end - 1).find('.') == std::string_view::npos) {
            return make_denial(Denial::missing_token, "the path does not begin with a token");
        }
        SF_ASSIGN(const jwt::Decoded decoded, jwt::decode(path.substr(1, end - 1), *context.keys, context.now));
        const auto video = jwt::string_claim(decoded.claims, "sub");
        const auto key_id = jwt::string_claim(decoded.claims, "kid");
        if (!video || video_of("/" + *video + "/").empty() || key_id != decoded.verified.key_id) {
            return make_denial(Denial::malformed_token, "the token names no video, or another key than its header");
        }
        SF_TRY(check_rules(decoded.claims, *context.request));
        VerifiedGrant grant;
        grant.key_id = decoded.verified.key_id;
        grant.policy.scope = Scope::prefix;
        grant.policy.resource = std::string(context.url.origin) + "/" + *video + "/";
        grant.policy.expires_at = decoded.verified.expires;
        grant.policy.starts_at = decoded.verified.starts;
        grant.url = std::string(context.url.origin) + "/" + *video + std::string(context.url.path_and_query().substr(end));
        return grant;
    }
};

}  // namespace
}  // namespace cloudflare

Result<std::unique_ptr<UrlSigner>> make_cloudflare_stream_signer(KeyRing keys, const CloudflareStreamOptions& stream,
                                                                 const SignerOptions& options) {
    SF_TRY(options.validate());
    SF_TRY(cloudflare::check_keys(*keys.snapshot()));
    return std::unique_ptr<UrlSigner>(std::make_unique<cloudflare::StreamSigner>(std::move(keys), stream, options));
}

Result<std::unique_ptr<UrlVerifier>> make_cloudflare_stream_verifier(KeyRing keys, const VerifierOptions& options) {
    SF_TRY(options.validate());
    SF_TRY(cloudflare::check_keys(*keys.snapshot()));
    return std::unique_ptr<UrlVerifier>(std::make_unique<cloudflare::StreamVerifier>(std::move(keys), options));
}

}  // namespace streamforge::cdn
