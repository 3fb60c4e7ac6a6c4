#include <algorithm>

#include "cdn/cat/cat_claims.hpp"
#include "cdn/url_scan.hpp"
#include "core/try.hpp"

namespace streamforge::cdn::cat {
namespace {

using cbor::Item;
using cbor::Kind;

std::string_view port_of(const UrlParts& url) {
    const std::size_t host_end = url.scheme.size() + 3 + url.host.size();
    if (url.origin.size() > host_end) return url.origin.substr(host_end + 1);
    return url.scheme == "http" ? "80" : "443";
}

/// A part of the URL, or nothing when the request does not tell.
std::optional<std::string_view> part_text(std::int64_t part, const UrlParts& url) {
    const std::size_t slash = url.path.rfind('/');
    const std::string_view name = url.path.substr(slash + 1);
    const std::size_t dot = std::min(name.rfind('.'), name.size());
    if (part < part_path && !url.is_absolute()) return std::nullopt;
    switch (part) {
        case part_scheme: return url.scheme;
        case part_host: return url.host;
        case part_port: return port_of(url);
        case part_path: return url.path;
        case part_query: return url.query;
        case part_parent_path: return url.path.substr(0, slash);
        case part_filename: return name;
        case part_stem: return name.substr(0, dot);
        case part_extension: return name.substr(dot);
        default: return std::nullopt;
    }
}

/// Whether one condition holds; nothing when it cannot be decided here.
std::optional<bool> holds(std::int64_t match, const Item& value, std::string_view text) {
    if (match == match_sha256) {
        if (!value.is(Kind::bytes)) return std::nullopt;
        return crypto::Digest(crypto::bytes_of(value.data)) == crypto::sha256(text);
    }
    if (!value.is(Kind::text)) return std::nullopt;
    switch (match) {
        case match_exact: return text == value.data;
        case match_prefix: return text.starts_with(value.data);
        case match_suffix: return text.ends_with(value.data);
        case match_contains: return text.find(value.data) != std::string_view::npos;
        default: return std::nullopt;  // regular expressions from a token are not run
    }
}

}  // namespace

Result<void> check_url(const Item& catu, const UrlParts& url) {
    if (has_encoded_slash(url.path)) return make_denial(Denial::wrong_scope, "an encoded slash is not allowed");
    for (std::size_t i = 0; i < catu.items.size(); i += 2) {
        const auto part = catu.items[i].integer();
        const Item& conditions = catu.items[i + 1];
        const auto text = part ? part_text(*part, url) : std::nullopt;
        if (!text || !conditions.is(Kind::map) || conditions.items.empty()) {
            return make_denial(Denial::unsupported_claim, "a condition on the URL cannot be checked here");
        }
        for (std::size_t j = 0; j < conditions.items.size(); j += 2) {
            const auto match = conditions.items[j].integer();
            const auto result = match ? holds(*match, conditions.items[j + 1], *text) : std::nullopt;
            if (!result) return make_denial(Denial::unsupported_claim, "a condition on the URL cannot be checked here");
            if (!*result) return make_denial(Denial::wrong_scope, "the token is for other URLs");
        }
    }
    return {};
}

}  // namespace streamforge::cdn::cat
