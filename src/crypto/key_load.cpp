#include <openssl/pem.h>
#include <openssl/x509.h>

#include <streamforge/crypto/compare.hpp>

#include "core/try.hpp"
#include "crypto/key_state.hpp"
#include "crypto/openssl_error.hpp"

namespace streamforge::crypto {
namespace {

constexpr auto operation = "crypto.load_key";
constexpr std::uint32_t min_rsa_bits = 2048;
constexpr std::uint32_t max_rsa_bits = 8192;
constexpr std::size_t max_key_text_bytes = 64 * 1024;

using BioPtr = std::unique_ptr<BIO, OpensslDeleter<BIO_free_all>>;
using Pkcs8Ptr = std::unique_ptr<PKCS8_PRIV_KEY_INFO, OpensslDeleter<PKCS8_PRIV_KEY_INFO_free>>;

struct PassphraseRequest {
    std::string_view passphrase;
    bool asked = false;
};

/// Gives OpenSSL the passphrase, and keeps it from asking on the terminal when there is none.
int give_passphrase(char* buffer, int size, int /*writing*/, void* data) noexcept {
    auto* request = static_cast<PassphraseRequest*>(data);
    request->asked = true;
    if (request->passphrase.empty() || request->passphrase.size() > static_cast<std::size_t>(size)) return -1;
    request->passphrase.copy(buffer, request->passphrase.size());
    return static_cast<int>(request->passphrase.size());
}

Result<BioPtr> text_reader(std::string_view text) {
    if (text.size() > max_key_text_bytes) return make_error(Errc::limit_exceeded, operation, "the key is longer than 64 KiB");
    BioPtr reader(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    if (!reader) return openssl_error(Errc::internal, operation, "out of memory");
    return reader;
}

Error not_a_private_key() { return openssl_error(Errc::malformed, operation, "not a private key in a known form"); }

}  // namespace

Result<KeyFacts> inspect_key(const EVP_PKEY* key) {
    const auto bits = static_cast<std::uint32_t>(EVP_PKEY_get_bits(key));
    if (EVP_PKEY_is_a(key, "RSA") == 1) {
        if (bits < min_rsa_bits || bits > max_rsa_bits) {
            return make_error(Errc::unsupported, operation, "RSA keys must have 2048 to 8192 bits").with("bits", std::to_string(bits));
        }
        return KeyFacts{KeyType::rsa, bits};
    }
    if (EVP_PKEY_is_a(key, "ED25519") == 1) return KeyFacts{KeyType::ed25519, 256};
    if (EVP_PKEY_is_a(key, "EC") == 1) {
        char group[32] = {};
        std::size_t size = 0;
        if (EVP_PKEY_get_group_name(key, group, sizeof group, &size) == 1 && std::string_view(group, size) == "prime256v1") {
            return KeyFacts{KeyType::ecdsa_p256, 256};
        }
        return openssl_error(Errc::unsupported, operation, "only the curve P-256 is supported");
    }
    return make_error(Errc::unsupported, operation, "only RSA, ECDSA P-256 and Ed25519 keys are supported");
}

Result<PublicKey> PublicKey::from_pkey(void* owned) {
    PkeyPtr key(static_cast<EVP_PKEY*>(owned));
    if (!key) return openssl_error(Errc::malformed, operation, "not a public key in a known form");
    SF_ASSIGN(const KeyFacts facts, inspect_key(key.get()));
    auto state = std::make_shared<State>();
    state->type = facts.type;
    state->bits = facts.bits;
    state->key = std::move(key);
    return PublicKey(std::move(state));
}

Result<PublicKey> PublicKey::from_pem(std::string_view pem) {
    SF_ASSIGN(const BioPtr reader, text_reader(pem));
    EVP_PKEY* raw = nullptr;
    const DecoderCtxPtr decoder(OSSL_DECODER_CTX_new_for_pkey(&raw, "PEM", nullptr, nullptr, EVP_PKEY_PUBLIC_KEY, nullptr, nullptr));
    PassphraseRequest no_passphrase;
    if (!decoder || OSSL_DECODER_CTX_set_pem_password_cb(decoder.get(), give_passphrase, &no_passphrase) != 1 ||
        OSSL_DECODER_from_bio(decoder.get(), reader.get()) != 1) {
        return openssl_error(Errc::malformed, operation, "not a public key in a known form");
    }
    return from_pkey(raw);
}

Result<PublicKey> PublicKey::from_jwk(std::string_view json) {
    SF_ASSIGN(PkeyPtr key, key_from_jwk(json, false));
    return from_pkey(key.release());
}

Result<PublicKey> PublicKey::from_raw_ed25519(ByteView bytes) {
    return from_pkey(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes.data(), bytes.size()));
}

Result<PrivateKey> PrivateKey::from_pkey(void* owned) {
    PkeyPtr key(static_cast<EVP_PKEY*>(owned));
    if (!key) return not_a_private_key();
    SF_ASSIGN(const KeyFacts facts, inspect_key(key.get()));
    auto state = std::make_shared<State>();
    state->type = facts.type;
    state->bits = facts.bits;
    state->key = std::move(key);
    return PrivateKey(std::move(state));
}

Result<PrivateKey> PrivateKey::from_pem(std::string_view pem, const Secret& passphrase) {
    SF_ASSIGN(const BioPtr reader, text_reader(pem));
    PassphraseRequest request{passphrase.reveal()};
    PkeyPtr key(PEM_read_bio_PrivateKey_ex(reader.get(), nullptr, give_passphrase, &request, nullptr, nullptr));
    if (!key && request.asked) {
        return openssl_error(Errc::unauthenticated, operation,
                             passphrase.empty() ? "the key is encrypted and no passphrase was given" : "the passphrase does not fit");
    }
    return from_pkey(key.release());
}

Result<PrivateKey> PrivateKey::from_pkcs8(ByteView der) {
    if (der.size() > max_key_text_bytes) return make_error(Errc::limit_exceeded, operation, "the key is longer than 64 KiB");
    const unsigned char* cursor = der.data();
    const Pkcs8Ptr info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &cursor, static_cast<long>(der.size())));
    if (!info || cursor != der.data() + der.size()) return not_a_private_key();
    return from_pkey(EVP_PKCS82PKEY(info.get()));
}

