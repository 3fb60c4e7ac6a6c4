#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <streamforge/core/bytes.hpp>
#include <streamforge/http/headers.hpp>
#include <streamforge/storage/multipart.hpp>
#include <streamforge/storage/s3_store.hpp>

namespace streamforge::storage::s3 {

/// A running CRC of one kind; none at all for `S3Checksum::none`.
class Checksum {
public:
    explicit Checksum(S3Checksum kind) : kind_(kind) {}
    void update(ByteView bytes) noexcept;
    /// Base64 of the big-endian value, as headers have it.
    [[nodiscard]] std::string value() const;
    /// "crc64nvme=…", as `PartInfo` has it; empty for `none`.
    [[nodiscard]] std::string text() const;

private:
    S3Checksum kind_;
    std::uint64_t crc_ = 0;
};

/// "crc64nvme"; empty for `none`.
[[nodiscard]] std::string_view name_of(S3Checksum kind) noexcept;
/// "CRC64NVME" → crc64nvme; `none` for another.
[[nodiscard]] S3Checksum checksum_by_name(std::string_view name) noexcept;
/// "x-amz-checksum-crc64nvme".
[[nodiscard]] std::string header_of(S3Checksum kind);

/// The checksum of the whole object from those of its parts, in order; nothing when a part has none of this kind.
[[nodiscard]] std::optional<std::string> combine_checksums(S3Checksum kind, std::span<const PartInfo> parts);

/// The checksum of the whole that an answer tells, as `PartInfo` writes it; empty when it tells none, or one of parts only.
[[nodiscard]] std::string told_checksum(const http::Headers& headers);

/// The ETag that most stores give a multipart object: the MD5 of its parts' MD5s. Nothing where the parts' ETags are no MD5s.
[[nodiscard]] std::optional<std::string> multipart_etag(std::span<const PartInfo> parts);

}  // namespace streamforge::storage::s3
