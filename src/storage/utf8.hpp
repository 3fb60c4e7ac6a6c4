#pragma once

#include <string_view>

namespace streamforge::storage {

/// Whether `text` is well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF. *Source*: RFC 3629 §4.
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

}  // namespace streamforge::storage
