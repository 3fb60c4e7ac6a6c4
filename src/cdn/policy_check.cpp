#include "cdn/policy_check.hpp"

#include <string>

#include "cdn/url_scan.hpp"
#include "core/try.hpp"

namespace streamforge::cdn {

Error unsupported_field(const Capabilities& capabilities, std::string_view field, std::string_view message) {
    return make_error(Errc::unsupported, "cdn.policy", capabilities.provider + " " + std::string(message))
        .with("field", std::string(field));
}

Result<void> check_capabilities(const SignPolicy& policy, const Capabilities& can) {
    if (policy.scope == Scope::exact && !can.exact) return unsupported_field(can, "scope", "cannot sign a single URL");
    if (policy.scope == Scope::prefix && !can.prefix) return unsupported_field(can, "scope", "has no tokens for a prefix");
    if (policy.scope == Scope::pattern && !can.pattern) return unsupported_field(can, "scope", "has no wildcards");
    if (policy.starts_at && !can.start_time) return unsupported_field(can, "starts_at", "has no start time");
    if (policy.client_ip) {
        const IpNetwork& client = *policy.client_ip;
        if (!(client.is_ipv6() ? can.client_ipv6 : can.client_ip)) {
            return unsupported_field(can, "client_ip",
                                     client.is_ipv6() ? "cannot bind a token to an IPv6 client" : "cannot bind a token to a client");
        }
        if (!can.client_network && !client.is_ipv6() && !client.is_single_address()) {
            return unsupported_field(can, "client_ip", "binds to one address, not to a network");
        }
    }
    if (!policy.session_id.empty() && !can.session_id) return unsupported_field(can, "session_id", "has no session id");
    if (!policy.data.empty() && !can.data) return unsupported_field(can, "data", "carries no data");
    if (!policy.countries_allowed.empty() && !can.countries) return unsupported_field(can, "countries_allowed", "has no country rules");
    if (!policy.countries_blocked.empty() && !can.countries) return unsupported_field(can, "countries_blocked", "has no country rules");
    return {};
}

Result<UrlParts> check_prefix(const SignPolicy& policy, const Capabilities& capabilities) {
    auto parsed = parse_url(policy.resource);
    if (!parsed) return std::move(parsed).error().with("field", "resource");
    const UrlParts parts = *parsed;
    if (parts.has_query()) return refused_field("resource", "of a prefix has no query");
    if (parts.path.back() != '/') return refused_field("resource", "of a prefix must end with a slash: /vod/12 would also open /vod/123");
    if (parts.path.find('*') != std::string_view::npos) return refused_field("resource", "of a prefix has no wildcard");
    if (has_encoded_slash(parts.path)) return refused_field("resource", "must not hold an encoded slash");
    if (capabilities.covers_host && !parts.is_absolute()) return refused_field("resource", "must begin with https:// or http://");
    if (!capabilities.covers_host && parts.path == "/" && !policy.allow_everything) {
        return refused_field("resource", "would cover everything that trusts the key: set allow_everything if that is meant");
    }
    return parts;
}

Result<void> check_pattern(const SignPolicy& policy, const Capabilities& capabilities) {
    const std::string_view pattern = policy.resource;
    if (pattern.find_first_not_of("*?") == std::string_view::npos || pattern == "/*") {
        const bool whole_host_only = pattern == "/*" && capabilities.covers_host;
        if (!policy.allow_everything && !whole_host_only) {
            return refused_field("resource", "would cover everything that trusts the key: set allow_everything if that is meant");
        }
        return {};
    }
    if (pattern.find_first_of(" \"\\#<>^`{|}") != std::string_view::npos)
        return refused_field("resource", "holds a character that no URL holds");
    if (pattern.front() != '/') {
        const std::size_t scheme = pattern.find("://");
        const std::size_t wildcard = pattern.find_first_of("*?");
        const std::size_t host_end = scheme == std::string_view::npos ? scheme : pattern.find('/', scheme + 3);
        if (wildcard < host_end && !policy.allow_host_wildcard) {
            return refused_field("resource", "has a wildcard before its path begins: set allow_host_wildcard if that is meant");
        }
        if (wildcard > host_end || wildcard == std::string_view::npos) {
            const std::string_view head = pattern.substr(0, std::min(wildcard, pattern.size()));
            if (!head.starts_with("https://") && !head.starts_with("http://")) {
                return refused_field("resource", "must begin with https://, http:// or its path");
            }
        }
    }
    if (has_dot_segment(pattern)) return refused_field("resource", "must not hold dot segments");
    if (has_encoded_slash(pattern)) return refused_field("resource", "must not hold an encoded slash");
    return {};
}

}  // namespace streamforge::cdn
