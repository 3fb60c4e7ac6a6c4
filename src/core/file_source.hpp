#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <streamforge/core/byte_source.hpp>

#include "core/unique_fd.hpp"

namespace streamforge {

/// An open regular file of `size_bytes` as a source.
[[nodiscard]] STREAMFORGE_EXPORT std::shared_ptr<ByteSource> make_file_source(UniqueFd fd, std::uint64_t size_bytes, std::string name);

}  // namespace streamforge
