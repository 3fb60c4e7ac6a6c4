#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include <streamforge/core/bytes.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>

namespace streamforge::crypto {

using AesBlock = std::array<std::uint8_t, 16>;

/// AES in counter mode: one call encrypts or decrypts, and the keystream goes on over calls of any length.
///
/// *Thread safety*: none. *Source*: NIST SP 800-38A §6.5; the counter is the whole block, as ISO/IEC 23001-7 §9.3 has it for
/// the low 64 bits: a caller that uses 8-byte vectors puts them in front of eight zero bytes.
class STREAMFORGE_EXPORT AesCtr {
public:
    /// *Errors*: `invalid_argument` unless the key has 16, 24 or 32 bytes.
    [[nodiscard]] static Result<AesCtr> make(ByteView key, const AesBlock& initial_counter);
    AesCtr(AesCtr&&) noexcept;
    AesCtr& operator=(AesCtr&&) noexcept;
    ~AesCtr();

    /// Begins a new keystream with the same key. *Errors*: `internal`.
    [[nodiscard]] Result<void> restart(const AesBlock& initial_counter);
    /// In place. *Errors*: `internal`.
    [[nodiscard]] Result<void> apply(std::span<std::uint8_t> bytes);

private:
    struct State;
    explicit AesCtr(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

enum class CipherDirection : std::uint8_t { encrypt, decrypt };

/// AES in CBC mode over whole blocks, without padding; the chain goes on over calls.
///
/// *Thread safety*: none. *Source*: NIST SP 800-38A §6.2.
class STREAMFORGE_EXPORT AesCbc {
public:
    /// *Errors*: `invalid_argument` unless the key has 16, 24 or 32 bytes.
    [[nodiscard]] static Result<AesCbc> make(CipherDirection direction, ByteView key, const AesBlock& initial_vector);
    AesCbc(AesCbc&&) noexcept;
    AesCbc& operator=(AesCbc&&) noexcept;
    ~AesCbc();

    /// Begins a new chain with the same key, as each subsample of `cbcs` does. *Errors*: `internal`.
    [[nodiscard]] Result<void> restart(const AesBlock& initial_vector);
    /// In place. *Errors*: `invalid_argument` when the length is not a multiple of 16.
    [[nodiscard]] Result<void> apply(std::span<std::uint8_t> bytes);

private:
    struct State;
    explicit AesCbc(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// A whole message in CBC with PKCS #7 padding, as HLS AES-128 segments are. *Errors*: `invalid_argument` (key).
/// *Source*: RFC 5652 §6.3, RFC 8216 §4.3.2.4.
[[nodiscard]] STREAMFORGE_EXPORT Result<Bytes> aes_cbc_encrypt_padded(ByteView key, const AesBlock& initial_vector, ByteView plain);
/// *Errors*: `integrity` when the padding is wrong, `invalid_argument` (key).
[[nodiscard]] STREAMFORGE_EXPORT Result<Bytes> aes_cbc_decrypt_padded(ByteView key, const AesBlock& initial_vector, ByteView cipher);

}  // namespace streamforge::crypto
