#include <streamforge/server/token_gate.hpp>

#include <streamforge/cdn/url.hpp>
#include <streamforge/server/problem.hpp>
#include <streamforge/server/target.hpp>

#include "server/text.hpp"

namespace streamforge::server {
namespace {

/// The URL as the client spelled it: tokens are made over spellings.
std::string url_of(const Request& request) {
    if (!request.target.empty()) return request.target;
    return cdn::encode_path(request.path) + (request.query.empty() ? "" : "?" + request.query);
}

Response refused(const Error& error) {
    const auto denial = cdn::denial_of(error);
    Response response = make_problem(403, denial ? cdn::to_string(*denial) : "denied", error.message);
    response.headers.set("Cache-Control", "no-store");
    return response;
}

/// Several Cookie fields are one list (RFC 9113 §8.2.3), and lists are joined by "; ".
std::string cookies_of(const Headers& headers) {
    std::string cookies;
    for (const auto& [name, value] : headers) {
        if (!equal_ignoring_case(name, "Cookie")) continue;
        cookies += (cookies.empty() ? "" : "; ") + value;
    }
    return cookies;
}

}  // namespace

Handler with_token_gate(Handler media, std::shared_ptr<const cdn::UrlVerifier> verifier) {
    return [media = std::move(media), verifier = std::move(verifier)](const Request& request) -> Response {
        const std::string url = url_of(request);
        const std::string cookies = cookies_of(request.headers);
        const std::string agent = request.headers.get("User-Agent");
        cdn::VerifyRequest asked;
        asked.url = url;
        asked.client_ip = request.remote;
        asked.cookies = cookies;
        asked.user_agent = agent;
        asked.method = request.method;
        for (const auto& [name, value] : request.headers) asked.headers.push_back({name, value});
        const auto grant = verifier->verify(asked);
        if (!grant) return refused(grant.error());
        auto target = parse_target(grant->url);
        if (!target) return make_problem(target.error());
        Request passed = request;
        passed.path = std::move(target->path);
        passed.query = std::move(target->query);
        passed.target = grant->url;
        return media(passed);
    };
}

}  // namespace streamforge::server