Result<PrivateKey> PrivateKey::from_jwk(std::string_view json) {
    SF_ASSIGN(PkeyPtr built, key_from_jwk(json, true));
    SF_ASSIGN(PrivateKey key, from_pkey(built.release()));
    // The numbers came one by one: a wrong one would give signatures that nobody accepts, or that betray the key.
    const ByteView probe = bytes_of("streamforge");
    const auto signature = key.sign(HashAlgorithm::sha256, probe);
    if (!signature || !key.public_key().verify(HashAlgorithm::sha256, probe, *signature)) {
        return openssl_error(Errc::malformed, operation, "the JWK's public and private halves do not belong together");
    }
    return key;
}

Result<PrivateKey> PrivateKey::from_raw_ed25519(ByteView seed) {
    return from_pkey(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
}

Result<PrivateKey> PrivateKey::generate(KeyType type, std::uint32_t rsa_bits) {
    if (type == KeyType::rsa && (rsa_bits < min_rsa_bits || rsa_bits > max_rsa_bits)) {
        return make_error(Errc::invalid_argument, operation, "rsa_bits must be 2048 to 8192");
    }
    switch (type) {
        case KeyType::rsa: return from_pkey(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<std::size_t>(rsa_bits)));
        case KeyType::ecdsa_p256: return from_pkey(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
        case KeyType::ed25519: return from_pkey(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    }
    return make_error(Errc::invalid_argument, operation, "unknown key type");
}

std::string PublicKey::to_pem() const {
    const BioPtr writer(BIO_new(BIO_s_mem()));
    if (!writer || PEM_write_bio_PUBKEY(writer.get(), state_->key.get()) != 1) {
        throw Exception(openssl_error(Errc::internal, "crypto.write_key", "the key could not be written"));
    }
    char* text = nullptr;
    const long size = BIO_get_mem_data(writer.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

Result<Secret> PrivateKey::to_pem() const {
    if (!state_->key) return make_error(Errc::unsupported, "crypto.write_key", "an external key cannot be exported");
    const BioPtr writer(BIO_new(BIO_s_secmem()));
    if (!writer || PEM_write_bio_PKCS8PrivateKey(writer.get(), state_->key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
        return openssl_error(Errc::internal, "crypto.write_key", "the key could not be written");
    }
    char* text = nullptr;
    const long size = BIO_get_mem_data(writer.get(), &text);
    return Secret(std::string(text, static_cast<std::size_t>(size)));
}

}  // namespace streamforge::crypto
