#include <algorithm>

#include "cdn/layout/snippet.hpp"

namespace streamforge::cdn::layout {
namespace {

constexpr EdgeProgram program = EdgeProgram::nginx;

/// The name of the parameter that shows this field alone; empty when there is none.
std::string parameter_of(const TokenLayout& layout, LayoutField field) {
    const auto shows = [&](const LayoutParameter& parameter) {
        return parameter.value.size() == 1 && parameter.value.front().field == field;
    };
    const auto found = std::ranges::find_if(layout.parameters, shows);
    return found == layout.parameters.end() ? std::string() : found->name;
}

}  // namespace

Result<std::string> nginx_conf(const TokenLayout& layout, const EdgeSnippetOptions& options) {
    const std::string hash = parameter_of(layout, LayoutField::mac);
    const std::string expires = parameter_of(layout, LayoutField::expires);
    if (layout.keyed || layout.hash != crypto::HashAlgorithm::md5 || layout.mac_text != MacText::base64url || hash.empty() ||
        expires.empty()) {
        return cannot(program, "secure_link knows MD5 in base64url, and time and hash in parameters of their own, only");
    }
    const std::string key = options.key.empty() ? "$streamforge_token_key" : std::string(options.key.reveal());
    std::string message;
    for (const LayoutPart& part : layout.message) {
        switch (part.field) {
            case LayoutField::literal: message += part.text; break;
            case LayoutField::secret: message += key; break;
            case LayoutField::decoded_path: message += "$uri"; break;
            case LayoutField::expires: message += "$secure_link_expires"; break;
            case LayoutField::client_ip: message += "$remote_addr"; break;
            default: return cannot(program, "a field of the message cannot be rebuilt by this program");
        }
    }
    std::string text = "# Checks tokens of the layout \"" + layout.provider + "\". Put this into a location.\n";
    if (options.key.empty()) text += "# Set the variable $streamforge_token_key in an included file that only nginx can read.\n";
    text += "secure_link $arg_" + hash + ",$arg_" + expires + ";\n";
    text += "secure_link_md5 \"" + message + "\";\n";
    text += "if ($secure_link = \"\") { return 403; }\n";
    text += "if ($secure_link = \"0\") { return 410; }\n";
    return text;
}

Result<std::string> cloudflare_rule(const TokenLayout& layout, const EdgeSnippetOptions& options) {
    const EdgeProgram rule = EdgeProgram::cloudflare_rule;
    const bool shape = layout.keyed && layout.hash == crypto::HashAlgorithm::sha256 && layout.parameters.size() == 1 &&
                       layout.token_is_last && layout.parameters.front().value.size() == 3 && layout.message.size() == 2 &&
                       layout.message.back().field == LayoutField::issued;
    const LayoutField subject = subject_of(layout);
    if (!shape || (subject != LayoutField::path_and_query && subject != LayoutField::prefix)) {
        return cannot(rule, "the rule's function knows Cloudflare's own layout only");
    }
    const std::string key = options.key.empty() ? "STREAMFORGE_TOKEN_KEY" : std::string(options.key.reveal());
    const std::string message =
        subject == LayoutField::path_and_query
            ? "http.request.uri"
            : "concat(substring(http.request.uri.path, 0, " + std::to_string(layout.prefix_bytes) + "), \"?\", http.request.uri.query)";
    const std::size_t separator = layout.parameters.front().name.size() + 2;  // "?verify=" or "&verify="
    std::string text = "not is_timed_hmac_valid_v0(\"" + key + "\", " + message + ", " + std::to_string(layout.lifetime.count()) +
                       ", http.request.timestamp.sec, " + std::to_string(separator);
    if (layout.mac_text == MacText::base64url) text += ", \"s\"";
    return text + ")\n";
}

}  // namespace streamforge::cdn::layout
