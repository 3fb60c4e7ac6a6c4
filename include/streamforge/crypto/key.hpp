#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <streamforge/core/bytes.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/core/secret.hpp>
#include <streamforge/crypto/hash.hpp>

namespace streamforge::crypto {

/// Other types and curves are refused, and so is RSA below 2048 bits.
enum class KeyType : std::uint8_t { rsa, ecdsa_p256, ed25519 };

/// "rsa", "ecdsa-p256", "ed25519".
[[nodiscard]] STREAMFORGE_EXPORT std::string_view to_string(KeyType type) noexcept;

/// How an ECDSA signature is written. RSA (PKCS #1 v1.5) and Ed25519 have one form each and ignore it.
enum class EcdsaForm : std::uint8_t {
    der,  ///< ASN.1 SEQUENCE of r and s, 8 to 72 bytes (CloudFront, X.509).
    raw,  ///< r ‖ s, 64 bytes (JOSE, COSE).
};

/// The half of a key pair that anybody may know. Copies share it.
///
/// *Thread safety*: all calls.
class STREAMFORGE_EXPORT PublicKey {
public:
    /// From "-----BEGIN PUBLIC KEY-----" (SubjectPublicKeyInfo) or "BEGIN RSA PUBLIC KEY" (PKCS #1).
    /// *Errors*: `malformed`; `unsupported` for another key type, another curve, or RSA below 2048 bits.
    [[nodiscard]] static Result<PublicKey> from_pem(std::string_view pem);
    /// From a JWK object (RFC 7517) of type RSA, EC or OKP; private members are not read. *Errors*: as `from_pem`.
    [[nodiscard]] static Result<PublicKey> from_jwk(std::string_view json);
    /// From the 32 bytes of an Ed25519 public key (RFC 8032). *Errors*: `malformed`.
    [[nodiscard]] static Result<PublicKey> from_raw_ed25519(ByteView bytes);

    [[nodiscard]] KeyType type() const noexcept;
    /// Modulus length for RSA, else 256.
    [[nodiscard]] std::uint32_t size_bits() const noexcept;
    [[nodiscard]] std::string to_pem() const;

    /// Whether `signature` is this key's over `message`. Ed25519 does not use `algorithm`.
    /// *Errors*: `denied` when it is not; `malformed` when it cannot be a signature of this type.
    [[nodiscard]] Result<void> verify(HashAlgorithm algorithm, ByteView message, ByteView signature, EcdsaForm form = EcdsaForm::der) const;

    struct State;

private:
    friend class PrivateKey;
    [[nodiscard]] static Result<PublicKey> from_pkey(void* owned);
    explicit PublicKey(std::shared_ptr<const State> state) : state_(std::move(state)) {}
    std::shared_ptr<const State> state_;
};

/// Signs outside of this process (KMS, HSM). Gets the digest for RSA and ECDSA, the message for Ed25519. ECDSA gives DER.
/// Called from the threads that sign.
using ExternalSigner = std::function<Result<Bytes>(HashAlgorithm algorithm, ByteView digest_or_message)>;

/// A key that signs. Copies share it; it is wiped when the last one goes, and never printed.
///
/// *Thread safety*: all calls.
class STREAMFORGE_EXPORT PrivateKey {
public:
    /// From PEM: PKCS #8, or the older "RSA PRIVATE KEY" and "EC PRIVATE KEY"; with `passphrase` when encrypted.
    /// *Errors*: `malformed`, `unauthenticated` (passphrase missing or wrong); `unsupported` as `PublicKey::from_pem`.
    [[nodiscard]] static Result<PrivateKey> from_pem(std::string_view pem, const Secret& passphrase = {});
    /// From DER PKCS #8. *Errors*: as `from_pem`.
    [[nodiscard]] static Result<PrivateKey> from_pkcs8(ByteView der);
    /// From a private JWK (RFC 7517, 7518 §6, 8037). *Errors*: as `from_pem`.
    [[nodiscard]] static Result<PrivateKey> from_jwk(std::string_view json);
    /// From the 32-byte seed of an Ed25519 key (RFC 8032). *Errors*: `malformed`.
    [[nodiscard]] static Result<PrivateKey> from_raw_ed25519(ByteView seed);
    /// A key held elsewhere. `public_key` says the type, and lets tests and `verify` work.
    [[nodiscard]] static PrivateKey external(PublicKey public_key, ExternalSigner signer);
    /// A new key; `rsa_bits` is 2048 to 8192. *Errors*: `invalid_argument`, `internal`.
    [[nodiscard]] static Result<PrivateKey> generate(KeyType type, std::uint32_t rsa_bits = 2048);

    [[nodiscard]] KeyType type() const noexcept;
    [[nodiscard]] std::uint32_t size_bits() const noexcept;
    [[nodiscard]] PublicKey public_key() const;
    /// PKCS #8. *Errors*: `unsupported` for an external key.
    [[nodiscard]] Result<Secret> to_pem() const;

    /// Signs `message`: RSA PKCS #1 v1.5, ECDSA with a random nonce, or Ed25519 (which does not use `algorithm`).
    /// *Errors*: `unsupported` when OpenSSL's policy forbids the algorithm; what an external signer gives.
    [[nodiscard]] Result<Bytes> sign(HashAlgorithm algorithm, ByteView message, EcdsaForm form = EcdsaForm::der) const;
    /// As `sign`, for a digest made already. *Errors*: `invalid_argument` for Ed25519 or a digest of another length.
    [[nodiscard]] Result<Bytes> sign_digest(HashAlgorithm algorithm, const Digest& digest, EcdsaForm form = EcdsaForm::der) const;

    struct State;

private:
    [[nodiscard]] static Result<PrivateKey> from_pkey(void* owned);
    explicit PrivateKey(std::shared_ptr<const State> state) : state_(std::move(state)) {}
    std::shared_ptr<const State> state_;
};

}  // namespace streamforge::crypto
