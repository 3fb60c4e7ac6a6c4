#include <algorithm>

#include "cdn/layout/snippet.hpp"
#include "core/try.hpp"

namespace streamforge::cdn::layout {
namespace {

constexpr EdgeProgram program = EdgeProgram::workers_js;

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

Result<std::string> field_expression(const TokenLayout& layout, const LayoutPart& part) {
    switch (part.field) {
        case LayoutField::literal: return quoted(part.text);
        case LayoutField::secret: return std::string("keyText");
        case LayoutField::path: return std::string("path");
        case LayoutField::decoded_path: return std::string("decodeURIComponent(path)");
        case LayoutField::folder: return std::string("path.slice(0, path.lastIndexOf(\"/\"))");
        case LayoutField::prefix: return "path.slice(0, " + std::to_string(layout.prefix_bytes) + ")";
        case LayoutField::path_and_query: return std::string("path + (query ? \"?\" + query : \"\")");
        case LayoutField::path_and_question: return std::string("path + \"?\" + query");
        case LayoutField::url_before_mac: return std::string("beforeMac");
        case LayoutField::expires:
        case LayoutField::issued: return std::string("time");
        case LayoutField::client_ip: return std::string("(request.headers.get(\"CF-Connecting-IP\") ?? \"\")");
        case LayoutField::user_agent: return std::string("(request.headers.get(\"User-Agent\") ?? \"\")");
        case LayoutField::mac: break;
    }
    return cannot(program, "a field of the message cannot be rebuilt by this program");
}

std::string web_crypto_name(crypto::HashAlgorithm hash) {
    switch (hash) {
        case crypto::HashAlgorithm::md5: return "MD5";
        case crypto::HashAlgorithm::sha1: return "SHA-1";
        case crypto::HashAlgorithm::sha256: return "SHA-256";
        case crypto::HashAlgorithm::sha512: return "SHA-512";
    }
    return "";
}

std::string mac_text_function(MacText text) {
    switch (text) {
        case MacText::hex: return "bytes => [...bytes].map(b => b.toString(16).padStart(2, \"0\")).join(\"\")";
        case MacText::base64url:
            return R"(bytes => btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", ""))";
        case MacText::base64url_padded: return R"(bytes => btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_"))";
        case MacText::base64_percent: return "bytes => encodeURIComponent(btoa(String.fromCharCode(...bytes)))";
    }
    return "";
}

std::string key_bytes_expression(KeyText text) {
    switch (text) {
        case KeyText::plain: return "new TextEncoder().encode(keyText)";
        case KeyText::hex: return "Uint8Array.from(keyText.match(/../g), digits => parseInt(digits, 16))";
        case KeyText::base64: return "Uint8Array.from(atob(keyText), character => character.charCodeAt(0))";
    }
    return "";
}

/// A regular expression for one value, with named groups.
std::string value_pattern(const TokenLayout& layout, const std::vector<LayoutPart>& parts) {
    std::string pattern = "^";
    for (const LayoutPart& part : parts) {
        if (part.field == LayoutField::literal) {
            for (const char character : part.text) pattern += character == '.' ? std::string("\\.") : std::string(1, character);
        } else if (part.field == LayoutField::mac) {
            pattern += layout.mac_text == MacText::base64_percent ? "(?<mac>[A-Za-z0-9%]+)" : "(?<mac>" + mac_pattern(layout) + ")";
        } else {
            pattern += "(?<time>[0-9]{10})";
        }
    }
    return pattern + "$";
}

/// Statements that find `found.time` and `found.mac`, and leave `path` and `query` without the token.
std::string find_statements(const TokenLayout& layout) {
    std::string text;
    if (!layout.path_component.empty()) {
        text += "  const end = path.indexOf(\"/\", 1);\n";
        text += "  take(end < 0 ? \"\" : path.slice(1, end), /" + value_pattern(layout, layout.path_component) + "/);\n";
        text += "  path = path.slice(end);\n";
        return text;
    }
    text += "  const own = [];\n  const seen = new Set();\n  let offset = path.length + 1;\n";
    text += "  const names = " + std::string("{");
    for (const auto& parameter : layout.parameters) {
        text += (text.back() == '{' ? " " : ", ") + quoted(parameter.name) + ": /" + value_pattern(layout, parameter.value) + "/";
    }
    text += " };\n";
    text += "  const pairs = query === \"\" ? [] : query.split(\"&\");\n";
    text += "  for (const [index, pair] of pairs.entries()) {\n";
    text += "    const name = pair.split(\"=\", 1)[0];\n";
    text += "    if (Object.hasOwn(names, name) && pair.length > name.length) {\n";
    text += "      if (seen.has(name)) return refuse(403);\n";
    text += "      seen.add(name);\n";
    text += "      take(pair.slice(name.length + 1), names[name]);\n";
    if (layout.token_is_last) {
        text += "      if (name === " + quoted(layout.parameters.back().name) + " && index !== pairs.length - 1) return refuse(403);\n";
    }
    if (subject_of(layout) == LayoutField::url_before_mac) {
        text +=
            "      if (name === " + quoted(layout.parameters.back().name) + ") beforeMac = (path + \"?\" + query).slice(0, offset - 1);\n";
    }
    text += "    } else {\n      own.push(pair);\n    }\n    offset += pair.length + 1;\n  }\n";
    text += "  query = own.join(\"&\");\n";
    return text;
}

}  // namespace

