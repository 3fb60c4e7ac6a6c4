#include "storage/transfer/part_checksum.hpp"

#include <streamforge/storage/multipart.hpp>

#include "storage/s3/s3_checksum.hpp"

namespace streamforge::storage {
namespace {

S3Checksum kind_of(std::string_view text) { return s3::checksum_by_name(text.substr(0, text.find('='))); }

}  // namespace

std::string checksum_like(std::string_view like, ByteView bytes) {
    s3::Checksum sum(kind_of(like));
    sum.update(bytes);
    return sum.text();
}

std::string combine_like(std::string_view a, std::string_view b, std::uint64_t length_b_bytes) {
    const PartInfo parts[] = {{1, 0, {}, std::string(a)}, {2, length_b_bytes, {}, std::string(b)}};
    return s3::combine_checksums(kind_of(a), parts).value_or("");
}

}  // namespace streamforge::storage
