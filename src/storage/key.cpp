#include <streamforge/storage/key.hpp>

#include <cstdint>

#include "storage/utf8.hpp"

namespace streamforge::storage {
namespace {

Error bad_key(std::string_view rule) { return make_error(Errc::invalid_argument, "storage.key", "the key " + std::string(rule)); }

/// What holds for keys and prefixes alike: length, encoding, characters.
Result<void> validate_text(std::string_view text) {
    if (text.size() > max_key_bytes) return bad_key("is longer than 1024 bytes");
    for (const char character : text) {
        const auto byte = static_cast<unsigned char>(character);
        if (byte < 0x20 || byte == 0x7f) return bad_key("holds a control character");
    }
    if (!is_utf8(text)) return bad_key("is not UTF-8");
    if (text.starts_with('/')) return bad_key("begins with a slash");
    return {};
}

/// Every segment that is closed by a slash, and the last one when `complete`.
Result<void> validate_segments(std::string_view text, bool complete) {
    while (!text.empty()) {
        const auto slash = text.find('/');
        if (slash == std::string_view::npos && !complete) return {};
        const auto segment = text.substr(0, slash);
        if (segment.empty()) return bad_key("holds an empty segment");
        if (segment == "." || segment == "..") return bad_key("holds a '.' or '..' segment");
        if (slash == std::string_view::npos) return {};
        text.remove_prefix(slash + 1);
    }
    return {};
}

}  // namespace

Result<void> validate_key(std::string_view key) {
    if (key.empty()) return bad_key("is empty");
    if (auto text = validate_text(key); !text) return text;
    if (key.ends_with('/')) return bad_key("ends with a slash");
    return validate_segments(key, true);
}

Result<void> validate_prefix(std::string_view prefix) {
    if (auto text = validate_text(prefix); !text) return text;
    return validate_segments(prefix, false);
}

std::string join_key(std::string_view prefix, std::string_view name) {
    std::string key(prefix);
    while (name.starts_with('/')) name.remove_prefix(1);
    if (!key.empty() && !key.ends_with('/')) key += '/';
    key += name;
    return key;
}

}  // namespace streamforge::storage
