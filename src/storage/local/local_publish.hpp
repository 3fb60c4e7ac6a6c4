#pragma once

#include <streamforge/core/result.hpp>

#include "storage/local/local_folder.hpp"

namespace streamforge::storage {

/// Swaps the folder `staging` into the place of `target` and removes what stood there; both are prefixes that end with '/'.
/// *Errors*: `not_found`, `not_a_file`; `unsupported` when the target cannot be renamed (a mount point, another file system).
[[nodiscard]] Result<void> publish_local_tree(const LocalFolder& folder, const std::string& staging, const std::string& target,
                                              bool durable);

/// Removes the folder `prefix` with all that is in it; it vanishes as a whole. Nothing there is no error.
/// *Errors*: `not_a_file` when no folder stands there, and the system's.
[[nodiscard]] Result<void> remove_local_tree(const LocalFolder& folder, const std::string& prefix);

}  // namespace streamforge::storage
