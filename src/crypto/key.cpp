#include <streamforge/crypto/key.hpp>

#include <openssl/x509.h>

#include "core/try.hpp"
#include "crypto/digest_method.hpp"
#include "crypto/key_state.hpp"
#include "crypto/openssl_error.hpp"

namespace streamforge::crypto {
namespace {

constexpr auto sign_operation = "crypto.sign";
constexpr auto verify_operation = "crypto.verify";
constexpr std::size_t ed25519_signature_bytes = 64;
constexpr std::size_t max_ecdsa_der_bytes = 72;

Result<Bytes> sign_ed25519(EVP_PKEY* key, ByteView message) {
    Bytes signature(ed25519_signature_bytes);
    std::size_t size = signature.size();
    const MdCtxPtr context(EVP_MD_CTX_new());
    if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key) != 1 ||
        EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) != 1) {
        return openssl_error(Errc::unsupported, sign_operation, "OpenSSL refuses to sign");
    }
    return signature;
}

Error not_this_keys() { return openssl_error(Errc::denied, verify_operation, "the signature is not this key's over this message"); }

Result<void> verify_ed25519(EVP_PKEY* key, ByteView message, ByteView signature) {
    const MdCtxPtr context(EVP_MD_CTX_new());
    if (!context || EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key) != 1) {
        return openssl_error(Errc::unsupported, verify_operation, "OpenSSL refuses to verify");
    }
    if (EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size()) != 1) return not_this_keys();
    return {};
}

Result<void> verify_with(EVP_PKEY* key, HashAlgorithm algorithm, const Digest& digest, ByteView signature) {
    const PkeyCtxPtr context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
    if (!context || EVP_PKEY_verify_init(context.get()) != 1 ||
        EVP_PKEY_CTX_set_signature_md(context.get(), digest_method(algorithm)) != 1) {
        return openssl_error(Errc::unsupported, verify_operation, "OpenSSL's policy refuses this signature")
            .with("hash", std::string(to_string(algorithm)));
    }
    if (EVP_PKEY_verify(context.get(), signature.data(), signature.size(), digest.bytes().data(), digest.size()) != 1) {
        return not_this_keys();
    }
    return {};
}

/// A signature from elsewhere is checked before it is used: a misconfigured KMS key must not become a stream of refused URLs.
Result<Bytes> sign_externally(const PrivateKey& key, const ExternalSigner& signer, HashAlgorithm algorithm, ByteView payload,
                              const std::function<Result<void>(ByteView)>& check) {
    SF_ASSIGN(Bytes signature, signer(algorithm, payload));
    if (auto checked = check(signature); !checked) {
        return make_error(Errc::integrity, sign_operation, "the external signer's answer does not fit the public key")
            .with("key_type", std::string(to_string(key.type())));
    }
    return signature;
}

}  // namespace

std::string_view to_string(KeyType type) noexcept {
    switch (type) {
        case KeyType::rsa: return "rsa";
        case KeyType::ecdsa_p256: return "ecdsa-p256";
        case KeyType::ed25519: return "ed25519";
    }
    return "unknown";
}

KeyType PublicKey::type() const noexcept { return state_->type; }
std::uint32_t PublicKey::size_bits() const noexcept { return state_->bits; }

Result<void> PublicKey::verify(HashAlgorithm algorithm, ByteView message, ByteView signature, EcdsaForm form) const {
    switch (state_->type) {
        case KeyType::ed25519:
            if (signature.size() != ed25519_signature_bytes) break;
            return verify_ed25519(state_->key.get(), message, signature);
        case KeyType::ecdsa_p256: {
            SF_TRY(check_available(algorithm));
            if (form == EcdsaForm::der) {
                if (signature.empty() || signature.size() > max_ecdsa_der_bytes) break;
                return verify_with(state_->key.get(), algorithm, hash(algorithm, message), signature);
            }
            SF_ASSIGN(const Bytes der, ecdsa_raw_to_der(signature));
            return verify_with(state_->key.get(), algorithm, hash(algorithm, message), der);
        }
        case KeyType::rsa:
            SF_TRY(check_available(algorithm));
            if (signature.size() != (state_->bits + 7) / 8) break;
            return verify_with(state_->key.get(), algorithm, hash(algorithm, message), signature);
    }
    return make_error(Errc::malformed, verify_operation, "the signature has an impossible length");
}

PrivateKey PrivateKey::external(PublicKey public_key, ExternalSigner signer) {
    auto state = std::make_shared<State>();
    state->type = public_key.type();
    state->bits = public_key.size_bits();
    state->public_half = std::move(public_key);
    state->external = std::move(signer);
    return PrivateKey(std::move(state));
}

KeyType PrivateKey::type() const noexcept { return state_->type; }
std::uint32_t PrivateKey::size_bits() const noexcept { return state_->bits; }

PublicKey PrivateKey::public_key() const {
    std::call_once(state_->public_once, [this] {
        if (state_->public_half) return;
        // Written and read again, so that the public half holds no trace of the private one.
        unsigned char* der = nullptr;
        const int size = i2d_PUBKEY(state_->key.get(), &der);
        const unsigned char* cursor = der;
        EVP_PKEY* key = size > 0 ? d2i_PUBKEY(nullptr, &cursor, size) : nullptr;
        OPENSSL_free(der);
        state_->public_half = PublicKey::from_pkey(key).value();
    });
    return *state_->public_half;
}

Result<Bytes> PrivateKey::sign(HashAlgorithm algorithm, ByteView message, EcdsaForm form) const {
    if (state_->type != KeyType::ed25519) {
        SF_TRY(check_available(algorithm));
        return sign_digest(algorithm, hash(algorithm, message), form);
    }
    if (!state_->external) return sign_ed25519(state_->key.get(), message);
    return sign_externally(*this, state_->external, algorithm, message,
                           [&](ByteView signature) { return state_->public_half->verify(algorithm, message, signature); });
}

Result<Bytes> PrivateKey::sign_digest(HashAlgorithm algorithm, const Digest& digest, EcdsaForm form) const {
    if (state_->type == KeyType::ed25519) {
        return make_error(Errc::invalid_argument, sign_operation, "Ed25519 signs messages, not digests");
    }
    if (digest.size() != digest_size_bytes(algorithm)) {
        return make_error(Errc::invalid_argument, sign_operation, "the digest's length is not that of its algorithm");
    }
    const std::size_t max_bytes = state_->type == KeyType::rsa ? (state_->bits + 7) / 8 : max_ecdsa_der_bytes;
    Result<Bytes> signature =
        state_->external
            ? sign_externally(*this, state_->external, algorithm, digest.bytes(),
                              [&](ByteView made) { return verify_with(state_->public_half->state_->key.get(), algorithm, digest, made); })
            : state_->contexts.sign(state_->key.get(), max_bytes, algorithm, digest);
    if (!signature || state_->type == KeyType::rsa || form == EcdsaForm::der) return signature;
    return ecdsa_der_to_raw(*signature);
}

}  // namespace streamforge::crypto
