#pragma once

#include <span>
#include <string_view>

#include <streamforge/core/bytes.hpp>
#include <streamforge/core/export.hpp>

namespace streamforge::crypto {

/// Whether both hold the same bytes, in a time that depends on the length alone. Different lengths are unequal at once.
[[nodiscard]] STREAMFORGE_EXPORT bool equal_constant_time(ByteView a, ByteView b) noexcept;
[[nodiscard]] STREAMFORGE_EXPORT bool equal_constant_time(std::string_view a, std::string_view b) noexcept;

/// Overwrites secret bytes in a way that the compiler may not drop.
STREAMFORGE_EXPORT void wipe(std::span<std::uint8_t> bytes) noexcept;

}  // namespace streamforge::crypto
