#include "core/temporary_file.hpp"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>

#include "core/file_source.hpp"

namespace streamforge {

Result<TemporaryFile> TemporaryFile::create() {
    const char* folder = std::getenv("TMPDIR");
    std::string pattern = folder != nullptr && *folder != '\0' ? folder : "/tmp";
    pattern += "/streamforge-XXXXXX";
    UniqueFd fd(::mkostemp(pattern.data(), O_CLOEXEC));
    if (!fd) return error_from_errno(errno, "core.temporary_file", "cannot make a temporary file").with("path", pattern);
    ::unlink(pattern.c_str());
    return TemporaryFile(std::move(fd));
}

Result<void> TemporaryFile::append(ByteView bytes) {
    while (!bytes.empty()) {
        const auto put = ::write(fd_.get(), bytes.data(), bytes.size());
        if (put < 0) {
            if (errno == EINTR) continue;
            return error_from_errno(errno, "core.temporary_file", "cannot write a temporary file");
        }
        bytes = bytes.subspan(static_cast<std::size_t>(put));
        size_ += static_cast<std::uint64_t>(put);
    }
    return {};
}

std::shared_ptr<ByteSource> TemporaryFile::into_source(std::string name) && {
    return make_file_source(std::move(fd_), size_, std::move(name));
}

}  // namespace streamforge
