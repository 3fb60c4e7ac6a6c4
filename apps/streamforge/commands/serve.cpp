#include <filesystem>
#include <fmt/format.h>
#include <sys/stat.h>

#include "command.hpp"
#include "core/try.hpp"
#include "key_options.hpp"

#include <streamforge/cdn/local.hpp>
#include <streamforge/server/cors.hpp>
#include <streamforge/server/http_server.hpp>
#include <streamforge/server/origin.hpp>
#include <streamforge/server/player.hpp>
#include <streamforge/server/token_gate.hpp>
#include <streamforge/storage/local_store.hpp>

namespace streamforge::app {
namespace {

struct ServeOptions {
    std::string folder;
    std::uint16_t port = 8080;
    std::string address = "127.0.0.1";
    bool no_player = false;
    bool require_token = false;
    KeyOptions key;
    bool log = false;
    bool json = false;
};

constexpr auto serve_examples = R"(Examples:
  streamforge serve out/movie
  streamforge serve out/movie --port 0 --json     (any free port, told as JSON)
  streamforge serve out --address 0.0.0.0 --no-player
  streamforge serve out --require-token --key-file token.key
      (only with tokens of 'streamforge sign local' or 'grant --provider local'; the player page itself stays open))";

Result<void> check_folder(const std::string& folder) {
    struct stat info {};
    if (::stat(folder.c_str(), &info) != 0) return error_from_errno(errno, "cli.serve", "cannot serve the folder").with("path", folder);
    if (!S_ISDIR(info.st_mode)) return make_error(Errc::not_a_file, "cli.serve", "serve needs a folder").with("path", folder);
    return {};
}

/// The verifier of the tokens that `streamforge sign local` and `grant --provider local` make.
Result<server::Handler> behind_tokens(server::Handler media, const KeyOptions& key) {
    SF_ASSIGN(cdn::KeyRing ring, key.ring("local"));
    SF_ASSIGN(auto verifier, cdn::make_local_verifier(std::move(ring)));
    return server::with_token_gate(std::move(media), std::move(verifier));
}

Result<server::Handler> make_site(const ServeOptions& options, Console& console) {
    SF_ASSIGN(auto store, storage::open_local(options.folder));
    server::OriginOptions origin;
    // A folder may be overwritten while it is served: browsers ask again, and get 304 while nothing changed.
    origin.manifest_cache_control = origin.media_cache_control = origin.other_cache_control = "no-cache";
    origin.log = [&console](LogLevel, std::string_view, std::string_view message) { console.warn(message); };
    SF_ASSIGN(auto handler, server::make_origin(std::move(store), origin));
    if (options.require_token) {
        SF_ASSIGN(handler, behind_tokens(std::move(handler), options.key));
    } else if (options.key.has_source()) {
        return make_error(Errc::invalid_argument, "cli.serve", "a key was given without --require-token");
    }
    if (!options.no_player) handler = server::with_player(std::move(handler));
    return server::with_cors(std::move(handler));
}

Result<void> serve(const ServeOptions& options, const Invocation& call) {
    SF_TRY(check_folder(options.folder));
    SF_ASSIGN(auto site, make_site(options, call.console));
    server::HttpServerOptions http;
    http.address = options.address;
    http.port = options.port;
    http.stop_grace = std::chrono::milliseconds(200);
    if (options.log) {
        http.on_exchange = [&console = call.console](const server::Exchange& exchange) {
            console.warn(fmt::format("{} {} {} {} B", exchange.method, exchange.target, exchange.status, exchange.body_bytes));
        };
    }
    SF_ASSIGN(const auto server, server::HttpServer::start(http, std::move(site)));
    if (call.console.json()) {
        call.console.out(fmt::format(R"({{"event":"serving","url":"{}/","port":{}}})", server->url(), server->port()));
    } else {
        call.console.out(fmt::format("Serving {}\n\n  {}/\n\nCtrl-C stops.", options.folder, server->url()));
    }
    server->serve_until(call.stop);
    return {};
}

}  // namespace

void add_serve(CLI::App& app, Action& chosen) {
    auto options = std::make_shared<ServeOptions>();
    auto* command = app.add_subcommand("serve", "Serve a folder over HTTP, with a player page");
    command->add_option("DIR", options->folder, "Folder that holds a presentation")->required();
    command->add_option("--port", options->port, "Port; 0 takes any free one")->capture_default_str();
    command->add_option("--address", options->address, "Address to listen on")->capture_default_str();
    command->add_flag("--no-player", options->no_player, "Files only");
    command->add_flag("--require-token", options->require_token, "Answer 403 to requests for files without a token of the key");
    options->key.declare_source(*command);
    command->add_flag("--log", options->log, "One line for each request on standard error");
    command->add_flag("--json", options->json, "Tell address and events as JSON lines");
    command->footer(serve_examples);
    command->callback([options, &chosen] {
        chosen = [options](const Invocation& call) {
            const auto done = serve(*options, call);
            return done ? 0 : call.console.fail(done.error());
        };
    });
}

}  // namespace streamforge::app
