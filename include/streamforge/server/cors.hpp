#pragma once

#include <chrono>
#include <string>

#include <streamforge/core/export.hpp>
#include <streamforge/server/message.hpp>

namespace streamforge::server {

struct CorsOptions {
    std::string allow_origin = "*";
    std::string allow_methods = "GET, HEAD, OPTIONS";
    /// What a script may send: players ask for ranges and conditions.
    std::string allow_headers = "Range, If-Match, If-None-Match, If-Modified-Since, If-Range, Content-Type, Authorization";
    /// What a script may read of the answer.
    std::string expose_headers = "Content-Length, Content-Range, Accept-Ranges, ETag, Last-Modified, Date, Age, Cache-Control";
    std::chrono::seconds max_age{86400};  ///< How long a browser may remember a preflight.
};

/// `handler` for pages of other origins: every answer, errors too, carries the CORS headers, and preflights are answered with 204.
/// *Source*: Fetch Standard §3.2.
[[nodiscard]] STREAMFORGE_EXPORT Handler with_cors(Handler handler, CorsOptions options = {});

}  // namespace streamforge::server
