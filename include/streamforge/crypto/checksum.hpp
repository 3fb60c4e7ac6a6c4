#pragma once

#include <cstdint>

#include <streamforge/core/bytes.hpp>
#include <streamforge/core/export.hpp>

namespace streamforge::crypto {

/// CRC-32C (Castagnoli) of `bytes`, going on from `previous` (0 to start). *Source*: RFC 3720 appendix B.4.
[[nodiscard]] STREAMFORGE_EXPORT std::uint32_t crc32c(ByteView bytes, std::uint32_t previous = 0) noexcept;
/// The CRC of A followed by B, from the CRC of each and B's length.
[[nodiscard]] STREAMFORGE_EXPORT std::uint32_t crc32c_combine(std::uint32_t a, std::uint32_t b, std::uint64_t length_b_bytes) noexcept;

/// CRC-64/NVME of `bytes`, going on from `previous` (0 to start). *Source*: NVM Express NVM Command Set 1.0 §5.2.1.3.4.
[[nodiscard]] STREAMFORGE_EXPORT std::uint64_t crc64nvme(ByteView bytes, std::uint64_t previous = 0) noexcept;
/// The CRC of A followed by B, from the CRC of each and B's length.
[[nodiscard]] STREAMFORGE_EXPORT std::uint64_t crc64nvme_combine(std::uint64_t a, std::uint64_t b, std::uint64_t length_b_bytes) noexcept;

}  // namespace streamforge::crypto
