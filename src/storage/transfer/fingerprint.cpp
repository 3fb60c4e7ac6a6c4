#include "storage/transfer/fingerprint.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/stat.h>

#include <streamforge/crypto/hash.hpp>

#include "core/try.hpp"

namespace streamforge::storage {

Result<std::string> stamp_of(const std::filesystem::path& path, const ByteSource& source) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) {
        return error_from_errno(errno, "storage.upload", "cannot look at the file").with("path", path.string());
    }
    std::string text = std::to_string(source.size_bytes());
    for (const auto number : {static_cast<long long>(info.st_mtim.tv_sec), static_cast<long long>(info.st_mtim.tv_nsec),
                              static_cast<long long>(info.st_dev), static_cast<long long>(info.st_ino)}) {
        text += '-' + std::to_string(number);
    }
    return text;
}

Result<std::string> fingerprint_of(const std::filesystem::path& path, const ByteSource& source) {
    SF_ASSIGN(auto text, stamp_of(path, source));
    constexpr std::uint64_t sample_bytes = std::uint64_t{64} << 10;
    const auto size = source.size_bytes();
    crypto::Hasher hasher;
    Bytes sample(static_cast<std::size_t>(std::min(size, sample_bytes)));
    for (const auto offset : {std::uint64_t{0}, (size - sample.size()) / 2, size - sample.size()}) {
        SF_ASSIGN(const auto count, source.read_at(offset, sample));
        hasher.update(ByteView(sample).first(count));
    }
    return text + '-' + hasher.finish().hex();
}

}  // namespace streamforge::storage
