#include <array>
#include <nlohmann/json.hpp>

#include "command.hpp"
#include "core/try.hpp"
#include "key_options.hpp"

#include <streamforge/cdn/edge_snippet.hpp>

namespace streamforge::app {
namespace {

using cdn::EdgeProgram;
using ordered_json = nlohmann::ordered_json;

struct SnippetCommandOptions {
    std::string provider;
    std::string program;
    std::string max_lifetime;
    KeyOptions key;
    bool json = false;
};

constexpr std::array programs{EdgeProgram::fastly_vcl, EdgeProgram::varnish_vcl, EdgeProgram::nginx, EdgeProgram::workers_js,
                              EdgeProgram::cloudflare_rule};

constexpr auto edge_snippet_examples = R"(Examples:
  streamforge edge-snippet fastly                              (a subroutine for Fastly's VCL)
  streamforge edge-snippet fastly --program varnish-vcl
  streamforge edge-snippet nginx
  streamforge edge-snippet cloudflare --program workers-js --rule-lifetime 1h
Without a key the program names the place where it takes the key from, which is better than writing it in.)";

/// The program that people of this provider run.
EdgeProgram usual_program(std::string_view provider) {
    if (provider.starts_with("fastly")) return EdgeProgram::fastly_vcl;
    if (provider == "nginx" || provider == "gcore") return EdgeProgram::nginx;
    if (provider == "cloudflare") return EdgeProgram::cloudflare_rule;
    return EdgeProgram::workers_js;
}

Result<EdgeProgram> parse_program(const SnippetCommandOptions& options) {
    if (options.program.empty()) return usual_program(options.provider);
    for (const EdgeProgram program : programs) {
        if (cdn::to_string(program) == options.program) return program;
    }
    return make_error(Errc::invalid_argument, "cli.edge_snippet", "--program: there is no such program").with("program", options.program);
}

Result<void> write_snippet(const SnippetCommandOptions& options, Console& console) {
    SF_ASSIGN(const cdn::ProviderSettings settings, options.key.settings());
    SF_ASSIGN(const cdn::TokenLayout layout, cdn::provider_layout(options.provider, settings));
    SF_ASSIGN(const EdgeProgram program, parse_program(options));
    cdn::EdgeSnippetOptions snippet;
    if (options.key.has_source()) {
        SF_ASSIGN(snippet.key, options.key.read());
    }
    if (!options.max_lifetime.empty()) {
        SF_ASSIGN(snippet.max_lifetime, parse_seconds("--max-lifetime", options.max_lifetime));
    }
    SF_ASSIGN(std::string text, cdn::edge_snippet(layout, program, snippet));
    for (const std::string& weakness : layout.weaknesses()) console.warn(weakness);
    if (console.json()) {
        console.out(
            ordered_json{{"event", "done"}, {"provider", options.provider}, {"program", cdn::to_string(program)}, {"text", text}}.dump());
        return {};
    }
    if (text.ends_with('\n')) text.pop_back();
    console.out(text);
    return {};
}

}  // namespace

void add_edge_snippet(CLI::App& app, Action& chosen) {
    auto options = std::make_shared<SnippetCommandOptions>();
    auto* command = app.add_subcommand("edge-snippet", "Write the program that checks a provider's tokens at an edge");
    command
        ->add_option("PROVIDER", options->provider,
                     "fastly, fastly-path, fastly-agent, nginx, keycdn, cdn77, gcore, cloudflare, cloudflare-images")
        ->required();
    command->add_option("--program", options->program,
                        "fastly-vcl, varnish-vcl, nginx, workers-js, cloudflare-rule; by default the provider's own");
    command->add_option("--max-lifetime", options->max_lifetime, "Refuse tokens that end later than this from now (default 7d)");
    options->key.declare_source(*command);
    options->key.declare_settings(*command);
    command->add_flag("--json", options->json, "JSON lines on standard output (docs/schema/cli.md)");
    command->footer(edge_snippet_examples);
    command->callback([options, &chosen] {
        chosen = [options](const Invocation& call) {
            const auto done = write_snippet(*options, call.console);
            return done ? 0 : call.console.fail(done.error());
        };
    });
}

}  // namespace streamforge::app
