#include <streamforge/core/byte_source.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file_source.hpp"
#include "core/temporary_file.hpp"
#include "core/try.hpp"
#include "core/unique_fd.hpp"

namespace streamforge {
namespace {

constexpr std::size_t spool_buffer_bytes = 1 << 18;

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
    return make_file_source(std::move(fd), static_cast<std::uint64_t>(info.st_size), path.string());
}

std::shared_ptr<ByteSource> bytes_source(Bytes bytes, std::string name) {
    return std::make_shared<MemorySource>(std::move(bytes), std::move(name));
}

Result<std::shared_ptr<ByteSource>> spool_pipe(int file_descriptor, std::uint64_t max_bytes, std::stop_token stop) {
    SF_ASSIGN(auto spool, TemporaryFile::create());
    Bytes buffer(spool_buffer_bytes);
    while (true) {
        SF_TRY(wait_readable(file_descriptor, stop));
        const auto got = ::read(file_descriptor, buffer.data(), buffer.size());
        if (got == 0) break;
        if (got < 0) {
            if (errno == EINTR || errno == EAGAIN) continue;
            return error_from_errno(errno, "core.spool", "cannot read the pipe");
        }
        SF_TRY(spool.append(ByteView(buffer.data(), static_cast<std::size_t>(got))));
        if (spool.size_bytes() > max_bytes) {
            return make_error(Errc::limit_exceeded, "core.spool", "the pipe holds more than the allowed input size")
                .with("max_bytes", std::to_string(max_bytes));
        }
    }
    return std::move(spool).into_source("<pipe>");
}

}  // namespace streamforge
