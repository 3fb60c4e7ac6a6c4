#include "cdn/cat/cat_claims.hpp"

#include <algorithm>
#include <array>

#include "cdn/decimal.hpp"
#include "core/try.hpp"

namespace streamforge::cdn::cat {
namespace {

using cbor::Item;
using cbor::Kind;

constexpr std::uint64_t tag_ipv4 = 52;  // RFC 9164
constexpr std::uint64_t tag_ipv6 = 54;

Error unsupported(std::string message) { return make_denial(Denial::unsupported_claim, std::move(message)); }
Error malformed(std::string message) { return make_denial(Denial::malformed_token, std::move(message)); }

void append_match(Bytes& out, UrlPart part, Match match, std::string_view value) {
    cbor::append_integer(out, part);
    cbor::append_map(out, 1);
    cbor::append_integer(out, match);
    cbor::append_text(out, value);
}

/// RFC 9164 §3.1.2: length and address, without its trailing zero bytes; a single address alone.
void append_network(Bytes& out, const IpNetwork& network) {
    cbor::append_tag(out, network.is_ipv6() ? tag_ipv6 : tag_ipv4);
    if (network.is_single_address()) return cbor::append_bytes(out, network.bytes());
    ByteView bytes = network.bytes();
    while (!bytes.empty() && bytes.back() == 0) bytes = bytes.first(bytes.size() - 1);
    cbor::append_array(out, 2);
    cbor::append_unsigned(out, network.length_bits());
    cbor::append_bytes(out, bytes);
}

std::optional<IpNetwork> read_network(const Item& item) {
    if (!item.is(Kind::tag) || (item.number != tag_ipv4 && item.number != tag_ipv6)) return std::nullopt;
    const std::size_t size = item.number == tag_ipv4 ? 4 : 16;
    const Item& value = item.items.front();
    std::array<std::uint8_t, 16> bytes{};
    std::uint64_t bits = size * 8;
    const std::string* address = &value.data;
    if (value.is(Kind::array)) {
        if (value.items.size() != 2 || !value.items[0].is(Kind::unsigned_integer) || !value.items[1].is(Kind::bytes)) return std::nullopt;
        bits = value.items[0].number;
        address = &value.items[1].data;
    } else if (!value.is(Kind::bytes) || address->size() != size) {
        return std::nullopt;
    }
    if (address->size() > size || bits > size * 8) return std::nullopt;
    std::ranges::copy(crypto::bytes_of(*address), bytes.begin());
    auto network = IpNetwork::from_bytes(ByteView(bytes).first(size), static_cast<std::uint8_t>(bits));
    if (!network) return std::nullopt;
    return *network;
}

Result<std::optional<TimePoint>> read_time(const Item& claims, std::int64_t label) {
    const Item* item = claims.find(label);
    if (item == nullptr) return std::optional<TimePoint>();
    const auto epoch = item->integer();
    if (!epoch || *epoch < 0 || *epoch > max_epoch) return malformed("a time of the token is not in whole seconds");
    return std::optional(TimePoint(std::chrono::seconds(*epoch)));
}

Result<void> check_identity(const Item& claims, const CatOptions& options) {
    const std::array<std::pair<std::int64_t, const std::string*>, 3> expected{
        {{label_iss, &options.issuer}, {label_sub, &options.subject}, {label_aud, &options.audience}}};
    for (const auto& [label, value] : expected) {
        if (value->empty()) continue;
        const Item* item = claims.find(label);
        const auto is_value = [text = value](const Item& entry) { return entry.is(Kind::text) && entry.data == *text; };
        const bool fits = item != nullptr &&
                          (is_value(*item) || (label == label_aud && item->is(Kind::array) && std::ranges::any_of(item->items, is_value)));
        if (!fits) return make_denial(Denial::wrong_scope, "the token was made for another issuer, subject or audience");
    }
    return {};
}

Result<void> check_method(const Item& claims, std::string_view method) {
    const Item* item = claims.find(label_catm);
    if (item == nullptr) return {};
    const auto is_method = [&](const Item& entry) { return entry.is(Kind::text) && entry.data == method; };
    if (item->is(Kind::array) && std::ranges::any_of(item->items, is_method)) return {};
    return make_denial(Denial::wrong_scope, "the token is for other methods");
}

Result<void> read_places(const Item& claims, SignPolicy& policy) {
    if (const Item* countries = claims.find(label_catgeoiso3166)) {
        if (!countries->is(Kind::array) || countries->items.empty()) return malformed("the token's countries cannot be read");
        for (const Item& country : countries->items) {
            if (!country.is(Kind::text) || country.data.size() != 2) return unsupported("the token names a region that is no country");
            policy.countries_allowed.push_back(country.data);
        }
    }
    const Item* networks = claims.find(label_catnip);
    if (networks == nullptr) return {};
    if (!networks->is(Kind::array) || networks->items.size() != 1) return unsupported("the token names several networks");
    policy.client_ip = read_network(networks->items.front());
    if (!policy.client_ip) return unsupported("the token's network cannot be read");
    return {};
}

/// A claim that was not looked at may hold a condition: the token is then refused.
Result<void> check_all_known(const Item& claims) {
    constexpr std::array<std::int64_t, 12> known{label_iss, label_sub,  label_aud,    label_exp,  label_nbf,  label_iat,
                                                 label_cti, label_catv, label_catnip, label_catu, label_catm, label_catgeoiso3166};
    for (std::size_t i = 0; i < claims.items.size(); i += 2) {
        const auto label = claims.items[i].integer();
        if (label == label_catreplay && claims.items[i + 1].integer() == 0) continue;  // replay is permitted
        if (!label || std::ranges::find(known, *label) == known.end()) return unsupported("the token holds a claim that is not known here");
    }
    const Item* version = claims.find(label_catv);
    if (version != nullptr && version->integer() != 1) return unsupported("the token is of another version");
    return {};
}

void read_scope(const Item& catu, const UrlParts& url, SignPolicy& policy) {
    const Item* path = catu.find(part_path);
    const bool simple = path != nullptr && path->items.size() == 2;
    if (simple && path->find(match_exact) != nullptr) return;
    policy.scope = Scope::pattern;
    if (const Item* prefix = simple ? path->find(match_prefix) : nullptr) {
        policy.scope = Scope::prefix;
        policy.resource = (catu.find(part_host) != nullptr ? std::string(url.origin) : std::string()) + prefix->data;
    }
}

}  // namespace

Bytes write_claims(const SignRequest& request, const CatOptions& options) {
    const SignPolicy& policy = *request.policy;
    Bytes body;
    std::uint64_t count = 0;
    const auto label = [&](std::int64_t value) {
        cbor::append_integer(body, value);
        ++count;
    };
    const std::array<std::pair<std::int64_t, const std::string*>, 3> identity{
        {{label_iss, &options.issuer}, {label_sub, &options.subject}, {label_aud, &options.audience}}};
    for (const auto& [name, value] : identity) {
        if (value->empty()) continue;
        label(name);
        cbor::append_text(body, *value);
    }
    label(label_exp);
    cbor::append_integer(body, request.expires.time_since_epoch().count());
    if (request.starts) {
        label(label_nbf);
        cbor::append_integer(body, request.starts->time_since_epoch().count());
    }
    if (!policy.session_id.empty()) {
        label(label_cti);
        cbor::append_bytes(body, crypto::bytes_of(policy.session_id));
    }
    label(label_catv);
    cbor::append_integer(body, 1);
    if (policy.client_ip) {
        label(label_catnip);
        cbor::append_array(body, 1);
        append_network(body, *policy.client_ip);
    }
    label(label_catu);
    const bool exact = policy.scope == Scope::exact;
    const std::string_view origin = exact ? request.url->origin : request.prefix_origin;
    const std::string_view host = exact ? request.url->host : parse_url(policy.resource)->host;
    cbor::append_map(body, origin.empty() ? 1 : 2);
    if (!origin.empty()) append_match(body, part_host, match_exact, host);
    append_match(body, part_path, exact ? match_exact : match_prefix, exact ? request.url->path : request.prefix_path);
    if (!options.methods.empty()) {
        label(label_catm);
        cbor::append_array(body, options.methods.size());
        for (const auto& method : options.methods) cbor::append_text(body, method);
    }
    if (!policy.countries_allowed.empty()) {
        label(label_catgeoiso3166);
        cbor::append_array(body, policy.countries_allowed.size());
        for (const auto& country : policy.countries_allowed) cbor::append_text(body, country);
    }
    Bytes claims;
    cbor::append_map(claims, count);
    claims.insert(claims.end(), body.begin(), body.end());
    return claims;
}

Result<void> read_claims(const Item& claims, const CatOptions& options, const UrlParts& url, const VerifyRequest& request,
                         SignPolicy& policy) {
    SF_TRY(check_all_known(claims));
    SF_ASSIGN(policy.expires_at, read_time(claims, label_exp));
    SF_ASSIGN(policy.starts_at, read_time(claims, label_nbf));
    if (!policy.expires_at) return malformed("the token has no end");
    SF_TRY(check_identity(claims, options));
    SF_TRY(check_method(claims, request.method));
    SF_TRY(read_places(claims, policy));
    if (const Item* session = claims.find(label_cti)) policy.session_id = session->data;
    const Item* catu = claims.find(label_catu);
    if (catu == nullptr || !catu->is(Kind::map) || catu->items.empty()) return malformed("the token names no URL");
    SF_TRY(check_url(*catu, url));
    read_scope(*catu, url, policy);
    return {};
}

}  // namespace streamforge::cdn::cat
