#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/storage/object_store.hpp>

namespace streamforge::storage {

/// What browsers may do, and how.
struct BrowserUploadPolicy {
    std::string prefix{};                                ///< Uploads go below it, and nothing else can be touched. Empty, or ends with `/`.
    std::uint64_t part_bytes = std::uint64_t{10} << 20;  ///< At least; longer where an object would need too many parts.
    std::uint64_t max_object_bytes = std::uint64_t{1} << 40;
    std::chrono::seconds expires_in{3600};  ///< Of each part's URL; a client asks for new ones. 1 s to 7 days.
    std::string cache_control{};
    /// The key, without the prefix, for a file's name; empty: the name itself. *Errors*: whatever should end the upload.
    std::function<Result<std::string>(std::string_view name)> key_for{};

    /// *Errors*: `invalid_argument`, naming the field.
    [[nodiscard]] STREAMFORGE_EXPORT Result<void> validate() const;
};

/// An upload that a browser is to make.
struct UploadPlan {
    std::string key{};
    std::string upload_id{};
    std::uint64_t size_bytes = 0;
    std::uint64_t part_bytes = 0;  ///< Of all parts but the last.
    std::uint32_t parts = 0;
    bool checksums = false;  ///< Every part must be signed and sent with its checksum: the store compares it on arrival.
};

/// A part that a client wants to send.
struct PartToSign {
    std::uint32_t number = 0;
    std::string checksum{};  ///< "crc64nvme=…", where the plan asks for it.
};

/// What a client says of a part that it sent.
struct SentPart {
    std::uint32_t number = 0;
    std::string etag{};      ///< May be empty: browsers see it only where the bucket's CORS rules expose it.
    std::string checksum{};  ///< "crc64nvme=…", computed by the client; may be empty.
};

struct FinishedUpload {
    ObjectInfo info{};
    bool verified = false;  ///< The client's checksums, combined, are the one that the store computed.
};

/// The back end's half of uploads from browsers straight into a bucket: plans them, presigns their parts a few at a time, and completes
/// them. Keeps nothing: the store does, so any process can answer any call, and a browser can go on after a crash.
///
/// Who may call is the host's to decide. *Errors*: those of the store; `permission_denied` for keys outside the prefix; `unsupported` for a
/// store without presigned multipart uploads. *Thread safety*: all calls.
class STREAMFORGE_EXPORT BrowserUploads {
public:
    /// *Errors*: `invalid_argument`, `unsupported`.
    [[nodiscard]] static Result<BrowserUploads> make(std::shared_ptr<ObjectStore> store, BrowserUploadPolicy policy);

    /// Begins an upload. A client that computes CRC-64/NVME says so in `client_checksums`; the plan tells whether the store takes them.
    /// *Errors*: `limit_exceeded`.
    [[nodiscard]] Result<UploadPlan> create(std::string_view name, std::uint64_t size_bytes, std::string_view content_type = {},
                                            bool client_checksums = false, std::stop_token stop = {}) const;
    /// A presigned PUT for each part, to be sent with exactly its headers. *Cost*: no request.
    [[nodiscard]] Result<std::vector<PresignedRequest>> sign_parts(std::string_view key, std::string_view upload_id,
                                                                   std::span<const PartToSign> parts) const;
    /// Any one request of an upload, for clients that speak S3 themselves, as @uppy/aws-s3 does: POST begins or (with an upload id)
    /// completes, PUT stores a part or (without an upload id) a whole object, GET lists parts, DELETE aborts. What such a client completes is
    /// not verified here. *Errors*: `permission_denied` for any other request.
    [[nodiscard]] Result<PresignedRequest> sign_request(std::string_view method, std::string_view key, std::string_view upload_id = {},
                                                        std::uint32_t part_number = 0) const;
    /// The parts that the store has.
    [[nodiscard]] Result<std::vector<PartInfo>> list_parts(std::string_view key, std::string_view upload_id,
                                                           std::stop_token stop = {}) const;
    /// Joins all parts that the store has, after comparing them with what the client sent. *Errors*: `integrity` when a part is missing, an
    /// ETag differs, or the whole has another checksum than the client's; then the object is removed.
    [[nodiscard]] Result<FinishedUpload> complete(std::string_view key, std::string_view upload_id, std::span<const SentPart> parts,
                                                  std::stop_token stop = {}) const;
    [[nodiscard]] Result<void> abort(std::string_view key, std::string_view upload_id, std::stop_token stop = {}) const;

    /// Answers one message of the JavaScript uploader (docs/schema/browser-uploads.md), JSON for JSON: a back end passes request bodies in
    /// and sends the text back. What fails gives `{"error":{"code":…,"message":…}}`.
    [[nodiscard]] std::string answer(std::string_view json, std::stop_token stop = {}) const;

private:
    BrowserUploads(std::shared_ptr<ObjectStore> store, BrowserUploadPolicy policy) : store_(std::move(store)), policy_(std::move(policy)) {}
    [[nodiscard]] Result<std::unique_ptr<MultipartUpload>> take_up(std::string_view key, std::string_view upload_id,
                                                                   std::stop_token stop) const;
    [[nodiscard]] Result<void> check_key(std::string_view key) const;

    std::shared_ptr<ObjectStore> store_;
    BrowserUploadPolicy policy_;
};

}  // namespace streamforge::storage
