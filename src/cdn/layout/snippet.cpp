#include "cdn/layout/snippet.hpp"

#include "core/try.hpp"

namespace streamforge::cdn {
namespace layout {

Error cannot(EdgeProgram program, std::string message) {
    return make_error(Errc::unsupported, "cdn.edge_snippet", std::move(message)).with("program", std::string(to_string(program)));
}

std::string mac_pattern(const TokenLayout& layout) {
    const std::string size = "{" + std::to_string(mac_text_length(layout)) + "}";
    if (layout.mac_text == MacText::hex) return "[0-9a-f]" + size;
    if (layout.mac_text == MacText::base64url) return "[A-Za-z0-9_-]" + size;
    return "[A-Za-z0-9_=-]" + size;
}

Result<TokenPattern> token_pattern(const TokenLayout& layout, EdgeProgram program, const std::vector<LayoutPart>& parts) {
    if (layout.mac_text == MacText::base64_percent) return cannot(program, "percent-encoded MACs are not supported here: use base64url");
    TokenPattern pattern;
    bool has_time = false;
    bool has_mac = false;
    for (const LayoutPart& part : parts) {
        if (part.field == LayoutField::literal) {
            for (const char character : part.text) pattern.text += character == '.' ? std::string("\\.") : std::string(1, character);
        } else if (part.field == LayoutField::mac) {
            pattern.text += "(" + mac_pattern(layout) + ")";
            has_mac = true;
        } else {
            pattern.text += "([0-9]{10})";
            pattern.time_first = !has_mac;
            has_time = true;
        }
    }
    if (!has_time || !has_mac) return cannot(program, "time and MAC must stand in one parameter for this program");
    return pattern;
}

}  // namespace layout

std::string_view to_string(EdgeProgram program) noexcept {
    switch (program) {
        case EdgeProgram::fastly_vcl: return "fastly-vcl";
        case EdgeProgram::varnish_vcl: return "varnish-vcl";
        case EdgeProgram::nginx: return "nginx";
        case EdgeProgram::workers_js: return "workers-js";
        case EdgeProgram::cloudflare_rule: return "cloudflare-rule";
    }
    return "unknown";
}

Result<std::string> edge_snippet(const TokenLayout& layout, EdgeProgram program, const EdgeSnippetOptions& options) {
    SF_TRY(layout.validate());
    if (options.key.reveal().find_first_of("\"\\\n\r'$`") != std::string_view::npos) {
        return make_error(Errc::invalid_argument, "cdn.edge_snippet",
                          "the key holds a character that would need quoting: use the named place instead");
    }
    switch (program) {
        case EdgeProgram::fastly_vcl: return layout::fastly_vcl(layout, options);
        case EdgeProgram::varnish_vcl: return layout::varnish_vcl(layout, options);
        case EdgeProgram::nginx: return layout::nginx_conf(layout, options);
        case EdgeProgram::workers_js: return layout::workers_js(layout, options);
        case EdgeProgram::cloudflare_rule: return layout::cloudflare_rule(layout, options);
    }
    return layout::cannot(program, "unknown program");
}

}  // namespace streamforge::cdn
