#include <nlohmann/json.hpp>

#include "core/try.hpp"
#include "storage/credentials/fetchers.hpp"
#include "storage/s3/http_time.hpp"

namespace streamforge::storage {
namespace {

Error malformed(std::string message) { return make_error(Errc::malformed, "storage.credentials", std::move(message)); }

std::string text_of(const nlohmann::json& json, const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

}  // namespace

Result<Credentials> parse_credentials_json(std::string_view text) {
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object()) return malformed("the credentials are no JSON object");
    if (const auto version = json.find("Version"); version != json.end() && *version != 1) {
        return malformed("the credentials have an unknown version");
    }
    const auto code = text_of(json, "Code");
    if (!code.empty() && code != "Success") {
        return make_error(Errc::unauthenticated, "storage.credentials", "the source of credentials refuses");
    }
    Credentials credentials;
    credentials.access_key_id = text_of(json, "AccessKeyId");
    credentials.secret_access_key = Secret(text_of(json, "SecretAccessKey"));
    auto token = text_of(json, "SessionToken");
    if (token.empty()) token = text_of(json, "Token");
    credentials.session_token = Secret(std::move(token));
    if (credentials.access_key_id.empty() || credentials.secret_access_key.empty()) return malformed("the credentials have no keys");
    if (const auto expiration = text_of(json, "Expiration"); !expiration.empty()) {
        credentials.expires_at = s3::parse_iso_time(expiration);
        if (!credentials.expires_at) return malformed("the credentials' expiration is no time");
    }
    return credentials;
}

}  // namespace streamforge::storage
