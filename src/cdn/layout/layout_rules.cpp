#include "cdn/layout/layout_rules.hpp"

#include <algorithm>
#include <array>

#include <streamforge/crypto/encoding.hpp>

#include "cdn/policy_check.hpp"
#include "cdn/url_scan.hpp"
#include "core/try.hpp"

namespace streamforge::cdn {
namespace layout {
namespace {

constexpr std::array subjects{LayoutField::path,           LayoutField::decoded_path,      LayoutField::folder,        LayoutField::prefix,
                              LayoutField::path_and_query, LayoutField::path_and_question, LayoutField::url_before_mac};

constexpr std::array token_fields{LayoutField::literal, LayoutField::expires, LayoutField::issued, LayoutField::mac};

crypto::Base64Variant variant_of(MacText text) {
    return text == MacText::base64url          ? crypto::base64_url
           : text == MacText::base64url_padded ? crypto::base64_url_padded
                                               : crypto::base64_standard;
}

}  // namespace

bool holds(const std::vector<LayoutPart>& parts, LayoutField field) noexcept {
    return std::ranges::find(parts, field, &LayoutPart::field) != parts.end();
}

bool uses(const TokenLayout& layout, LayoutField field) noexcept {
    return holds(layout.message, field) || holds(layout.path_component, field) ||
           std::ranges::any_of(layout.parameters, [&](const LayoutParameter& parameter) { return holds(parameter.value, field); });
}

LayoutField subject_of(const TokenLayout& layout) noexcept {
    for (const LayoutField field : subjects) {
        if (holds(layout.message, field)) return field;
    }
    return LayoutField::literal;
}

std::size_t mac_text_length(const TokenLayout& layout) noexcept {
    const std::size_t size = crypto::digest_size_bytes(layout.hash);
    if (layout.mac_text == MacText::hex) return size * 2;
    return crypto::base64_length(size, variant_of(layout.mac_text));
}

void append_mac_text(std::string& out, ByteView mac, MacText text) {
    if (text == MacText::hex) return crypto::hex_append(out, mac);
    if (text != MacText::base64_percent) return crypto::base64_append(out, mac, variant_of(text));
    for (const char character : crypto::base64_encode(mac, crypto::base64_standard)) {
        switch (character) {
            case '+': out.append("%2B"); break;
            case '/': out.append("%2F"); break;
            case '=': out.append("%3D"); break;
            default: out.push_back(character);
        }
    }
}

Capabilities capabilities_of(const TokenLayout& layout) {
    const LayoutField subject = subject_of(layout);
    Capabilities can;
    can.provider = layout.provider;
    can.exact = subject != LayoutField::prefix;
    can.prefix = subject == LayoutField::prefix || subject == LayoutField::folder;
    can.prefix_direct_children_only = subject == LayoutField::folder;
    can.query_token = layout.path_component.empty();
    can.path_token = !layout.path_component.empty();
    can.client_ip = can.client_ipv6 = holds(layout.message, LayoutField::client_ip);
    can.data = holds(layout.message, LayoutField::user_agent);
    can.covers_query =
        subject == LayoutField::path_and_query || subject == LayoutField::path_and_question || subject == LayoutField::url_before_mac;
    can.append_query_exact = !can.covers_query && !layout.token_is_last;
    can.append_query_prefix = !layout.token_is_last;
    can.expiry_in_token = !uses(layout, LayoutField::issued);
    can.query_values_clean = layout.mac_text == MacText::hex || layout.mac_text == MacText::base64url;
    can.query_values_plain = can.query_values_clean;
    for (const auto& parameter : layout.parameters) can.reserved_parameters.push_back(parameter.name);
    if (layout.lifetime.count() > 0) can.max_lifetime = layout.lifetime;
    return can;
}

namespace {

Result<void> check_token_parts(std::string_view field, const std::vector<LayoutPart>& parts) {
    for (const LayoutPart& part : parts) {
        if (std::ranges::find(token_fields, part.field) == token_fields.end()) {
            return refused_field(field, "shows something that a token must not or cannot show");
        }
        if (part.field == LayoutField::literal &&
            !std::ranges::all_of(part.text, [](unsigned char c) { return is_unreserved(c) || c == ',' || c == ':'; })) {
            return refused_field(field, "holds a literal that would have to be encoded");
        }
    }
    return {};
}

std::size_t count_in_token(const TokenLayout& layout, LayoutField field) {
    auto total = std::ranges::count(layout.path_component, field, &LayoutPart::field);
    for (const auto& parameter : layout.parameters) total += std::ranges::count(parameter.value, field, &LayoutPart::field);
    return static_cast<std::size_t>(total);
}

Result<void> check_message(const TokenLayout& layout) {
    const auto is_subject = [](const LayoutPart& part) { return std::ranges::find(subjects, part.field) != subjects.end(); };
    if (std::ranges::count_if(layout.message, is_subject) != 1) return refused_field("message", "must name what is signed exactly once");
    if (holds(layout.message, LayoutField::mac)) return refused_field("message", "cannot hold its own MAC");
    if (holds(layout.message, LayoutField::secret) == layout.keyed) {
        return refused_field("message", layout.keyed ? "of an HMAC must not hold the secret" : "of a plain hash must hold the secret");
    }
    const bool timed = holds(layout.message, LayoutField::expires) || holds(layout.message, LayoutField::issued) ||
                       subject_of(layout) == LayoutField::url_before_mac;
    if (!timed) return refused_field("message", "must hold the token's time");
    if (holds(layout.message, LayoutField::prefix) == (layout.prefix_bytes == 0))
        return refused_field("prefix_bytes", "belongs to a message with a prefix");
    return {};
}

}  // namespace
}  // namespace layout

Result<void> TokenLayout::validate() const {
    if (provider.empty()) return refused_field("provider", "must not be empty");
    SF_TRY(crypto::check_available(hash));
    SF_TRY(layout::check_message(*this));
    if (parameters.empty() == path_component.empty()) return refused_field("parameters", "or path_component must be given, not both");
    for (const auto& parameter : parameters) {
        if (parameter.name.empty() || !std::ranges::all_of(parameter.name, [](unsigned char c) { return is_unreserved(c); })) {
            return refused_field("parameters", "must have names of [A-Za-z0-9._~-]");
        }
        SF_TRY(layout::check_token_parts("parameters", parameter.value));
    }
    SF_TRY(layout::check_token_parts("path_component", path_component));
    if (layout::count_in_token(*this, LayoutField::mac) != 1) return refused_field("parameters", "must show the MAC exactly once");
    const std::size_t times = layout::count_in_token(*this, LayoutField::expires) + layout::count_in_token(*this, LayoutField::issued);
    if (times != 1) return refused_field("parameters", "must show the time exactly once");
    if (layout::uses(*this, LayoutField::issued) != (lifetime.count() > 0))
        return refused_field("lifetime", "belongs to tokens that show their time of issue");
    const bool before_mac = layout::subject_of(*this) == LayoutField::url_before_mac;
    if (before_mac && (parameters.empty() || !layout::holds(parameters.back().value, LayoutField::mac))) {
        return refused_field("parameters", "must end with the MAC when everything before it is signed");
    }
    return {};
}

std::vector<std::string> TokenLayout::weaknesses() const {
    std::vector<std::string> found;
    for (std::size_t i = 1; i < message.size(); ++i) {
        const bool number = message[i].field == LayoutField::expires || message[i].field == LayoutField::issued;
        const LayoutField before = message[i - 1].field;
        if (number && before != LayoutField::literal && before != LayoutField::secret) {
            found.emplace_back("a time follows free text without a separator: the edge must insist on ten digits and bound the end");
        }
    }
    if (hash == crypto::HashAlgorithm::md5)
        found.emplace_back("MD5 is broken; where the secret comes last, extension is not possible, but prefer an HMAC");
    if (hash == crypto::HashAlgorithm::sha1) found.emplace_back("SHA-1 is out of date; an HMAC over it still holds");
    if (!keyed && !message.empty() && message.front().field == LayoutField::secret) {
        found.emplace_back("a plain hash that begins with the secret can be extended by anybody");
    }
    return found;
}

Result<SymmetricKey> TokenLayout::parse_key(std::string_view text) const {
    switch (key_text) {
        case KeyText::plain: return SymmetricKey::from_text(text);
        case KeyText::hex: return SymmetricKey::from_hex(text);
        case KeyText::base64: return SymmetricKey::from_base64(text);
    }
    return refused_field("key_text", "is unknown");
}

}  // namespace streamforge::cdn
