#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <streamforge/core/bytes.hpp>
#include <streamforge/core/result.hpp>

namespace streamforge::storage {

/// What of `size_bytes` a `get` with `range` covers. *Errors*: `invalid_argument` when it begins at or past the end.
[[nodiscard]] inline Result<ByteRange> clip_range(const std::optional<ByteRange>& range, std::uint64_t size_bytes, const std::string& key) {
    if (!range) return ByteRange{0, size_bytes};
    if (range->offset >= size_bytes) {
        return make_error(Errc::invalid_argument, "storage.get", "the range begins past the object's end")
            .with("key", key)
            .with("size_bytes", std::to_string(size_bytes));
    }
    const auto left = size_bytes - range->offset;
    return ByteRange{range->offset, range->length < left ? range->length : left};
}

}  // namespace streamforge::storage
