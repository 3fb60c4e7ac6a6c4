#pragma once

#include <streamforge/cdn/edge_snippet.hpp>

#include "cdn/layout/layout_rules.hpp"

namespace streamforge::cdn::layout {

/// `unsupported`, with the program's name.
[[nodiscard]] Error cannot(EdgeProgram program, std::string message);

/// The regular expression of a token, with the time and the MAC in groups 1 and 2, or 2 and 1 as `time_first` says.
struct TokenPattern {
    std::string text;
    bool time_first = true;
};
/// Of one parameter that shows both, or of the path's first component. *Errors*: `unsupported`.
[[nodiscard]] Result<TokenPattern> token_pattern(const TokenLayout& layout, EdgeProgram program, const std::vector<LayoutPart>& parts);

/// The expression of the MAC's text alone: "[0-9a-f]{64}".
[[nodiscard]] std::string mac_pattern(const TokenLayout& layout);

// One generator each.
[[nodiscard]] Result<std::string> varnish_vcl(const TokenLayout& layout, const EdgeSnippetOptions& options);
[[nodiscard]] Result<std::string> fastly_vcl(const TokenLayout& layout, const EdgeSnippetOptions& options);
[[nodiscard]] Result<std::string> nginx_conf(const TokenLayout& layout, const EdgeSnippetOptions& options);
[[nodiscard]] Result<std::string> workers_js(const TokenLayout& layout, const EdgeSnippetOptions& options);
[[nodiscard]] Result<std::string> cloudflare_rule(const TokenLayout& layout, const EdgeSnippetOptions& options);

}  // namespace streamforge::cdn::layout
