#include "cdn/layout/layout_message.hpp"

#include <algorithm>

#include <streamforge/crypto/compare.hpp>

#include "cdn/url_scan.hpp"

namespace streamforge::cdn::layout {
namespace {

std::string_view text_of(const SymmetricKey& key) { return {reinterpret_cast<const char*>(key.reveal().data()), key.reveal().size()}; }

void append_part(std::string& out, const TokenLayout& layout, const LayoutPart& part, const MessageInput& input, const SymmetricKey& key) {
    switch (part.field) {
        case LayoutField::literal: out.append(part.text); break;
        case LayoutField::secret: out.append(text_of(key)); break;
        case LayoutField::path: out.append(input.path); break;
        case LayoutField::decoded_path: out.append(percent_decode(input.path)); break;
        case LayoutField::folder: out.append(input.path.substr(0, input.path.rfind('/'))); break;
        case LayoutField::prefix: out.append(input.path.substr(0, layout.prefix_bytes)); break;
        case LayoutField::path_and_query:
            out.append(input.path);
            if (!input.query.empty()) out.append("?").append(input.query);
            break;
        case LayoutField::path_and_question: out.append(input.path).append("?").append(input.query); break;
        case LayoutField::url_before_mac: out.append(input.url_before_mac); break;
        case LayoutField::expires:
        case LayoutField::issued: out.append(input.time); break;
        case LayoutField::client_ip: out.append(input.client_ip); break;
        case LayoutField::user_agent: out.append(input.user_agent); break;
        case LayoutField::mac: break;
    }
}

}  // namespace

void append_message(std::string& out, const TokenLayout& layout, const MessageInput& input, const SymmetricKey& key) {
    for (const LayoutPart& part : layout.message) append_part(out, layout, part, input, key);
}

crypto::Digest compute_mac(std::string& scratch, const TokenLayout& layout, const MessageInput& input, const SymmetricKey& key) {
    if (!layout.keyed) {
        std::string message;
        message.reserve(512 + input.path.size() + key.size_bytes());  // in one piece, so that no copy of the secret stays behind
        append_message(message, layout, input, key);
        const crypto::Digest digest = crypto::hash(layout.hash, crypto::bytes_of(message));
        crypto::wipe({reinterpret_cast<std::uint8_t*>(message.data()), message.size()});
        return digest;
    }
    const std::size_t begin = scratch.size();
    append_message(scratch, layout, input, key);
    const crypto::Digest digest = key.hmac(layout.hash).mac(std::string_view(scratch).substr(begin));
    scratch.resize(begin);
    return digest;
}

std::string_view decoded_path_problem(std::string_view path) {
    const std::string decoded = percent_decode(path);
    if (decoded.find("//") != std::string::npos) return "has two slashes in a row, which nginx merges before it compares";
    if (decoded.find("/./") != std::string::npos || decoded.find("/../") != std::string::npos || decoded.ends_with("/.") ||
        decoded.ends_with("/..")) {
        return "has dot segments once its escapes are resolved";
    }
    if (std::ranges::any_of(decoded, [](unsigned char c) { return c < 0x20 || c == 0x7f; })) return "has control characters in escapes";
    return {};
}

}  // namespace streamforge::cdn::layout
