#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <stop_token>
#include <utility>

#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>

namespace streamforge {

class ByteBudget;

/// The right to hold some bytes of a `ByteBudget`, given back when it goes.
class STREAMFORGE_EXPORT ByteTicket {
public:
    ByteTicket() = default;
    ByteTicket(ByteTicket&& other) noexcept : budget_(std::exchange(other.budget_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
    ByteTicket& operator=(ByteTicket&& other) noexcept;
    ~ByteTicket() { release(); }
    void release() noexcept;
    [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }

private:
    friend class ByteBudget;
    ByteTicket(ByteBudget* budget, std::uint64_t bytes) : budget_(budget), bytes_(bytes) {}
    ByteBudget* budget_ = nullptr;
    std::uint64_t bytes_ = 0;
};

/// A bound on the memory that several workers hold together. Whoever allocates takes a ticket first.
///
/// *Lifetime*: must outlive its tickets. *Thread safety*: all calls.
class STREAMFORGE_EXPORT ByteBudget {
public:
    explicit ByteBudget(std::uint64_t limit_bytes) : limit_(limit_bytes) {}
    ByteBudget(const ByteBudget&) = delete;
    ByteBudget& operator=(const ByteBudget&) = delete;

    /// Waits until `bytes` are free. A request above the whole limit is granted alone, when nothing else is held, so
    /// that one large item cannot block for ever. *Errors*: `cancelled`.
    [[nodiscard]] Result<ByteTicket> acquire(std::uint64_t bytes, std::stop_token stop = {});
    [[nodiscard]] std::uint64_t held_bytes() const;
    [[nodiscard]] std::uint64_t peak_bytes() const;

private:
    friend class ByteTicket;
    void give_back(std::uint64_t bytes) noexcept;

    mutable std::mutex mutex_;
    std::condition_variable_any freed_;
    std::uint64_t limit_;
    std::uint64_t held_ = 0;
    std::uint64_t peak_ = 0;
};

}  // namespace streamforge
