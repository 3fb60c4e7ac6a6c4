#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <streamforge/core/byte_source.hpp>

#include "core/unique_fd.hpp"

namespace streamforge {

/// A nameless file in TMPDIR (or /tmp) that grows by `append` and then becomes a source; it is gone with its last owner.
class STREAMFORGE_EXPORT TemporaryFile {
public:
    [[nodiscard]] static Result<TemporaryFile> create();
    /// *Errors*: `no_space`, `io`.
    [[nodiscard]] Result<void> append(ByteView bytes);
    [[nodiscard]] std::uint64_t size_bytes() const noexcept { return size_; }
    [[nodiscard]] std::shared_ptr<ByteSource> into_source(std::string name) &&;

private:
    explicit TemporaryFile(UniqueFd fd) : fd_(std::move(fd)) {}
    UniqueFd fd_;
    std::uint64_t size_ = 0;
};

}  // namespace streamforge
