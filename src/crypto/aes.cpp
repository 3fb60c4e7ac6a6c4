#include <streamforge/crypto/aes.hpp>

#include <limits>

#include "core/try.hpp"
#include "crypto/openssl_error.hpp"
#include "crypto/openssl_ptr.hpp"

namespace streamforge::crypto {
namespace {

constexpr auto operation = "crypto.aes";
constexpr std::size_t block_bytes = 16;

Result<const EVP_CIPHER*> cipher_for(std::size_t key_bytes, const EVP_CIPHER* (*aes128)(), const EVP_CIPHER* (*aes192)(),
                                     const EVP_CIPHER* (*aes256)()) {
    switch (key_bytes) {
        case 16: return aes128();
        case 24: return aes192();
        case 32: return aes256();
        default: return make_error(Errc::invalid_argument, operation, "an AES key has 16, 24 or 32 bytes");
    }
}

Result<CipherCtxPtr> make_context(const EVP_CIPHER* cipher, ByteView key, const AesBlock& vector, bool encrypt) {
    CipherCtxPtr context(EVP_CIPHER_CTX_new());
    if (!context || EVP_CipherInit_ex2(context.get(), cipher, key.data(), vector.data(), encrypt ? 1 : 0, nullptr) != 1) {
        return openssl_error(Errc::unsupported, operation, "OpenSSL refuses the cipher");
    }
    return context;
}

Result<void> restart_context(EVP_CIPHER_CTX* context, const AesBlock& vector) {
    if (EVP_CipherInit_ex2(context, nullptr, nullptr, vector.data(), -1, nullptr) != 1) {
        return openssl_error(Errc::internal, operation, "the cipher could not be restarted");
    }
    return {};
}

Result<void> apply_in_place(EVP_CIPHER_CTX* context, std::span<std::uint8_t> bytes) {
    constexpr std::size_t step = std::numeric_limits<int>::max() / block_bytes * block_bytes;  // OpenSSL counts in int
    while (!bytes.empty()) {
        const auto part = bytes.first(std::min(bytes.size(), step));
        int written = 0;
        if (EVP_CipherUpdate(context, part.data(), &written, part.data(), static_cast<int>(part.size())) != 1 ||
            static_cast<std::size_t>(written) != part.size()) {
            return openssl_error(Errc::internal, operation, "the cipher failed");
        }
        bytes = bytes.subspan(part.size());
    }
    return {};
}

Result<Bytes> padded(ByteView key, const AesBlock& vector, ByteView input, bool encrypt) {
    if (input.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()) - block_bytes) {
        return make_error(Errc::limit_exceeded, operation, "the message is longer than 2 GiB");
    }
    SF_ASSIGN(const EVP_CIPHER* cipher, cipher_for(key.size(), EVP_aes_128_cbc, EVP_aes_192_cbc, EVP_aes_256_cbc));
    SF_ASSIGN(const CipherCtxPtr context, make_context(cipher, key, vector, encrypt));
    Bytes out(input.size() + block_bytes);
    int written = 0;
    int tail = 0;
    if (EVP_CipherUpdate(context.get(), out.data(), &written, input.data(), static_cast<int>(input.size())) != 1 ||
        EVP_CipherFinal_ex(context.get(), out.data() + written, &tail) != 1) {
        return openssl_error(encrypt ? Errc::internal : Errc::integrity, operation,
                             encrypt ? "the cipher failed" : "the padding is wrong: other key, or damaged bytes");
    }
    out.resize(static_cast<std::size_t>(written) + static_cast<std::size_t>(tail));
    return out;
}

}  // namespace

struct AesCtr::State {
    CipherCtxPtr context;
};
AesCtr::AesCtr(std::unique_ptr<State> state) : state_(std::move(state)) {}
AesCtr::AesCtr(AesCtr&&) noexcept = default;
AesCtr& AesCtr::operator=(AesCtr&&) noexcept = default;
AesCtr::~AesCtr() = default;

Result<AesCtr> AesCtr::make(ByteView key, const AesBlock& initial_counter) {
    SF_ASSIGN(const EVP_CIPHER* cipher, cipher_for(key.size(), EVP_aes_128_ctr, EVP_aes_192_ctr, EVP_aes_256_ctr));
    auto state = std::make_unique<State>();
    SF_ASSIGN(state->context, make_context(cipher, key, initial_counter, true));
    return AesCtr(std::move(state));
}

Result<void> AesCtr::restart(const AesBlock& initial_counter) { return restart_context(state_->context.get(), initial_counter); }
Result<void> AesCtr::apply(std::span<std::uint8_t> bytes) { return apply_in_place(state_->context.get(), bytes); }

struct AesCbc::State {
    CipherCtxPtr context;
};
AesCbc::AesCbc(std::unique_ptr<State> state) : state_(std::move(state)) {}
AesCbc::AesCbc(AesCbc&&) noexcept = default;
AesCbc& AesCbc::operator=(AesCbc&&) noexcept = default;
AesCbc::~AesCbc() = default;

Result<AesCbc> AesCbc::make(CipherDirection direction, ByteView key, const AesBlock& initial_vector) {
    SF_ASSIGN(const EVP_CIPHER* cipher, cipher_for(key.size(), EVP_aes_128_cbc, EVP_aes_192_cbc, EVP_aes_256_cbc));
    auto state = std::make_unique<State>();
    SF_ASSIGN(state->context, make_context(cipher, key, initial_vector, direction == CipherDirection::encrypt));
    EVP_CIPHER_CTX_set_padding(state->context.get(), 0);
    return AesCbc(std::move(state));
}

Result<void> AesCbc::restart(const AesBlock& initial_vector) { return restart_context(state_->context.get(), initial_vector); }

Result<void> AesCbc::apply(std::span<std::uint8_t> bytes) {
    if (bytes.size() % block_bytes != 0) {
        return make_error(Errc::invalid_argument, operation, "the length is not a multiple of 16 bytes");
    }
    return apply_in_place(state_->context.get(), bytes);
}

Result<Bytes> aes_cbc_encrypt_padded(ByteView key, const AesBlock& initial_vector, ByteView plain) {
    return padded(key, initial_vector, plain, true);
}

Result<Bytes> aes_cbc_decrypt_padded(ByteView key, const AesBlock& initial_vector, ByteView cipher) {
    return padded(key, initial_vector, cipher, false);
}

}  // namespace streamforge::crypto
