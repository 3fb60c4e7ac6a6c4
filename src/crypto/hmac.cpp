#include <streamforge/crypto/hmac.hpp>

#include <algorithm>
#include <array>

#include <streamforge/core/error.hpp>
#include <streamforge/crypto/compare.hpp>

#include "core/try.hpp"
#include "crypto/digest_method.hpp"
#include "crypto/openssl_error.hpp"
#include "crypto/openssl_ptr.hpp"

namespace streamforge::crypto {

/// Hash states that have taken in the key already. Shared by threads and never changed: each MAC copies them.
struct HmacKey::State {
    HashAlgorithm algorithm;
    MdCtxPtr inner;
    MdCtxPtr outer;
};

namespace {

constexpr std::size_t max_block_bytes = 128;

std::size_t block_size_bytes(HashAlgorithm algorithm) { return algorithm == HashAlgorithm::sha512 ? 128 : 64; }

MdCtxPtr keyed_context(const EVP_MD* method, ByteView padded_key, std::uint8_t pad) {
    std::array<std::uint8_t, max_block_bytes> block{};
    std::transform(padded_key.begin(), padded_key.end(), block.begin(),
                   [pad](std::uint8_t byte) { return static_cast<std::uint8_t>(byte ^ pad); });
    MdCtxPtr context(EVP_MD_CTX_new());
    const bool done = context && EVP_DigestInit_ex2(context.get(), method, nullptr) == 1 &&
                      EVP_DigestUpdate(context.get(), block.data(), padded_key.size()) == 1;
    wipe(block);
    return done ? std::move(context) : nullptr;
}

/// One context per thread that copies are made into, so that a MAC allocates no context of its own.
EVP_MD_CTX* scratch_context() {
    thread_local const MdCtxPtr context(EVP_MD_CTX_new());
    return context.get();
}

}  // namespace

Result<HmacKey> HmacKey::make(HashAlgorithm algorithm, ByteView key) {
    constexpr auto operation = "crypto.hmac";
    SF_TRY(check_available(algorithm));
    if (key.empty()) return make_error(Errc::invalid_argument, operation, "the key is empty");
    std::array<std::uint8_t, max_block_bytes> padded{};
    const std::size_t block_bytes = block_size_bytes(algorithm);
    if (key.size() > block_bytes) {
        const Digest shortened = Hasher(algorithm).update(key).finish();  // in a context that goes: its state is a key itself
        std::copy(shortened.bytes().begin(), shortened.bytes().end(), padded.begin());
    } else {
        std::copy(key.begin(), key.end(), padded.begin());
    }
    const EVP_MD* method = digest_method(algorithm);
    auto state = std::make_shared<State>();
    state->algorithm = algorithm;
    state->inner = keyed_context(method, ByteView(padded).first(block_bytes), 0x36);
    state->outer = keyed_context(method, ByteView(padded).first(block_bytes), 0x5c);
    wipe(padded);
    if (!state->inner || !state->outer) return openssl_error(Errc::internal, operation, "the key could not be prepared");
    return HmacKey(std::move(state));
}

HashAlgorithm HmacKey::algorithm() const noexcept { return state_->algorithm; }

Digest HmacKey::mac(ByteView message) const {
    return mac({std::string_view(reinterpret_cast<const char*>(message.data()), message.size())});
}

Digest HmacKey::mac(std::initializer_list<std::string_view> parts) const {
    EVP_MD_CTX* context = scratch_context();
    Digest digest;
    unsigned int size = 0;
    bool done = context != nullptr && EVP_MD_CTX_copy_ex(context, state_->inner.get()) == 1;
    for (const std::string_view part : parts) {
        done = done && (part.empty() || EVP_DigestUpdate(context, part.data(), part.size()) == 1);
    }
    done = done && EVP_DigestFinal_ex(context, digest.bytes_.data(), &size) == 1 && EVP_MD_CTX_copy_ex(context, state_->outer.get()) == 1 &&
           EVP_DigestUpdate(context, digest.bytes_.data(), size) == 1 && EVP_DigestFinal_ex(context, digest.bytes_.data(), &size) == 1;
    if (!done) throw Exception(openssl_error(Errc::internal, "crypto.hmac", "computing the MAC failed"));
    digest.size_ = size;
    return digest;
}

}  // namespace streamforge::crypto
