#pragma once

#include <string>
#include <string_view>

#include <streamforge/core/bytes.hpp>

namespace streamforge::storage {

/// The checksum of `bytes` in the kind and spelling of `like` ("crc64nvme=…"); empty for a kind that is not known here.
[[nodiscard]] std::string checksum_like(std::string_view like, ByteView bytes);
/// As above, of A followed by B from the checksum of each.
[[nodiscard]] std::string combine_like(std::string_view a, std::string_view b, std::uint64_t length_b_bytes);

}  // namespace streamforge::storage
