#include "storage/local/local_publish.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <vector>

#include "core/try.hpp"

namespace streamforge::storage {
namespace {

constexpr auto operation = "storage.publish_tree";

/// The key of the folder that holds `prefix`, with a slash at its end; empty for the root.
std::string_view parent_of(std::string_view prefix) {
    const auto slash = prefix.substr(0, prefix.size() - 1).rfind('/');
    return slash == std::string_view::npos ? std::string_view{} : prefix.substr(0, slash + 1);
}

/// A key beside `prefix` for a tree that is being removed: a sweep finds it, should the removal be cut short.
std::string obsolete_key(std::string_view prefix) { return std::string(parent_of(prefix)) + std::string(obsolete_prefix) + random_name(); }

/// Removes the obsolete trees beside `prefix` whose removal was cut short. Nobody reads them: two that remove the same one do
/// each other no harm, and one that stays is only rubbish.
void sweep_obsolete(const LocalFolder& folder, std::string_view prefix) {
    std::error_code ignored;
    std::vector<std::filesystem::path> trees;
    std::filesystem::directory_iterator at(folder.root() / parent_of(prefix), ignored);
    for (const std::filesystem::directory_iterator end; !ignored && at != end; at.increment(ignored)) {
        if (at->path().filename().string().starts_with(obsolete_prefix)) trees.push_back(at->path());
    }
    for (const auto& tree : trees) std::filesystem::remove_all(tree, ignored);
}

std::string_view without_slash(std::string_view prefix) { return prefix.substr(0, prefix.size() - 1); }

int rename_at(const Place& from, const Place& to, unsigned flags) {
    return ::renameat2(from.folder.get(), from.name.c_str(), to.folder.get(), to.name.c_str(), flags);
}

Error cannot_swap(int cause, const std::string& target) {
    auto error = local_error(cause, operation, "cannot put the new tree in its place", target);
    if (cause == EXDEV || cause == EBUSY) {
        error.code = Errc::unsupported;
        error.message = "the folder cannot be renamed (a mount point, or another file system)";
    }
    return error;
}

/// Whether a folder (true), nothing (false) or something else (`not_a_file`) has the target's name.
Result<bool> folder_exists(const Place& target, const std::string& key) {
    struct stat status {};
    if (::fstatat(target.folder.get(), target.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno == ENOENT) return false;
        return local_error(errno, operation, "cannot examine the target", key);
    }
    if (S_ISDIR(status.st_mode)) return true;
    return make_error(Errc::not_a_file, operation, "a file or a link stands where the tree should go").with("key", key);
}

/// For file systems without RENAME_EXCHANGE: away, in, and back when that fails. Readers may find no tree for an instant. A kill
/// amid the steps leaves the old tree under a name that nothing clears, since it may be the only tree there is.
int swap_in_steps(const Place& staging, const Place& target, const Place& aside) {
    const std::string away = std::string(reserved_prefix) + "away-" + random_name();
    const int folder = target.folder.get();
    if (::renameat(folder, target.name.c_str(), folder, away.c_str()) != 0) return errno;
    if (rename_at(staging, target, 0) == 0) {
        ::renameat(folder, away.c_str(), aside.folder.get(), aside.name.c_str());
        return 0;
    }
    const int cause = errno;
    ::renameat(folder, away.c_str(), folder, target.name.c_str());
    return cause;
}

/// Leaves the old tree, if there was one, under `aside`. Returns an errno value.
int swap(const Place& staging, const Place& target, const Place& aside, bool exists) {
    if (!exists && rename_at(staging, target, RENAME_NOREPLACE) == 0) return 0;
    if (!exists && errno == EINVAL) return rename_at(staging, target, 0) == 0 ? 0 : errno;
    if (!exists && errno != EEXIST) return errno;
    if (rename_at(staging, target, RENAME_EXCHANGE) == 0) {
        rename_at(staging, aside, 0);  // a name that a sweep finds, should the removal below be cut short
        return 0;
    }
    return errno == EINVAL || errno == ENOSYS ? swap_in_steps(staging, target, aside) : errno;
}

}  // namespace

Result<void> publish_local_tree(const LocalFolder& folder, const std::string& staging_prefix, const std::string& target_prefix,
                                bool durable) {
    if (!folder.open(staging_prefix, O_PATH | O_DIRECTORY, operation)) {
        return make_error(Errc::not_found, operation, "nothing is staged").with("prefix", staging_prefix);
    }
    SF_ASSIGN(const auto staging, folder.place_of(without_slash(staging_prefix), false, operation));
    SF_ASSIGN(auto target, folder.place_of(without_slash(target_prefix), true, operation));
    SF_ASSIGN(const bool exists, folder_exists(target, target_prefix));
    SF_ASSIGN(const auto aside, folder.place_of(obsolete_key(target_prefix), false, operation));

    if (const int cause = swap(staging, target, aside, exists); cause != 0) return cannot_swap(cause, target_prefix);
    if (durable && (::fsync(target.folder.get()) != 0 || ::fsync(staging.folder.get()) != 0)) {
        return local_error(errno, operation, "cannot make the folder durable", target_prefix);
    }
    // The new tree is published; what is left of the old one is only rubbish, and a failure to remove it no failure.
    sweep_obsolete(folder, target_prefix);
    folder.prune(without_slash(staging_prefix));
    return {};
}

Result<void> remove_local_tree(const LocalFolder& folder, const std::string& prefix) {
    constexpr auto removal = "storage.remove_tree";
    if (auto found = folder.open(prefix, O_PATH | O_DIRECTORY, removal); !found) {
        if (found.error().native_code == ENOENT) return {};
        return std::move(found).error();
    }
    SF_ASSIGN(const auto tree, folder.place_of(without_slash(prefix), false, removal));
    const auto aside_key = obsolete_key(prefix);
    SF_ASSIGN(const auto aside, folder.place_of(aside_key, false, removal));
    if (rename_at(tree, aside, 0) != 0) {
        auto error = local_error(errno, removal, "cannot move the folder aside", prefix);
        if (error.native_code == EBUSY || error.native_code == EXDEV) error.code = Errc::unsupported;  // a mount point
        return error;
    }
    std::error_code error;
    std::filesystem::remove_all(folder.root() / aside_key, error);
    if (error && error != std::errc::no_such_file_or_directory) {  // a sweep may have been quicker
        return local_error(error.value(), removal, "cannot remove the folder", prefix);
    }
    sweep_obsolete(folder, prefix);
    folder.prune(without_slash(prefix));
    return {};
}

}  // namespace streamforge::storage
