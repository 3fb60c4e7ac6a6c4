#pragma once

#include <openssl/evp.h>

#include <streamforge/crypto/hash.hpp>

namespace streamforge::crypto {

/// OpenSSL's implementation, fetched once per process: `EVP_sha256()` would be looked up again at each use, under a lock.
/// Null where OpenSSL's policy forbids it.
[[nodiscard]] const EVP_MD* digest_method(HashAlgorithm algorithm) noexcept;

}  // namespace streamforge::crypto
