#pragma once

#include <filesystem>
#include <string>

#include <streamforge/core/byte_source.hpp>
#include <streamforge/core/result.hpp>

namespace streamforge::storage {

/// Text that changes when a file does: its length, time of change and inode.
[[nodiscard]] Result<std::string> stamp_of(const std::filesystem::path& path, const ByteSource& source);
/// As above, with a hash of its beginning, middle and end.
[[nodiscard]] Result<std::string> fingerprint_of(const std::filesystem::path& path, const ByteSource& source);

}  // namespace streamforge::storage
