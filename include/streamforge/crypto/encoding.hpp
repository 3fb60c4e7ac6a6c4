#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <streamforge/core/bytes.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>

namespace streamforge::crypto {

/// One spelling of base64: the characters for 62 and 63, and the padding (0: none).
struct Base64Variant {
    char char_62 = '+';
    char char_63 = '/';
    char padding = '=';

    friend bool operator==(const Base64Variant&, const Base64Variant&) = default;
};

inline constexpr Base64Variant base64_standard{'+', '/', '='};  ///< RFC 4648 §4.
inline constexpr Base64Variant base64_standard_unpadded{'+', '/', 0};
inline constexpr Base64Variant base64_url_padded{'-', '_', '='};  ///< RFC 4648 §5.
inline constexpr Base64Variant base64_url{'-', '_', 0};           ///< As JOSE and COSE use it: no padding.

[[nodiscard]] STREAMFORGE_EXPORT std::string base64_encode(ByteView bytes, Base64Variant variant = base64_standard);
/// Appends to `out`, without allocation when its capacity suffices.
STREAMFORGE_EXPORT void base64_append(std::string& out, ByteView bytes, Base64Variant variant);
/// Length of the encoding of `size_bytes`.
[[nodiscard]] STREAMFORGE_EXPORT std::size_t base64_length(std::size_t size_bytes, Base64Variant variant) noexcept;

/// Exactly the text that `base64_encode` would give back: no white space, no other alphabet, no missing or extra padding, no
/// stray bits. So each byte string has one accepted spelling. *Errors*: `malformed`.
[[nodiscard]] STREAMFORGE_EXPORT Result<Bytes> base64_decode(std::string_view text, Base64Variant variant = base64_standard);

/// Lower-case hexadecimal.
[[nodiscard]] STREAMFORGE_EXPORT std::string hex_encode(ByteView bytes);
STREAMFORGE_EXPORT void hex_append(std::string& out, ByteView bytes);

/// Which digits `hex_decode` takes.
enum class HexCase : unsigned char { lower_only, any };

/// *Errors*: `malformed` for an odd length or another character.
[[nodiscard]] STREAMFORGE_EXPORT Result<Bytes> hex_decode(std::string_view text, HexCase accepted = HexCase::lower_only);

}  // namespace streamforge::crypto
