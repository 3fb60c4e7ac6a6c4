#include <streamforge/http/transport.hpp>

#include <algorithm>
#include <array>

#include "core/try.hpp"

namespace streamforge::http {
namespace {

bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f && c != ':'; });
}

bool is_field_value(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

Error bad_option(std::string message) { return make_error(Errc::invalid_argument, "http.options", std::move(message)); }

}  // namespace

ResponseStream::~ResponseStream() = default;
Transport::~Transport() = default;

Result<Bytes> ResponseStream::read_all(std::uint64_t max_bytes) {
    Bytes all;
    std::array<std::uint8_t, std::size_t{16} << 10> slice;
    while (true) {
        SF_ASSIGN(const auto count, read(slice));
        if (count == 0) return all;
        if (count > max_bytes - all.size()) {
            return make_error(Errc::limit_exceeded, "http.read", "the answer is longer than the caller allows")
                .with("max_bytes", std::to_string(max_bytes));
        }
        all.insert(all.end(), slice.begin(), slice.begin() + static_cast<std::ptrdiff_t>(count));
    }
}

Result<std::unique_ptr<ResponseStream>> Transport::open(const Request& request, std::stop_token stop) {
    if (!is_token(request.method)) return make_error(Errc::invalid_argument, "http.send", "the method is not a method");
    for (const auto& [name, value] : request.headers.fields()) {
        if (!is_token(name) || !is_field_value(value)) {
            return make_error(Errc::invalid_argument, "http.send", "a header field would break the request").with("header", name);
        }
    }
    if (stop.stop_requested()) return make_error(Errc::cancelled, "http.send", "stopped before it began");
    return do_open(request, std::move(stop));
}

Result<Response> Transport::send(const Request& request, std::stop_token stop, std::uint64_t max_body_bytes) {
    SF_ASSIGN(const auto stream, open(request, std::move(stop)));
    Response response;
    response.status = stream->status();
    response.headers = stream->headers();
    SF_ASSIGN(response.body, stream->read_all(max_body_bytes));
    response.received_into_bytes = stream->received_into_bytes();
    return response;
}

Result<void> TransportOptions::validate() const {
    if (connect_timeout.count() < 1) return bad_option("connect_timeout must be above 0");
    if (stall.count() < 1 || stall > std::chrono::hours(1)) return bad_option("stall must be from 1 s to 1 h");
    if (idle_connection.count() < 0) return bad_option("idle_connection must not be negative");
    if (max_connections == 0 || max_connections > 10'000) return bad_option("max_connections must be from 1 to 10,000");
    if (threads > 64) return bad_option("threads must be from 0 to 64");
    if (!is_field_value(user_agent)) return bad_option("user_agent must be one line");
    return {};
}

}  // namespace streamforge::http
