#include "storage/utf8.hpp"

#include <cstddef>
#include <cstdint>

namespace streamforge::storage {
namespace {

/// How many continuation bytes follow `lead`, and the range the first of them must lie in; RFC 3629 §4.
struct Sequence {
    std::size_t continuation = 0;
    std::uint8_t low = 0x80;
    std::uint8_t high = 0xbf;
    bool valid = true;
};

Sequence sequence_of(std::uint8_t lead) noexcept {
    if (lead < 0x80) return {0};
    if (lead < 0xc2) return {.valid = false};
    if (lead < 0xe0) return {1};
    if (lead == 0xe0) return {2, 0xa0};
    if (lead == 0xed) return {2, 0x80, 0x9f};
    if (lead < 0xf0) return {2};
    if (lead == 0xf0) return {3, 0x90};
    if (lead < 0xf4) return {3};
    if (lead == 0xf4) return {3, 0x80, 0x8f};
    return {.valid = false};
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
    std::size_t at = 0;
    while (at < text.size()) {
        const auto sequence = sequence_of(static_cast<std::uint8_t>(text[at]));
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
