#include "crypto/signing_contexts.hpp"

#include <atomic>

#include "core/try.hpp"
#include "crypto/digest_method.hpp"
#include "crypto/openssl_error.hpp"

namespace streamforge::crypto {
namespace {

Error refused(HashAlgorithm algorithm) {
    return openssl_error(Errc::unsupported, "crypto.sign", "OpenSSL's policy refuses this signature")
        .with("hash", std::string(to_string(algorithm)));
}

Result<PkeyCtxPtr> make_context(EVP_PKEY* key, HashAlgorithm algorithm) {
    PkeyCtxPtr context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
    if (!context || EVP_PKEY_sign_init(context.get()) != 1 || EVP_PKEY_CTX_set_signature_md(context.get(), digest_method(algorithm)) != 1) {
        return refused(algorithm);
    }
    return context;
}

Result<Bytes> sign_in(EVP_PKEY_CTX* context, std::size_t max_bytes, HashAlgorithm algorithm, const Digest& digest) {
    Bytes signature(max_bytes);
    std::size_t size = signature.size();
    if (EVP_PKEY_sign(context, signature.data(), &size, digest.bytes().data(), digest.size()) != 1) return refused(algorithm);
    signature.resize(size);
    return signature;
}

}  // namespace

Result<Bytes> SigningContexts::sign(EVP_PKEY* key, std::size_t max_bytes, HashAlgorithm algorithm, const Digest& digest) {
    static std::atomic<std::size_t> threads{0};
    thread_local const std::size_t own = threads.fetch_add(1, std::memory_order_relaxed) % slot_count;
    Slot& slot = slots_[own];
    const std::unique_lock lock(slot.mutex, std::try_to_lock);
    if (!lock) {  // more threads than slots
        SF_ASSIGN(const PkeyCtxPtr context, make_context(key, algorithm));
        return sign_in(context.get(), max_bytes, algorithm, digest);
    }
    if (slot.algorithm != algorithm) {
        slot.algorithm.reset();
        const PkeyPtr copy(EVP_PKEY_dup(key));  // the context keeps it; a key that cannot be copied, as in a token, is shared
        SF_ASSIGN(slot.context, make_context(copy ? copy.get() : key, algorithm));
        slot.algorithm = algorithm;
    }
    return sign_in(slot.context.get(), max_bytes, algorithm, digest);
}

}  // namespace streamforge::crypto
