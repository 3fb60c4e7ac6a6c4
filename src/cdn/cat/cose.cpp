#include "cdn/cat/cose.hpp"

#include <streamforge/crypto/compare.hpp>

#include "core/try.hpp"

namespace streamforge::cdn::cose {
namespace {

using cbor::Item;
using cbor::Kind;
using crypto::HashAlgorithm;

constexpr std::int64_t label_algorithm = 1;
constexpr std::int64_t label_key_id = 4;
constexpr std::size_t min_secret_bytes = 32;

/// What is authenticated: the structure of RFC 9052 §4.4 or §6.3, with no external data.
Bytes to_be_authenticated(std::uint64_t tag, ByteView protected_header, ByteView payload) {
    Bytes text;
    cbor::append_array(text, 4);
    cbor::append_text(text, tag == tag_mac0 ? "MAC0" : "Signature1");
    cbor::append_bytes(text, protected_header);
    cbor::append_bytes(text, {});
    cbor::append_bytes(text, payload);
    return text;
}

bool read_headers(const Item& parts, Message& message) {
    const auto header = cbor::decode(crypto::bytes_of(parts.items[0].data));
    if (!header || !header->is(Kind::map) || header->items.size() != 2) return false;
    const Item* algorithm = header->find(label_algorithm);
    if (algorithm == nullptr || !algorithm->integer()) return false;
    message.algorithm = *algorithm->integer();
    const Item& open = parts.items[1];
    if (!open.is(Kind::map) || open.items.size() > 2) return false;
    if (open.items.empty()) return true;
    const Item* key_id = open.find(label_key_id);
    if (key_id == nullptr || !key_id->is(Kind::bytes)) return false;
    message.key_id = key_id->data;
    return true;
}

}  // namespace

std::optional<Message> parse(ByteView bytes) {
    const auto outer = cbor::decode(bytes);
    if (!outer || !outer->is(Kind::tag)) return std::nullopt;
    const Item* tagged = &*outer;
    if (tagged->number == tag_cwt) tagged = &tagged->items.front();
    if (!tagged->is(Kind::tag) || (tagged->number != tag_mac0 && tagged->number != tag_sign1)) return std::nullopt;
    const Item& parts = tagged->items.front();
    if (!parts.is(Kind::array) || parts.items.size() != 4) return std::nullopt;
    for (const std::size_t i : {0U, 2U, 3U}) {
        if (!parts.items[i].is(Kind::bytes)) return std::nullopt;
    }
    Message message;
    message.tag = tagged->number;
    if (!read_headers(parts, message)) return std::nullopt;
    message.protected_header = parts.items[0].data;
    message.payload = parts.items[2].data;
    message.proof = parts.items[3].data;
    return message;
}

std::optional<std::int64_t> algorithm_of(const KeyMaterial& material) {
    if (const auto* key = std::get_if<SymmetricKey>(&material)) {
        return key->size_bytes() >= min_secret_bytes ? std::optional(hmac_256_256) : std::nullopt;
    }
    const auto* pair = std::get_if<crypto::PrivateKey>(&material);
    const crypto::KeyType type = pair != nullptr ? pair->type() : std::get<crypto::PublicKey>(material).type();
    return type == crypto::KeyType::ecdsa_p256 ? std::optional(es256) : std::nullopt;
}

Result<Bytes> seal(ByteView payload, const KeyEntry& entry) {
    const auto algorithm = algorithm_of(entry.material);
    if (!algorithm)
        return make_error(Errc::unauthenticated, "cdn.cat", "the key is not one that the scheme knows").with("key_id", entry.id);
    const std::uint64_t tag = *algorithm == es256 ? tag_sign1 : tag_mac0;
    Bytes header;
    cbor::append_map(header, 1);
    cbor::append_integer(header, label_algorithm);
    cbor::append_integer(header, *algorithm);
    const Bytes text = to_be_authenticated(tag, header, payload);
    Bytes proof;
    if (const auto* key = std::get_if<SymmetricKey>(&entry.material)) {
        const crypto::Digest mac = key->hmac(HashAlgorithm::sha256).mac(text);
        proof.assign(mac.bytes().begin(), mac.bytes().end());
    } else {
        const auto* pair = std::get_if<crypto::PrivateKey>(&entry.material);
        if (pair == nullptr) return make_error(Errc::unauthenticated, "cdn.cat", "a public key cannot sign").with("key_id", entry.id);
        SF_ASSIGN(proof, pair->sign(HashAlgorithm::sha256, text, crypto::EcdsaForm::raw));
    }
    Bytes out;
    cbor::append_tag(out, tag_cwt);
    cbor::append_tag(out, tag);
    cbor::append_array(out, 4);
    cbor::append_bytes(out, header);
    cbor::append_map(out, entry.id.empty() ? 0 : 1);
    if (!entry.id.empty()) {
        cbor::append_integer(out, label_key_id);
        cbor::append_bytes(out, crypto::bytes_of(entry.id));
    }
    cbor::append_bytes(out, payload);
    cbor::append_bytes(out, proof);
    return out;
}

bool proof_fits(const Message& message, const KeyMaterial& material) {
    const Bytes text = to_be_authenticated(message.tag, crypto::bytes_of(message.protected_header), crypto::bytes_of(message.payload));
    const ByteView proof = crypto::bytes_of(message.proof);
    if (const auto* key = std::get_if<SymmetricKey>(&material)) {
        if (message.tag != tag_mac0) return false;
        const crypto::Digest mac = key->hmac(HashAlgorithm::sha256).mac(text);
        const std::size_t size = message.algorithm == hmac_256_64 ? 8 : mac.size();
        return crypto::equal_constant_time(mac.bytes().first(size), proof);
    }
    if (message.tag != tag_sign1) return false;
    const auto* pair = std::get_if<crypto::PrivateKey>(&material);
    const crypto::PublicKey key = pair != nullptr ? pair->public_key() : std::get<crypto::PublicKey>(material);
    return key.verify(HashAlgorithm::sha256, text, proof, crypto::EcdsaForm::raw).has_value();
}

}  // namespace streamforge::cdn::cose
