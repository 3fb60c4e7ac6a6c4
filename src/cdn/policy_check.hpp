#pragma once

#include <string_view>

#include <streamforge/cdn/sign_policy.hpp>
#include <streamforge/cdn/url.hpp>
#include <streamforge/cdn/capabilities.hpp>

namespace streamforge::cdn {

/// `invalid_argument` that names the field of a policy or option.
[[nodiscard]] Error refused_field(std::string_view field, std::string_view message);

/// `unsupported` that names the field and the provider.
[[nodiscard]] Error unsupported_field(const Capabilities& capabilities, std::string_view field, std::string_view message);

/// Whether the scheme can carry what the policy asks. *Errors*: `unsupported`.
[[nodiscard]] Result<void> check_capabilities(const SignPolicy& policy, const Capabilities& capabilities);

/// The parts of a prefix resource. *Errors*: `invalid_argument`.
[[nodiscard]] Result<UrlParts> check_prefix(const SignPolicy& policy, const Capabilities& capabilities);

/// *Errors*: `invalid_argument` when the pattern overreaches.
[[nodiscard]] Result<void> check_pattern(const SignPolicy& policy, const Capabilities& capabilities);

}  // namespace streamforge::cdn
