#include "cdn/google/google_sign.hpp"

#include <algorithm>

#include <streamforge/crypto/compare.hpp>

#include "cdn/policy_check.hpp"
#include "core/try.hpp"

namespace streamforge::cdn::google {
namespace {

using crypto::HashAlgorithm;

constexpr std::size_t cloud_key_bytes = 16;
constexpr std::size_t max_key_name_bytes = 63;

bool is_key_name(std::string_view name) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    };
    return !name.empty() && name.size() <= max_key_name_bytes && std::ranges::all_of(name, allowed);
}

bool fits_product(Product product, const KeyMaterial& material) {
    if (const auto* key = std::get_if<SymmetricKey>(&material))
        return product == Product::cloud_cdn && key->size_bytes() == cloud_key_bytes;
    const auto* pair = std::get_if<crypto::PrivateKey>(&material);
    const crypto::KeyType type = pair != nullptr ? pair->type() : std::get<crypto::PublicKey>(material).type();
    return product == Product::media_cdn && type == crypto::KeyType::ed25519;
}

}  // namespace

Capabilities capabilities_of(Product product) {
    Capabilities can;
    can.provider = product == Product::cloud_cdn ? "google" : "google-media";
    can.prefix = true;
    can.cookies = true;
    can.path_token = product == Product::media_cdn;
    can.covers_host = true;
    can.covers_query = true;
    can.append_query_prefix = true;
    can.reserved_parameters = {"URLPrefix", "Expires", "KeyName", "Signature"};
    return can;
}

Result<void> check_keys(Product product, const KeySet& keys) {
    for (const KeyEntry& entry : keys.entries()) {
        if (!is_key_name(entry.id))
            return refused_field("keys", "must have the KeyName as their id: 1 to 63 letters, digits, '-' and '_'")
                .with("key_id", entry.id);
        if (fits_product(product, entry.material)) continue;
        return refused_field("keys", product == Product::cloud_cdn ? "must be 16 bytes for Cloud CDN" : "must be Ed25519 for Media CDN")
            .with("key_id", entry.id);
    }
    return {};
}

std::string_view cookie_name(Product product) noexcept { return product == Product::cloud_cdn ? "Cloud-CDN-Cookie" : "Edge-Cache-Cookie"; }

Result<std::string> sign_text(Product product, const KeyEntry& entry, std::string_view text, crypto::Base64Variant variant) {
    if (!fits_product(product, entry.material)) {
        return make_error(Errc::unauthenticated, "cdn.google", "the key is not one that the product knows").with("key_id", entry.id);
    }
    if (const auto* key = std::get_if<SymmetricKey>(&entry.material)) {
        return crypto::base64_encode(key->hmac(HashAlgorithm::sha1).mac(text).bytes(), variant);
    }
    const auto* key = std::get_if<crypto::PrivateKey>(&entry.material);
    if (key == nullptr) return make_error(Errc::unauthenticated, "cdn.google", "a public key cannot sign").with("key_id", entry.id);
    SF_ASSIGN(const Bytes signature, key->sign(HashAlgorithm::sha512, crypto::bytes_of(text)));
    return crypto::base64_encode(signature, variant);
}

bool signature_fits(Product product, const KeyEntry& entry, std::string_view text, std::string_view signature_text,
                    crypto::Base64Variant variant) {
    const auto signature = crypto::base64_decode(signature_text, variant);
    if (!signature || !fits_product(product, entry.material)) return false;
    if (const auto* key = std::get_if<SymmetricKey>(&entry.material)) {
        return crypto::equal_constant_time(key->hmac(HashAlgorithm::sha1).mac(text).bytes(), *signature);
    }
    const auto* pair = std::get_if<crypto::PrivateKey>(&entry.material);
    const crypto::PublicKey key = pair != nullptr ? pair->public_key() : std::get<crypto::PublicKey>(entry.material);
    return key.verify(HashAlgorithm::sha512, crypto::bytes_of(text), *signature).has_value();
}

}  // namespace streamforge::cdn::google
