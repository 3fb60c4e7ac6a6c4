#include <streamforge/crypto/hash.hpp>
#include <streamforge/storage/transfer.hpp>

#include "core/try.hpp"
#include "storage/transfer/part_checksum.hpp"

namespace streamforge::storage {

Result<bool> already_holds(ObjectStore& store, std::string_view key, ByteView bytes, std::stop_token stop) {
    auto info = store.head(key, std::move(stop));
    if (!info) {
        if (info.error().code == Errc::not_found) return false;
        return std::move(info).error();
    }
    if (info->size_bytes != bytes.size()) return false;
    if (const auto sum = checksum_like(info->checksum, bytes); !sum.empty()) return sum == info->checksum;
    // Of an object stored by one put most stores' ETag is its MD5.
    constexpr std::size_t quoted_md5 = 34;
    if (info->etag.size() != quoted_md5 || !crypto::check_available(crypto::HashAlgorithm::md5)) return false;
    return info->etag == '"' + crypto::hash(crypto::HashAlgorithm::md5, bytes).hex() + '"';
}

}  // namespace streamforge::storage
