#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include <streamforge/cdn/purge.hpp>
#include <streamforge/http/message.hpp>

namespace streamforge::cdn::purge {

/// The texts of a signature, for tests.
struct AwsSignature {
    std::string canonical_request;
    std::string string_to_sign;
    std::string authorization;
};

/// Signature Version 4 of a request without a query, over all of its headers and the given body; adds Authorization, x-amz-date and,
/// for short-lived credentials, x-amz-security-token. *Errors*: `unauthenticated` for an empty key.
/// *Source*: AWS General Reference, "Signature Version 4 signing process".
[[nodiscard]] Result<AwsSignature> sign_for_aws(http::Request& request, std::string_view body, const AwsIdentity& identity,
                                                std::string_view region, std::string_view service,
                                                std::chrono::system_clock::time_point now);

}  // namespace streamforge::cdn::purge
