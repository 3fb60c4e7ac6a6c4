#include <array>
#include <openssl/core_names.h>

#include <streamforge/crypto/compare.hpp>
#include <streamforge/crypto/encoding.hpp>

#include "core/try.hpp"
#include "crypto/flat_json.hpp"
#include "crypto/key_state.hpp"
#include "crypto/openssl_error.hpp"

namespace streamforge::crypto {
namespace {

constexpr auto operation = "crypto.jwk";
constexpr std::size_t max_jwk_bytes = 64 * 1024;

/// Decoded bytes of one member, wiped when they go.
struct SecretBytes {
    Bytes value;
    SecretBytes() = default;
    SecretBytes(SecretBytes&&) = default;
    SecretBytes& operator=(SecretBytes&&) = default;
    ~SecretBytes() { wipe(value); }
};

Error refused(Errc code, std::string message) { return make_error(code, operation, std::move(message)); }

Result<SecretBytes> member_bytes(const FlatJson& json, std::string_view name) {
    const auto text = json.find_string(name);
    if (!text) return refused(Errc::malformed, "the JWK lacks a member").with("member", std::string(name));
    auto decoded = base64_decode(*text, base64_url);
    if (!decoded || decoded->empty()) {
        return refused(Errc::malformed, "a JWK member is not base64url").with("member", std::string(name));
    }
    SecretBytes bytes;
    bytes.value = *std::move(decoded);
    return bytes;
}

Result<PkeyPtr> build(const char* algorithm, OSSL_PARAM_BLD* builder, bool with_private) {
    const ParamsPtr params(OSSL_PARAM_BLD_to_param(builder));
    const PkeyCtxPtr context(EVP_PKEY_CTX_new_from_name(nullptr, algorithm, nullptr));
    EVP_PKEY* raw = nullptr;
    if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &raw, with_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
        return openssl_error(Errc::malformed, operation, "the JWK's numbers are not a key");
    }
    return PkeyPtr(raw);
}

Result<PkeyPtr> rsa_key(const FlatJson& json, bool with_private) {
    struct Member {
        const char* jwk;
        const char* openssl;
    };
    static constexpr std::array<Member, 8> members{{{"n", OSSL_PKEY_PARAM_RSA_N},
                                                    {"e", OSSL_PKEY_PARAM_RSA_E},
                                                    {"d", OSSL_PKEY_PARAM_RSA_D},
                                                    {"p", OSSL_PKEY_PARAM_RSA_FACTOR1},
                                                    {"q", OSSL_PKEY_PARAM_RSA_FACTOR2},
                                                    {"dp", OSSL_PKEY_PARAM_RSA_EXPONENT1},
                                                    {"dq", OSSL_PKEY_PARAM_RSA_EXPONENT2},
                                                    {"qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1}}};
    std::size_t wanted = 2;
    if (with_private) wanted = json.find_string("p") ? members.size() : 3;  // RFC 7518 §6.3.2: all CRT members or none
    const ParamBuilderPtr builder(OSSL_PARAM_BLD_new());
    std::array<BignumPtr, members.size()> numbers;
    for (std::size_t i = 0; i < wanted; ++i) {
        SF_ASSIGN(const SecretBytes bytes, member_bytes(json, members[i].jwk));
        if (bytes.value.size() > max_jwk_bytes / 8) return refused(Errc::malformed, "a JWK number is too long");
        numbers[i].reset(BN_secure_new());
        if (!builder || !numbers[i] || BN_bin2bn(bytes.value.data(), static_cast<int>(bytes.value.size()), numbers[i].get()) == nullptr ||
            OSSL_PARAM_BLD_push_BN(builder.get(), members[i].openssl, numbers[i].get()) != 1) {
            return openssl_error(Errc::internal, operation, "out of memory");
        }
    }
    return build("RSA", builder.get(), with_private);
}

Result<PkeyPtr> ec_key(const FlatJson& json, bool with_private) {
    constexpr std::size_t scalar_bytes = 32;
    if (json.find_string("crv") != "P-256") return refused(Errc::unsupported, "only the curve P-256 is supported");
    SF_ASSIGN(const SecretBytes x, member_bytes(json, "x"));
    SF_ASSIGN(const SecretBytes y, member_bytes(json, "y"));
    if (x.value.size() != scalar_bytes || y.value.size() != scalar_bytes) {
        return refused(Errc::malformed, "x and y of a P-256 key have 32 bytes");
    }
    Bytes point{0x04};
    point.insert(point.end(), x.value.begin(), x.value.end());
    point.insert(point.end(), y.value.begin(), y.value.end());
    const ParamBuilderPtr builder(OSSL_PARAM_BLD_new());
    BignumPtr scalar;
    bool pushed = builder && OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) == 1 &&
                  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) == 1;
    if (with_private) {
        SF_ASSIGN(const SecretBytes d, member_bytes(json, "d"));
        if (d.value.size() != scalar_bytes) return refused(Errc::malformed, "d of a P-256 key has 32 bytes");
        scalar.reset(BN_secure_new());
        pushed = pushed && scalar && BN_bin2bn(d.value.data(), static_cast<int>(d.value.size()), scalar.get()) != nullptr &&
                 OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, scalar.get()) == 1;
    }
    if (!pushed) return openssl_error(Errc::internal, operation, "out of memory");
    return build("EC", builder.get(), with_private);
}

Result<PkeyPtr> okp_key(const FlatJson& json, bool with_private) {
    constexpr std::size_t key_bytes = 32;
    if (json.find_string("crv") != "Ed25519") return refused(Errc::unsupported, "only the curve Ed25519 is supported for OKP keys");
    SF_ASSIGN(const SecretBytes x, member_bytes(json, "x"));
    if (x.value.size() != key_bytes) return refused(Errc::malformed, "x of an Ed25519 key has 32 bytes");
    if (!with_private) return PkeyPtr(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, x.value.data(), key_bytes));
    SF_ASSIGN(const SecretBytes d, member_bytes(json, "d"));
    if (d.value.size() != key_bytes) return refused(Errc::malformed, "d of an Ed25519 key has 32 bytes");
    PkeyPtr key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, d.value.data(), key_bytes));
    Bytes derived(key_bytes);
    std::size_t size = derived.size();
    if (!key || EVP_PKEY_get_raw_public_key(key.get(), derived.data(), &size) != 1 || derived != x.value) {
        return openssl_error(Errc::malformed, operation, "the JWK's public and private halves do not belong together");
    }
    return key;
}

}  // namespace

Result<PkeyPtr> key_from_jwk(std::string_view json_text, bool with_private) {
    if (json_text.size() > max_jwk_bytes) return refused(Errc::limit_exceeded, "the JWK is longer than 64 KiB");
    SF_ASSIGN(const FlatJson json, FlatJson::parse(json_text));
    if (json.find_member("keys")) return refused(Errc::unsupported, "this is a JWK set: pass one of its keys");
    const auto type = json.find_string("kty");
    if (!type) return refused(Errc::malformed, "the JWK has no kty");
    if (with_private && !json.find_string("d")) return refused(Errc::malformed, "the JWK holds no private key (d)");
    if (*type == "RSA") return rsa_key(json, with_private);
    if (*type == "EC") return ec_key(json, with_private);
    if (*type == "OKP") return okp_key(json, with_private);
    return refused(Errc::unsupported, "only RSA, EC and OKP keys are supported");
}

}  // namespace streamforge::crypto
