#include "crypto/openssl_error.hpp"

#include <openssl/err.h>

namespace streamforge::crypto {

Error openssl_error(Errc code, std::string operation, std::string message) {
    Error error = make_error(code, std::move(operation), std::move(message));
    if (const unsigned long native = ERR_peek_last_error(); native != 0) {
        error.native_domain = NativeDomain::openssl;
        error.native_code = static_cast<std::int64_t>(native);
    }
    ERR_clear_error();
    return error;
}

}  // namespace streamforge::crypto
