#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <streamforge/cdn/url.hpp>
#include <streamforge/cdn/url_verifier.hpp>

namespace streamforge::cdn {

/// The value of a parameter, as it stands. None when it is missing. *Errors*: `malformed_token` when it is there twice.
[[nodiscard]] Result<std::optional<std::string_view>> single_parameter(std::string_view query, std::string_view name);

/// As `single_parameter`, but a missing one is `missing_token`.
[[nodiscard]] Result<std::string_view> required_parameter(std::string_view query, std::string_view name);

/// The URL without some of its parameters; all others stay as they stand, in order.
[[nodiscard]] std::string without_parameters(const UrlParts& url, std::span<const std::string_view> names);

/// The value of a cookie in a Cookie header. None when it is missing. *Errors*: `malformed_token` when it is there twice.
[[nodiscard]] Result<std::optional<std::string_view>> single_cookie(std::string_view header, std::string_view name);

}  // namespace streamforge::cdn
