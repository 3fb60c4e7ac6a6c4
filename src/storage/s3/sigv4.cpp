#include "storage/s3/sigv4.hpp"

#include <algorithm>
#include <array>

#include <streamforge/crypto/hash.hpp>
#include <streamforge/crypto/hmac.hpp>
#include <streamforge/http/url.hpp>

#include "core/try.hpp"

namespace streamforge::storage::s3 {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

/// What proxies and clients change on the way, so that it must not be signed.
constexpr std::array<std::string_view, 8> never_signed{"authorization", "user-agent",        "x-amzn-trace-id", "connection",
                                                       "expect",        "transfer-encoding", "upgrade",         "accept-encoding"};

bool is_signed(std::string_view lower_name) {
    return std::find(never_signed.begin(), never_signed.end(), lower_name) == never_signed.end() &&
           !lower_name.starts_with("sec-websocket-");
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return out;
}

/// Without spaces around, and with one for each run inside.
void append_collapsed(std::string& out, std::string_view value) {
    bool pending = false;
    bool any = false;
    for (const char c : value) {
        if (c == ' ' || c == '\t') {
            pending = any;
            continue;
        }
        if (pending) out += ' ';
        pending = false;
        any = true;
        out += c;
    }
}

struct CanonicalHeaders {
    std::string block;
    std::string names;
};

CanonicalHeaders canonical_headers(const http::Headers& headers) {
    std::vector<std::pair<std::string, std::string_view>> fields;
    fields.reserve(headers.fields().size());
    for (const auto& [name, value] : headers.fields()) {
        auto lower_name = lower(name);
        if (is_signed(lower_name)) fields.emplace_back(std::move(lower_name), value);
    }
    std::stable_sort(fields.begin(), fields.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    CanonicalHeaders out;
    for (std::size_t index = 0; index < fields.size(); ++index) {
        const bool repeated = index != 0 && fields[index].first == fields[index - 1].first;
        if (repeated) {
            out.block.back() = ',';
        } else {
            if (index != 0) out.names += ';';
            out.names += fields[index].first;
            out.block += fields[index].first;
            out.block += ':';
        }
        append_collapsed(out.block, fields[index].second);
        out.block += '\n';
    }
    return out;
}

void append_digits(std::string& out, int value, int width) {
    std::array<char, 4> digits{};
    for (int at = width - 1; at >= 0; --at, value /= 10) digits[static_cast<std::size_t>(at)] = static_cast<char>('0' + value % 10);
    out.append(digits.data(), static_cast<std::size_t>(width));
}

}  // namespace

struct Signer::DerivedKey {
    std::string access_key_id;
    Secret secret;
    std::string region;
    std::string date;
    crypto::HmacKey key;
};

std::string canonical_query(const Query& query) {
    std::vector<std::pair<std::string, std::string>> encoded;
    encoded.reserve(query.size());
    for (const auto& [name, value] : query) encoded.emplace_back(http::percent_encode(name), http::percent_encode(value));
    std::sort(encoded.begin(), encoded.end());
    std::string out;
    for (const auto& [name, value] : encoded) {
        if (!out.empty()) out += '&';
        out += name;
        out += '=';
        out += value;
    }
    return out;
}

std::string encode_key(std::string_view key) { return http::percent_encode(key, "/"); }

SigningTime::SigningTime(std::chrono::system_clock::time_point now) {
    const auto days = std::chrono::floor<std::chrono::days>(now);
    const std::chrono::year_month_day ymd(days);
    const std::chrono::hh_mm_ss hms(std::chrono::floor<std::chrono::seconds>(now - days));
    append_digits(date, static_cast<int>(ymd.year()), 4);
    append_digits(date, static_cast<int>(static_cast<unsigned>(ymd.month())), 2);
    append_digits(date, static_cast<int>(static_cast<unsigned>(ymd.day())), 2);
    timestamp = date + 'T';
    append_digits(timestamp, static_cast<int>(hms.hours().count()), 2);
    append_digits(timestamp, static_cast<int>(hms.minutes().count()), 2);
    append_digits(timestamp, static_cast<int>(hms.seconds().count()), 2);
    timestamp += 'Z';
}

Signer::Signer(std::string service) : service_(std::move(service)) {}
Signer::~Signer() = default;

std::string Signer::scope(std::string_view region, const SigningTime& time) const {
    std::string text;
    text.reserve(64);
    for (const std::string_view part : {std::string_view(time.date), region, std::string_view(service_)}) {
        text += part;
        text += '/';
    }
    return text += "aws4_request";
}

Result<std::shared_ptr<const Signer::DerivedKey>> Signer::key_for(const Credentials& credentials, std::string_view region,
                                                                  const SigningTime& time) {
    {
        const std::lock_guard lock(mutex_);
        if (key_ && key_->date == time.date && key_->region == region && key_->access_key_id == credentials.access_key_id &&
            key_->secret.reveal() == credentials.secret_access_key.reveal()) {
            return key_;
        }
    }
    using crypto::HashAlgorithm;
    using crypto::HmacKey;
    const Secret first("AWS4" + std::string(credentials.secret_access_key.reveal()));
    auto key = HmacKey::make(HashAlgorithm::sha256, crypto::bytes_of(first.reveal()));
    for (const std::string_view step :
         {std::string_view(time.date), region, std::string_view(service_), std::string_view("aws4_request")}) {
        if (!key) return std::move(key).error();
        const auto next = key->mac(step);
        key = HmacKey::make(HashAlgorithm::sha256, next.bytes());
    }
    if (!key) return std::move(key).error();
    auto derived = std::make_shared<const DerivedKey>(
        DerivedKey{credentials.access_key_id, credentials.secret_access_key.clone(), std::string(region), time.date, *std::move(key)});
    const std::lock_guard lock(mutex_);
    key_ = derived;
    return derived;
}

Result<Signature> Signer::sign(const Signable& request, const Credentials& credentials, std::string_view region, const SigningTime& time) {
    SF_ASSIGN(const auto key, key_for(credentials, region, time));
    auto headers = canonical_headers(request.headers);
    Signature signature;
    auto& canonical = signature.canonical_request;
    canonical.reserve(request.path.size() + request.query.size() + headers.block.size() + headers.names.size() + 128);
    canonical += request.method;
    canonical += '\n';
    canonical += request.path;
    canonical += '\n';
    canonical += request.query;
    canonical += '\n';
    canonical += headers.block;
    canonical += '\n';
    canonical += headers.names;
    canonical += '\n';
    canonical += request.payload_hash;

    auto& text = signature.string_to_sign;
    text.reserve(192);
    text += algorithm;
    text += '\n';
    text += time.timestamp;
    text += '\n';
    text += scope(region, time);
    text += '\n';
    text += crypto::sha256_hex(canonical);
    signature.hex = key->key.mac(text).hex();
    signature.signed_headers = std::move(headers.names);
    return signature;
}

Result<void> Signer::sign_headers(std::string_view method, std::string_view path, std::string_view query, http::Headers& headers,
                                  std::string_view payload_hash, const Credentials& credentials, std::string_view region,
                                  const SigningTime& time) {
    headers.set("x-amz-content-sha256", std::string(payload_hash));
    headers.set("x-amz-date", time.timestamp);
    if (!credentials.session_token.empty()) headers.set("x-amz-security-token", std::string(credentials.session_token.reveal()));
    SF_ASSIGN(const auto signature, sign({method, path, query, headers, payload_hash}, credentials, region, time));
    std::string value(algorithm);
    value.reserve(256);
    value += " Credential=";
    value += credentials.access_key_id;
    value += '/';
    value += scope(region, time);
    value += ", SignedHeaders=";
    value += signature.signed_headers;
    value += ", Signature=";
    value += signature.hex;
    headers.set("authorization", std::move(value));
    return {};
}

Result<std::string> Signer::presign(std::string_view method, std::string_view path, Query query, const http::Headers& headers,
                                    std::chrono::seconds expires_in, const Credentials& credentials, std::string_view region,
                                    const SigningTime& time) {
    query.emplace_back("X-Amz-Algorithm", algorithm);
    query.emplace_back("X-Amz-Credential", credentials.access_key_id + "/" + scope(region, time));
    query.emplace_back("X-Amz-Date", time.timestamp);
    query.emplace_back("X-Amz-Expires", std::to_string(expires_in.count()));
    query.emplace_back("X-Amz-SignedHeaders", canonical_headers(headers).names);
    if (!credentials.session_token.empty()) query.emplace_back("X-Amz-Security-Token", credentials.session_token.reveal());
    auto text = canonical_query(query);
    SF_ASSIGN(const auto signature, sign({method, path, text, headers, unsigned_payload}, credentials, region, time));
    text += "&X-Amz-Signature=";
    text += signature.hex;
    return text;
}

Result<std::string> Signer::sign_text(std::string_view text, const Credentials& credentials, std::string_view region,
                                      const SigningTime& time) {
    SF_ASSIGN(const auto key, key_for(credentials, region, time));
    return key->key.mac(text).hex();
}

}  // namespace streamforge::storage::s3
