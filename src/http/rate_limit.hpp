#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace streamforge::http {

/// A token bucket in bytes: at most `bytes_per_second` over time, with bursts of a twentieth of a second. Pure: the caller says
/// what time it is.
class RateLimit {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    explicit RateLimit(std::uint64_t bytes_per_second) : rate_(bytes_per_second), burst_(std::max<std::uint64_t>(rate_ / 20, 1)) {}

    [[nodiscard]] bool is_limited() const noexcept { return rate_ != 0; }

    /// How many of `wanted` bytes may pass now.
    [[nodiscard]] std::uint64_t take(std::uint64_t wanted, TimePoint now) noexcept {
        if (!is_limited()) return wanted;
        refill(now);
        const auto granted = std::min(wanted, tokens_);
        tokens_ -= granted;
        return granted;
    }
    /// Takes all of `bytes`, which came already: later ones wait the longer.
    void take_late(std::uint64_t bytes, TimePoint now) noexcept {
        if (!is_limited()) return;
        const auto granted = take(bytes, now);
        debt_ += bytes - granted;
    }
    [[nodiscard]] bool is_open(TimePoint now) noexcept {
        if (!is_limited()) return true;
        refill(now);
        return tokens_ > 0;
    }

private:
    void refill(TimePoint now) noexcept {
        if (last_ == TimePoint{}) {
            last_ = now;
            tokens_ = burst_;
            return;
        }
        if (now <= last_) return;
        const auto elapsed = std::min<std::chrono::nanoseconds>(now - last_, std::chrono::seconds(60));
        const auto earned = static_cast<std::uint64_t>(static_cast<long double>(rate_) * static_cast<long double>(elapsed.count()) / 1e9L);
        if (earned == 0) return;  // too soon: keep the fraction for the next call
        last_ = now;
        const auto paid = std::min(debt_, earned);
        debt_ -= paid;
        tokens_ = std::min(tokens_ + (earned - paid), burst_);
    }

    std::uint64_t rate_;
    std::uint64_t burst_;
    std::uint64_t tokens_ = 0;
    std::uint64_t debt_ = 0;
    TimePoint last_{};
};

}  // namespace streamforge::http
