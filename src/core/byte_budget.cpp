#include <streamforge/core/byte_budget.hpp>

#include <algorithm>

namespace streamforge {

ByteTicket& ByteTicket::operator=(ByteTicket&& other) noexcept {
    if (this != &other) {
        release();
        budget_ = std::exchange(other.budget_, nullptr);
        bytes_ = std::exchange(other.bytes_, 0);
    }
    return *this;
}

void ByteTicket::release() noexcept {
    if (budget_ != nullptr) std::exchange(budget_, nullptr)->give_back(std::exchange(bytes_, 0));
}

Result<ByteTicket> ByteBudget::acquire(std::uint64_t bytes, std::stop_token stop) {
    std::unique_lock lock(mutex_);
    const bool granted = freed_.wait(lock, stop, [&] { return held_ == 0 || (bytes <= limit_ && held_ <= limit_ - bytes); });
    if (!granted) return make_error(Errc::cancelled, "core.budget", "stopped while waiting for memory");
    held_ += bytes;
    peak_ = std::max(peak_, held_);
    return ByteTicket(this, bytes);
}

std::uint64_t ByteBudget::held_bytes() const {
    const std::lock_guard lock(mutex_);
    return held_;
}

std::uint64_t ByteBudget::peak_bytes() const {
    const std::lock_guard lock(mutex_);
    return peak_;
}

void ByteBudget::give_back(std::uint64_t bytes) noexcept {
    {
        const std::lock_guard lock(mutex_);
        held_ -= bytes;
    }
    freed_.notify_all();
}

}  // namespace streamforge
