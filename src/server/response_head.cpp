#include "server/response_head.hpp"

#include <algorithm>

#include "server/text.hpp"

namespace streamforge::server {
namespace {

bool is_token(std::string_view name) {
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || others.find(c) != std::string_view::npos;
    });
}

bool is_servers_own(std::string_view name) {
    for (const std::string_view own : {"Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Date"}) {
        if (equal_ignoring_case(name, own)) return true;
    }
    return false;
}

void append_field(std::string& head, std::string_view name, std::string_view value) {
    head += name;
    head += ": ";
    for (const char c : value) head += c == '\r' || c == '\n' || c == '\0' ? ' ' : c;
    head += "\r\n";
}

bool never_has_body(int status) { return status / 100 == 1 || status == 204 || status == 304; }

}  // namespace

BodyFraming framing_of(const Response& response, bool head_request, bool http_1_0) {
    if (head_request || never_has_body(response.status)) return BodyFraming::none;
    if (response.body.size_bytes()) return BodyFraming::length;
    return http_1_0 ? BodyFraming::close : BodyFraming::chunked;
}

std::string write_head(const Response& response, const HeadOptions& options) {
    std::string head;
    head.reserve(512);
    head += "HTTP/1.1 ";  // the version of the sender, also to HTTP/1.0 clients (RFC 9110 §6.2)
    head += std::to_string(response.status);
    head += ' ';
    head += reason_phrase(response.status);
    head += "\r\n";
    append_field(head, "Date", format_http_date(options.date));
    for (const auto& [name, value] : response.headers) {
        if (is_token(name) && !is_servers_own(name)) append_field(head, name, value);
    }
    const auto length = response.body.size_bytes();
    if (options.framing == BodyFraming::chunked) append_field(head, "Transfer-Encoding", "chunked");
    // The length of what a GET would send belongs into the answer to HEAD too, but into no 204 or 304.
    else if (length && !never_has_body(response.status))
        append_field(head, "Content-Length", std::to_string(*length));
    if (!options.keep_alive)
        append_field(head, "Connection", "close");
    else if (options.http_1_0)
        append_field(head, "Connection", "keep-alive");
    head += "\r\n";
    return head;
}

}  // namespace streamforge::server
