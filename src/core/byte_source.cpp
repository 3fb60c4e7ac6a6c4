#include <streamforge/core/byte_source.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/unique_fd.hpp"

namespace streamforge {
namespace {

class FileSource final : public ByteSource {
public:
    FileSource(UniqueFd fd, std::uint64_t size, std::string name)
        : ByteSource(std::move(name)), fd_(std::move(fd)), size_(size) {}

private:
    Result<std::size_t> do_read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
        std::size_t done = 0;
        while (done < into.size()) {
            const auto got = ::pread(fd_.get(), into.data() + done, into.size() - done, static_cast<off_t>(offset + done));
            if (got == 0) break;
            if (got < 0) {
                if (errno == EINTR) continue;
                return error_from_errno(errno, "core.read", "cannot read the input").with("path", name());
            }
            done += static_cast<std::size_t>(got);
        }
        return done;
    }
    std::uint64_t do_size_bytes() const noexcept override { return size_; }

    UniqueFd fd_;
    std::uint64_t size_;
};

class MemorySource final : public ByteSource {
public:
    MemorySource(Bytes bytes, std::string name) : ByteSource(std::move(name)), bytes_(std::move(bytes)) {}

private:
    Result<std::size_t> do_read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
        if (offset >= bytes_.size()) return std::size_t{0};
        const auto count = std::min<std::size_t>(into.size(), bytes_.size() - static_cast<std::size_t>(offset));
        std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(offset), count, into.begin());
        return count;
    }
    std::uint64_t do_size_bytes() const noexcept override { return bytes_.size(); }

    Bytes bytes_;
};

Result<UniqueFd> open_temporary() {
    const char* folder = std::getenv("TMPDIR");
    std::string pattern = std::string(folder != nullptr && *folder != '\0' ? folder : "/tmp") + "/streamforge-XXXXXX";
    UniqueFd fd(::mkostemp(pattern.data(), O_CLOEXEC));
    if (!fd) return error_from_errno(errno, "core.spool", "cannot make a temporary file").with("path", pattern);
    ::unlink(pattern.c_str());
    return fd;
}

Result<void> write_all(int fd, ByteView bytes) {
    while (!bytes.empty()) {
        const auto put = ::write(fd, bytes.data(), bytes.size());
        if (put < 0) {
            if (errno == EINTR) continue;
            return error_from_errno(errno, "core.spool", "cannot write the temporary copy of the pipe");
        }
        bytes = bytes.subspan(static_cast<std::size_t>(put));
    }
    return {};
}

/// Waits for input in slices, so that a stop request is seen within a tenth of a second.
Result<void> wait_readable(int fd, const std::stop_token& stop) {
    constexpr int slice_ms = 100;
    while (true) {
        if (stop.stop_requested()) return make_error(Errc::cancelled, "core.spool", "stopped while reading the pipe");
        pollfd entry{fd, POLLIN, 0};
        const int ready = ::poll(&entry, 1, slice_ms);
        if (ready > 0) return {};
        if (ready < 0 && errno != EINTR) return error_from_errno(errno, "core.spool", "cannot wait for the pipe");
    }
}

}  // namespace

ByteSource::~ByteSource() = default;

Result<std::shared_ptr<ByteSource>> open_file(const std::filesystem::path& path) {
    const auto named = [&](Error error) { return std::move(error).with("path", path.string()); };
    // O_NONBLOCK: opening a FIFO by name must fail below, not wait for a writer.
    UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd) return named(error_from_errno(errno, "core.open", "cannot open the input"));
    struct stat info {};
    if (::fstat(fd.get(), &info) != 0) return named(error_from_errno(errno, "core.open", "cannot examine the input"));
    if (S_ISDIR(info.st_mode)) {
        return named(make_error(Errc::not_a_file, "core.open", "the input is a directory, a file is needed"));
    }
    if (!S_ISREG(info.st_mode)) {
        return named(make_error(Errc::not_a_file, "core.open", "the input is not a regular file; give a pipe as '-'"));
    }
    return std::shared_ptr<ByteSource>(
        std::make_shared<FileSource>(std::move(fd), static_cast<std::uint64_t>(info.st_size), path.string()));
}

std::shared_ptr<ByteSource> bytes_source(Bytes bytes, std::string name) {
    return std::make_shared<MemorySource>(std::move(bytes), std::move(name));
}

Result<std::shared_ptr<ByteSource>> spool_pipe(int file_descriptor, std::uint64_t max_bytes, std::stop_token stop) {
    auto temporary = open_temporary();
    if (!temporary) return std::move(temporary).error();
    std::vector<std::uint8_t> buffer(1 << 18);
    std::uint64_t total = 0;
    while (true) {
        if (auto ready = wait_readable(file_descriptor, stop); !ready) return std::move(ready).error();
        const auto got = ::read(file_descriptor, buffer.data(), buffer.size());
        if (got == 0) break;
        if (got < 0) {
            if (errno == EINTR || errno == EAGAIN) continue;
            return error_from_errno(errno, "core.spool", "cannot read the pipe");
        }
        total += static_cast<std::uint64_t>(got);
        if (total > max_bytes) {
            return make_error(Errc::limit_exceeded, "core.spool", "the pipe holds more than the allowed input size")
                .with("max_bytes", std::to_string(max_bytes));
        }
        auto written = write_all(temporary->get(), ByteView(buffer.data(), static_cast<std::size_t>(got)));
        if (!written) return std::move(written).error();
    }
    return std::shared_ptr<ByteSource>(std::make_shared<FileSource>(*std::move(temporary), total, "<pipe>"));
}

}  // namespace streamforge
