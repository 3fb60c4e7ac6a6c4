#pragma once

#include <filesystem>
#include <string>

#include <streamforge/core/byte_source.hpp>
#include <streamforge/core/result.hpp>

namespace streamforge::storage {

/// Text that changes when a file does: its length, time of change, inode, and a hash of its beginning, middle and end.
[[nodiscard]] Result<std::string> fingerprint_of(const std::filesystem::path& path, const ByteSource& source);

}  // namespace streamforge::storage
