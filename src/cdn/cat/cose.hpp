#pragma once

#include <optional>
#include <string>

#include <streamforge/cdn/key_ring.hpp>

#include "cdn/cat/cbor.hpp"

namespace streamforge::cdn::cose {

// RFC 9052, RFC 9053.
inline constexpr std::int64_t hmac_256_64 = 4;
inline constexpr std::int64_t hmac_256_256 = 5;
inline constexpr std::int64_t es256 = -7;
inline constexpr std::uint64_t tag_mac0 = 17;
inline constexpr std::uint64_t tag_sign1 = 18;
inline constexpr std::uint64_t tag_cwt = 61;

/// A message taken apart. Its proof is not checked yet.
struct Message {
    std::uint64_t tag = 0;  ///< tag_mac0 or tag_sign1.
    std::int64_t algorithm = 0;
    std::optional<std::string> key_id;
    std::string protected_header;
    std::string payload;
    std::string proof;
};

/// A COSE_Mac0 or COSE_Sign1, under tag 61 or not, whose headers hold the algorithm (protected) and at most a key id.
[[nodiscard]] std::optional<Message> parse(ByteView bytes);

/// The key's algorithm: HMAC 256/256 or ES256. Nothing for keys of another kind, and secrets below 32 bytes.
[[nodiscard]] std::optional<std::int64_t> algorithm_of(const KeyMaterial& material);

/// Tags 61 and 17 or 18 around `payload`. *Errors*: `unauthenticated` for keys that cannot, and what an external key gives.
[[nodiscard]] Result<Bytes> seal(ByteView payload, const KeyEntry& key);
/// Whether the proof is this key's. The caller has compared the algorithms.
[[nodiscard]] bool proof_fits(const Message& message, const KeyMaterial& material);

}  // namespace streamforge::cdn::cose
