#include <streamforge/crypto/compare.hpp>

#include <openssl/crypto.h>

#include <streamforge/crypto/hash.hpp>

namespace streamforge::crypto {

bool equal_constant_time(ByteView a, ByteView b) noexcept {
    return a.size() == b.size() && (a.empty() || CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0);
}

bool equal_constant_time(std::string_view a, std::string_view b) noexcept { return equal_constant_time(bytes_of(a), bytes_of(b)); }

void wipe(std::span<std::uint8_t> bytes) noexcept { OPENSSL_cleanse(bytes.data(), bytes.size()); }

}  // namespace streamforge::crypto
