#pragma once

#include <chrono>
#include <cstdint>

namespace streamforge::storage {

/// How many parts of one upload may be on their way at once.
///
/// Many connections are for networks, where each one is slow: the first slow part permits them all. Where a few are quick, more are
/// added only while the whole gets quicker by them; else they would only take memory, and time to fill it. Pure, but for the times it
/// is told. *Thread safety*: none.
class PartConcurrency {
public:
    using Clock = std::chrono::steady_clock;

    PartConcurrency(std::uint32_t limit, Clock::time_point now);

    [[nodiscard]] std::uint32_t permitted() const noexcept { return permitted_; }
    /// When, if no part is acknowledged before, the next one of this length counts as slow.
    [[nodiscard]] Clock::time_point slow_at(std::uint64_t part_bytes) const noexcept;
    void acknowledged(std::uint64_t bytes, Clock::duration took, Clock::time_point now);
    /// Nothing was acknowledged until `slow_at`.
    void waited_in_vain() noexcept { permitted_ = limit_; }

private:
    void compare(double bytes_per_second);

    std::uint32_t limit_;
    std::uint32_t permitted_;
    std::uint32_t before_ = 0;  ///< What was permitted before the last addition.
    bool settled_ = false;
    double best_bytes_per_second_ = 0;
    Clock::time_point last_;
    // As many acknowledgements as there are parts on their way are measured together; the first ones only warm up.
    Clock::time_point window_begin_;
    std::uint64_t window_bytes_ = 0;
    std::uint32_t window_parts_ = 0;
    bool warm_ = false;
};

}  // namespace streamforge::storage
