#include <nlohmann/json.hpp>

#include "command.hpp"
#include "core/try.hpp"
#include "key_options.hpp"

#include <streamforge/cdn/url_verifier.hpp>

namespace streamforge::app {
namespace {

using ordered_json = nlohmann::ordered_json;

struct VerifyCommandOptions {
    std::string provider;
    std::string url;
    KeyOptions key;
    std::int64_t now = 0;
    std::string skew;
    std::string client_ip;
    std::string cookies;
    std::string user_agent;
    std::string method;
    std::string country;
    bool json = false;
};

constexpr auto verify_examples = R"(Examples:
  streamforge verify cloudfront "$URL" --key-file cf-public.pem --key-id K2JC
  streamforge verify local "$URL" --key-file token.key --now 1798761600
Exits with 0 for a good token; else prints the condition that failed (expired, wrong_signature, …) and exits with 8.)";

std::string_view scope_name(cdn::Scope scope) {
    return scope == cdn::Scope::exact ? "exact" : scope == cdn::Scope::prefix ? "prefix" : "pattern";
}

ordered_json json_of(const cdn::VerifiedGrant& grant) {
    const auto epoch = [](const std::optional<cdn::TimePoint>& time) {
        return time ? ordered_json(time->time_since_epoch().count()) : ordered_json();
    };
    const cdn::SignPolicy& policy = grant.policy;
    return {{"event", "done"},
            {"valid", true},
            {"key_id", grant.key_id},
            {"url", grant.url},
            {"scope", scope_name(policy.scope)},
            {"resource", policy.resource},
            {"expires_at", epoch(policy.expires_at)},
            {"starts_at", epoch(policy.starts_at)},
            {"client_ip", policy.client_ip ? ordered_json(policy.client_ip->to_string()) : ordered_json()}};
}

Result<cdn::VerifiedGrant> verify(const VerifyCommandOptions& options) {
    SF_ASSIGN(const cdn::ProviderSettings settings, options.key.settings());
    SF_ASSIGN(cdn::KeyRing ring, options.key.ring(options.provider));
    cdn::VerifierOptions verifier_options;
    if (!options.skew.empty()) {
        SF_ASSIGN(verifier_options.skew, parse_seconds("--skew", options.skew));
    }
    SF_ASSIGN(const auto verifier, cdn::make_verifier(options.provider, std::move(ring), settings, verifier_options));
    cdn::VerifyRequest request;
    request.url = options.url;
    request.client_ip = options.client_ip;
    request.cookies = options.cookies;
    request.user_agent = options.user_agent;
    request.method = options.method;
    request.country = options.country;
    if (options.now != 0) request.now = cdn::TimePoint(std::chrono::seconds(options.now));
    return verifier->verify(request);
}

int run_verify(const VerifyCommandOptions& options, Console& console) {
    const auto grant = verify(options);
    if (grant) {
        if (console.json()) console.out(json_of(*grant).dump());
        return 0;
    }
    if (const auto denial = cdn::denial_of(grant.error()); denial && !console.json()) console.out(cdn::to_string(*denial));
    return console.fail(grant.error());
}

}  // namespace

void add_verify(CLI::App& app, Action& chosen) {
    auto options = std::make_shared<VerifyCommandOptions>();
    auto* command = app.add_subcommand("verify", "Say whether an edge would let a URL pass, and if not, why");
    command->add_option("PROVIDER", options->provider, provider_help)->required();
    command->add_option("URL", options->url, "The URL as the edge gets it")->required();
    options->key.declare_source(*command);
    command->add_option("--now", options->now, "The time to judge by, in seconds since 1970; else the clock's")->check(CLI::PositiveNumber);
    command->add_option("--skew", options->skew, "How far the clocks of signer and edge may differ, e.g. 30s");
    command->add_option("--client-ip", options->client_ip, "The client's address");
    command->add_option("--cookies", options->cookies, "The Cookie header: 'a=1; b=2'");
    command->add_option("--user-agent", options->user_agent, "The User-Agent header");
    command->add_option("--method", options->method, "GET, HEAD, …");
    command->add_option("--country", options->country, "The client's country, e.g. DE");
    options->key.declare_settings(*command);
    command->add_flag("--json", options->json, "JSON lines on standard output (docs/schema/cli.md)");
    command->footer(with_providers(verify_examples));
    command->callback([options, &chosen] { chosen = [options](const Invocation& call) { return run_verify(*options, call.console); }; });
}

}  // namespace streamforge::app
