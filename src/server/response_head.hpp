#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <streamforge/server/message.hpp>

#include "server/http_date.hpp"

namespace streamforge::server {

/// How the body of an answer is put on the wire.
enum class BodyFraming : std::uint8_t {
    none,     ///< There is none: HEAD, 204, 304.
    length,   ///< Content-Length.
    chunked,  ///< HTTP/1.1 chunks.
    close,    ///< Until the connection ends: HTTP/1.0 and an unknown length.
};

/// The framing that RFC 9112 §6 asks for.
[[nodiscard]] BodyFraming framing_of(const Response& response, bool head_request, bool http_1_0);

struct HeadOptions {
    BodyFraming framing = BodyFraming::length;
    bool http_1_0 = false;
    bool keep_alive = true;
    HttpDate date;
};

/// The status line and all fields, to the empty line. What a handler put into a value that would break the message (CR, LF,
/// NUL) becomes a space; a field whose name is no token is left out; the fields of the framing are the server's alone.
[[nodiscard]] std::string write_head(const Response& response, const HeadOptions& options);

}  // namespace streamforge::server
