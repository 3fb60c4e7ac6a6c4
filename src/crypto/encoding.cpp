#include <streamforge/crypto/encoding.hpp>

#include <array>
#include <cstring>
#include <cstdint>

namespace streamforge::crypto {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::uint8_t no_value = 0xff;

constexpr std::array<std::uint8_t, 256> make_common_values() {
    std::array<std::uint8_t, 256> values{};
    values.fill(no_value);
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        values[static_cast<std::uint8_t>(alphabet[i])] = static_cast<std::uint8_t>(i);
    }
    return values;
}
constexpr std::array<std::uint8_t, 256> common_values = make_common_values();

char digit(std::uint32_t value, Base64Variant variant) {
    if (value < alphabet.size()) return alphabet[value];
    return value == 62 ? variant.char_62 : variant.char_63;
}

std::uint8_t value_of(char character, Base64Variant variant) {
    if (character == variant.char_62) return 62;
    if (character == variant.char_63) return 63;
    return common_values[static_cast<std::uint8_t>(character)];
}

Error malformed(const char* message) { return make_error(Errc::malformed, "crypto.decode", message); }

std::uint8_t hex_value(char character, HexCase accepted) {
    if (character >= '0' && character <= '9') return static_cast<std::uint8_t>(character - '0');
    if (character >= 'a' && character <= 'f') return static_cast<std::uint8_t>(character - 'a' + 10);
    if (accepted == HexCase::any && character >= 'A' && character <= 'F') return static_cast<std::uint8_t>(character - 'A' + 10);
    return no_value;
}

/// Both digits of each byte: one look-up instead of two.
constexpr std::array<std::array<char, 2>, 256> make_hex_pairs() {
    std::array<std::array<char, 2>, 256> pairs{};
    for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i] = {hex_digits[i >> 4], hex_digits[i & 15]};
    return pairs;
}
constexpr auto hex_pairs = make_hex_pairs();

}  // namespace

std::size_t base64_length(std::size_t size_bytes, Base64Variant variant) noexcept {
    const std::size_t rest = size_bytes % 3;
    const std::size_t tail = rest == 0 ? 0 : (variant.padding != 0 ? 4 : rest + 1);
    return size_bytes / 3 * 4 + tail;
}

void base64_append(std::string& out, ByteView bytes, Base64Variant variant) {
    out.reserve(out.size() + base64_length(bytes.size(), variant));
    std::size_t at = 0;
    for (; at + 3 <= bytes.size(); at += 3) {
        const std::uint32_t group = (std::uint32_t{bytes[at]} << 16) | (std::uint32_t{bytes[at + 1]} << 8) | bytes[at + 2];
        const char four[4] = {digit(group >> 18, variant), digit((group >> 12) & 63, variant), digit((group >> 6) & 63, variant),
                              digit(group & 63, variant)};
        out.append(four, 4);
    }
    const std::size_t rest = bytes.size() - at;
    if (rest == 0) return;
    const std::uint32_t group = (std::uint32_t{bytes[at]} << 16) | (rest == 2 ? std::uint32_t{bytes[at + 1]} << 8 : 0);
    out.push_back(digit(group >> 18, variant));
    out.push_back(digit((group >> 12) & 63, variant));
    if (rest == 2) out.push_back(digit((group >> 6) & 63, variant));
    if (variant.padding != 0) out.append(3 - rest, variant.padding);
}

std::string base64_encode(ByteView bytes, Base64Variant variant) {
    std::string out;
    base64_append(out, bytes, variant);
    return out;
}

Result<Bytes> base64_decode(std::string_view text, Base64Variant variant) {
    if (variant.padding != 0) {
        if (text.size() % 4 != 0) return malformed("base64 text lacks its padding");
        if (!text.empty() && text.back() == variant.padding) text.remove_suffix(1);
        if (text.size() % 4 == 3 && text.back() == variant.padding) text.remove_suffix(1);
    }
    const std::size_t rest = text.size() % 4;
    if (rest == 1) return malformed("base64 text has an impossible length");
    Bytes out;
    out.reserve(text.size() / 4 * 3 + 2);
    std::uint32_t group = 0;
    std::size_t in_group = 0;
    for (const char character : text) {
        const std::uint8_t value = value_of(character, variant);
        if (value == no_value) return malformed("base64 text holds a character outside its alphabet");
        group = (group << 6) | value;
        if (++in_group == 4) {
            out.push_back(static_cast<std::uint8_t>(group >> 16));
            out.push_back(static_cast<std::uint8_t>(group >> 8));
            out.push_back(static_cast<std::uint8_t>(group));
            group = 0;
            in_group = 0;
        }
    }
    if (rest == 2) {
        if ((group & 0x0f) != 0) return malformed("base64 text has stray bits at its end");
        out.push_back(static_cast<std::uint8_t>(group >> 4));
    } else if (rest == 3) {
        if ((group & 0x03) != 0) return malformed("base64 text has stray bits at its end");
        out.push_back(static_cast<std::uint8_t>(group >> 10));
        out.push_back(static_cast<std::uint8_t>(group >> 2));
    }
    return out;
}

void hex_append(std::string& out, ByteView bytes) {
    const std::size_t begin = out.size();
    out.resize(begin + bytes.size() * 2);
    char* to = out.data() + begin;
    for (const std::uint8_t byte : bytes) {
        std::memcpy(to, hex_pairs[byte].data(), 2);
        to += 2;
    }
}

std::string hex_encode(ByteView bytes) {
    std::string out;
    hex_append(out, bytes);
    return out;
}

Result<Bytes> hex_decode(std::string_view text, HexCase accepted) {
    if (text.size() % 2 != 0) return malformed("hexadecimal text has an odd length");
    Bytes out;
    out.reserve(text.size() / 2);
    for (std::size_t at = 0; at < text.size(); at += 2) {
        const std::uint8_t high = hex_value(text[at], accepted);
        const std::uint8_t low = hex_value(text[at + 1], accepted);
        if (high == no_value || low == no_value) return malformed("hexadecimal text holds another character");
        out.push_back(static_cast<std::uint8_t>(high << 4 | low));
    }
    return out;
}

}  // namespace streamforge::crypto
