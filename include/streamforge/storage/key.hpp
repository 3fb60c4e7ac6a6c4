#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>

namespace streamforge::storage {

/// Longest key in bytes, as S3 has it.
inline constexpr std::size_t max_key_bytes = 1024;

/// Whether `key` names an object on every backend: UTF-8, 1 to 1024 bytes, segments divided by single slashes, no leading or
/// trailing slash, no segment of one or two dots, no control characters. *Errors*: `invalid_argument`, saying which rule broke.
[[nodiscard]] STREAMFORGE_EXPORT Result<void> validate_key(std::string_view key);

/// Whether `prefix` may begin a key: empty, or as a key but allowed to end with `/` or in the middle of a segment.
/// *Errors*: `invalid_argument`.
[[nodiscard]] STREAMFORGE_EXPORT Result<void> validate_prefix(std::string_view prefix);

/// `prefix` and `name` with exactly one `/` between them; `name` alone when the prefix is empty. Pure text: not validated.
[[nodiscard]] STREAMFORGE_EXPORT std::string join_key(std::string_view prefix, std::string_view name);

}  // namespace streamforge::storage
