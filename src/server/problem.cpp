#include <streamforge/server/problem.hpp>

#include <nlohmann/json.hpp>

namespace streamforge::server {

int status_of(Errc code) noexcept {
    switch (code) {
        case Errc::invalid_argument: return 400;
        case Errc::unauthenticated: return 401;
        case Errc::permission_denied:
        case Errc::denied: return 403;
        case Errc::not_found:
        case Errc::not_a_file: return 404;
        case Errc::already_exists: return 409;
        case Errc::precondition_failed: return 412;
        case Errc::limit_exceeded: return 413;
        case Errc::unsupported_codec: return 415;
        case Errc::malformed:
        case Errc::no_streams:
        case Errc::encrypted: return 422;
        case Errc::throttled: return 429;
        case Errc::unsupported: return 501;
        case Errc::network: return 502;
        case Errc::unavailable:
        case Errc::cancelled: return 503;
        case Errc::timed_out: return 504;
        case Errc::no_space: return 507;
        case Errc::read_only:
        case Errc::io:
        case Errc::integrity:
        case Errc::internal: return 500;
    }
    return 500;
}

Response make_problem(int status, std::string_view name, std::string_view detail) {
    const nlohmann::json problem{
        {"type", "urn:streamforge:problem:" + std::string(name)}, {"title", reason_phrase(status)}, {"status", status}, {"detail", detail}};
    // Texts may quote what a client sent: bytes that are not UTF-8 are replaced, not thrown about.
    const auto text = problem.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    auto response = make_response(status, "application/problem+json", text);
    response.headers.set("Cache-Control", "no-store");
    return response;
}

Response make_problem(const Error& error) {
    constexpr int first_server_error = 500;
    const int status = status_of(error.code);
    const bool own_fault = status >= first_server_error;
    return make_problem(status, to_string(error.code), own_fault ? std::string_view("The server could not do this.") : error.message);
}

}  // namespace streamforge::server
