#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

#include <streamforge/core/result.hpp>
#include <streamforge/storage/body.hpp>
#include <streamforge/storage/object_store.hpp>

#include "core/unique_fd.hpp"
#include "storage/local/local_folder.hpp"

namespace streamforge::storage {

/// A temporary file beside its target: written, then renamed over it; removed when it was not.
class PendingFile {
public:
    /// Makes the folders of `key` and the temporary file. *Errors*: those of a put.
    [[nodiscard]] static Result<PendingFile> create(const LocalFolder& folder, const std::string& key, const char* operation);
    PendingFile(PendingFile&&) noexcept = default;
    PendingFile& operator=(PendingFile&&) = delete;
    ~PendingFile();

    [[nodiscard]] Result<void> write(ByteView bytes);
    [[nodiscard]] Result<void> write(Body& body, const std::stop_token& stop);
    /// Appends all of the file `fd` from its start, inside the kernel where it can.
    [[nodiscard]] Result<void> append_file(int fd, const std::stop_token& stop);

    struct Conditions {
        bool if_none_match = false;
        std::string if_match;
    };
    /// Puts the file in its place. *Errors*: `precondition_failed`, `not_a_file`, those of rename(2).
    [[nodiscard]] Result<ObjectInfo> commit(const Conditions& conditions, bool durable);

private:
    PendingFile(Place place, std::string temporary, UniqueFd file, std::string key, const char* operation)
        : place_(std::move(place)), temporary_(std::move(temporary)), file_(std::move(file)), key_(std::move(key)), operation_(operation) {}
    [[nodiscard]] Result<void> check_version(const std::string& etag) const;
    [[nodiscard]] Result<void> move_into_place(bool create_only) const;
    [[nodiscard]] Error failed(int errno_value, const char* what) const;

    Place place_;
    std::string temporary_;
    UniqueFd file_;
    std::string key_;
    const char* operation_;
};

}  // namespace streamforge::storage
