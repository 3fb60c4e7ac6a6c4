#include "storage/s3/s3_checksum.hpp"

#include <array>

#include <streamforge/crypto/checksum.hpp>
#include <streamforge/crypto/encoding.hpp>
#include <streamforge/crypto/hash.hpp>

namespace streamforge::storage::s3 {
namespace {

std::size_t width_of(S3Checksum kind) { return kind == S3Checksum::crc64nvme ? 8 : 4; }

std::string encode(S3Checksum kind, std::uint64_t crc) {
    std::array<std::uint8_t, 8> bytes{};
    const auto width = width_of(kind);
    for (std::size_t at = 0; at < width; ++at) bytes[at] = static_cast<std::uint8_t>(crc >> (8 * (width - 1 - at)));
    return crypto::base64_encode(ByteView(bytes).first(width));
}

std::optional<std::uint64_t> decode(S3Checksum kind, std::string_view text) {
    const auto bytes = crypto::base64_decode(text);
    if (!bytes || bytes->size() != width_of(kind)) return std::nullopt;
    std::uint64_t crc = 0;
    for (const auto byte : *bytes) crc = (crc << 8) | byte;
    return crc;
}

}  // namespace

void Checksum::update(ByteView bytes) noexcept {
    if (kind_ == S3Checksum::crc64nvme) crc_ = crypto::crc64nvme(bytes, crc_);
    if (kind_ == S3Checksum::crc32c) crc_ = crypto::crc32c(bytes, static_cast<std::uint32_t>(crc_));
}

std::string Checksum::value() const { return encode(kind_, crc_); }

std::string Checksum::text() const {
    if (name_of(kind_).empty()) return {};
    return std::string(name_of(kind_)) + "=" + value();
}

std::string_view name_of(S3Checksum kind) noexcept {
    switch (kind) {
        case S3Checksum::crc32c: return "crc32c";
        case S3Checksum::crc64nvme: return "crc64nvme";
        default: return {};
    }
}

S3Checksum checksum_by_name(std::string_view name) noexcept {
    if (http::equal_names(name, "crc64nvme")) return S3Checksum::crc64nvme;
    if (http::equal_names(name, "crc32c")) return S3Checksum::crc32c;
    return S3Checksum::none;
}

std::string header_of(S3Checksum kind) { return "x-amz-checksum-" + std::string(name_of(kind)); }

std::optional<std::string> combine_checksums(S3Checksum kind, std::span<const PartInfo> parts) {
    if (name_of(kind).empty()) return std::nullopt;
    const auto prefix = std::string(name_of(kind)) + "=";
    std::uint64_t whole = 0;
    for (const auto& part : parts) {
        if (!part.checksum.starts_with(prefix)) return std::nullopt;
        const auto crc = decode(kind, std::string_view(part.checksum).substr(prefix.size()));
        if (!crc) return std::nullopt;
        if (kind == S3Checksum::crc64nvme) {
            whole = crypto::crc64nvme_combine(whole, *crc, part.size_bytes);
        } else {
            whole = crypto::crc32c_combine(static_cast<std::uint32_t>(whole), static_cast<std::uint32_t>(*crc), part.size_bytes);
        }
    }
    return prefix + encode(kind, whole);
}

std::string told_checksum(const http::Headers& headers) {
    if (http::equal_names(headers.get("x-amz-checksum-type"), "composite")) return {};
    for (const auto kind : {S3Checksum::crc64nvme, S3Checksum::crc32c}) {
        const auto value = headers.get(header_of(kind));
        if (!value.empty() && value.find('-') == std::string::npos) return std::string(name_of(kind)) + "=" + value;
    }
    return {};
}

std::optional<std::string> multipart_etag(std::span<const PartInfo> parts) {
    if (!crypto::check_available(crypto::HashAlgorithm::md5)) return std::nullopt;
    crypto::Hasher hasher(crypto::HashAlgorithm::md5);
    for (const auto& part : parts) {
        const std::string_view etag = part.etag;
        if (etag.size() != 34) return std::nullopt;
        const auto digest = crypto::hex_decode(etag.substr(1, 32), crypto::HexCase::any);
        if (!digest) return std::nullopt;
        hasher.update(*digest);
    }
    return '"' + hasher.finish().hex() + '-' + std::to_string(parts.size()) + '"';
}

}  // namespace streamforge::storage::s3
