#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace streamforge::storage {

/// How many continuation bytes follow a lead byte, and the range the first of them must lie in. *Source*: RFC 3629 §4.
struct Utf8Sequence {
    std::size_t continuation = 0;
    std::uint8_t low = 0x80;
    std::uint8_t high = 0xbf;
    bool valid = true;
};

[[nodiscard]] constexpr Utf8Sequence utf8_sequence_of(std::uint8_t lead) noexcept {
    if (lead < 0x80) return {};
    if (lead < 0xc2) return {.valid = false};
    if (lead < 0xe0) return {.continuation = 1};
    if (lead == 0xe0) return {.continuation = 2, .low = 0xa0};
    if (lead == 0xed) return {.continuation = 2, .high = 0x9f};
    if (lead < 0xf0) return {.continuation = 2};
    if (lead == 0xf0) return {.continuation = 3, .low = 0x90};
    if (lead < 0xf4) return {.continuation = 3};
    if (lead == 0xf4) return {.continuation = 3, .high = 0x8f};
    return {.valid = false};
}

/// Whether `text` is well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
[[nodiscard]] constexpr bool is_utf8(std::string_view text) noexcept {
    std::size_t at = 0;
    while (at < text.size()) {
        const auto sequence = utf8_sequence_of(static_cast<std::uint8_t>(text[at]));
        if (!sequence.valid || text.size() - at <= sequence.continuation) return false;
        for (std::size_t index = 1; index <= sequence.continuation; ++index) {
            const auto byte = static_cast<std::uint8_t>(text[at + index]);
            const auto low = index == 1 ? sequence.low : std::uint8_t{0x80};
            const auto high = index == 1 ? sequence.high : std::uint8_t{0xbf};
            if (byte < low || byte > high) return false;
        }
        at += sequence.continuation + 1;
    }
    return true;
}

}  // namespace streamforge::storage
