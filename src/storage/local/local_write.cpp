#include "storage/local/local_write.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/file.h>
#include <vector>

#include "core/try.hpp"

namespace streamforge::storage {
namespace {

constexpr std::size_t slice_bytes = std::size_t{256} << 10;

/// Writers that look before they replace (`exclusive`) keep all others out of the folder meanwhile; plain writers only them.
/// The lock goes with the descriptor.
int lock_folder(int folder, bool exclusive) {
    int status = 0;
    do {
        status = ::flock(folder, exclusive ? LOCK_EX : LOCK_SH);
    } while (status != 0 && errno == EINTR);
    return status;
}

bool is_folder(int folder, const std::string& name) {
    struct stat status {};
    return ::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(status.st_mode);
}

}  // namespace

Error PendingFile::failed(int errno_value, const char* what) const { return local_error(errno_value, operation_, what, key_); }

Result<PendingFile> PendingFile::create(const LocalFolder& folder, const std::string& key, const char* operation) {
    constexpr int attempts = 8;
    for (int attempt = 1;; ++attempt) {
        SF_ASSIGN(auto place, folder.place_of(key, true, operation));
        std::string temporary(temporary_prefix);
        temporary += random_name();
        constexpr mode_t mode = 0666;  // the umask decides
        UniqueFd file(::openat(place.folder.get(), temporary.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode));
        if (file) return PendingFile(std::move(place), std::move(temporary), std::move(file), key, operation);
        // ENOENT: another writer pruned the empty folder between the two steps.
        if (errno != ENOENT || attempt == attempts) return local_error(errno, operation, "cannot make a temporary file", key);
    }
}

PendingFile::~PendingFile() {
    if (file_) ::unlinkat(place_.folder.get(), temporary_.c_str(), 0);
}

Result<void> PendingFile::write(ByteView bytes) {
    while (!bytes.empty()) {
        const auto put = ::write(file_.get(), bytes.data(), bytes.size());
        if (put < 0 && errno != EINTR) return failed(errno, "cannot write the object");
        if (put > 0) bytes = bytes.subspan(static_cast<std::size_t>(put));
    }
    return {};
}

Result<void> PendingFile::write(Body& body, const std::stop_token& stop) {
    const auto stopped = [&] { return make_error(Errc::cancelled, operation_, "stopped while writing").with("key", key_); };
    if (auto bytes = body.in_memory()) {
        while (!bytes->empty()) {
            if (stop.stop_requested()) return stopped();
            const auto slice = bytes->first(std::min(bytes->size(), slice_bytes * 16));
            SF_TRY(write(slice));
            *bytes = bytes->subspan(slice.size());
        }
        return {};
    }
    std::vector<std::uint8_t> buffer(slice_bytes);
    while (true) {
        if (stop.stop_requested()) return stopped();
        SF_ASSIGN(const auto count, body.read(buffer));
        SF_TRY(write(ByteView(buffer).first(count)));
        if (count < buffer.size()) return {};
    }
}

Result<void> PendingFile::append_file(int fd, const std::stop_token& stop) {
    constexpr std::size_t step_bytes = std::size_t{16} << 20;  // a stop request is seen between steps
    off_t offset = 0;
    while (true) {
        if (stop.stop_requested()) return make_error(Errc::cancelled, operation_, "stopped while writing").with("key", key_);
        const auto copied = ::copy_file_range(fd, &offset, file_.get(), nullptr, step_bytes, 0);
        if (copied == 0) return {};
        if (copied < 0 && errno != EINTR) {
            if (errno != EXDEV && errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP) return failed(errno, "cannot copy");
            break;  // this pair of file systems cannot; copy through memory
        }
    }
    std::vector<std::uint8_t> buffer(slice_bytes);
    while (true) {
        const auto got = ::pread(fd, buffer.data(), buffer.size(), offset);
        if (got == 0) return {};
        if (got < 0 && errno != EINTR) return failed(errno, "cannot read what is copied");
        if (got < 0) continue;
        if (stop.stop_requested()) return make_error(Errc::cancelled, operation_, "stopped while writing").with("key", key_);
        SF_TRY(write(ByteView(buffer).first(static_cast<std::size_t>(got))));
        offset += got;
    }
}

Result<void> PendingFile::check_version(const std::string& etag) const {
    struct stat status {};
    const bool there = ::fstatat(place_.folder.get(), place_.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
    if (there && S_ISREG(status.st_mode) && etag_of(status) == etag) return {};
    return make_error(Errc::precondition_failed, operation_, "the object is not the expected version").with("key", key_);
}

Result<void> PendingFile::move_into_place(bool create_only) const {
    const int folder = place_.folder.get();
    int status = ::renameat2(folder, temporary_.c_str(), folder, place_.name.c_str(), create_only ? RENAME_NOREPLACE : 0);
    if (status != 0 && create_only && (errno == EINVAL || errno == ENOSYS)) {
        // A file system without RENAME_NOREPLACE: a hard link is created or refused in one step as well.
        status = ::linkat(folder, temporary_.c_str(), folder, place_.name.c_str(), 0);
        if (status == 0) ::unlinkat(folder, temporary_.c_str(), 0);
    }
    if (status == 0) return {};
    const int cause = errno;
    if (cause == EISDIR || ((cause == EEXIST || cause == ENOTEMPTY) && is_folder(folder, place_.name))) {
        return make_error(Errc::not_a_file, operation_, "a folder has the name of the object").with("key", key_);
    }
    if (create_only && cause == EEXIST) {
        return make_error(Errc::precondition_failed, operation_, "the object exists already").with("key", key_);
    }
    return failed(cause, "cannot put the object in its place");
}

Result<ObjectInfo> PendingFile::commit(const Conditions& conditions, bool durable) {
    if (durable && ::fsync(file_.get()) != 0) return failed(errno, "cannot make the object durable");
    if (lock_folder(place_.folder.get(), !conditions.if_match.empty()) != 0) return failed(errno, "cannot lock the folder");
    if (!conditions.if_match.empty()) SF_TRY(check_version(conditions.if_match));
    struct stat status {};
    if (::fstat(file_.get(), &status) != 0) return failed(errno, "cannot examine the object");
    SF_TRY(move_into_place(conditions.if_none_match));
    file_.reset();
    if (durable && ::fsync(place_.folder.get()) != 0) return failed(errno, "cannot make the folder durable");
    return info_of(status, key_);
}

}  // namespace streamforge::storage
