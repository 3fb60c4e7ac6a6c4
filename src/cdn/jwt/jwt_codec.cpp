#include "cdn/jwt/jwt_codec.hpp"

#include <streamforge/crypto/compare.hpp>
#include <streamforge/crypto/encoding.hpp>

#include "cdn/decimal.hpp"
#include "cdn/policy_check.hpp"
#include "cdn/strict_json.hpp"
#include "core/try.hpp"

namespace streamforge::cdn {
namespace jwt {
namespace {

using Json = nlohmann::json;
using crypto::HashAlgorithm;

constexpr std::size_t max_token_bytes = 8 * 1024;

Error malformed(std::string message) { return make_denial(Denial::malformed_token, std::move(message)); }

std::string_view algorithm_of_type(crypto::KeyType type) noexcept {
    switch (type) {
        case crypto::KeyType::rsa: return "RS256";
        case crypto::KeyType::ecdsa_p256: return "ES256";
        case crypto::KeyType::ed25519: return "EdDSA";
    }
    return "";
}

Result<Bytes> make_signature(const KeyEntry& entry, std::string_view input) {
    if (const auto* key = std::get_if<SymmetricKey>(&entry.material)) {
        if (key->size_bytes() < min_symmetric_bytes) return refused_field("keys", "must have at least 32 bytes for HS256");
        const crypto::Digest mac = key->hmac(HashAlgorithm::sha256).mac(input);
        return Bytes(mac.bytes().begin(), mac.bytes().end());
    }
    if (const auto* key = std::get_if<crypto::PrivateKey>(&entry.material)) {
        return key->sign(HashAlgorithm::sha256, crypto::bytes_of(input), crypto::EcdsaForm::raw);
    }
    return make_error(Errc::unauthenticated, "cdn.jwt", "a public key cannot sign").with("key_id", entry.id);
}

bool signature_fits(const KeyMaterial& material, std::string_view input, ByteView signature) {
    if (const auto* key = std::get_if<SymmetricKey>(&material)) {
        return key->size_bytes() >= min_symmetric_bytes &&
               crypto::equal_constant_time(key->hmac(HashAlgorithm::sha256).mac(input).bytes(), signature);
    }
    const auto* pair = std::get_if<crypto::PrivateKey>(&material);
    const crypto::PublicKey key = pair != nullptr ? pair->public_key() : std::get<crypto::PublicKey>(material);
    return key.verify(HashAlgorithm::sha256, crypto::bytes_of(input), signature, crypto::EcdsaForm::raw).has_value();
}

std::optional<std::string> decode_part(std::string_view text) {
    const auto bytes = crypto::base64_decode(text, crypto::base64_url);
    if (!bytes) return std::nullopt;
    return std::string(bytes->begin(), bytes->end());
}

/// The key that the header calls for, if its algorithm is the key's own.
Result<const KeyEntry*> choose_key(const Json& header, const KeySet& keys, TimePoint now) {
    if (header.contains("crit")) return malformed("the token asks for extensions that must be understood");
    const auto algorithm = string_claim(header, "alg");
    const auto key_id = string_claim(header, "kid");
    if (!algorithm || algorithm->empty() || !key_id) return malformed("the token's header has no algorithm, or no usable key id");
    const KeyEntry* entry = nullptr;
    if (header.contains("kid")) {
        entry = keys.verification_key(*key_id, now);
    } else if (keys.entries().size() == 1 && keys.entries().front().verifies_at(now)) {
        entry = &keys.entries().front();
    }
    if (entry == nullptr) return make_denial(Denial::unknown_key, "no key of the token's id may verify now");
    if (*algorithm != algorithm_of(entry->material)) return make_denial(Denial::weak_algorithm, "the token's algorithm is not the key's");
    return entry;
}

/// A NumericDate without fraction. None when it is there but something else.
std::optional<std::optional<TimePoint>> time_claim(const Json& claims, const char* name) {
    const auto found = claims.find(name);
    if (found == claims.end()) return std::optional<TimePoint>();
    if (!found->is_number_integer()) return std::nullopt;
    const auto epoch = found->get<std::int64_t>();
    if (epoch < 0 || epoch > max_epoch) return std::nullopt;
    return std::optional<TimePoint>(TimePoint(std::chrono::seconds(epoch)));
}

}  // namespace

std::string_view algorithm_of(const KeyMaterial& material) noexcept {
    if (const auto* key = std::get_if<crypto::PrivateKey>(&material)) return algorithm_of_type(key->type());
    if (const auto* key = std::get_if<crypto::PublicKey>(&material)) return algorithm_of_type(key->type());
    return "HS256";
}

Result<void> check_keys(const KeySet& keys) {
    for (const KeyEntry& entry : keys.entries()) {
        const auto* key = std::get_if<SymmetricKey>(&entry.material);
        if (key != nullptr && key->size_bytes() < min_symmetric_bytes) {
            return refused_field("keys", "must have at least 32 bytes for HS256").with("key_id", entry.id);
        }
    }
    return {};
}

std::string header_for(const KeyEntry& key) {
    std::string header = R"({"alg":")";
    header.append(algorithm_of(key.material)).push_back('"');
    if (!key.id.empty()) header.append(R"(,"kid":)").append(json_string(key.id));
    return header + "}";
}

Result<std::string> encode(std::string_view header_json, std::string_view claims_json, const KeyEntry& key) {
    std::string token;
    crypto::base64_append(token, crypto::bytes_of(header_json), crypto::base64_url);
    token.push_back('.');
    crypto::base64_append(token, crypto::bytes_of(claims_json), crypto::base64_url);
    SF_ASSIGN(const Bytes signature, make_signature(key, token));
    token.push_back('.');
    crypto::base64_append(token, signature, crypto::base64_url);
    return token;
}

Result<Decoded> decode(std::string_view token, const KeySet& keys, TimePoint now) {
    if (token.size() > max_token_bytes) return malformed("the token is longer than 8 KiB");
    const std::size_t first = token.find('.');
    const std::size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
    if (second == std::string_view::npos) return malformed("the token has not three parts");
    const auto header_text = decode_part(token.substr(0, first));
    const auto claims_text = decode_part(token.substr(first + 1, second - first - 1));
    const auto signature = crypto::base64_decode(token.substr(second + 1), crypto::base64_url);
    if (!header_text || !claims_text || !signature) return malformed("the token is not base64url");
    const auto header = parse_strict_json(*header_text);
    if (!header || !header->is_object()) return malformed("the token's header is not a JSON object");
    SF_ASSIGN(const KeyEntry* entry, choose_key(*header, keys, now));
    if (!signature_fits(entry->material, token.substr(0, second), *signature)) {
        return make_denial(Denial::wrong_signature, "the signature is not this key's over this token");
    }
    auto claims = parse_strict_json(*claims_text);
    if (!claims || !claims->is_object()) return malformed("the claims are not a JSON object");
    const auto expires = time_claim(*claims, "exp");
    const auto starts = time_claim(*claims, "nbf");
    if (!expires || !starts || !*expires) return malformed("the token's times are missing or not whole seconds");
    return Decoded{*std::move(claims), VerifiedJwt{*claims_text, entry->id, **expires, *starts}};
}

std::optional<std::string> string_claim(const Json& claims, const std::string& name) {
    const auto found = claims.find(name);
    if (found == claims.end()) return std::string();
    if (!found->is_string()) return std::nullopt;
    return found->get<std::string>();
}

}  // namespace jwt

Result<std::string> sign_jwt(std::string_view claims_json, const KeyEntry& key) {
    const auto claims = parse_strict_json(claims_json);
    if (!claims || !claims->is_object()) return refused_field("claims_json", "must be a JSON object");
    return jwt::encode(jwt::header_for(key), claims_json, key);
}

Result<VerifiedJwt> verify_jwt(std::string_view token, const KeySet& keys, TimePoint now) {
    SF_ASSIGN(jwt::Decoded decoded, jwt::decode(token, keys, now));
    return std::move(decoded.verified);
}

}  // namespace streamforge::cdn
