#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

namespace streamforge::storage {

/// User metadata of an object: lower-case names of [a-z0-9-], values of printable ASCII.
using Metadata = std::map<std::string, std::string>;

/// What a store knows of one object.
struct ObjectInfo {
    std::string key{};
    std::uint64_t size_bytes = 0;
    /// Opaque and with its quotes, as HTTP writes it: `"5f-18c"`. Compare as strings. Changes whenever the bytes change.
    std::string etag{};
    std::string content_type{};   ///< Stored, or from the key's extension where the store keeps no headers.
    std::string cache_control{};  ///< Empty when none was stored, or in a listing.
    std::chrono::system_clock::time_point last_modified{};
    Metadata metadata{};  ///< Filled by `head` and `get`, not by `list`.
    /// "crc64nvme=…" or "crc32c=…" of the whole, in base64, where `head` or `get` learned it from the store; else empty.
    std::string checksum{};
};

}  // namespace streamforge::storage
