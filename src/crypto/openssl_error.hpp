#pragma once

#include <string>

#include <streamforge/core/error.hpp>

namespace streamforge::crypto {

/// An error with the newest code of OpenSSL's queue of this thread, which is emptied. `message` is ours: OpenSSL's own text
/// can quote its input, so only its number is kept.
[[nodiscard]] Error openssl_error(Errc code, std::string operation, std::string message);

}  // namespace streamforge::crypto
