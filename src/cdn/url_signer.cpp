#include <streamforge/cdn/url_signer.hpp>

#include <algorithm>

#include "cdn/decimal.hpp"
#include "cdn/grant_state.hpp"
#include "cdn/policy_check.hpp"
#include "cdn/settled_expiry.hpp"
#include "core/try.hpp"

namespace streamforge::cdn {
namespace {

/// Most tokens are shorter; longer ones make room for themselves.
constexpr std::size_t usual_token_bytes = 160;

/// Which of the times is wrong, and why.
Error refused_times(const SignPolicy& policy, const SignRequest& request, std::chrono::seconds limit) {
    const std::string_view field = policy.expires_at ? "expires_at" : "expires_in";
    const std::int64_t epoch = request.expires.time_since_epoch().count();
    if (epoch < min_epoch || epoch > max_epoch) return refused_field(field, "must lie between the years 2001 and 2286");
    if (request.expires <= request.now) return refused_field(field, "lies in the past");
    if (request.expires - request.now > limit) {
        return refused_field(field, "lies further ahead than is allowed")
            .with("limit_s", std::to_string(limit.count()))
            .with("asked_s", std::to_string((request.expires - request.now).count()));
    }
    return refused_field("starts_at", "must be before the end");
}

std::string join_query(const std::vector<TokenParameter>& parameters) {
    std::string query;
    for (const auto& parameter : parameters) {
        if (!query.empty()) query.push_back('&');
        query.append(parameter.name).push_back('=');
        query.append(parameter.value);
    }
    return query;
}

}  // namespace

Result<void> SignerOptions::validate() const {
    if (!clock) return refused_field("clock", "must be set");
    if (max_lifetime.count() <= 0) return refused_field("max_lifetime", "must be positive");
    for (const std::string& host : allowed_hosts) {
        const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
        if (host.empty() || std::ranges::any_of(host, is_upper))
            return refused_field("allowed_hosts", "must hold host names in lower case");
    }
    return {};
}

UrlSigner::UrlSigner(Capabilities capabilities, KeyRing keys, SignerOptions options)
    : capabilities_(std::move(capabilities)), keys_(std::move(keys)), options_(std::move(options)) {}

UrlSigner::~UrlSigner() = default;

Result<void> UrlSigner::do_check(const SignRequest&) const { return {}; }

Result<TokenSpan> UrlSigner::do_sign(const SignRequest&, std::string&) const {
    return unsupported_field(capabilities_, "scope", "cannot sign a single URL");
}

Result<GrantToken> UrlSigner::do_grant(const SignRequest&, TokenPlacement) const {
    return unsupported_field(capabilities_, "scope", "has no tokens for more than one URL");
}

Result<std::vector<TokenParameter>> UrlSigner::do_cookies(const SignRequest&) const {
    return unsupported_field(capabilities_, "cookies", "has no cookies");
}

Result<void> UrlSigner::settle_times(const SignPolicy& policy, SignRequest& request) const {
    request.now = std::chrono::floor<std::chrono::seconds>(options_.clock());
    request.expires = settled_expiry(policy, request.now);
    request.starts = policy.starts_at;
    const std::int64_t epoch = request.expires.time_since_epoch().count();
    const auto limit = std::min(options_.max_lifetime, capabilities_.max_lifetime.value_or(options_.max_lifetime));
    const bool settled = epoch >= min_epoch && epoch <= max_epoch && request.expires > request.now &&
                         request.expires - request.now <= limit && (!request.starts || *request.starts < request.expires);
    if (settled) return {};
    return refused_times(policy, request, limit);
}

Result<void> UrlSigner::choose_key(const KeySet& keys, SignRequest& request) const {
    request.key = keys.signing_key(request.now);
    if (request.key != nullptr) return {};
    return make_error(Errc::unauthenticated, "cdn.sign", "no key of the ring may sign now").with("provider", capabilities_.provider);
}

Result<void> UrlSigner::prepare(const SignPolicy& policy, const KeySet& keys, SignRequest& request) const {
    request.policy = &policy;
    if (!capabilities_.exact || !is_simple(policy)) {
        SF_TRY(policy.validate());
        SF_TRY(check_capabilities(policy, capabilities_));
    }
    SF_TRY(settle_times(policy, request));
    if (policy.scope == Scope::prefix) {
        SF_ASSIGN(const UrlParts prefix, check_prefix(policy, capabilities_));
        SF_TRY(check_host_allowed(prefix, options_.allowed_hosts));
        request.prefix_origin = prefix.origin;
        request.prefix_path = prefix.path;
    } else if (policy.scope == Scope::pattern) {
        SF_TRY(check_pattern(policy, capabilities_));
    }
    return choose_key(keys, request);
}

Result<UrlParts> UrlSigner::parse_signable(std::string_view url) const {
    auto parts = parse_url(url);
    if (!parts) return parts;
    SF_TRY(check_host_allowed(*parts, options_.allowed_hosts));
    SF_TRY(check_reserved(*parts, capabilities_));
    if (capabilities_.covers_host && !parts->is_absolute()) return refused_field("url", "must begin with https:// or http://");
    return parts;
}

Result<TokenSpan> UrlSigner::sign_exact(std::string& out, std::string_view url, SignRequest& request) const {
    auto parts = parse_signable(url);
    if (!parts) return std::move(parts).error();
    request.url = &*parts;
    SF_TRY(do_check(request));
    return do_sign(request, out);
}

Result<TokenSpan> UrlSigner::sign_one(std::string& out, std::string_view url, const SignPolicy& policy) const {
    if (policy.scope != Scope::exact) {
        SF_ASSIGN(const PrefixGrant made, grant(policy, capabilities_.query_token ? TokenPlacement::query : TokenPlacement::path));
        return made.append(out, url);
    }
    const auto keys = keys_.snapshot();
    SignRequest request;
    SF_TRY(prepare(policy, *keys, request));
    return sign_exact(out, url, request);
}

Result<SignedUrl> UrlSigner::sign(std::string_view url, const SignPolicy& policy) const {
    std::string out;
    out.reserve(url.size() + usual_token_bytes);
    SF_ASSIGN(const TokenSpan span, sign_one(out, url, policy));
    return SignedUrl(std::move(out), span.begin, span.size);
}

Result<void> UrlSigner::sign_to(std::string& out, std::string_view url, const SignPolicy& policy) const {
    const std::size_t before = out.size();
    auto span = sign_one(out, url, policy);
    if (span) return {};
    out.resize(before);
    return std::move(span).error();
}

Result<std::vector<SignedUrl>> UrlSigner::sign_batch(std::span<const std::string_view> urls, const SignPolicy& policy) const {
    std::vector<SignedUrl> signed_urls;
    signed_urls.reserve(urls.size());
    const auto keys = keys_.snapshot();
    SignRequest request;
    std::optional<PrefixGrant> shared;
    if (policy.scope == Scope::exact) {
        SF_TRY(prepare(policy, *keys, request));
    } else {
        SF_ASSIGN(shared, grant(policy, capabilities_.query_token ? TokenPlacement::query : TokenPlacement::path));
    }
    for (std::size_t index = 0; index < urls.size(); ++index) {
        std::string out;
        out.reserve(urls[index].size() + (shared ? shared->overhead_bytes() : usual_token_bytes));
        auto span = shared ? shared->append(out, urls[index]) : sign_exact(out, urls[index], request);
        if (!span) return std::move(span).error().with("index", std::to_string(index));
        signed_urls.emplace_back(std::move(out), span->begin, span->size);
    }
    return signed_urls;
}

void UrlSigner::fill_scope(const SignRequest& request, PrefixGrant::State& state) const {
    state.resource = request.policy->resource;
    state.scope = request.policy->scope;
    state.prefix_origin = request.prefix_origin;
    state.prefix_path = request.prefix_path;
    state.capabilities = capabilities_;
    state.allowed_hosts = options_.allowed_hosts;
}

Result<PrefixGrant> UrlSigner::grant(const SignPolicy& policy, TokenPlacement placement) const {
    if (policy.scope == Scope::exact) return refused_field("scope", "of a grant must be a prefix or a pattern");
    const bool possible = placement == TokenPlacement::query ? capabilities_.query_token : capabilities_.path_token;
    if (!possible) return unsupported_field(capabilities_, "placement", "cannot carry its token there");
    const auto keys = keys_.snapshot();
    SignRequest request;
    SF_TRY(prepare(policy, *keys, request));
    SF_TRY(do_check(request));
    auto state = std::make_shared<PrefixGrant::State>();
    SF_ASSIGN(state->token, do_grant(request, placement));
    fill_scope(request, *state);
    state->placement = placement;
    state->expires = request.expires;
    state->query = join_query(state->token.parameters);
    return PrefixGrant(std::move(state));
}

Result<CookieSet> UrlSigner::sign_cookies(std::string_view url, const SignPolicy& policy, const CookieAttributes& attributes) const {
    if (!capabilities_.cookies) return unsupported_field(capabilities_, "cookies", "has no cookies");
    SF_TRY(attributes.validate());
    SF_ASSIGN(const UrlParts parts, parse_signable(url));
    const auto keys = keys_.snapshot();
    SignRequest request;
    SF_TRY(prepare(policy, *keys, request));
    if (policy.scope == Scope::exact) {
        request.url = &parts;
    } else {
        PrefixGrant::State within;
        fill_scope(request, within);
        SF_TRY(check_within(within, parts));
    }
    SF_TRY(do_check(request));
    SF_ASSIGN(std::vector<TokenParameter> cookies, do_cookies(request));
    CookieAttributes settled = attributes;
    if (settled.path.empty() && policy.scope == Scope::exact) settled.path = parts.path;
    if (settled.path.empty() && policy.scope == Scope::prefix) settled.path = request.prefix_path;
    return CookieSet(std::move(cookies), std::move(settled));
}

}  // namespace streamforge::cdn
