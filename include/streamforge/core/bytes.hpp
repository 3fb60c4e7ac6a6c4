#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace streamforge {

/// Owned bytes.
using Bytes = std::vector<std::uint8_t>;

/// Borrowed bytes. *Lifetime*: valid only as long as the owner says.
using ByteView = std::span<const std::uint8_t>;

/// Bytes `[offset, offset + length)` of an object.
struct ByteRange {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;

    friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

}  // namespace streamforge
