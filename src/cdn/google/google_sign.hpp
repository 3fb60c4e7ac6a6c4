#pragma once

#include <string_view>

#include <streamforge/cdn/google.hpp>
#include <streamforge/crypto/encoding.hpp>

namespace streamforge::cdn::google {

enum class Product : std::uint8_t { cloud_cdn, media_cdn };

[[nodiscard]] Capabilities capabilities_of(Product product);
/// *Errors*: `invalid_argument`, naming the key.
[[nodiscard]] Result<void> check_keys(Product product, const KeySet& keys);
[[nodiscard]] std::string_view cookie_name(Product product) noexcept;

/// The signature's text over `text`. *Errors*: `unauthenticated` for a key of another kind, and what an external key gives.
[[nodiscard]] Result<std::string> sign_text(Product product, const KeyEntry& key, std::string_view text, crypto::Base64Variant variant);
/// Whether `signature` is the one spelling of this key's signature over `text`.
[[nodiscard]] bool signature_fits(Product product, const KeyEntry& key, std::string_view text, std::string_view signature,
                                  crypto::Base64Variant variant);

}  // namespace streamforge::cdn::google
