#include "cdn/local/local_token.hpp"

#include <algorithm>
#include <charconv>

#include <streamforge/crypto/compare.hpp>
#include <streamforge/crypto/encoding.hpp>

#include "cdn/decimal.hpp"
#include "cdn/local/local_key.hpp"

namespace streamforge::cdn::local {
namespace {

constexpr std::string_view context = "streamforge-local-v1\n";
constexpr std::string_view version = "1.";
constexpr std::size_t mac_characters = 43;
constexpr std::size_t max_token_bytes = 4096;

crypto::Digest compute_mac(const crypto::HmacKey& key, std::string_view signed_text, std::string_view covered) {
    return key.mac({context, signed_text, "\n", covered});
}

/// A small number in its one spelling.
std::optional<unsigned> parse_small(std::string_view digits) {
    unsigned value = 0;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (failure != std::errc{} || end != digits.data() + digits.size() || digits.size() > 3) return std::nullopt;
    if (digits.size() > 1 && digits.front() == '0') return std::nullopt;
    return value;
}

std::optional<IpNetwork> parse_client(std::string_view text) {
    const std::size_t dash = text.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto bytes = crypto::hex_decode(text.substr(0, dash));
    const auto bits = parse_small(text.substr(dash + 1));
    if (!bytes || !bits || *bits > 128) return std::nullopt;
    auto network = IpNetwork::from_bytes(*bytes, static_cast<std::uint8_t>(*bits));
    if (!network) return std::nullopt;
    return *network;
}

std::optional<std::string> parse_text(std::string_view text) {
    const auto bytes = crypto::base64_decode(text, crypto::base64_url);
    if (!bytes || bytes->empty()) return std::nullopt;
    return std::string(bytes->begin(), bytes->end());
}

/// Takes the text up to the next '.' off the front.
std::string_view take_field(std::string_view& rest) {
    const std::size_t end = std::min(rest.find('.'), rest.size());
    const std::string_view field = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return field;
}

/// Whether an optional field was understood. Letters must come in ascending order of `order`, each at most once.
bool take_optional(std::string_view field, Fields& fields, std::size_t& last) {
    constexpr std::string_view order = "sdnia";
    if (field.size() < 2) return false;
    const std::size_t rank = order.find(field.front());
    if (rank == std::string_view::npos || rank + 1 <= last) return false;
    last = rank + 1;
    const std::string_view value = field.substr(1);
    switch (field.front()) {
        case 's': return (fields.starts = parse_epoch(value)).has_value();
        case 'd': return (fields.depth = parse_small(value)).has_value();
        case 'n': return (fields.client = parse_client(value)).has_value();
        default: break;
    }
    auto text = parse_text(value);
    if (!text) return false;
    (field.front() == 'i' ? fields.session : fields.data) = *std::move(text);
    return true;
}

}  // namespace

void append_fields(std::string& out, const Fields& fields) {
    out.append(version).append(fields.key_id).push_back('.');
    append_epoch(out, fields.expires);
    if (fields.starts) {
        out.append(".s");
        append_epoch(out, *fields.starts);
    }
    if (fields.depth) {
        out.append(".d");
        append_decimal(out, *fields.depth);
    }
    if (fields.client) {
        out.append(".n");
        crypto::hex_append(out, fields.client->bytes());
        out.push_back('-');
        append_decimal(out, fields.client->length_bits());
    }
    if (!fields.session.empty()) {
        out.append(".i");
        crypto::base64_append(out, crypto::bytes_of(fields.session), crypto::base64_url);
    }
    if (!fields.data.empty()) {
        out.append(".a");
        crypto::base64_append(out, crypto::bytes_of(fields.data), crypto::base64_url);
    }
}

void append_mac(std::string& out, std::size_t fields_begin, const crypto::HmacKey& key, std::string_view covered) {
    const crypto::Digest mac = compute_mac(key, std::string_view(out).substr(fields_begin), covered);
    out.push_back('.');
    crypto::base64_append(out, mac.bytes(), crypto::base64_url);
}

bool mac_fits(const crypto::HmacKey& key, const Parsed& token, std::string_view covered) {
    std::string expected;
    crypto::base64_append(expected, compute_mac(key, token.signed_text, covered).bytes(), crypto::base64_url);
    return crypto::equal_constant_time(expected, token.mac);
}

std::optional<Parsed> parse(std::string_view token) {
    if (token.size() > max_token_bytes || token.size() < version.size() + mac_characters + 1 || !token.starts_with(version))
        return std::nullopt;
    Parsed parsed;
    const std::size_t mac_begin = token.size() - mac_characters;
    if (token[mac_begin - 1] != '.') return std::nullopt;
    parsed.signed_text = token.substr(0, mac_begin - 1);
    parsed.mac = token.substr(mac_begin);
    std::string_view rest = parsed.signed_text.substr(std::min(version.size(), parsed.signed_text.size()));
    parsed.fields.key_id = take_field(rest);
    const auto expires = parse_epoch(take_field(rest));
    if (!is_key_id(parsed.fields.key_id) || !expires || parsed.signed_text.back() == '.') return std::nullopt;
    parsed.fields.expires = *expires;
    std::size_t last = 0;
    while (!rest.empty()) {
        if (!take_optional(take_field(rest), parsed.fields, last)) return std::nullopt;
    }
    return parsed;
}

std::optional<std::string_view> folder_of(std::string_view path, unsigned depth) {
    std::size_t slash = 0;
    for (unsigned i = 0; i < depth; ++i) {
        slash = path.find('/', slash + 1);
        if (slash == std::string_view::npos) return std::nullopt;
    }
    return path.substr(0, slash + 1);
}

unsigned depth_of(std::string_view prefix_path) { return static_cast<unsigned>(std::ranges::count(prefix_path, '/')) - 1; }

}  // namespace streamforge::cdn::local
