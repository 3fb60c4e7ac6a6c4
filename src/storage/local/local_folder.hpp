#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <sys/stat.h>

#include <streamforge/core/result.hpp>
#include <streamforge/storage/object_info.hpp>

#include "core/unique_fd.hpp"

namespace streamforge::storage {

/// Names that begin so are the store's own: temporary files, uploads, trees being removed.
inline constexpr std::string_view reserved_prefix = ".streamforge-";
inline constexpr std::string_view temporary_prefix = ".streamforge-tmp-";
inline constexpr std::string_view obsolete_prefix = ".streamforge-old-";
inline constexpr std::string_view uploads_folder = ".streamforge-uploads";

/// Whether any segment of `key` is reserved.
[[nodiscard]] bool is_reserved(std::string_view key) noexcept;

/// A folder that holds a key, and the key's last segment.
struct Place {
    UniqueFd folder;
    std::string name;
};

/// A root folder whose descendants are opened without ever leaving it: not by `..`, not through symbolic links.
///
/// The root is looked up by its path at each call, so a tree swapped into its place is seen at once.
/// *Thread safety*: all calls.
class LocalFolder {
public:
    explicit LocalFolder(std::filesystem::path root) : root_(std::move(root)) {}

    [[nodiscard]] const std::filesystem::path& root() const noexcept { return root_; }

    /// Opens `path` (relative; empty for the root itself) with `flags` of open(2). *Errors*: errno's, `permission_denied`
    /// when a symbolic link leads out of the root.
    [[nodiscard]] Result<UniqueFd> open(std::string_view path, int flags, const char* operation) const;

    /// The folder of `key`. With `create`, missing folders are made, the root too. *Errors*: `not_found`; `not_a_file` when a
    /// file stands where a folder is needed.
    [[nodiscard]] Result<Place> place_of(std::string_view key, bool create, const char* operation) const;

    /// Removes empty folders from `key`'s upwards, never the root. Failure to do so is no error.
    void prune(std::string_view key) const noexcept;

private:
    [[nodiscard]] Result<UniqueFd> open_or_make(std::string_view path, const char* operation) const;
    std::filesystem::path root_;
};

/// What a store tells of the regular file `status`.
[[nodiscard]] ObjectInfo info_of(const struct stat& status, std::string key);
[[nodiscard]] std::string etag_of(const struct stat& status);

/// `errno_value` as the store's error for `key`.
[[nodiscard]] Error local_error(int errno_value, const char* operation, std::string what, std::string_view key);

/// 16 random hex digits.
[[nodiscard]] std::string random_name();

}  // namespace streamforge::storage
