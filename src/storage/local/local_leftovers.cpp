#include <filesystem>

#include <streamforge/storage/local_store.hpp>

#include "storage/local/local_folder.hpp"

namespace streamforge::storage {
namespace {

namespace fs = std::filesystem;

bool is_leftover(const fs::path& path) {
    const auto name = path.filename().string();
    if (name.starts_with(temporary_prefix) || name.starts_with(obsolete_prefix)) return true;
    return path.parent_path().filename() == uploads_folder;
}

/// When anything in `path` was written last.
fs::file_time_type last_written(const fs::path& path) {
    std::error_code error;
    auto newest = fs::last_write_time(path, error);
    for (fs::recursive_directory_iterator at(path, error), end; !error && at != end; at.increment(error)) {
        std::error_code ignored;
        newest = std::max(newest, fs::last_write_time(at->path(), ignored));
    }
    return newest;
}

}  // namespace

Result<std::size_t> remove_local_leftovers(const fs::path& root, std::chrono::seconds older_than) {
    const auto limit = fs::file_time_type::clock::now() - older_than;
    std::error_code error;
    std::vector<fs::path> leftovers;
    fs::recursive_directory_iterator at(root, fs::directory_options::skip_permission_denied, error);
    for (const fs::recursive_directory_iterator end; !error && at != end; at.increment(error)) {
        if (!is_leftover(at->path())) continue;
        std::error_code ignored;
        if (at->is_directory(ignored)) at.disable_recursion_pending();
        if (last_written(at->path()) < limit) leftovers.push_back(at->path());
    }
    if (error) return local_error(error.value(), "storage.remove_leftovers", "cannot search the folder", root.string());
    for (const auto& path : leftovers) {
        fs::remove_all(path, error);
        if (error) return local_error(error.value(), "storage.remove_leftovers", "cannot remove a leftover", path.string());
    }
    fs::remove(root / uploads_folder, error);  // only when nothing is left in it
    return leftovers.size();
}

}  // namespace streamforge::storage
