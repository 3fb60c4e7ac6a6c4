#include <streamforge/cdn/prefix_grant.hpp>

#include <algorithm>

#include "cdn/grant_state.hpp"
#include "cdn/policy_check.hpp"
#include "cdn/url_scan.hpp"
#include "cdn/wildcard.hpp"
#include "core/try.hpp"

namespace streamforge::cdn {
namespace {

Error outside() {
    return make_error(Errc::invalid_argument, "cdn.grant", "the URL lies outside of the resource that is signed").with("part", "path");
}

}  // namespace

bool matches_pattern(std::string_view patterns, const UrlParts& url, const Capabilities& can) {
    const auto syntax = can.pattern_question_mark ? WildcardSyntax::star_question : WildcardSyntax::star;
    const std::size_t query_bytes = url.has_query() && !can.pattern_covers_query ? url.query.size() + 1 : 0;
    const std::string_view whole = url.text.substr(0, url.text.size() - query_bytes);
    for (;;) {
        const std::size_t end = can.pattern_separator == 0 ? std::string_view::npos : patterns.find(can.pattern_separator);
        const std::string_view pattern = patterns.substr(0, end);
        const bool from_path = pattern.starts_with('/');
        if (wildcard_match(pattern, from_path ? whole.substr(url.origin.size()) : whole, syntax)) return true;
        if (end == std::string_view::npos) return false;
        patterns.remove_prefix(end + 1);
    }
}

Result<void> check_within(const PrefixGrant::State& grant, const UrlParts& url) {
    if (has_encoded_slash(url.path)) {
        return make_error(Errc::invalid_argument, "cdn.grant", "an encoded slash is not allowed under a prefix or pattern")
            .with("part", "path");
    }
    if (url.has_query() && !grant.capabilities.append_query_prefix) {
        return make_error(Errc::invalid_argument, "cdn.grant", "this provider's tokens for a prefix do not work beside other parameters")
            .with("part", "query");
    }
    if (grant.scope == Scope::pattern) {
        if (!matches_pattern(grant.resource, url, grant.capabilities)) return outside();
        return {};
    }
    const bool other_origin = url.is_absolute() && !grant.prefix_origin.empty() && url.origin != grant.prefix_origin;
    if (other_origin || !url.path.starts_with(grant.prefix_path)) return outside();
    if (grant.capabilities.prefix_direct_children_only && url.path.find('/', grant.prefix_path.size()) != std::string_view::npos) {
        return make_error(Errc::invalid_argument, "cdn.grant", "this provider's tokens for a folder do not open its sub-folders")
            .with("part", "path");
    }
    return {};
}

Result<void> check_query_reserved(const UrlParts& url, const Capabilities& can) {
    std::string taken;
    for_each_parameter(url.query, [&](std::string_view, std::string_view name, std::string_view) {
        const bool escaped = name.find('%') != std::string_view::npos;
        const auto is_name = [&](const std::string& reserved) { return reserved == name || (escaped && reserved == percent_decode(name)); };
        const auto found = std::ranges::find_if(can.reserved_parameters, is_name);
        if (found != can.reserved_parameters.end()) taken = *found;
        return taken.empty();
    });
    if (taken.empty()) return {};
    return make_error(Errc::invalid_argument, "cdn.sign", "the URL has a parameter of the signature already")
        .with("part", "query")
        .with("parameter", taken);
}

Result<void> check_host_listed(const UrlParts& url, const std::vector<std::string>& allowed_hosts) {
    if (std::ranges::find(allowed_hosts, url.host) != allowed_hosts.end()) return {};
    return make_error(Errc::permission_denied, "cdn.sign", "the URL's host is not among those that may be signed")
        .with("host", std::string(url.host));
}

const std::string& PrefixGrant::resource() const noexcept { return state_->resource; }
Scope PrefixGrant::scope() const noexcept { return state_->scope; }
TokenPlacement PrefixGrant::placement() const noexcept { return state_->placement; }
TimePoint PrefixGrant::expires_at() const noexcept { return state_->expires; }
const std::vector<TokenParameter>& PrefixGrant::parameters() const noexcept { return state_->token.parameters; }
const std::string& PrefixGrant::query() const noexcept { return state_->query; }
const std::string& PrefixGrant::path_component() const noexcept { return state_->token.component; }

std::size_t PrefixGrant::overhead_bytes() const noexcept {
    return 1 + (state_->placement == TokenPlacement::query ? state_->query.size() : state_->token.component.size());
}

Result<TokenSpan> PrefixGrant::append(std::string& out, std::string_view url) const {
    const State& state = *state_;
    SF_ASSIGN(const UrlParts parts, parse_url(url));
    SF_TRY(check_host_allowed(parts, state.allowed_hosts));
    SF_TRY(check_reserved(parts, state.capabilities));
    SF_TRY(check_within(state, parts));
    if (state.placement == TokenPlacement::query) {
        out.append(url);
        out.push_back(parts.has_query() ? '&' : '?');
        const TokenSpan span{out.size(), state.query.size()};
        out.append(state.query);
        return span;
    }
    const GrantToken& token = state.token;
    const std::size_t after = token.component_at + token.component_replaces;
    if (parts.path.size() < after) return outside();
    out.append(parts.origin).append(parts.path.substr(0, token.component_at)).push_back('/');
    const TokenSpan span{out.size(), token.component.size()};
    out.append(token.component).append(parts.path_and_query().substr(after));
    return span;
}

Result<void> PrefixGrant::append_url(std::string& out, std::string_view url) const {
    SF_TRY(append(out, url));
    return {};
}

Result<SignedUrl> PrefixGrant::url(std::string_view url) const {
    std::string out;
    out.reserve(url.size() + overhead_bytes());
    SF_ASSIGN(const TokenSpan span, append(out, url));
    return SignedUrl(std::move(out), span.begin, span.size);
}

}  // namespace streamforge::cdn
