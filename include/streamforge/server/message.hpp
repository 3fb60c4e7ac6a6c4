#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <streamforge/core/bytes.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/server/headers.hpp>
#include <streamforge/storage/body.hpp>

namespace streamforge::server {

/// What a client asks, free of any transport.
struct Request {
    std::string method = "GET";  ///< As sent: methods are case-sensitive.
    std::string path = "/";      ///< Decoded and safe: see `parse_target`.
    std::string query;           ///< What follows `?`, still encoded.
    std::string target{};        ///< Path and query as the client spelled them; empty when nobody did.
    Headers headers;
    Bytes body;
    std::string remote;  ///< Address of the peer, e.g. "127.0.0.1"; empty when there is none.

    /// The decoded value of a query parameter; nothing when it is absent.
    [[nodiscard]] STREAMFORGE_EXPORT std::optional<std::string> query_parameter(std::string_view name) const;
};

/// What is answered. The server adds Date, Content-Length (or chunks, when the body does not know its length) and Connection.
struct Response {
    int status = 200;
    Headers headers;
    storage::Body body;  ///< Bytes, or a source or stream that is read while it is sent. Not sent for HEAD, 204 and 304.
};

/// Answers a request. Called from several threads at once; may block; exceptions become a 500 without their text.
using Handler = std::function<Response(const Request&)>;

/// A whole body in memory with its type.
[[nodiscard]] STREAMFORGE_EXPORT Response make_response(int status, std::string content_type, std::string_view body);

/// "Not Found" for 404; empty for numbers without a standard phrase. *Source*: RFC 9110 §15.
[[nodiscard]] STREAMFORGE_EXPORT std::string_view reason_phrase(int status) noexcept;

}  // namespace streamforge::server
