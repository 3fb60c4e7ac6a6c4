#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/storage/body.hpp>
#include <streamforge/storage/object_info.hpp>

namespace streamforge::storage {

/// One stored part of an unfinished upload.
struct PartInfo {
    std::uint32_t number = 0;  ///< 1 to `Capabilities::max_parts`.
    std::uint64_t size_bytes = 0;
    std::string etag{};      ///< Opaque, with its quotes.
    std::string checksum{};  ///< "crc64nvme=…" as the store wrote it; empty when it keeps none.

    friend bool operator==(const PartInfo&, const PartInfo&) = default;
};

/// An upload that was begun and neither completed nor aborted.
struct UploadInfo {
    std::string key{};
    std::string upload_id{};
    std::chrono::system_clock::time_point started{};
};

/// An object being made from parts, invisible until `complete`. Letting it go leaves the parts where they are, to be resumed
/// by `ObjectStore::resume_multipart`; `abort` removes them.
///
/// *Lifetime*: keeps what it needs of its store alive. *Thread safety*: `put_part` from several threads with different
/// numbers; the other calls alone.
class STREAMFORGE_EXPORT MultipartUpload {
public:
    virtual ~MultipartUpload();
    MultipartUpload(const MultipartUpload&) = delete;
    MultipartUpload& operator=(const MultipartUpload&) = delete;

    [[nodiscard]] const std::string& key() const noexcept { return key_; }
    /// Names the upload across processes; safe to write into a journal.
    [[nodiscard]] const std::string& upload_id() const noexcept { return upload_id_; }

    /// Stores part `number`, replacing an earlier one of that number.
    /// *Errors*: `invalid_argument` (number), `not_found` (the upload is gone), and those of `ObjectStore::put`.
    [[nodiscard]] Result<PartInfo> put_part(std::uint32_t number, Body body, std::stop_token stop = {});
    /// The parts that the store holds now, ascending.
    [[nodiscard]] Result<std::vector<PartInfo>> list_parts(std::stop_token stop = {});
    /// Joins `parts` (ascending numbers, each as `put_part` returned it) into the object, which appears whole.
    /// *Errors*: `invalid_argument` (empty, order), `integrity` (a part is missing or differs), `precondition_failed`.
    [[nodiscard]] Result<ObjectInfo> complete(std::span<const PartInfo> parts, std::stop_token stop = {});
    /// Forgets the upload and its parts. An upload that is gone already is a success.
    [[nodiscard]] Result<void> abort();

protected:
    MultipartUpload(std::string key, std::string upload_id, std::uint32_t max_parts)
        : key_(std::move(key)), upload_id_(std::move(upload_id)), max_parts_(max_parts) {}

private:
    virtual Result<PartInfo> do_put_part(std::uint32_t number, Body body, std::stop_token stop) = 0;
    virtual Result<std::vector<PartInfo>> do_list_parts(std::stop_token stop) = 0;
    virtual Result<ObjectInfo> do_complete(std::span<const PartInfo> parts, std::stop_token stop) = 0;
    virtual Result<void> do_abort() = 0;

    std::string key_;
    std::string upload_id_;
    std::uint32_t max_parts_;
};

}  // namespace streamforge::storage
