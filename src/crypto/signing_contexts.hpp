#pragma once

#include <array>
#include <mutex>
#include <optional>

#include <streamforge/crypto/hash.hpp>

#include "crypto/openssl_ptr.hpp"

namespace streamforge::crypto {

/// Contexts that sign digests with one key, ready since their first use.
///
/// Threads spread over them, each with a copy of the key: two threads on one key meet at OpenSSL's reference counts, which costs
/// them a tenth of their speed with P-256. *Thread safety*: all calls.
class SigningContexts {
public:
    /// A signature of at most `max_bytes`. *Errors*: `unsupported` when OpenSSL's policy forbids it.
    [[nodiscard]] Result<Bytes> sign(EVP_PKEY* key, std::size_t max_bytes, HashAlgorithm algorithm, const Digest& digest);

private:
    struct alignas(64) Slot {
        std::mutex mutex;
        std::optional<HashAlgorithm> algorithm;
        PkeyCtxPtr context;
    };
    static constexpr std::size_t slot_count = 16;
    std::array<Slot, slot_count> slots_;
};

}  // namespace streamforge::crypto
