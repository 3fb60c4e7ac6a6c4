#pragma once

#include <string_view>

#include <streamforge/cdn/sign_policy.hpp>
#include <streamforge/cdn/url.hpp>
#include <streamforge/cdn/capabilities.hpp>

#include "cdn/decimal.hpp"

namespace streamforge::cdn {

/// `invalid_argument` that names the field of a policy or option.
[[nodiscard]] Error refused_field(std::string_view field, std::string_view message);

/// `unsupported` that names the field and the provider.
[[nodiscard]] Error unsupported_field(const Capabilities& capabilities, std::string_view field, std::string_view message);

/// Whether a policy asks for one URL and a lifetime, and nothing else: the usual one, valid as it is.
[[nodiscard]] inline bool is_simple(const SignPolicy& policy) noexcept {
    return policy.scope == Scope::exact && policy.resource.empty() && !policy.expires_at && policy.expires_in.count() > 0 &&
           policy.expires_in.count() <= max_epoch && policy.expiry_bucket.count() == 0 && !policy.starts_at && !policy.client_ip &&
           policy.session_id.empty() && policy.data.empty() && policy.countries_allowed.empty() && policy.countries_blocked.empty();
}

/// Whether the scheme can carry what the policy asks. *Errors*: `unsupported`.
[[nodiscard]] Result<void> check_capabilities(const SignPolicy& policy, const Capabilities& capabilities);

/// The parts of a prefix resource. *Errors*: `invalid_argument`.
[[nodiscard]] Result<UrlParts> check_prefix(const SignPolicy& policy, const Capabilities& capabilities);

/// *Errors*: `invalid_argument` when the pattern overreaches.
[[nodiscard]] Result<void> check_pattern(const SignPolicy& policy, const Capabilities& capabilities);

}  // namespace streamforge::cdn
