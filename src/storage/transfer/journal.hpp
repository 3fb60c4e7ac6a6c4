#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <streamforge/core/result.hpp>

#include "core/unique_fd.hpp"

namespace streamforge::storage {

/// Records on disk, each whole or absent: a line of a CRC and one text without line ends. What a crash tore off at the end is
/// dropped; a record that was changed ends the reading before it.
///
/// *Thread safety*: none.
class Journal {
public:
    /// The records that stand in `path`; nothing when there is no such file, or none in it. *Errors*: `io`, `limit_exceeded`.
    [[nodiscard]] static Result<std::vector<std::string>> read(const std::filesystem::path& path);
    /// Replaces whatever stands there by `records`, durably and at once. Folders are made.
    [[nodiscard]] static Result<Journal> create(const std::filesystem::path& path, const std::vector<std::string>& records);
    /// On disk when it returns.
    [[nodiscard]] Result<void> append(std::string_view record);
    /// Removes the file; absent is a success.
    static void remove(const std::filesystem::path& path) noexcept;

private:
    Journal(UniqueFd fd, std::filesystem::path path) : fd_(std::move(fd)), path_(std::move(path)) {}
    UniqueFd fd_;
    std::filesystem::path path_;
};

/// Keeps other processes from the same transfer while it lives. *Errors*: `already_exists` when one has it.
class TransferLock {
public:
    [[nodiscard]] static Result<TransferLock> take(const std::filesystem::path& journal);

private:
    explicit TransferLock(UniqueFd fd) : fd_(std::move(fd)) {}
    UniqueFd fd_;
};

}  // namespace streamforge::storage
