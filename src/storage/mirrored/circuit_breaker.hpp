#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>

namespace streamforge::storage {

/// Keeps calls away from something that fails: open after some failures in a row, then one trial after a while. The caller says what
/// time it is. *Thread safety*: all calls.
class CircuitBreaker {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    CircuitBreaker(std::uint32_t failures_to_open, std::chrono::milliseconds open_for)
        : failures_to_open_(failures_to_open), open_for_(open_for) {}

    /// Whether a call may be made. While half open only the first asker may, until it tells how it went or another span has passed.
    [[nodiscard]] bool allows(TimePoint now) {
        const std::lock_guard lock(mutex_);
        if (failures_ < failures_to_open_) return true;
        if (now < closed_until_) return false;
        closed_until_ = now + open_for_;
        return true;
    }
    void succeeded() {
        const std::lock_guard lock(mutex_);
        failures_ = 0;
    }
    /// True when this failure opened it.
    bool failed(TimePoint now) {
        const std::lock_guard lock(mutex_);
        if (failures_ < failures_to_open_) ++failures_;
        if (failures_ < failures_to_open_) return false;
        const bool was_open = now < closed_until_;
        closed_until_ = now + open_for_;
        return !was_open;
    }

private:
    const std::uint32_t failures_to_open_;
    const std::chrono::milliseconds open_for_;
    std::mutex mutex_;  // guards what follows
    std::uint32_t failures_ = 0;
    TimePoint closed_until_{};
};

}  // namespace streamforge::storage
