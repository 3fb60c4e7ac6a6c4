#include "core/try.hpp"
#include "crypto/key_state.hpp"
#include "crypto/openssl_error.hpp"

namespace streamforge::crypto {
namespace {

constexpr int scalar_bytes = 32;
constexpr long max_der_bytes = 72;

Error malformed() { return openssl_error(Errc::malformed, "crypto.ecdsa", "not an ECDSA P-256 signature"); }

}  // namespace

Result<Bytes> ecdsa_der_to_raw(ByteView der) {
    if (der.size() > static_cast<std::size_t>(max_der_bytes)) return malformed();
    const unsigned char* cursor = der.data();
    const EcdsaSigPtr signature(d2i_ECDSA_SIG(nullptr, &cursor, static_cast<long>(der.size())));
    if (!signature || cursor != der.data() + der.size()) return malformed();
    Bytes raw(2 * scalar_bytes);
    if (BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), raw.data(), scalar_bytes) != scalar_bytes ||
        BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), raw.data() + scalar_bytes, scalar_bytes) != scalar_bytes) {
        return malformed();
    }
    return raw;
}

Result<Bytes> ecdsa_raw_to_der(ByteView raw) {
    if (raw.size() != 2 * scalar_bytes) return malformed();
    const EcdsaSigPtr signature(ECDSA_SIG_new());
    BignumPtr r(BN_bin2bn(raw.data(), scalar_bytes, nullptr));
    BignumPtr s(BN_bin2bn(raw.data() + scalar_bytes, scalar_bytes, nullptr));
    if (!signature || !r || !s || ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) return malformed();
    (void)r.release();
    (void)s.release();
    Bytes der(max_der_bytes);
    unsigned char* cursor = der.data();
    const int size = i2d_ECDSA_SIG(signature.get(), &cursor);
    if (size <= 0 || size > max_der_bytes) return malformed();
    der.resize(static_cast<std::size_t>(size));
    return der;
}

}  // namespace streamforge::crypto