Result<std::string> workers_js(const TokenLayout& layout, const EdgeSnippetOptions& options) {
    std::string message;
    for (const LayoutPart& part : layout.message) {
        SF_ASSIGN(const std::string expression, field_expression(layout, part));
        message += (message.empty() ? "" : " + ") + expression;
    }
    const std::string hash = web_crypto_name(layout.hash);
    std::string text = "// Checks tokens of the layout \"" + layout.provider + "\" and passes good requests on without them.\n";
    text += options.key.empty() ? "// The key is the secret STREAMFORGE_TOKEN_KEY of the Worker.\n" : "";
    text += "const macText = " + mac_text_function(layout.mac_text) + ";\n\n";
    text +=
        "// Takes as long for a wrong text as for the right one.\nfunction same(a, b) {\n  let difference = a.length ^ b.length;\n"
        "  for (let i = 0; i < a.length; ++i) difference |= a.charCodeAt(i) ^ b.charCodeAt(i % (b.length || 1));\n  return difference === "
        "0;\n}\n\n";
    text += "const refuse = status => ({ status });\n\n";
    text += "/** { status: 200, url } for a good token, else { status: 403 } or, when it has expired, { status: 410 }. */\n";
    text += "export async function checkToken(request, env, now = Math.floor(Date.now() / 1000)) {\n";
    text += "  const keyText = " + (options.key.empty() ? std::string("env.STREAMFORGE_TOKEN_KEY") : quoted(options.key.reveal())) + ";\n";
    text +=
        "  const start = request.url.indexOf(\"/\", request.url.indexOf(\"//\") + 2);\n  const question = request.url.indexOf(\"?\", "
        "start);\n";
    text += "  let path = question < 0 ? request.url.slice(start) : request.url.slice(start, question);\n";
    text += "  let query = question < 0 ? \"\" : request.url.slice(question + 1);\n";
    text += "  let time, mac, beforeMac = \"\";\n";
    text +=
        "  const take = (value, pattern) => {\n    const groups = pattern.exec(value)?.groups;\n    time = time ?? groups?.time;\n    mac "
        "= mac ?? groups?.mac;\n  };\n";
    text += find_statements(layout);
    text += "  if (time === undefined || mac === undefined) return refuse(403);\n";
    const LayoutField subject = subject_of(layout);
    if (subject == LayoutField::prefix || subject == LayoutField::folder) text += "  if (/%(2f|5c|2e)/i.test(path)) return refuse(403);\n";
    if (subject == LayoutField::prefix && layout.token_is_last) text += "  if (query !== \"\") return refuse(403);\n";
    if (subject == LayoutField::decoded_path) text += "  if (/\\/\\/|%2f%2f|%00/i.test(path)) return refuse(403);\n";
    text += "  const message = new TextEncoder().encode(" + message + ");\n";
    if (layout.keyed) {
        text += "  const key = await crypto.subtle.importKey(\"raw\", " + key_bytes_expression(layout.key_text) +
                ", { name: \"HMAC\", hash: \"" + hash + "\" }, false, [\"sign\"]);\n";
        text += "  const made = new Uint8Array(await crypto.subtle.sign(\"HMAC\", key, message));\n";
    } else {
        text += "  const made = new Uint8Array(await crypto.subtle.digest(\"" + hash + "\", message));\n";
    }
    text += "  if (!same(macText(made), mac)) return refuse(403);\n";
    text += "  const until = Number(time)" +
            (layout.lifetime.count() > 0 ? " + " + std::to_string(layout.lifetime.count()) : std::string()) + ";\n";
    text += "  if (until <= now) return refuse(410);\n";
    text += "  if (until > now + " + std::to_string(options.max_lifetime.count()) + ") return refuse(403);\n";
    text += "  return { status: 200, url: request.url.slice(0, start) + path + (query ? \"?\" + query : \"\") };\n}\n\n";
    text +=
        "export default {\n  async fetch(request, env) {\n    const result = await checkToken(request, env);\n"
        "    if (result.status !== 200) return new Response(null, { status: result.status });\n"
        "    return fetch(new Request(result.url, request));\n  },\n};\n";
    return text;
}

}  // namespace streamforge::cdn::layout
