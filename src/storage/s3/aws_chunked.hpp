#pragma once

#include <cstdint>
#include <string>

#include <streamforge/http/headers.hpp>
#include <streamforge/http/message.hpp>
#include <streamforge/storage/body.hpp>

#include "storage/s3/s3_checksum.hpp"

namespace streamforge::storage::s3 {

/// A body in chunks with its checksum after the last one, so that it need be read only once.
///
/// *Lifetime*: the body it was made of, and itself, while the request is under way. *Source*: Amazon S3 API reference, "Setting trailers in
/// aws-chunked".
class AwsChunked {
public:
    static constexpr const char* payload_hash = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

    /// `body` must know its length and be rewindable.
    AwsChunked(Body& body, S3Checksum kind);
    void add_headers(http::Headers& headers) const;
    [[nodiscard]] http::RequestBody request_body();
    /// "crc64nvme=…" of what was read since the last rewind; of the whole once it was sent.
    [[nodiscard]] std::string checksum() const { return sum_.text(); }

    static constexpr std::size_t chunk_bytes = std::size_t{64} << 10;
    /// How long `size_bytes` become with framing and trailer.
    [[nodiscard]] static std::uint64_t framed_bytes(std::uint64_t size_bytes, S3Checksum kind);

private:
    [[nodiscard]] Result<std::size_t> read(std::span<std::uint8_t> into);
    [[nodiscard]] Result<void> rewind();
    [[nodiscard]] Result<void> next_frame();

    Body& body_;
    S3Checksum kind_;
    Checksum sum_;
    std::uint64_t left_ = 0;
    Bytes frame_;
    std::size_t at_ = 0;
    bool ended_ = false;
};

}  // namespace streamforge::storage::s3
