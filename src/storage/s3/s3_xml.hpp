#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <streamforge/core/bytes.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/storage/multipart.hpp>
#include <streamforge/storage/object_store.hpp>

namespace streamforge::storage::s3 {

// What a store says comes from outside: nothing here trusts it. Answers are bounded by the transport; a document type
// declaration is skipped and defines no entities.

/// <Error>, where the root says so.
struct ErrorDocument {
    std::string code{};
    std::string message{};
    std::string region{};  ///< Where the bucket is, on a redirect.
    std::string request_id{};
    std::string server_time{};  ///< On a wrong clock.
};

/// The name of the root element; nothing when the text is no XML.
[[nodiscard]] std::optional<std::string> root_name(ByteView xml);
[[nodiscard]] std::optional<ErrorDocument> parse_error(ByteView xml);

/// *Errors* (all): `malformed`.
struct ListDocument {
    ListPage page{};
    bool truncated = false;
};
[[nodiscard]] Result<ListDocument> parse_list(ByteView xml);

struct UploadsDocument {
    std::vector<UploadInfo> uploads{};
    bool truncated = false;
    std::string next_key_marker{};
    std::string next_upload_id_marker{};
};
[[nodiscard]] Result<UploadsDocument> parse_uploads(ByteView xml);

struct PartsDocument {
    std::vector<PartInfo> parts{};
    bool truncated = false;
    std::string next_marker{};
    std::string checksum_algorithm{};  ///< "CRC64NVME"; empty when the upload has none.
};
[[nodiscard]] Result<PartsDocument> parse_parts(ByteView xml);

/// CreateMultipartUpload's answer: the upload id.
[[nodiscard]] Result<std::string> parse_upload_id(ByteView xml);

/// CompleteMultipartUpload's, CopyObject's and UploadPartCopy's answers.
struct ResultDocument {
    std::string etag{};
    std::string checksum{};  ///< "crc64nvme=…"; empty when there is none, or one of parts only.
};
[[nodiscard]] Result<ResultDocument> parse_result(ByteView xml);

/// DeleteObjects' answer: keys that could not be removed, with their error codes.
[[nodiscard]] Result<std::vector<std::pair<std::string, ErrorDocument>>> parse_delete(ByteView xml);

[[nodiscard]] std::string write_complete(std::span<const PartInfo> parts);
[[nodiscard]] std::string write_delete(std::span<const std::string> keys);

/// "crc64nvme=AAAA" as the element or header suffix "CRC64NVME" / "crc64nvme" and its value; nothing for another text.
[[nodiscard]] std::optional<std::pair<std::string_view, std::string_view>> split_checksum(std::string_view text) noexcept;

}  // namespace streamforge::storage::s3
