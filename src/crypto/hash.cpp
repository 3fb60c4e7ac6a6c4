#include <streamforge/crypto/hash.hpp>

#include <algorithm>
#include <openssl/crypto.h>

#include <streamforge/core/error.hpp>
#include <streamforge/crypto/encoding.hpp>

#include "crypto/digest_method.hpp"
#include "crypto/openssl_error.hpp"
#include "crypto/openssl_ptr.hpp"

namespace streamforge::crypto {
namespace {

constexpr std::size_t algorithm_count = 4;

// Kept for the life of the process: other threads may still hash while static objects are destroyed.
const std::array<EVP_MD*, algorithm_count>& methods() noexcept {
    static const std::array<EVP_MD*, algorithm_count> fetched{EVP_MD_fetch(nullptr, "MD5", nullptr), EVP_MD_fetch(nullptr, "SHA1", nullptr),
                                                              EVP_MD_fetch(nullptr, "SHA2-256", nullptr),
                                                              EVP_MD_fetch(nullptr, "SHA2-512", nullptr)};
    return fetched;
}

[[noreturn]] void throw_unavailable(HashAlgorithm algorithm) {
    throw Exception(openssl_error(Errc::unsupported, "crypto.hash", "OpenSSL's policy forbids this hash")
                        .with("algorithm", std::string(to_string(algorithm))));
}

}  // namespace

const EVP_MD* digest_method(HashAlgorithm algorithm) noexcept { return methods()[static_cast<std::size_t>(algorithm)]; }

std::string_view to_string(HashAlgorithm algorithm) noexcept {
    switch (algorithm) {
        case HashAlgorithm::md5: return "md5";
        case HashAlgorithm::sha1: return "sha1";
        case HashAlgorithm::sha256: return "sha256";
        case HashAlgorithm::sha512: return "sha512";
    }
    return "unknown";
}

std::size_t digest_size_bytes(HashAlgorithm algorithm) noexcept {
    switch (algorithm) {
        case HashAlgorithm::md5: return 16;
        case HashAlgorithm::sha1: return 20;
        case HashAlgorithm::sha256: return 32;
        case HashAlgorithm::sha512: return 64;
    }
    return 0;
}

Result<void> check_available(HashAlgorithm algorithm) {
    if (digest_method(algorithm) != nullptr) return {};
    return openssl_error(Errc::unsupported, "crypto.hash", "OpenSSL's policy forbids this hash")
        .with("algorithm", std::string(to_string(algorithm)));
}

Digest::Digest(ByteView bytes) noexcept : size_(std::min(bytes.size(), max_size_bytes)) {
    std::copy_n(bytes.begin(), size_, bytes_.begin());
}

std::string Digest::hex() const { return hex_encode(bytes()); }

struct Hasher::State {
    explicit State(HashAlgorithm chosen) : algorithm(chosen), context(EVP_MD_CTX_new()) { start(); }
    State(const State& other) : algorithm(other.algorithm), context(EVP_MD_CTX_new()) {
        if (!context || EVP_MD_CTX_copy_ex(context.get(), other.context.get()) != 1) throw_unavailable(algorithm);
    }
    void start() {
        const EVP_MD* method = digest_method(algorithm);
        if (!context || method == nullptr || EVP_DigestInit_ex2(context.get(), method, nullptr) != 1) throw_unavailable(algorithm);
    }

    HashAlgorithm algorithm;
    MdCtxPtr context;
};

Hasher::Hasher(HashAlgorithm algorithm) : state_(std::make_unique<State>(algorithm)) {}
Hasher::Hasher(const Hasher& other) : state_(std::make_unique<State>(*other.state_)) {}
Hasher& Hasher::operator=(const Hasher& other) {
    if (this != &other) state_ = std::make_unique<State>(*other.state_);
    return *this;
}
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;
Hasher::~Hasher() = default;

Hasher& Hasher::update(ByteView bytes) {
    if (!bytes.empty() && EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) != 1) {
        throw Exception(openssl_error(Errc::internal, "crypto.hash", "hashing failed"));
    }
    return *this;
}

Digest Hasher::finish() {
    Digest digest;
    unsigned int size = 0;
    if (EVP_DigestFinal_ex(state_->context.get(), digest.bytes_.data(), &size) != 1) {
        throw Exception(openssl_error(Errc::internal, "crypto.hash", "hashing failed"));
    }
    digest.size_ = size;
    state_->start();
    return digest;
}

Digest hash(HashAlgorithm algorithm, ByteView bytes) {
    // OpenSSL's SHA-512, unlike the others, leaves the last block that it has read in its context, and that may hold a secret.
    if (algorithm == HashAlgorithm::sha512) return Hasher(algorithm).update(bytes).finish();
    // One context per thread: a new one for each hash would cost more than a short hash, and let threads meet at the method's
    // reference count.
    thread_local const MdCtxPtr context(EVP_MD_CTX_new());
    const EVP_MD* method = digest_method(algorithm);
    std::array<std::uint8_t, Digest::max_size_bytes> digest;
    unsigned int size = 0;
    if (!context || method == nullptr || EVP_DigestInit_ex2(context.get(), method, nullptr) != 1 ||
        EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) != 1 || EVP_DigestFinal_ex(context.get(), digest.data(), &size) != 1) {
        throw_unavailable(algorithm);
    }
    return Digest(ByteView(digest).first(size));
}
Digest sha256(ByteView bytes) { return hash(HashAlgorithm::sha256, bytes); }
Digest sha256(std::string_view text) { return sha256(bytes_of(text)); }
std::string sha256_hex(ByteView bytes) { return sha256(bytes).hex(); }
std::string sha256_hex(std::string_view text) { return sha256(text).hex(); }

}  // namespace streamforge::crypto
