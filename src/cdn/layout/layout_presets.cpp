#include <streamforge/cdn/token_layout.hpp>

namespace streamforge::cdn {
namespace {

LayoutPart literal(std::string text) { return {LayoutField::literal, std::move(text)}; }
LayoutPart field(LayoutField kind) { return {kind, {}}; }

/// The MD5 family differs in order and names only.
TokenLayout md5_layout(std::string provider, std::vector<LayoutPart> message) {
    TokenLayout layout;
    layout.provider = std::move(provider);
    layout.keyed = false;
    layout.hash = crypto::HashAlgorithm::md5;
    layout.mac_text = MacText::base64url;
    layout.message = std::move(message);
    return layout;
}

TokenLayout secure_link(std::string provider, LayoutField path, bool bind_client) {
    std::vector<LayoutPart> message{field(LayoutField::expires), field(path)};
    if (bind_client) message.push_back(field(LayoutField::client_ip));
    message.push_back(literal(" "));
    message.push_back(field(LayoutField::secret));
    TokenLayout layout = md5_layout(std::move(provider), std::move(message));
    layout.parameters = {{"md5", {field(LayoutField::mac)}}, {"expires", {field(LayoutField::expires)}}};
    return layout;
}

}  // namespace

TokenLayout fastly_layout(FastlyLayout kind, crypto::HashAlgorithm hash) {
    TokenLayout layout;
    layout.provider = "fastly";
    layout.hash = hash;
    layout.key_text = KeyText::base64;
    layout.parameters = {{"token", {field(LayoutField::expires), literal("_"), field(LayoutField::mac)}}};
    switch (kind) {
        case FastlyLayout::path: layout.message = {field(LayoutField::path), field(LayoutField::expires)}; break;
        case FastlyLayout::path_and_query: layout.message = {field(LayoutField::path_and_query), field(LayoutField::expires)}; break;
        case FastlyLayout::path_query_user_agent:
            layout.message = {field(LayoutField::path_and_question), field(LayoutField::expires), field(LayoutField::user_agent)};
            layout.mac_text = MacText::base64url;
            break;
    }
    return layout;
}

TokenLayout nginx_layout(bool bind_client) { return secure_link("nginx", LayoutField::decoded_path, bind_client); }
TokenLayout gcore_layout(bool bind_client) { return secure_link("gcore", LayoutField::decoded_path, bind_client); }

TokenLayout keycdn_layout() {
    TokenLayout layout = md5_layout("keycdn", {field(LayoutField::path), field(LayoutField::secret), field(LayoutField::expires)});
    layout.parameters = {{"token", {field(LayoutField::mac)}}, {"expire", {field(LayoutField::expires)}}};
    return layout;
}

TokenLayout cdn77_layout() {
    TokenLayout layout = md5_layout("cdn77", {field(LayoutField::expires), field(LayoutField::folder), field(LayoutField::secret)});
    layout.mac_text = MacText::base64url_padded;
    layout.path_component = {field(LayoutField::mac), literal(","), field(LayoutField::expires)};
    return layout;
}

TokenLayout cloudflare_waf_layout(const CloudflareWafOptions& options) {
    TokenLayout layout;
    layout.provider = "cloudflare";
    layout.lifetime = options.rule_lifetime;
    layout.token_is_last = true;
    layout.mac_text = options.standard_base64 ? MacText::base64_percent : MacText::base64url;
    layout.prefix_bytes = options.prefix_bytes;
    layout.message = {field(options.prefix_bytes > 0 ? LayoutField::prefix : LayoutField::path_and_query), field(LayoutField::issued)};
    layout.parameters = {{options.parameter, {field(LayoutField::issued), literal("-"), field(LayoutField::mac)}}};
    return layout;
}

TokenLayout cloudflare_images_layout() {
    TokenLayout layout;
    layout.provider = "cloudflare-images";
    layout.token_is_last = true;
    layout.message = {field(LayoutField::url_before_mac)};
    layout.parameters = {{"exp", {field(LayoutField::expires)}}, {"sig", {field(LayoutField::mac)}}};
    return layout;
}

}  // namespace streamforge::cdn
