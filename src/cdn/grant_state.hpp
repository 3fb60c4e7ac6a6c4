#pragma once

#include <string>
#include <vector>

#include <streamforge/cdn/capabilities.hpp>
#include <streamforge/cdn/prefix_grant.hpp>
#include <streamforge/cdn/url.hpp>

namespace streamforge::cdn {

struct PrefixGrant::State {
    std::string resource;
    Scope scope = Scope::prefix;
    TokenPlacement placement = TokenPlacement::query;
    TimePoint expires;
    GrantToken token;
    std::string query;
    std::string prefix_origin;
    std::string prefix_path;
    Capabilities capabilities;
    std::vector<std::string> allowed_hosts;
};

/// Whether a URL lies within a prefix or one of the patterns. *Errors*: `invalid_argument`.
[[nodiscard]] Result<void> check_within(const PrefixGrant::State& grant, const UrlParts& url);

/// Whether `url` matches one of the patterns in `patterns`. A pattern that begins with '/' is matched without the origin.
[[nodiscard]] bool matches_pattern(std::string_view patterns, const UrlParts& url, const Capabilities& capabilities);

[[nodiscard]] Result<void> check_query_reserved(const UrlParts& url, const Capabilities& capabilities);
[[nodiscard]] Result<void> check_host_listed(const UrlParts& url, const std::vector<std::string>& allowed_hosts);

/// Whether a parameter of the URL has one of the scheme's names. *Errors*: `invalid_argument`.
[[nodiscard]] inline Result<void> check_reserved(const UrlParts& url, const Capabilities& capabilities) {
    if (!url.has_query()) return {};
    return check_query_reserved(url, capabilities);
}

/// *Errors*: `permission_denied` for an absolute URL on a host that is not listed.
[[nodiscard]] inline Result<void> check_host_allowed(const UrlParts& url, const std::vector<std::string>& allowed_hosts) {
    if (allowed_hosts.empty() || !url.is_absolute()) return {};
    return check_host_listed(url, allowed_hosts);
}

}  // namespace streamforge::cdn
