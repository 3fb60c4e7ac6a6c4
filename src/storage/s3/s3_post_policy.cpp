#include "storage/s3/s3_post_policy.hpp"

#include <nlohmann/json.hpp>

#include <streamforge/crypto/encoding.hpp>
#include <streamforge/crypto/hash.hpp>

#include "core/try.hpp"

namespace streamforge::storage::s3 {
namespace {

using Json = nlohmann::json;

/// "2013-05-24T00:00:00.000Z", of a time stamp as it is signed.
std::string iso_of(const SigningTime& time) {
    const auto& t = time.timestamp;
    return t.substr(0, 4) + '-' + t.substr(4, 2) + '-' + t.substr(6, 5) + ':' + t.substr(11, 2) + ':' + t.substr(13, 2) + ".000Z";
}

}  // namespace

Result<PresignedRequest> presign_post(Client& client, const std::string& key, const PresignOptions& options) {
    if (!client.endpoint().profile->post_policy)
        return make_error(Errc::unsupported, "storage.presign", "this provider takes no forms: presign a put");
    SF_ASSIGN(const auto credentials, client.credentials().get());
    if (credentials->is_anonymous()) return make_error(Errc::unauthenticated, "storage.presign", "presigning needs credentials");
    const auto now = client.now();
    const SigningTime time(now);
    PresignedRequest request;
    request.method = "POST";
    request.expires_at = std::chrono::floor<std::chrono::seconds>(now) + options.expires_in;
    if (credentials->expires_at && *credentials->expires_at < request.expires_at) request.expires_at = *credentials->expires_at;
    auto url = client.endpoint().base;
    url.path = client.endpoint().path_of("");
    request.url = Secret(http::to_string(url));

    const auto add = [&](const char* name, std::string value) { request.fields.emplace_back(name, Secret(std::move(value))); };
    add("key", key);
    if (!options.content_type.empty()) add("Content-Type", options.content_type);
    add("x-amz-algorithm", "AWS4-HMAC-SHA256");
    add("x-amz-credential", credentials->access_key_id + "/" + client.signer().scope(client.region(), time));
    add("x-amz-date", time.timestamp);
    if (!credentials->session_token.empty()) add("x-amz-security-token", std::string(credentials->session_token.reveal()));

    Json conditions = Json::array();
    conditions.push_back({{"bucket", client.options().bucket}});
    for (const auto& [name, value] : request.fields) conditions.push_back({{name, std::string(value.reveal())}});
    conditions.push_back({"content-length-range", options.min_bytes, options.max_bytes});
    const auto policy = Json{{"expiration", iso_of(SigningTime(request.expires_at))}, {"conditions", std::move(conditions)}}.dump(
        -1, ' ', true, Json::error_handler_t::replace);
    const auto encoded = crypto::base64_encode(crypto::bytes_of(policy));
    SF_ASSIGN(auto signature, client.signer().sign_text(encoded, *credentials, client.region(), time));
    add("policy", encoded);
    add("x-amz-signature", std::move(signature));
    return request;
}

}  // namespace streamforge::storage::s3
