#include "storage/local/local_folder.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>

#include <streamforge/core/random.hpp>
#include <streamforge/storage/content_type.hpp>

#include "core/try.hpp"

namespace streamforge::storage {
namespace {

/// For kernels (or sandboxes) without openat2: segment by segment, following no link at all.
int open_strictly(int root, const std::string& path, int flags) {
    UniqueFd folder(::fcntl(root, F_DUPFD_CLOEXEC, 0));
    std::size_t at = 0;
    while (folder) {
        const auto slash = path.find('/', at);
        const auto segment = path.substr(at, slash == std::string::npos ? slash : slash - at);
        if (slash == std::string::npos) return ::openat(folder.get(), segment.c_str(), flags | O_NOFOLLOW | O_CLOEXEC);
        folder = UniqueFd(::openat(folder.get(), segment.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        at = slash + 1;
    }
    return -1;
}

int open_beneath(int root, const std::string& path, int flags) {
    open_how how{};
    how.flags = static_cast<std::uint64_t>(static_cast<unsigned>(flags | O_CLOEXEC));
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    constexpr int attempts = 16;  // EAGAIN: a rename ran beside the lookup, and the kernel could not prove containment
    for (int attempt = 0; attempt < attempts; ++attempt) {
        const auto fd = ::syscall(SYS_openat2, root, path.c_str(), &how, sizeof(how));
        if (fd >= 0) return static_cast<int>(fd);
        if (errno == ENOSYS || errno == EPERM) break;
        if (errno != EAGAIN && errno != EINTR) return -1;
    }
    return open_strictly(root, path, flags);
}

}  // namespace

bool is_reserved(std::string_view key) noexcept {
    for (std::size_t at = 0; at <= key.size();) {
        if (key.substr(at).starts_with(reserved_prefix)) return true;
        const auto slash = key.find('/', at);
        if (slash == std::string_view::npos) break;
        at = slash + 1;
    }
    return false;
}

Error local_error(int errno_value, const char* operation, std::string what, std::string_view key) {
    auto error = error_from_errno(errno_value, operation, std::move(what));
    if (errno_value == EXDEV || errno_value == ELOOP) {
        error.code = Errc::permission_denied;
        error.message = "the key leads out of the store's folder through a symbolic link";
    }
    return std::move(error).with("key", std::string(key));
}

Result<UniqueFd> LocalFolder::open(std::string_view path, int flags, const char* operation) const {
    if (path.ends_with('/')) path.remove_suffix(1);
    const int root_flags = path.empty() ? flags | O_DIRECTORY : O_PATH | O_DIRECTORY;
    UniqueFd root(::open(root_.c_str(), root_flags | O_CLOEXEC));
    if (!root) return local_error(errno, operation, "cannot open the store's folder", path).with("root", root_.string());
    if (path.empty()) return root;
    UniqueFd fd(open_beneath(root.get(), std::string(path), flags));
    if (!fd) return local_error(errno, operation, "cannot open it", path);
    return fd;
}

Result<UniqueFd> LocalFolder::open_or_make(std::string_view path, const char* operation) const {
    constexpr int folder_flags = O_RDONLY | O_DIRECTORY;
    auto found = open(path, folder_flags, operation);
    if (found || found.error().native_code != ENOENT) return found;
    if (path.empty()) {
        std::error_code error;
        std::filesystem::create_directories(root_, error);
        if (error) return local_error(error.value(), operation, "cannot make the store's folder", path);
        return open(path, folder_flags, operation);
    }
    const auto slash = path.rfind('/');
    SF_ASSIGN(const auto parent, open_or_make(slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash), operation));
    const std::string name(slash == std::string_view::npos ? path : path.substr(slash + 1));
    constexpr mode_t mode = 0777;  // the umask decides
    if (::mkdirat(parent.get(), name.c_str(), mode) != 0 && errno != EEXIST) {
        return local_error(errno, operation, "cannot make a folder", path);
    }
    return open(path, folder_flags, operation);
}

Result<Place> LocalFolder::place_of(std::string_view key, bool create, const char* operation) const {
    const auto slash = key.rfind('/');
    const auto folder = slash == std::string_view::npos ? std::string_view{} : key.substr(0, slash);
    std::string name(slash == std::string_view::npos ? key : key.substr(slash + 1));
    auto fd = create ? open_or_make(folder, operation) : open(folder, O_RDONLY | O_DIRECTORY, operation);
    if (!fd) {
        auto error = std::move(fd).error();
        if (create && error.native_code == ENOTDIR) {
            error.code = Errc::not_a_file;
            error.message = "a file stands where a folder is needed";
        }
        return error;
    }
    return Place{*std::move(fd), std::move(name)};
}

void LocalFolder::prune(std::string_view key) const noexcept {
    for (auto slash = key.rfind('/'); slash != std::string_view::npos; slash = key.rfind('/')) {
        key = key.substr(0, slash);
        const auto place = place_of(key, false, "storage.prune");
        if (!place || ::unlinkat(place->folder.get(), place->name.c_str(), AT_REMOVEDIR) != 0) return;
    }
}

std::string etag_of(const struct stat& status) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string etag = "\"";
    const auto append = [&](std::uint64_t value) {
        std::array<char, 16> text{};
        std::size_t at = text.size();
        do {
            text[--at] = digits[value & 15];
            value >>= 4;
        } while (value != 0);
        etag.append(text.data() + at, text.size() - at);
    };
    append(static_cast<std::uint64_t>(status.st_size));
    etag += '-';
    append(static_cast<std::uint64_t>(status.st_mtim.tv_sec) * 1'000'000'000U + static_cast<std::uint64_t>(status.st_mtim.tv_nsec));
    etag += '-';
    append(static_cast<std::uint64_t>(status.st_ino));
    etag += '"';
    return etag;
}

ObjectInfo info_of(const struct stat& status, std::string key) {
    using namespace std::chrono;
    ObjectInfo info;
    info.size_bytes = static_cast<std::uint64_t>(status.st_size);
    info.etag = etag_of(status);
    info.content_type = content_type_for(key);
    info.last_modified = std::chrono::system_clock::time_point(
        duration_cast<std::chrono::system_clock::duration>(seconds(status.st_mtim.tv_sec) + nanoseconds(status.st_mtim.tv_nsec)));
    info.key = std::move(key);
    return info;
}

std::string random_name() {
    constexpr std::string_view digits = "0123456789abcdef";
    std::array<std::uint8_t, 8> bytes{};
    system_random()(bytes);
    std::string name;
    for (const auto byte : bytes) {
        name += digits[byte >> 4];
        name += digits[byte & 15];
    }
    return name;
}

}  // namespace streamforge::storage
