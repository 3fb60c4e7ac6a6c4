#include <algorithm>
#include <array>

#include <streamforge/http/url.hpp>

#include "core/try.hpp"
#include "storage/credentials/fetchers.hpp"

namespace streamforge::storage {
namespace {

constexpr auto operation = "storage.credentials.metadata";
constexpr std::chrono::milliseconds container_deadline{5000};
constexpr std::chrono::milliseconds machine_deadline{2000};
constexpr std::uint64_t max_answer_bytes = 64 << 10;

std::string text_of(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

bool is_loopback(std::string_view host) {
    return host == "[::1]" ||
           (host.starts_with("127.") && std::all_of(host.begin(), host.end(), [](char c) { return (c >= '0' && c <= '9') || c == '.'; }));
}

/// Over plain HTTP only to addresses that cannot be anybody else's. Names are not resolved here: they could change their mind.
bool may_be_asked(const http::Url& url) {
    constexpr std::array<std::string_view, 3> known{"169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"};
    return url.is_tls() || is_loopback(url.host) || std::find(known.begin(), known.end(), url.host) != known.end();
}

Result<std::string> container_token(const CredentialsWorld& world) {
    if (const auto file = world.env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"); !file.empty()) {
        SF_ASSIGN(const auto text, read_small_file(file));
        if (!text) return make_error(Errc::unauthenticated, operation, "the container's token file is absent").with("path", file);
        auto token = *text;
        while (!token.empty() && (token.back() == '\n' || token.back() == '\r')) token.pop_back();
        return token;
    }
    return world.env("AWS_CONTAINER_AUTHORIZATION_TOKEN");
}

Error refused(int status) {
    auto error = make_error(Errc::unauthenticated, operation, "the metadata service gives no credentials");
    error.native_domain = NativeDomain::http;
    error.native_code = status;
    error.retry = status >= 500 ? Retry::later : Retry::never;
    return error;
}

Result<std::string> get_text(const CredentialsWorld& world, const http::Url& base, const std::string& path, const std::string& token,
                             const std::stop_token& stop) {
    http::Request request{.url = base, .headers = {{"x-aws-ec2-metadata-token", token}}, .deadline = machine_deadline};
    request.url.path = path;
    SF_ASSIGN(const auto response, world.transport->send(request, stop, max_answer_bytes));
    if (response.status != 200) return refused(response.status);
    return text_of(response.body);
}

}  // namespace

Fetched fetch_container(const CredentialsWorld& world, std::stop_token stop) {
    const auto relative = world.env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    const auto full = world.env("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    if (relative.empty() && full.empty()) return std::optional<Credentials>{};
    SF_ASSIGN(const auto url, http::parse_url(relative.empty() ? full : "http://169.254.170.2" + relative));
    if (!may_be_asked(url)) {
        return make_error(Errc::unauthenticated, operation, "AWS_CONTAINER_CREDENTIALS_FULL_URI needs https, or a container's own address")
            .with("host", url.host);
    }
    http::Request request{.url = url, .deadline = container_deadline};
    SF_ASSIGN(const auto token, container_token(world));
    if (!token.empty()) request.headers.add("authorization", token);
    SF_ASSIGN(const auto response, world.transport->send(request, std::move(stop), max_answer_bytes));
    if (response.status != 200) return refused(response.status);
    SF_ASSIGN(auto credentials, parse_credentials_json(text_of(response.body)));
    return std::optional(std::move(credentials));
}

Fetched fetch_machine(const CredentialsWorld& world, std::stop_token stop) {
    if (world.env("AWS_EC2_METADATA_DISABLED") == "true") return std::optional<Credentials>{};
    auto endpoint = world.env("AWS_EC2_METADATA_SERVICE_ENDPOINT");
    if (endpoint.empty()) {
        endpoint = world.env("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE") == "IPv6" ? "http://[fd00:ec2::254]" : "http://169.254.169.254";
    }
    SF_ASSIGN(auto base, http::parse_url(endpoint));
    http::Request ask_token{
        .method = "PUT", .url = base, .headers = {{"x-aws-ec2-metadata-token-ttl-seconds", "21600"}}, .deadline = machine_deadline};
    ask_token.url.path = "/latest/api/token";
    const auto token = world.transport->send(ask_token, stop, max_answer_bytes);
    // No such service: this is no such machine. Version 1, which needs no token, is never asked: others could be made to ask it.
    if (!token) {
        if (token.error().code == Errc::cancelled) return token.error();
        return std::optional<Credentials>{};
    }
    if (token->status != 200) return std::optional<Credentials>{};
    const std::string folder = "/latest/meta-data/iam/security-credentials/";
    SF_ASSIGN(auto role, get_text(world, base, folder, text_of(token->body), stop));
    role = role.substr(0, role.find_first_of("\r\n"));
    SF_ASSIGN(const auto json, get_text(world, base, folder + http::percent_encode(role), text_of(token->body), stop));
    SF_ASSIGN(auto credentials, parse_credentials_json(json));
    return std::optional(std::move(credentials));
}

}  // namespace streamforge::storage
