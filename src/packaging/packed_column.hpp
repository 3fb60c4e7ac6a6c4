#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <span>
#include <vector>

namespace streamforge::packaging {

/// A column of integers in blocks of 128, each block stored as base + step × packed bits: nothing for a constant block,
/// a few bits a value where values are alike. Any value is found in constant time.
class PackedColumn {
public:
    static constexpr std::size_t block_size = 128;
    using Block = std::array<std::int64_t, block_size>;

    void append(std::int64_t value) {
        if (!pending_) pending_ = std::make_unique<Block>();
        (*pending_)[pending_count_++] = value;
        if (pending_count_ == block_size) seal();
    }
    /// After the last value: gives back memory that growing left over.
    void finish() {
        if (pending_count_ > 0) seal();
        pending_.reset();
        heads_.shrink_to_fit();
        words_.shrink_to_fit();
    }

    /// A value of a sealed block (all of them after `finish`).
    [[nodiscard]] std::int64_t at(std::size_t index) const noexcept {
        const Head& head = heads_[index / block_size];
        return head.base + static_cast<std::int64_t>(head.step * bits(head, index % block_size));
    }
    /// Unpacks block `number` whole; values past the last one are the block's base.
    void unpack(std::size_t number, Block& into) const noexcept {
        const Head& head = heads_[number];
        if (head.width == 0) {
            into.fill(head.base);
            return;
        }
        for (std::size_t i = 0; i < block_size; ++i) {
            into[i] = head.base + static_cast<std::int64_t>(head.step * bits(head, i));
        }
    }
    [[nodiscard]] std::size_t memory_bytes() const noexcept {
        return heads_.capacity() * sizeof(Head) + words_.capacity() * sizeof(std::uint64_t);
    }

private:
    static constexpr unsigned step_bits = 25;
    struct Head {
        std::int64_t base = 0;
        std::uint32_t word = 0;
        std::uint32_t width : 7 = 0;
        std::uint32_t step : step_bits = 1;
    };
    static_assert(sizeof(Head) == 16);

    [[nodiscard]] std::uint64_t bits(const Head& head, std::size_t index) const noexcept {
        if (head.width == 0) return 0;
        const std::size_t bit = index * head.width;
        const std::size_t word = head.word + bit / 64;
        const unsigned shift = bit % 64;
        std::uint64_t value = words_[word] >> shift;
        if (shift + head.width > 64) value |= words_[word + 1] << (64 - shift);
        return head.width == 64 ? value : value & ((std::uint64_t{1} << head.width) - 1);
    }

    void seal() {
        const std::span<const std::int64_t> values(pending_->data(), pending_count_);
        Head head;
        head.base = values.front();
        for (const std::int64_t value : values) head.base = std::min(head.base, value);
        // Unsigned: the distance of two signed values always fits.
        const auto distance = [&](std::int64_t value) { return static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(head.base); };
        std::uint64_t largest = 0;
        std::uint64_t step = 0;
        for (const std::int64_t value : values) {
            largest = std::max(largest, distance(value));
            step = std::gcd(step, distance(value));
        }
        if (step == 0 || step >= (std::uint64_t{1} << step_bits)) step = 1;
        head.step = static_cast<std::uint32_t>(step);
        head.width = static_cast<std::uint32_t>(std::bit_width(largest / step));
        head.word = static_cast<std::uint32_t>(words_.size());
        // A block always takes whole words for all its places, so that unpacking needs no bound.
        words_.resize(words_.size() + (std::size_t{head.width} * block_size + 63) / 64);
        for (std::size_t i = 0; i < values.size(); ++i) put(head, i, distance(values[i]) / step);
        heads_.push_back(head);
        pending_count_ = 0;
    }

    void put(const Head& head, std::size_t index, std::uint64_t value) {
        if (head.width == 0) return;
        const std::size_t bit = index * head.width;
        const std::size_t word = head.word + bit / 64;
        const unsigned shift = bit % 64;
        words_[word] |= value << shift;
        if (shift + head.width > 64) words_[word + 1] |= value >> (64 - shift);
    }

    std::vector<Head> heads_;
    std::vector<std::uint64_t> words_;
    std::unique_ptr<Block> pending_;
    std::size_t pending_count_ = 0;
};

}  // namespace streamforge::packaging
