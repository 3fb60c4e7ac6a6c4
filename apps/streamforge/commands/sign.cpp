#include <nlohmann/json.hpp>

#include "command.hpp"
#include "core/try.hpp"
#include "key_options.hpp"

namespace streamforge::app {
namespace {

using ordered_json = nlohmann::ordered_json;

struct SignCommandOptions {
    std::string provider;
    std::string url;
    std::string resource;
    KeyOptions key;
    PolicyOptions policy;
    bool cookies = false;
    bool in_path = false;
    bool json = false;
};

constexpr auto sign_examples = R"(Examples:
  streamforge sign cloudfront https://d1.cloudfront.net/a.mp4 --key-file cf.pem --key-id K2JC --expires-in 300s
  streamforge sign cloudfront https://d1.cloudfront.net/vod/a.mpd --resource 'https://d1.cloudfront.net/vod/*' \
      --cookies --key-file cf.pem --key-id K2JC --expires-in 1h
  streamforge sign akamai https://m.example.com/vod/1/master.m3u8 --resource '/vod/1/*' --key-env EDGEAUTH_KEY --expires-in 1h
  streamforge sign local http://127.0.0.1:8080/master.m3u8 --resource / --allow-everything --key-file token.key --expires-in 1h)";

/// "PREFIX/" and "PREFIX/*" are prefixes where the provider has them; anything else is a pattern.
void apply_resource(const std::string& resource, const cdn::Capabilities& can, cdn::SignPolicy& policy) {
    if (resource.empty()) return;
    policy.scope = cdn::Scope::pattern;
    policy.resource = resource;
    if (!can.prefix) return;
    const std::string head = resource.ends_with("/*") ? resource.substr(0, resource.size() - 1) : resource;
    if (!head.ends_with('/') || head.find_first_of("*?!,") != std::string::npos) return;
    policy.scope = cdn::Scope::prefix;
    policy.resource = head;
}

Result<void> print_cookies(const SignCommandOptions& options, const cdn::UrlSigner& signer, const cdn::SignPolicy& policy,
                           Console& console) {
    SF_ASSIGN(const cdn::CookieSet cookies, signer.sign_cookies(options.url, policy));
    if (!console.json()) {
        for (const auto& cookie : cookies.reveal()) console.out(cookie.name + "=" + cookie.value);
        return {};
    }
    ordered_json list = ordered_json::object();
    for (const auto& cookie : cookies.reveal()) list[cookie.name] = cookie.value;
    console.out(
        ordered_json{{"event", "done"}, {"provider", options.provider}, {"cookies", list}, {"set_cookie", cookies.set_cookie_headers()}}
            .dump());
    return {};
}

Result<cdn::SignedUrl> signed_url(const SignCommandOptions& options, const cdn::UrlSigner& signer, const cdn::SignPolicy& policy) {
    if (!options.in_path) return signer.sign(options.url, policy);
    SF_ASSIGN(const cdn::PrefixGrant grant, signer.grant(policy, cdn::TokenPlacement::path));
    return grant.url(options.url);
}

Result<void> sign(const SignCommandOptions& options, Console& console) {
    SF_ASSIGN(cdn::SignPolicy policy, options.policy.policy());
    SF_ASSIGN(const cdn::ProviderSettings settings, options.key.settings());
    SF_ASSIGN(cdn::KeyRing ring, options.key.ring(options.provider));
    SF_ASSIGN(const auto signer, cdn::make_signer(options.provider, std::move(ring), settings, options.policy.signer_options()));
    apply_resource(options.resource, signer->capabilities(), policy);
    if (options.cookies) return print_cookies(options, *signer, policy, console);
    SF_ASSIGN(const cdn::SignedUrl url, signed_url(options, *signer, policy));
    if (!console.json()) {
        console.out(url.reveal());
    } else {
        console.out(ordered_json{{"event", "done"}, {"provider", options.provider}, {"url", url.reveal()}}.dump());
    }
    return {};
}

}  // namespace

void add_sign(CLI::App& app, Action& chosen) {
    auto options = std::make_shared<SignCommandOptions>();
    auto* command = app.add_subcommand("sign", "Sign a URL, or make cookies, for a CDN");
    command->add_option("PROVIDER", options->provider, provider_help)->required();
    command->add_option("URL", options->url, "The URL, spelled as clients will ask for it")->required();
    options->key.declare_source(*command);
    options->policy.declare(*command);
    command->add_option("--resource", options->resource,
                        "What the token covers, when that is more than the URL: a folder 'PREFIX/' or a pattern");
    command->add_flag("--cookies", options->cookies, "Print cookies, one NAME=VALUE a line, in place of the URL");
    command->add_flag("--in-path", options->in_path, "Put the token into the path, where the provider can: relative URLs inherit it");
    options->key.declare_settings(*command);
    command->add_flag("--json", options->json, "JSON lines on standard output (docs/schema/cli.md)");
    command->footer(with_providers(sign_examples));
    command->callback([options, &chosen] {
        chosen = [options](const Invocation& call) {
            const auto done = sign(*options, call.console);
            return done ? 0 : call.console.fail(done.error());
        };
    });
}

}  // namespace streamforge::app
