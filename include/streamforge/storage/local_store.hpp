#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>

#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/storage/object_store.hpp>

namespace streamforge::storage {

struct LocalOptions {
    bool durable = false;  ///< fsync file and folder before a write returns, so that it survives a power cut.
};

/// A folder as a store: the key is the path below it.
///
/// A put writes a temporary file in the target's folder and renames it, so readers never see half a file; folders are made as
/// needed, the root too. Symbolic links are followed only while they stay below the root. ETags are made of size, modification
/// time and inode: they change with every put, and with an edit in place unless it keeps both size and time stamp. Content types
/// come from extensions. Names beginning with ".streamforge-" are its own: not listed, not readable.
/// *Errors*: `invalid_argument` for a relative empty path; a missing folder is made by the first put.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::shared_ptr<ObjectStore>> open_local(const std::filesystem::path& root,
                                                                                 const LocalOptions& options = {});

/// Removes temporary files and unfinished uploads below `root` that were last written more than `older_than` ago, as a crash
/// leaves them; returns how many. *Errors*: `permission_denied`, `io`.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::size_t> remove_local_leftovers(const std::filesystem::path& root,
                                                                            std::chrono::seconds older_than);

}  // namespace streamforge::storage
