#pragma once

#include <chrono>
#include <mutex>

#include <streamforge/core/clock.hpp>

namespace streamforge::cdn::purge {

/// A rate with a burst: `take` says how long to wait until `tokens` may go. *Thread safety*: all calls.
class TokenBucket {
public:
    /// `per_second` tokens come in, up to `capacity`.
    TokenBucket(double per_second, double capacity, Clock clock);
    [[nodiscard]] std::chrono::milliseconds take(double tokens);

private:
    double per_second_;
    double capacity_;
    Clock clock_;
    std::mutex mutex_;
    // Guarded by `mutex_`:
    double level_;  ///< Below zero: spoken for in advance.
    std::chrono::system_clock::time_point updated_;
};

}  // namespace streamforge::cdn::purge
