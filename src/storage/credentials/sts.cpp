#include <cstring>
#include <pugixml.hpp>

#include <streamforge/crypto/hash.hpp>
#include <streamforge/http/url.hpp>

#include "core/try.hpp"
#include "storage/credentials/fetchers.hpp"
#include "storage/s3/http_time.hpp"
#include "storage/s3/sigv4.hpp"

namespace streamforge::storage {
namespace {

constexpr auto operation = "storage.credentials.sts";
constexpr std::chrono::milliseconds deadline{15'000};

Result<http::Url> sts_url(const CredentialsWorld& world) {
    for (const auto* name : {"AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL"}) {
        // The general variable counts for S3-like stores that have a token service at the same place.
        if (const auto text = world.env(name); !text.empty()) return http::parse_url(text);
    }
    const std::string suffix = world.region.starts_with("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com";
    return http::Url{.scheme = "https", .host = "sts." + world.region + suffix};
}

std::string form(const s3::Query& fields) {
    std::string text;
    for (const auto& [name, value] : fields) {
        if (value.empty()) continue;
        if (!text.empty()) text += '&';
        http::percent_encode_to(text, name);
        text += '=';
        http::percent_encode_to(text, value);
    }
    return text;
}

s3::Query role_fields(const char* action, const RoleRequest& role) {
    return {{"Action", action},
            {"Version", "2011-06-15"},
            {"RoleArn", role.role_arn},
            {"RoleSessionName", role.session_name.empty() ? "streamforge" : role.session_name},
            {"ExternalId", role.external_id},
            {"DurationSeconds", role.duration_seconds}};
}

Result<Credentials> send(const CredentialsWorld& world, const std::string& body, const Credentials* source, std::stop_token stop) {
    http::Request request{.method = "POST"};
    SF_ASSIGN(request.url, sts_url(world));
    request.headers.add("content-type", "application/x-www-form-urlencoded; charset=utf-8");
    request.body = crypto::bytes_of(body);
    request.deadline = deadline;
    if (source != nullptr) {
        s3::Signer signer("sts");
        request.headers.add("host", request.url.authority());
        SF_TRY(signer.sign_headers(request.method, request.url.path, request.url.query, request.headers, crypto::sha256_hex(body), *source,
                                   world.region, s3::SigningTime(world.options.clock())));
        request.headers.remove("host");
    }
    SF_ASSIGN(const auto response, world.transport->send(request, std::move(stop), 1 << 20));
    if (response.status == 200) return parse_sts(response.body);
    auto error = make_error(response.status >= 500 ? Errc::unavailable : Errc::unauthenticated, operation,
                            response.status >= 500 ? "the token service failed" : "the token service refuses the role");
    error.native_domain = NativeDomain::http;
    error.native_code = response.status;
    error.retry = response.status >= 500 ? Retry::later : Retry::never;
    return error;
}

}  // namespace

Result<Credentials> parse_sts(ByteView xml) {
    pugi::xml_document document;
    const auto malformed = make_error(Errc::malformed, operation, "the token service's answer holds no credentials");
    if (!document.load_buffer(xml.data(), xml.size(), pugi::parse_default & ~pugi::parse_doctype)) return malformed;
    const auto found = document.find_node([](const pugi::xml_node& node) { return std::strcmp(node.name(), "Credentials") == 0; });
    Credentials credentials;
    credentials.access_key_id = found.child("AccessKeyId").text().get();
    credentials.secret_access_key = Secret(found.child("SecretAccessKey").text().get());
    credentials.session_token = Secret(found.child("SessionToken").text().get());
    credentials.expires_at = s3::parse_iso_time(found.child("Expiration").text().get());
    if (credentials.access_key_id.empty() || credentials.secret_access_key.empty() || !credentials.expires_at) return malformed;
    return credentials;
}

Result<Credentials> assume_role(const CredentialsWorld& world, const RoleRequest& role, const Credentials& source, std::stop_token stop) {
    return send(world, form(role_fields("AssumeRole", role)), &source, std::move(stop));
}

Result<Credentials> assume_role_with_web_identity(const CredentialsWorld& world, const RoleRequest& role, const std::string& token_file,
                                                  std::stop_token stop) {
    SF_ASSIGN(const auto token, read_small_file(token_file));
    if (!token || token->empty()) {
        return make_error(Errc::unauthenticated, operation, "the web identity token file is absent or empty").with("path", token_file);
    }
    auto fields = role_fields("AssumeRoleWithWebIdentity", role);
    auto trimmed = *token;
    while (!trimmed.empty() && (trimmed.back() == '\n' || trimmed.back() == '\r')) trimmed.pop_back();
    fields.emplace_back("WebIdentityToken", trimmed);
    return send(world, form(fields), nullptr, std::move(stop));
}

Fetched fetch_web_identity(const CredentialsWorld& world, std::stop_token stop) {
    const auto token_file = world.env("AWS_WEB_IDENTITY_TOKEN_FILE");
    const auto role_arn = world.env("AWS_ROLE_ARN");
    if (token_file.empty() || role_arn.empty()) return std::optional<Credentials>{};
    SF_ASSIGN(auto credentials,
              assume_role_with_web_identity(world, {.role_arn = role_arn, .session_name = world.env("AWS_ROLE_SESSION_NAME")}, token_file,
                                            std::move(stop)));
    return std::optional(std::move(credentials));
}

}  // namespace streamforge::storage
