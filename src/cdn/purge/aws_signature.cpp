#include "cdn/purge/aws_signature.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <map>

#include <streamforge/crypto/compare.hpp>
#include <streamforge/crypto/hash.hpp>
#include <streamforge/crypto/hmac.hpp>

#include "core/try.hpp"

namespace streamforge::cdn::purge {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

std::string timestamp_of(std::chrono::system_clock::time_point now) {
    const std::time_t time = std::chrono::system_clock::to_time_t(now);
    std::tm parts{};
    ::gmtime_r(&time, &parts);
    std::array<char, 32> text{};
    const std::size_t size = std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &parts);
    return {text.data(), size};
}

/// HMAC(HMAC(HMAC(HMAC("AWS4" secret, date), region), service), "aws4_request").
Result<crypto::HmacKey> derived_key(const Secret& secret, std::string_view date, std::string_view region, std::string_view service) {
    std::string first = "AWS4" + std::string(secret.reveal());
    auto key = crypto::HmacKey::make(crypto::HashAlgorithm::sha256, crypto::bytes_of(first));
    crypto::wipe({reinterpret_cast<std::uint8_t*>(first.data()), first.size()});
    for (const std::string_view part : {date, region, service, std::string_view("aws4_request")}) {
        SF_ASSIGN(const crypto::HmacKey current, std::move(key));
        key = crypto::HmacKey::make(crypto::HashAlgorithm::sha256, current.mac(part).bytes());
    }
    return key;
}

std::string lower_case(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    return lower;
}

}  // namespace

Result<AwsSignature> sign_for_aws(http::Request& request, std::string_view body, const AwsIdentity& identity, std::string_view region,
                                  std::string_view service, std::chrono::system_clock::time_point now) {
    if (identity.access_key_id.empty() || identity.secret_access_key.empty()) {
        return make_error(Errc::unauthenticated, "cdn.purge", "there are no AWS credentials");
    }
    const std::string timestamp = timestamp_of(now);
    const std::string_view date = std::string_view(timestamp).substr(0, 8);
    request.headers.set("x-amz-date", timestamp);
    if (!identity.session_token.empty()) request.headers.set("x-amz-security-token", std::string(identity.session_token.reveal()));

    std::map<std::string, std::string> headers{{"host", request.url.authority()}};
    for (const auto& [name, value] : request.headers.fields()) headers[lower_case(name)] = value;
    std::string canonical_headers;
    std::string names;
    for (const auto& [name, value] : headers) {
        canonical_headers += name + ":" + value + "\n";
        names += (names.empty() ? "" : ";") + name;
    }
    AwsSignature made;
    made.canonical_request =
        request.method + "\n" + request.url.path + "\n\n" + canonical_headers + "\n" + names + "\n" + crypto::sha256_hex(body);
    const std::string scope = std::string(date) + "/" + std::string(region) + "/" + std::string(service) + "/aws4_request";
    made.string_to_sign = std::string(algorithm) + "\n" + timestamp + "\n" + scope + "\n" + crypto::sha256_hex(made.canonical_request);
    SF_ASSIGN(const crypto::HmacKey key, derived_key(identity.secret_access_key, date, region, service));
    made.authorization = std::string(algorithm) + " Credential=" + identity.access_key_id + "/" + scope + ", SignedHeaders=" + names +
                         ", Signature=" + key.mac(made.string_to_sign).hex();
    request.headers.set("Authorization", made.authorization);
    return made;
}

}  // namespace streamforge::cdn::purge
