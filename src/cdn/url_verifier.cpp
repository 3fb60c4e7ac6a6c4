#include <streamforge/cdn/url_verifier.hpp>

#include <algorithm>
#include <array>
#include <utility>

#include "cdn/policy_check.hpp"
#include "core/try.hpp"

namespace streamforge::cdn {
namespace {

constexpr std::array<std::pair<Denial, std::string_view>, 13> names{{
    {Denial::malformed_url, "malformed_url"},
    {Denial::missing_token, "missing_token"},
    {Denial::malformed_token, "malformed_token"},
    {Denial::unknown_key, "unknown_key"},
    {Denial::weak_algorithm, "weak_algorithm"},
    {Denial::wrong_signature, "wrong_signature"},
    {Denial::wrong_scope, "wrong_scope"},
    {Denial::not_yet_valid, "not_yet_valid"},
    {Denial::expired, "expired"},
    {Denial::lifetime_too_long, "lifetime_too_long"},
    {Denial::wrong_client_ip, "wrong_client_ip"},
    {Denial::wrong_country, "wrong_country"},
    {Denial::unsupported_claim, "unsupported_claim"},
}};

Result<void> check_country(const SignPolicy& policy, std::string_view country) {
    const auto holds = [&](const std::vector<std::string>& list) { return std::ranges::find(list, country) != list.end(); };
    const bool asked = !policy.countries_allowed.empty() || !policy.countries_blocked.empty();
    if (asked && country.empty()) return make_denial(Denial::wrong_country, "the token speaks of countries, and the client's is unknown");
    if ((!policy.countries_allowed.empty() && !holds(policy.countries_allowed)) || holds(policy.countries_blocked)) {
        return make_denial(Denial::wrong_country, "the token does not hold in the client's country");
    }
    return {};
}

}  // namespace

std::string_view to_string(Denial denial) noexcept {
    const auto found = std::ranges::find(names, denial, &std::pair<Denial, std::string_view>::first);
    return found == names.end() ? "unknown" : found->second;
}

std::optional<Denial> denial_of(const Error& error) noexcept {
    if (error.code != Errc::denied) return std::nullopt;
    for (const auto& [key, value] : error.context) {
        if (key != "condition") continue;
        const auto found = std::ranges::find(names, value, &std::pair<Denial, std::string_view>::second);
        if (found != names.end()) return found->first;
    }
    return std::nullopt;
}

Error make_denial(Denial denial, std::string message) {
    return make_error(Errc::denied, "cdn.verify", std::move(message)).with("condition", std::string(to_string(denial)));
}

Result<void> VerifierOptions::validate() const {
    if (!clock) return refused_field("clock", "must be set");
    if (skew.count() < 0 || skew > std::chrono::hours(1)) return refused_field("skew", "must be 0 s to 1 h");
    if (max_lifetime.count() < 0) return refused_field("max_lifetime", "must not be negative");
    return {};
}

UrlVerifier::~UrlVerifier() = default;

Result<VerifiedGrant> UrlVerifier::verify(const VerifyRequest& request) const {
    auto url = parse_url(request.url);
    if (!url) return make_denial(Denial::malformed_url, std::move(url).error().message);
    const auto keys = keys_.snapshot();
    Context context;
    context.request = &request;
    context.url = *url;
    context.keys = keys.get();
    context.now = request.now ? *request.now : std::chrono::floor<std::chrono::seconds>(options_.clock());
    context.skew = options_.skew;
    SF_ASSIGN(VerifiedGrant grant, do_verify(context));
    SF_TRY(check_conditions(grant.policy, context));
    return grant;
}

Result<void> UrlVerifier::check_conditions(const SignPolicy& policy, const Context& context) const {
    if (policy.expires_at && context.now >= *policy.expires_at + context.skew) return make_denial(Denial::expired, "the token has expired");
    if (policy.starts_at && context.now + context.skew < *policy.starts_at) {
        return make_denial(Denial::not_yet_valid, "the token is not valid yet");
    }
    if (options_.max_lifetime.count() > 0 && policy.expires_at && *policy.expires_at - context.now > options_.max_lifetime) {
        return make_denial(Denial::lifetime_too_long, "the token ends later than is allowed");
    }
    SF_TRY(check_country(policy, context.request->country));
    if (!policy.client_ip) return {};
    const auto client = IpNetwork::parse_address(context.request->client_ip);
    if (!client || !policy.client_ip->contains(*client)) return make_denial(Denial::wrong_client_ip, "the token belongs to another client");
    return {};
}

}  // namespace streamforge::cdn
