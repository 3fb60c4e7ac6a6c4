#pragma once

#include <mutex>
#include <streamforge/crypto/key.hpp>

#include "crypto/openssl_ptr.hpp"
#include "crypto/signing_contexts.hpp"

namespace streamforge::crypto {

struct PublicKey::State {
    KeyType type;
    std::uint32_t bits;
    PkeyPtr key;
};

/// Holds either `key` or `external`.
struct PrivateKey::State {
    KeyType type;
    std::uint32_t bits;
    PkeyPtr key;
    mutable SigningContexts contexts;
    ExternalSigner external;
    mutable std::once_flag public_once;  ///< An external key comes with its public half; others derive it at first need.
    mutable std::optional<PublicKey> public_half;
};

struct KeyFacts {
    KeyType type;
    std::uint32_t bits;
};

/// What kind of key it is, if it is one that may be used. *Errors*: `unsupported`.
[[nodiscard]] Result<KeyFacts> inspect_key(const EVP_PKEY* key);

/// A key built from a JWK; with its private half when `with_private`. *Errors*: as `PublicKey::from_jwk`.
[[nodiscard]] Result<PkeyPtr> key_from_jwk(std::string_view json, bool with_private);

/// DER to r ‖ s and back. *Errors*: `malformed`.
[[nodiscard]] Result<Bytes> ecdsa_der_to_raw(ByteView der);
[[nodiscard]] Result<Bytes> ecdsa_raw_to_der(ByteView raw);

}  // namespace streamforge::crypto
