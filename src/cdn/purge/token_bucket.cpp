#include "cdn/purge/token_bucket.hpp"

#include <algorithm>
#include <cmath>

namespace streamforge::cdn::purge {

TokenBucket::TokenBucket(double per_second, double capacity, Clock clock)
    : per_second_(per_second), capacity_(capacity), clock_(std::move(clock)), level_(capacity), updated_(clock_()) {}

std::chrono::milliseconds TokenBucket::take(double tokens) {
    const std::lock_guard lock(mutex_);
    const auto now = clock_();
    const double passed = std::max(0.0, std::chrono::duration<double>(now - updated_).count());
    level_ = std::min(capacity_, level_ + passed * per_second_) - tokens;
    updated_ = std::max(now, updated_);
    if (level_ >= 0) return {};
    return std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(-level_ / per_second_ * 1000)));
}

}  // namespace streamforge::cdn::purge
