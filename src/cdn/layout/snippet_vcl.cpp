#include <algorithm>

#include "cdn/layout/snippet.hpp"
#include "core/try.hpp"

namespace streamforge::cdn::layout {
namespace {

/// How the two dialects name what a check needs.
struct Dialect {
    EdgeProgram program;
    std::string_view path, query_and_path, client, refuse, gone;
};

constexpr Dialect varnish{EdgeProgram::varnish_vcl,
                          "regsub(req.http.SF-Url, \"\\?.*$\", \"\")",
                          "req.http.SF-Url",
                          "client.ip",
                          "return (synth(403, \"Forbidden\"));",
                          "return (synth(410, \"Gone\"));"};
constexpr Dialect fastly{EdgeProgram::fastly_vcl, "req.url.path", "var.url", "client.ip", "error 403;", "error 410;"};

Result<std::string> field_expression(const TokenLayout& layout, const Dialect& dialect, const LayoutPart& part, std::string_view time) {
    switch (part.field) {
        case LayoutField::literal: return "\"" + part.text + "\"";
        case LayoutField::path: return std::string(dialect.path);
        case LayoutField::path_and_query: return std::string(dialect.query_and_path);
        case LayoutField::path_and_question:
            return std::string(dialect.path) + " + \"?\" + regsub(" + std::string(dialect.query_and_path) + ", \"^[^?]*\\??\", \"\")";
        case LayoutField::folder: return "regsub(" + std::string(dialect.path) + ", \"/[^/]*$\", \"\")";
        case LayoutField::prefix:
            return "regsub(" + std::string(dialect.path) + ", \"^(.{" + std::to_string(layout.prefix_bytes) + "}).*$\", \"\\1\")";
        case LayoutField::expires:
        case LayoutField::issued: return std::string(time);
        case LayoutField::client_ip: return std::string(dialect.client);
        case LayoutField::user_agent: return std::string("req.http.User-Agent");
        default: return cannot(dialect.program, "a field of the message cannot be rebuilt by this program");
    }
}

/// The message in VCL, its secret as `key`.
Result<std::string> message_expression(const TokenLayout& layout, const Dialect& dialect, std::string_view time, const std::string& key) {
    std::string text;
    for (const LayoutPart& part : layout.message) {
        if (!text.empty()) text += " + ";
        if (part.field == LayoutField::secret) {
            text += key;
            continue;
        }
        SF_ASSIGN(const std::string expression, field_expression(layout, dialect, part, time));
        text += expression;
    }
    return text;
}

std::string hash_name(const TokenLayout& layout) {
    switch (layout.hash) {
        case crypto::HashAlgorithm::md5: return "md5";
        case crypto::HashAlgorithm::sha1: return "sha1";
        case crypto::HashAlgorithm::sha256: return "sha256";
        case crypto::HashAlgorithm::sha512: return "sha512";
    }
    return "";
}

/// Where token and parameter stand, common to both dialects.
struct Place {
    TokenPattern pattern;
    std::string match;    ///< A URL that has one token of the right form.
    std::string doubled;  ///< A URL that has two. Empty: not possible.
    std::string before;   ///< The part of `match` before the token, for replacements.
    std::string after;
};

Result<Place> place_of(const TokenLayout& layout, EdgeProgram program) {
    Place place;
    if (!layout.path_component.empty()) {
        SF_ASSIGN(place.pattern, token_pattern(layout, program, layout.path_component));
        place.before = "^/";
        place.after = "(/.*)$";
    } else {
        if (layout.parameters.size() != 1) return cannot(program, "the token must stand in one parameter for this program");
        SF_ASSIGN(place.pattern, token_pattern(layout, program, layout.parameters.front().value));
        const std::string& name = layout.parameters.front().name;
        place.before = "^[^?]*\\?(?:[^&]*&)*?" + name + "=";
        place.after = layout.token_is_last ? "$" : "(?:&.*)?$";
        place.doubled = "[?&]" + name + "=.*&" + name + "=";
    }
    place.match = place.before + place.pattern.text + place.after;
    return place;
}

std::string strip_expression(const TokenLayout& layout, const Place& place) {
    if (!layout.path_component.empty()) return "regsub(req.url, \"" + place.match + "\", \"\\3\")";
    const std::string& name = layout.parameters.front().name;
    return "regsub(regsub(req.url, \"^([^?]*)\\?((?:[^&]*&)*?)" + name + "=[^&]*(?:&(.*))?$\", \"\\1?\\2\\3\"), \"[?&]$\", \"\")";
}

/// The MAC of a message in the text form of the layout.
Result<std::string> varnish_mac(const TokenLayout& layout, const std::string& message, const std::string& key) {
    if (layout.hash == crypto::HashAlgorithm::sha512) return cannot(varnish.program, "SHA-512 is not supported here");
    const std::string hex = layout.keyed ? "regsub(digest.hmac_" + hash_name(layout) + "(" + key + ", " + message + "), \"^0x\", \"\")"
                                         : "digest.hash_" + hash_name(layout) + "(" + message + ")";
    switch (layout.mac_text) {
        case MacText::hex: return hex;
        case MacText::base64url: return "digest.base64url_nopad_hex(" + hex + ")";
        case MacText::base64url_padded: return "digest.base64url_hex(" + hex + ")";
        case MacText::base64_percent: break;
    }
    return cannot(varnish.program, "percent-encoded MACs are not supported here: use base64url");
}

Result<std::string> fastly_mac(const TokenLayout& layout, const std::string& message, const std::string& key) {
    if (layout.hash == crypto::HashAlgorithm::sha512) return cannot(fastly.program, "SHA-512 is not supported here");
    if (layout.mac_text == MacText::hex) {
        return layout.keyed ? "regsub(digest.hmac_" + hash_name(layout) + "(" + key + ", " + message + "), \"^0x\", \"\")"
                            : "digest.hash_" + hash_name(layout) + "(" + message + ")";
    }
    if (!layout.keyed) return cannot(fastly.program, "plain hashes in base64 are not supported here");
    const std::string text = "digest.hmac_" + hash_name(layout) + "_base64(" + key + ", " + message + ")";
    const std::string url_safe = "std.replaceall(std.replaceall(" + text + ", \"+\", \"-\"), \"/\", \"_\")";
    return layout.mac_text == MacText::base64url ? "std.replaceall(" + url_safe + ", \"=\", \"\")" : url_safe;
}

std::string seconds(std::chrono::seconds value) { return std::to_string(value.count()); }

}  // namespace

Result<std::string> varnish_vcl(const TokenLayout& layout, const EdgeSnippetOptions& options) {
    SF_ASSIGN(const Place place, place_of(layout, varnish.program));
    if (layout.key_text == KeyText::hex) return cannot(varnish.program, "keys in hexadecimal are not supported here");
    const std::string key_text = options.key.empty() ? "STREAMFORGE_TOKEN_KEY" : std::string(options.key.reveal());
    const std::string literal = "\"" + key_text + "\"";
    const std::string key = layout.key_text == KeyText::base64 ? "digest.base64_decode(" + literal + ")" : literal;
    SF_ASSIGN(const std::string message, message_expression(layout, varnish, "req.http.SF-Time", key));
    SF_ASSIGN(const std::string mac, varnish_mac(layout, message, key));
    const std::string time_group = place.pattern.time_first ? "\\1" : "\\2";
    const std::string mac_group = place.pattern.time_first ? "\\2" : "\\1";
    std::string text = "# Checks tokens of the layout \"" + layout.provider + "\". Call streamforge_check_token first in vcl_recv.\n";
    text += "# Needs \"import std;\" and \"import digest;\". The module takes keys as text, so a key must hold no zero byte.\n";
    if (options.key.empty()) text += "# Put the key in the place of STREAMFORGE_TOKEN_KEY.\n";
    text += "sub streamforge_check_token {\n";
    text += "    if (req.url !~ \"" + place.match + "\") { " + std::string(varnish.refuse) + " }\n";
    if (!place.doubled.empty()) text += "    if (req.url ~ \"" + place.doubled + "\") { " + std::string(varnish.refuse) + " }\n";
    const std::string full = "regsub(req.url, \"" + place.match + "\", \"";
    text += "    set req.http.SF-Time = " + full + time_group + "\");\n";
    text += "    set req.http.SF-Mac = " + full + mac_group + "\");\n";
    text += "    set req.http.SF-Url = " + strip_expression(layout, place) + ";\n";
    if (subject_of(layout) == LayoutField::prefix || subject_of(layout) == LayoutField::folder) {
        text += "    if (req.http.SF-Url ~ \"(?i)%(2f|5c|2e)\") { " + std::string(varnish.refuse) + " }\n";
    }
    text += "    if (" + mac + " != req.http.SF-Mac) { " + std::string(varnish.refuse) + " }\n";
    const std::string end =
        "std.integer(req.http.SF-Time, 0)" + (layout.lifetime.count() > 0 ? " + " + seconds(layout.lifetime) : std::string());
    text += "    if (" + end + " <= std.time2integer(now, 0)) { " + std::string(varnish.gone) + " }\n";
    text +=
        "    if (" + end + " - " + seconds(options.max_lifetime) + " > std.time2integer(now, 0)) { " + std::string(varnish.refuse) + " }\n";
    text += "    set req.url = req.http.SF-Url;\n";
    text += "    unset req.http.SF-Time;\n    unset req.http.SF-Mac;\n    unset req.http.SF-Url;\n}\n";
    return text;
}

Result<std::string> fastly_vcl(const TokenLayout& layout, const EdgeSnippetOptions& options) {
    SF_ASSIGN(const Place place, place_of(layout, fastly.program));
    if (layout.key_text == KeyText::hex) return cannot(fastly.program, "keys in hexadecimal are not supported here");
    if (!layout.path_component.empty()) return cannot(fastly.program, "tokens in the path are not supported here");
    const std::string place_of_key =
        options.key.empty() ? "table.lookup(streamforge, \"STREAMFORGE_TOKEN_KEY\")" : "\"" + std::string(options.key.reveal()) + "\"";
    const std::string key = layout.key_text == KeyText::base64 ? "digest.base64_decode(" + place_of_key + ")" : place_of_key;
    SF_ASSIGN(const std::string message, message_expression(layout, fastly, "var.time", key));
    SF_ASSIGN(const std::string mac, fastly_mac(layout, message, key));
    const std::string& name = layout.parameters.front().name;
    const std::string time_group = place.pattern.time_first ? "re.group.1" : "re.group.2";
    const std::string mac_group = place.pattern.time_first ? "re.group.2" : "re.group.1";
    std::string text = "# Checks tokens of the layout \"" + layout.provider + "\". Call streamforge_check_token first in vcl_recv.\n";
    text += "sub streamforge_check_token {\n";
    text += "    # Once, at the edge that the client speaks to: shields see the URL without its token.\n";
    text += "    if (fastly.ff.visits_this_service > 0 || req.restarts > 0) { return; }\n";
    text += "    declare local var.time STRING;\n    declare local var.mac STRING;\n    declare local var.url STRING;\n";
    text += "    if (req.url !~ \"" + place.match + "\") { error 403; }\n";
    text += "    set var.time = " + time_group + ";\n    set var.mac = " + mac_group + ";\n";
    text += "    if (req.url ~ \"" + place.doubled + "\") { error 403; }\n";
    text += "    set var.url = querystring.filter(req.url, \"" + name + "\");\n";
    text += "    if (!digest.secure_is_equal(" + mac + ", var.mac)) { error 403; }\n";
    const std::string shift = layout.lifetime.count() > 0
                                  ? "time.add(std.integer2time(std.atoi(var.time)), " + seconds(layout.lifetime) + "s)"
                                  : "std.integer2time(std.atoi(var.time))";
    text += "    if (!time.is_after(" + shift + ", now)) { error 410; }\n";
    text += "    if (time.is_after(" + shift + ", time.add(now, " + seconds(options.max_lifetime) + "s))) { error 403; }\n";
    text += "    set req.url = var.url;\n}\n";
    return text;
}

}  // namespace streamforge::cdn::layout
