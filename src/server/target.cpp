#include <streamforge/server/target.hpp>

#include "server/text.hpp"
#include "storage/utf8.hpp"

namespace streamforge::server {
namespace {

constexpr std::size_t max_target_bytes = 8 << 10;

Error bad_target(std::string_view rule) {
    return make_error(Errc::invalid_argument, "server.target", "the request target " + std::string(rule));
}

int hex_value(char digit) noexcept {
    if (digit >= '0' && digit <= '9') return digit - '0';
    const char lower = to_lower(digit);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// Host and scheme of the absolute form do not matter to an origin: `/path` of `http://host/path`.
std::string_view without_authority(std::string_view target) noexcept {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (target.size() < scheme.size() || !equal_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
        const auto end = target.find_first_of("/?", scheme.size());
        return end == std::string_view::npos ? std::string_view("/") : target.substr(end);
    }
    return target;
}

Result<void> check_raw(std::string_view path) {
    for (std::size_t at = 0; at < path.size(); ++at) {
        const auto byte = static_cast<unsigned char>(path[at]);
        if (byte <= 0x20 || byte == 0x7f) return bad_target("holds a space or control character");
        if (path[at] == '\\' || path[at] == '#') return bad_target("holds a character that must be escaped");
        if (path[at] != '%') continue;
        if (path.size() - at < 3) return bad_target("holds a broken escape");
        const int value = hex_value(path[at + 1]) * 16 + hex_value(path[at + 2]);
        // An escaped slash is another name to some readers and a divider to others: the classic way around a check.
        if (value == '/' || value == '\\') return bad_target("holds an escaped slash");
    }
    return {};
}

Result<void> check_decoded(std::string_view path) {
    for (const char character : path) {
        const auto byte = static_cast<unsigned char>(character);
        if (byte < 0x20 || byte == 0x7f) return bad_target("holds a control character");
    }
    if (!storage::is_utf8(path)) return bad_target("is not UTF-8");
    auto rest = path.substr(1);
    while (true) {
        const auto slash = rest.find('/');
        const auto segment = rest.substr(0, slash);
        if (segment == "." || segment == "..") return bad_target("holds a dot segment");
        if (slash == std::string_view::npos) return {};
        if (segment.empty()) return bad_target("holds an empty segment");
        rest.remove_prefix(slash + 1);
    }
}

}  // namespace

std::optional<std::string> decode_percent(std::string_view text, bool plus_is_space) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '%') {
            if (text.size() - at < 3) return std::nullopt;
            const int high = hex_value(text[at + 1]);
            const int low = hex_value(text[at + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            decoded += static_cast<char>(high * 16 + low);
            at += 2;
        } else {
            decoded += plus_is_space && text[at] == '+' ? ' ' : text[at];
        }
    }
    return decoded;
}

Result<Target> parse_target(std::string_view target) {
    if (target.size() > max_target_bytes) return bad_target("is longer than 8 KiB");
    if (target == "*") return Target{"*", {}};
    target = without_authority(target);
    const auto question = target.find('?');
    std::string path(target.substr(0, question));
    if (path.empty() && question == 0) path = "/";
    if (!path.starts_with('/')) return bad_target("does not begin with a slash");
    if (auto raw = check_raw(path); !raw) return std::move(raw).error();
    auto decoded = decode_percent(path);
    if (!decoded) return bad_target("holds a broken escape");
    if (auto valid = check_decoded(*decoded); !valid) return std::move(valid).error();
    return Target{*std::move(decoded), std::string(question == std::string_view::npos ? std::string_view{} : target.substr(question + 1))};
}

}  // namespace streamforge::server
