#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <streamforge/cdn/sign_policy.hpp>
#include <streamforge/core/bytes.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/core/secret.hpp>
#include <streamforge/crypto/encoding.hpp>
#include <streamforge/crypto/hmac.hpp>
#include <streamforge/crypto/key.hpp>

namespace streamforge::cdn {

/// A shared secret. Copies share it; it is wiped when the last one goes, and never printed. *Thread safety*: all calls.
class STREAMFORGE_EXPORT SymmetricKey {
public:
    /// *Errors* of all four: `invalid_argument` for an empty key or one above 1024 bytes, `malformed` for bad digits.
    [[nodiscard]] static Result<SymmetricKey> from_bytes(ByteView bytes);
    [[nodiscard]] static Result<SymmetricKey> from_text(std::string_view text);
    [[nodiscard]] static Result<SymmetricKey> from_hex(std::string_view digits);
    [[nodiscard]] static Result<SymmetricKey> from_base64(std::string_view text, crypto::Base64Variant variant = crypto::base64_standard);

    [[nodiscard]] std::size_t size_bytes() const noexcept;
    /// The plain bytes. Do not store or log them.
    [[nodiscard]] ByteView reveal() const noexcept;
    /// The key made ready for MACs; done once per algorithm. *Errors*: throws `Exception` (`unsupported`) as `crypto::Hasher`.
    [[nodiscard]] const crypto::HmacKey& hmac(crypto::HashAlgorithm algorithm) const;

private:
    struct State;
    explicit SymmetricKey(std::shared_ptr<State> state) : state_(std::move(state)) {}
    std::shared_ptr<State> state_;
};

/// A private key signs and verifies, a public key verifies, a symmetric one does both.
using KeyMaterial = std::variant<SymmetricKey, crypto::PrivateKey, crypto::PublicKey>;

/// One key and when it is used. For a rotation without a gap, put the new key in with a `sign_from` ahead, and let the old one
/// verify until the last of its tokens has ended.
struct KeyEntry {
    /// As the provider calls it: Key-Pair-Id, KeyName, kid. May be empty where tokens name no key.
    std::string id;
    KeyMaterial material;
    std::optional<TimePoint> sign_from;     ///< Empty: always.
    std::optional<TimePoint> sign_until;    ///< Exclusive. Empty: for ever.
    std::optional<TimePoint> verify_until;  ///< Exclusive. Empty: for ever.

    [[nodiscard]] STREAMFORGE_EXPORT bool can_sign() const noexcept;
    [[nodiscard]] STREAMFORGE_EXPORT bool signs_at(TimePoint now) const noexcept;
    [[nodiscard]] STREAMFORGE_EXPORT bool verifies_at(TimePoint now) const noexcept;
};

/// An unchanging set of keys.
class STREAMFORGE_EXPORT KeySet {
public:
    /// *Errors*: `invalid_argument`: no key, more than 64, an id twice, `sign_from` not before `sign_until`, or a key that stops
    /// verifying before it stops signing.
    [[nodiscard]] static Result<KeySet> make(std::vector<KeyEntry> entries);

    [[nodiscard]] const std::vector<KeyEntry>& entries() const noexcept { return entries_; }
    /// The key to sign with: of those that may, the one that started last; between equals, the first given. Null: none.
    [[nodiscard]] const KeyEntry* signing_key(TimePoint now) const noexcept;
    /// The key with this id, if it may verify now. Null: none.
    [[nodiscard]] const KeyEntry* verification_key(std::string_view id, TimePoint now) const noexcept;

private:
    explicit KeySet(std::vector<KeyEntry> entries) : entries_(std::move(entries)) {}
    std::vector<KeyEntry> entries_;
};

/// The keys of a provider, replaceable while signers use them. Copies are the same ring.
///
/// *Thread safety*: all calls; `reload` never blocks a signer for longer than copying a pointer, and an old set is wiped as soon
/// as the last call that uses it returns.
class STREAMFORGE_EXPORT KeyRing {
public:
    /// *Errors*: as `KeySet::make`.
    [[nodiscard]] static Result<KeyRing> make(std::vector<KeyEntry> entries);
    /// One key without limits.
    [[nodiscard]] static KeyRing single(std::string id, KeyMaterial material);

    /// Puts other keys in place of these, at once for every copy. *Errors*: as `KeySet::make`; the old keys then stay.
    [[nodiscard]] Result<void> reload(std::vector<KeyEntry> entries) const;
    [[nodiscard]] std::shared_ptr<const KeySet> snapshot() const;

private:
    struct State;
    explicit KeyRing(std::shared_ptr<State> state) : state_(std::move(state)) {}
    std::shared_ptr<State> state_;
};

/// The text of a key file, without its final line break. *Errors*: `not_found`, `permission_denied`, `limit_exceeded` (64 KiB).
[[nodiscard]] STREAMFORGE_EXPORT Result<Secret> read_key_file(const std::string& path);
/// The text of an environment variable. *Errors*: `not_found` when it is unset or empty.
[[nodiscard]] STREAMFORGE_EXPORT Result<Secret> read_key_environment(const std::string& name);
/// A private key from PEM, JWK, or the base64 of either (as some providers' interfaces give it).
/// *Errors*: as `crypto::PrivateKey::from_pem`.
[[nodiscard]] STREAMFORGE_EXPORT Result<crypto::PrivateKey> parse_private_key(const Secret& text);
/// A private or public key from PEM, JWK, or the base64 of either.
[[nodiscard]] STREAMFORGE_EXPORT Result<KeyMaterial> parse_asymmetric_key(const Secret& text);

}  // namespace streamforge::cdn
