#include "storage/transfer/part_concurrency.hpp"

#include <algorithm>

namespace streamforge::storage {
namespace {

constexpr std::uint32_t modest = 3;
/// Stores at a distance give a connection less (AWS speaks of 85 to 90 MB/s).
constexpr double slow_bytes_per_second = 128e6;
constexpr double worth_while = 1.1;

PartConcurrency::Clock::duration time_of(std::uint64_t bytes) {
    return std::chrono::duration_cast<PartConcurrency::Clock::duration>(
        std::chrono::duration<double>(static_cast<double>(bytes) / slow_bytes_per_second));
}

}  // namespace

PartConcurrency::PartConcurrency(std::uint32_t limit, Clock::time_point now)
    : limit_(limit), permitted_(std::min(limit, modest)), last_(now), window_begin_(now) {}

PartConcurrency::Clock::time_point PartConcurrency::slow_at(std::uint64_t part_bytes) const noexcept {
    constexpr std::chrono::milliseconds overhead{10};  // of a request, whatever its length
    return last_ + time_of(part_bytes) + overhead;
}

void PartConcurrency::acknowledged(std::uint64_t bytes, Clock::duration took, Clock::time_point now) {
    last_ = now;
    if (took > time_of(bytes)) permitted_ = limit_;
    if (permitted_ == limit_ || settled_) return;
    window_bytes_ += bytes;
    if (++window_parts_ < permitted_) return;
    const std::chrono::duration<double> seconds = now - window_begin_;
    if (warm_ && seconds.count() > 0) compare(static_cast<double>(window_bytes_) / seconds.count());
    warm_ = true;
    window_begin_ = now;
    window_bytes_ = 0;
    window_parts_ = 0;
}

void PartConcurrency::compare(double bytes_per_second) {
    if (bytes_per_second > best_bytes_per_second_ * worth_while) {
        best_bytes_per_second_ = bytes_per_second;
        before_ = permitted_;
        permitted_ = std::min(limit_, permitted_ + permitted_ / 2 + 1);
    } else {
        settled_ = true;
        permitted_ = before_;
    }
}

}  // namespace streamforge::storage
