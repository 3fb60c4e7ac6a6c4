#include "core/file_source.hpp"

#include <cerrno>

namespace streamforge {
namespace {

class FileSource final : public ByteSource {
public:
    FileSource(UniqueFd fd, std::uint64_t size, std::string name) : ByteSource(std::move(name)), fd_(std::move(fd)), size_(size) {}

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

}  // namespace

std::shared_ptr<ByteSource> make_file_source(UniqueFd fd, std::uint64_t size_bytes, std::string name) {
    return std::make_shared<FileSource>(std::move(fd), size_bytes, std::move(name));
}

}  // namespace streamforge
