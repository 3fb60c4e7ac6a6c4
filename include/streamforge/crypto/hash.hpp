#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <streamforge/core/bytes.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>

namespace streamforge::crypto {

/// `md5` and `sha1` are here for the formats that demand them, never as a default.
enum class HashAlgorithm : std::uint8_t { md5, sha1, sha256, sha512 };

/// "sha256", …
[[nodiscard]] STREAMFORGE_EXPORT std::string_view to_string(HashAlgorithm algorithm) noexcept;
/// 16, 20, 32 or 64.
[[nodiscard]] STREAMFORGE_EXPORT std::size_t digest_size_bytes(HashAlgorithm algorithm) noexcept;
/// *Errors*: `unsupported` when the machine's OpenSSL policy (FIPS) forbids the algorithm. Ask once, before the first use.
[[nodiscard]] STREAMFORGE_EXPORT Result<void> check_available(HashAlgorithm algorithm);

/// The bytes of a view of text.
[[nodiscard]] inline ByteView bytes_of(std::string_view text) noexcept {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// A hash or MAC value, kept without allocation.
class STREAMFORGE_EXPORT Digest {
public:
    static constexpr std::size_t max_size_bytes = 64;

    Digest() = default;
    /// Copies at most 64 bytes.
    explicit Digest(ByteView bytes) noexcept;

    [[nodiscard]] ByteView bytes() const noexcept { return {bytes_.data(), size_}; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    /// Lower-case hexadecimal.
    [[nodiscard]] std::string hex() const;

    /// For hashes. Compare MACs with `equal_constant_time`.
    friend bool operator==(const Digest&, const Digest&) = default;

private:
    friend class Hasher;
    friend class HmacKey;
    std::array<std::uint8_t, max_size_bytes> bytes_{};
    std::size_t size_ = 0;
};

/// Hashes bytes as they come.
///
/// *Errors*: throws `Exception` (`unsupported`) on construction where `check_available` would fail. *Thread safety*: none.
class STREAMFORGE_EXPORT Hasher {
public:
    explicit Hasher(HashAlgorithm algorithm = HashAlgorithm::sha256);
    Hasher(const Hasher& other);  ///< Goes on from the same state.
    Hasher& operator=(const Hasher& other);
    Hasher(Hasher&&) noexcept;
    Hasher& operator=(Hasher&&) noexcept;
    ~Hasher();

    Hasher& update(ByteView bytes);
    Hasher& update(std::string_view text) { return update(bytes_of(text)); }
    /// The hash of everything so far; the hasher then starts anew.
    [[nodiscard]] Digest finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// One hash in one call. *Errors*: as `Hasher`.
[[nodiscard]] STREAMFORGE_EXPORT Digest hash(HashAlgorithm algorithm, ByteView bytes);
[[nodiscard]] STREAMFORGE_EXPORT Digest sha256(ByteView bytes);
[[nodiscard]] STREAMFORGE_EXPORT Digest sha256(std::string_view text);
/// SHA-256 as 64 lower-case hexadecimal digits.
[[nodiscard]] STREAMFORGE_EXPORT std::string sha256_hex(ByteView bytes);
[[nodiscard]] STREAMFORGE_EXPORT std::string sha256_hex(std::string_view text);

}  // namespace streamforge::crypto
