#include <streamforge/http/retry.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <condition_variable>

#include "core/try.hpp"

namespace streamforge::http {
namespace {

constexpr std::chrono::milliseconds asked_at_most_above{5000};
constexpr std::uint32_t max_fresh = 4;  // a remote that always closes at once must not be asked for ever

std::optional<std::int64_t> parse_count(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
}

Error bad_policy(std::string message) { return make_error(Errc::invalid_argument, "http.retry", std::move(message)); }

}  // namespace

Sleep thread_sleep() {
    return [](std::chrono::milliseconds span, const std::stop_token& stop) -> Result<void> {
        std::mutex mutex;
        std::condition_variable_any never;
        std::unique_lock lock(mutex);
        (void)never.wait_for(lock, stop, span, [] { return false; });
        if (stop.stop_requested()) return make_error(Errc::cancelled, "http.retry", "stopped while waiting to try again");
        return {};
    };
}

Result<void> RetryPolicy::validate() const {
    if (max_attempts == 0 || max_attempts > 100) return bad_policy("max_attempts must be from 1 to 100");
    if (transient_base.count() < 0 || throttling_base.count() < 0) return bad_policy("the base delays must not be negative");
    if (max_delay.count() < 0 || max_delay > std::chrono::hours(1)) return bad_policy("max_delay must be from 0 to 1 h");
    return {};
}

std::chrono::milliseconds retry_delay(const RetryPolicy& policy, RetryKind kind, std::uint32_t attempt, double jitter,
                                      std::optional<std::chrono::milliseconds> asked) {
    if (kind == RetryKind::none || kind == RetryKind::fresh || attempt < 2) return std::chrono::milliseconds{0};
    const auto base = kind == RetryKind::throttling ? policy.throttling_base : policy.transient_base;
    auto full = std::min(base, policy.max_delay);
    for (std::uint32_t step = 2; step < attempt && full < policy.max_delay; ++step) full = std::min(full * 2, policy.max_delay);
    const auto computed = std::chrono::milliseconds(static_cast<std::int64_t>(static_cast<double>(full.count()) * jitter));
    if (!asked) return computed;
    return std::clamp(*asked, computed, computed + asked_at_most_above);
}

std::optional<std::chrono::milliseconds> retry_after(const Headers& headers) {
    constexpr std::int64_t a_day_seconds = 86'400;
    if (const auto text = headers.find("x-amz-retry-after")) {
        if (const auto value = parse_count(*text)) return std::chrono::milliseconds(std::min(*value, a_day_seconds * 1000));
    }
    if (const auto text = headers.find("retry-after")) {
        if (const auto value = parse_count(*text)) return std::chrono::seconds(std::min(*value, a_day_seconds));
    }
    return std::nullopt;
}

bool RetryBudget::take(std::uint32_t cost) {
    const std::lock_guard lock(mutex_);
    if (cost > tokens_) return false;
    tokens_ -= cost;
    return true;
}

void RetryBudget::give_back(std::uint32_t cost) {
    const std::lock_guard lock(mutex_);
    tokens_ += std::min(cost, capacity_ - tokens_);
}

std::uint32_t RetryBudget::left() const {
    const std::lock_guard lock(mutex_);
    return tokens_;
}

Retrier::Retrier(RetryPolicy policy, Random random, Sleep sleep)
    : policy_(policy), budget_(policy.budget_tokens), random_(std::move(random)), sleep_(std::move(sleep)) {}

double Retrier::jitter() {
    std::array<std::uint8_t, 4> bytes{};
    random_(bytes);
    std::uint32_t word = 0;
    for (const auto byte : bytes) word = (word << 8) | byte;
    return static_cast<double>(word) / 4294967296.0;
}

Result<bool> Retrier::Attempts::again(RetryKind kind, std::optional<std::chrono::milliseconds> asked, std::stop_token stop) {
    const auto& policy = retrier_->policy_;
    if (kind == RetryKind::none) return false;
    if (kind == RetryKind::fresh) return ++fresh_ <= max_fresh;
    if (made_ >= policy.max_attempts) return false;
    const auto cost = kind == RetryKind::throttling ? policy.throttling_cost : policy.transient_cost;
    if (policy.budget_tokens == 0 || !retrier_->budget_.take(cost)) return false;
    taken_ += cost;
    ++made_;
    SF_TRY(retrier_->sleep_(retry_delay(policy, kind, made_, retrier_->jitter(), asked), std::move(stop)));
    return true;
}

void Retrier::Attempts::succeeded() {
    // One token for a call that needed no repetition, as the standard mode has it.
    retrier_->budget_.give_back(taken_ == 0 ? 1 : taken_);
    taken_ = 0;
}

}  // namespace streamforge::http
