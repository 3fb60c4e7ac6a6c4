#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>

#include <streamforge/core/export.hpp>
#include <streamforge/core/random.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/http/headers.hpp>

namespace streamforge::http {

/// Waits, or returns `cancelled` at once when asked to stop. Injected, so that tests do not wait.
using Sleep = std::function<Result<void>(std::chrono::milliseconds, std::stop_token)>;
/// Puts the calling thread to sleep.
[[nodiscard]] STREAMFORGE_EXPORT Sleep thread_sleep();

/// Why another attempt may help: `fresh` needs no waiting and costs nothing (a reused connection had died, credentials were
/// renewed, the clock was corrected).
enum class RetryKind : std::uint8_t { none, fresh, transient, throttling };

/// The standard policy: exponential waits with full jitter, bounded by attempts and by a budget shared by all calls.
/// *Source*: AWS SDKs' standard retry mode.
struct RetryPolicy {
    std::uint32_t max_attempts = 8;  ///< The first one included; 1 to 100.
    std::chrono::milliseconds transient_base{50};
    std::chrono::milliseconds throttling_base{1000};
    std::chrono::milliseconds max_delay{20'000};  ///< Before jitter.
    std::uint32_t budget_tokens = 500;            ///< Shared; 0: no retries at all.
    std::uint32_t transient_cost = 14;
    std::uint32_t throttling_cost = 5;

    /// *Errors*: `invalid_argument`, naming the field.
    [[nodiscard]] STREAMFORGE_EXPORT Result<void> validate() const;
};

/// How long to wait before attempt `attempt` (2: the first repetition). `jitter` is from 0 up to 1. What the remote asked for
/// counts from the computed wait up to 5 s above it. Pure.
[[nodiscard]] STREAMFORGE_EXPORT std::chrono::milliseconds retry_delay(const RetryPolicy& policy, RetryKind kind, std::uint32_t attempt,
                                                                       double jitter,
                                                                       std::optional<std::chrono::milliseconds> asked = std::nullopt);

/// What `x-amz-retry-after` (milliseconds) or `Retry-After` (seconds) says. A date is not understood.
[[nodiscard]] STREAMFORGE_EXPORT std::optional<std::chrono::milliseconds> retry_after(const Headers& headers);

/// Tokens that repetitions take and successes give back, so that a store in trouble is not buried. *Thread safety*: all calls.
class STREAMFORGE_EXPORT RetryBudget {
public:
    explicit RetryBudget(std::uint32_t tokens) : tokens_(tokens), capacity_(tokens) {}
    /// False when there are not enough left.
    [[nodiscard]] bool take(std::uint32_t cost);
    void give_back(std::uint32_t cost);
    [[nodiscard]] std::uint32_t left() const;

private:
    mutable std::mutex mutex_;
    std::uint32_t tokens_;
    std::uint32_t capacity_;
};

/// Policy, budget and the injected world, shared by all calls of a client. *Thread safety*: all calls.
class STREAMFORGE_EXPORT Retrier {
public:
    Retrier(RetryPolicy policy, Random random, Sleep sleep);

    /// One call's attempts. *Thread safety*: none.
    class STREAMFORGE_EXPORT Attempts {
    public:
        /// Waits as the policy wants. False: give up, and report the failure. *Errors*: `cancelled`.
        [[nodiscard]] Result<bool> again(RetryKind kind, std::optional<std::chrono::milliseconds> asked, std::stop_token stop);
        /// Gives back what this call took from the budget.
        void succeeded();
        [[nodiscard]] std::uint32_t made() const noexcept { return made_; }

    private:
        friend class Retrier;
        explicit Attempts(Retrier& retrier) : retrier_(&retrier) {}
        Retrier* retrier_;
        std::uint32_t made_ = 1;
        std::uint32_t fresh_ = 0;
        std::uint32_t taken_ = 0;
    };
    [[nodiscard]] Attempts begin() { return Attempts(*this); }
    [[nodiscard]] const RetryPolicy& policy() const noexcept { return policy_; }
    [[nodiscard]] RetryBudget& budget() noexcept { return budget_; }

private:
    [[nodiscard]] double jitter();
    RetryPolicy policy_;
    RetryBudget budget_;
    Random random_;
    Sleep sleep_;
};

}  // namespace streamforge::http
