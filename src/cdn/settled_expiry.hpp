#pragma once

#include <streamforge/cdn/sign_policy.hpp>

namespace streamforge::cdn {

/// When a policy ends, asked at `now`: its end, rounded up to its bucket.
[[nodiscard]] inline TimePoint settled_expiry(const SignPolicy& policy, TimePoint now) {
    const TimePoint wanted = policy.expires_at ? *policy.expires_at : now + policy.expires_in;
    const std::int64_t unit = policy.expiry_bucket.count();
    if (unit <= 1) return wanted;
    return TimePoint(std::chrono::seconds((wanted.time_since_epoch().count() + unit - 1) / unit * unit));
}

}  // namespace streamforge::cdn
