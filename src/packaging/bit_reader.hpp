#pragma once

#include <algorithm>
#include <cstdint>

#include <streamforge/core/bytes.hpp>

namespace streamforge::packaging {

/// Reads bits, most significant first. Past the end every read gives 0 and `ok()` is false from then on, so a parser
/// may read on and check once; loops over a count read from the bits must check `ok()` each time round.
class BitReader {
public:
    explicit BitReader(ByteView bytes) : bytes_(bytes) {}

    [[nodiscard]] bool ok() const noexcept { return ok_; }
    [[nodiscard]] std::size_t bit_position() const noexcept { return position_; }
    [[nodiscard]] std::size_t bits_left() const noexcept { return bytes_.size() * 8 - position_; }

    /// `count` ≤ 32 bits.
    std::uint32_t bits(unsigned count) noexcept {
        if (count > bits_left()) {
            fail();
            return 0;
        }
        std::uint64_t value = 0;
        while (count > 0) {
            const unsigned in_byte = 8 - static_cast<unsigned>(position_ % 8);
            const unsigned take = std::min(count, in_byte);
            const unsigned byte = bytes_[position_ / 8];
            value = value << take | ((byte >> (in_byte - take)) & ((1U << take) - 1U));
            position_ += take;
            count -= take;
        }
        return static_cast<std::uint32_t>(value);
    }
    bool flag() noexcept { return bits(1) != 0; }
    void skip(std::size_t count) noexcept {
        if (count > bits_left()) {
            fail();
        } else {
            position_ += count;
        }
    }

    /// Unsigned Exp-Golomb. *Source*: ISO/IEC 14496-10 §9.1.
    std::uint32_t ue() noexcept {
        unsigned zeros = 0;
        while (ok_ && !flag()) ++zeros;
        if (zeros > 31) {
            fail();
            return 0;
        }
        return (std::uint32_t{1} << zeros) - 1 + (zeros == 0 ? 0 : bits(zeros));
    }
    /// Signed Exp-Golomb.
    std::int32_t se() noexcept {
        const std::uint32_t code = ue();
        const auto half = static_cast<std::int32_t>(code / 2 + code % 2);
        return code % 2 == 1 ? half : -half;
    }

private:
    void fail() noexcept {
        ok_ = false;
        position_ = bytes_.size() * 8;
    }

    ByteView bytes_;
    std::size_t position_ = 0;
    bool ok_ = true;
};

}  // namespace streamforge::packaging
