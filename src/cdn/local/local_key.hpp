#pragma once

#include <string_view>

#include <streamforge/cdn/key_ring.hpp>

namespace streamforge::cdn::local {

/// 1 to 32 of [A-Za-z0-9_-].
[[nodiscard]] bool is_key_id(std::string_view id) noexcept;

/// *Errors*: `invalid_argument`, naming the key.
[[nodiscard]] Result<void> check_keys(const KeySet& keys);

}  // namespace streamforge::cdn::local
