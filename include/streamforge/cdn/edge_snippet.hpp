#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include <streamforge/cdn/token_layout.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/core/secret.hpp>

namespace streamforge::cdn {

/// A program that checks tokens at an edge.
enum class EdgeProgram : std::uint8_t {
    fastly_vcl,       ///< A subroutine for Fastly's VCL.
    varnish_vcl,      ///< A subroutine for Varnish 6 or later with its digest module.
    nginx,            ///< Directives of ngx_http_secure_link_module for a location.
    workers_js,       ///< A module for Cloudflare Workers and other runtimes with fetch handlers and Web Crypto.
    cloudflare_rule,  ///< The expression of a WAF custom rule that blocks what lacks a valid token.
};

/// "fastly-vcl", …
[[nodiscard]] STREAMFORGE_EXPORT std::string_view to_string(EdgeProgram program) noexcept;

struct EdgeSnippetOptions {
    /// The key as the provider's console shows it, written into the program. Empty: the program takes it from a place that it
    /// names ("STREAMFORGE_TOKEN_KEY"), which is better.
    Secret key;
    /// Tokens that end later than this from now are refused, so that no forged border between path and time opens the future.
    std::chrono::seconds max_lifetime = std::chrono::days(7);
};

/// The edge's half of a layout, as text. It refuses with 403, and with 410 when the token has expired; it takes the token off the
/// URL, so that caches see one address per file.
/// *Errors*: `unsupported`, saying which part of the layout the program cannot do; `invalid_argument`: the layout.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::string> edge_snippet(const TokenLayout& layout, EdgeProgram program,
                                                                  const EdgeSnippetOptions& options = {});

}  // namespace streamforge::cdn
