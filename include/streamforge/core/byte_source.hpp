#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <stop_token>
#include <string>

#include <streamforge/core/bytes.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>

namespace streamforge {

/// Random access to immutable bytes: what probing, indexing and decoding read from.
///
/// *Thread safety*: `read_at` may be called from several threads at once.
class STREAMFORGE_EXPORT ByteSource {
public:
    virtual ~ByteSource();

    /// Fills `into` from `offset` as far as there are bytes; returns how many, 0 at or past the end. Short reads happen
    /// only at the end. *Errors*: `io`.
    [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const { return do_read_at(offset, into); }
    [[nodiscard]] std::uint64_t size_bytes() const noexcept { return do_size_bytes(); }
    /// For messages: a path, or "<memory>".
    [[nodiscard]] const std::string& name() const noexcept { return name_; }

protected:
    explicit ByteSource(std::string name) : name_(std::move(name)) {}

private:
    virtual Result<std::size_t> do_read_at(std::uint64_t offset, std::span<std::uint8_t> into) const = 0;
    virtual std::uint64_t do_size_bytes() const noexcept = 0;
    std::string name_;
};

/// Opens a regular file. *Errors*: `not_found`, `permission_denied`, `not_a_file` (a directory or device), `io`.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::shared_ptr<ByteSource>> open_file(const std::filesystem::path& path);

/// Bytes in memory, owned by the source.
[[nodiscard]] STREAMFORGE_EXPORT std::shared_ptr<ByteSource> bytes_source(Bytes bytes, std::string name = "<memory>");

/// Reads a pipe to its end into an unlinked temporary file (media need random access) and gives that.
/// *Errors*: `limit_exceeded` past `max_bytes`, `no_space`, `io`, `cancelled`. *Cost*: disk of the pipe's length.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::shared_ptr<ByteSource>> spool_pipe(int file_descriptor, std::uint64_t max_bytes,
                                                                                std::stop_token stop = {});

}  // namespace streamforge
