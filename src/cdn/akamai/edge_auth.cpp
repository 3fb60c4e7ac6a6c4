#include "cdn/akamai/edge_auth.hpp"

#include <algorithm>
#include <array>

#include <streamforge/crypto/encoding.hpp>

#include "cdn/decimal.hpp"
#include "cdn/url_scan.hpp"

namespace streamforge::cdn::akamai {
namespace {

constexpr std::string_view hex_lower = "0123456789abcdef";
constexpr std::string_view mac_name = "~hmac=";
constexpr std::size_t max_token_bytes = 4096;

bool stays(unsigned char c) { return (is_unreserved(c) && c != '~') || c == '!' || c == '(' || c == ')'; }

void append_field(std::string& out, std::string_view name, std::string_view value) {
    if (value.empty()) return;
    if (!out.empty()) out.push_back('~');
    out.append(name).append(value);
}

/// Takes "NAME=value" off the front, if that is the next field.
std::optional<std::string_view> take(std::string_view& rest, std::string_view name) {
    if (!rest.starts_with(name)) return std::nullopt;
    const std::size_t end = std::min(rest.find('~'), rest.size());
    const std::string_view value = rest.substr(name.size(), end - name.size());
    if (value.empty() || end + 1 == rest.size()) return std::nullopt;
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return value;
}

}  // namespace

std::string escape_early(std::string_view text) {
    std::string out;
    for (const char character : text) {
        const auto byte = static_cast<unsigned char>(character);
        if (stays(byte)) {
            out.push_back(character);
        } else {
            out.push_back('%');
            out.push_back(hex_lower[byte >> 4]);
            out.push_back(hex_lower[byte & 15]);
        }
    }
    return out;
}

std::optional<std::string> unescape_early(std::string_view text) {
    std::string plain = percent_decode(text);
    if (escape_early(plain) != text) return std::nullopt;
    return plain;
}

void append_fields(std::string& out, const Fields& fields) {
    std::string text;
    append_field(text, "ip=", fields.ip);
    if (fields.starts) append_field(text, "st=", decimal(*fields.starts));
    append_field(text, "exp=", decimal(fields.expires));
    append_field(text, "acl=", fields.acl);
    append_field(text, "id=", fields.id);
    append_field(text, "data=", fields.data);
    out.append(text);
}

void append_mac(std::string& out, std::size_t fields_begin, const crypto::HmacKey& key, std::string_view url, std::string_view salt) {
    const std::string_view fields = std::string_view(out).substr(fields_begin);
    const crypto::Digest mac = key.mac({fields, url.empty() ? "" : "~url=", url, salt.empty() ? "" : "~salt=", salt});
    out.append(mac_name);
    crypto::hex_append(out, mac.bytes());
}

std::optional<Parsed> parse(std::string_view token) {
    if (token.size() > max_token_bytes) return std::nullopt;
    const std::size_t mac_at = token.rfind(mac_name);
    if (mac_at == std::string_view::npos) return std::nullopt;
    Parsed parsed;
    parsed.signed_text = token.substr(0, mac_at);
    parsed.mac = token.substr(mac_at + mac_name.size());
    std::string_view rest = parsed.signed_text;
    if (const auto ip = take(rest, "ip=")) parsed.fields.ip = *ip;
    if (const auto starts = take(rest, "st=")) {
        parsed.fields.starts = parse_epoch(*starts);
        if (!parsed.fields.starts) return std::nullopt;
    }
    const auto expires = take(rest, "exp=");
    const auto time = expires ? parse_epoch(*expires) : std::nullopt;
    if (!time) return std::nullopt;
    parsed.fields.expires = *time;
    if (const auto acl = take(rest, "acl=")) parsed.fields.acl = *acl;
    if (const auto id = take(rest, "id=")) parsed.fields.id = *id;
    if (const auto data = take(rest, "data=")) parsed.fields.data = *data;
    if (!rest.empty()) return std::nullopt;
    return parsed;
}

}  // namespace streamforge::cdn::akamai
