#pragma once

#include <string>
#include <string_view>

#include <streamforge/cdn/sign_policy.hpp>
#include <streamforge/crypto/encoding.hpp>

namespace streamforge::cdn::cloudfront {

/// Base64 with '+', '/' and '=' written as '-', '~' and '_'.
inline constexpr crypto::Base64Variant base64_variant{'-', '~', '_'};

/// What a policy says, whoever wrote it.
struct PolicyText {
    std::string resource;
    TimePoint expires;
    std::optional<TimePoint> starts;
    std::optional<IpNetwork> client;
};

void append_canned_policy(std::string& out, std::string_view url, TimePoint expires);
void append_custom_policy(std::string& out, const PolicyText& policy);

/// Exactly one statement with a resource and an end, and nothing that we do not know. Nothing otherwise.
[[nodiscard]] std::optional<PolicyText> parse_custom_policy(std::string_view json);

}  // namespace streamforge::cdn::cloudfront
