#include <CLI/CLI.hpp>
#include <exception>
#include <nlohmann/json.hpp>
#include <string>

#include "command.hpp"
#include "signals.hpp"

#include <streamforge/core/version.hpp>

namespace streamforge::app {
namespace {

constexpr int usage_exit = 2;

constexpr auto footer = R"(Exit codes: 0 done, 2 usage, 3 missing or existing target, 4 rights, 5 unusable media, 6 input or output,
7 network, 8 signature refused, 70 internal, 130 stopped. Run 'streamforge COMMAND --help' for examples.)";

void add_commands(CLI::App& app, Action& chosen) {
#ifdef STREAMFORGE_WITH_MEDIA
    add_process(app, chosen);
    add_probe(app, chosen);
    add_plan(app, chosen);
#endif
    add_package(app, chosen);
    add_serve(app, chosen);
    add_lint(app, chosen);
    add_sign(app, chosen);
    add_verify(app, chosen);
    add_grant(app, chosen);
    add_keys(app, chosen);
    add_edge_snippet(app, chosen);
    add_upload(app, chosen);
    add_download(app, chosen);
    add_list(app, chosen);
    add_remove(app, chosen);
    add_presign(app, chosen);
}

bool asks_for_json(int argc, char** argv) {
    for (int i = 1; i < argc; ++i) {
        if (std::string_view(argv[i]) == "--json") return true;
    }
    return false;
}

int usage_error(Console& console, const CLI::App& app, const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    return console.fail(make_error(Errc::invalid_argument, "cli", error.what()));
}

int run(int argc, char** argv) {
    CLI::App app("Turns video files into protected, adaptive streams: transcode, package, describe, serve, sign.", "streamforge");
    app.set_version_flag("--version", std::string("streamforge ") + std::string(version));
    app.require_subcommand(1);
    app.footer(footer);
    Action chosen;
    add_commands(app, chosen);

    SignalStop signals;
    Console console;
    console.set_json(asks_for_json(argc, argv));
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return usage_error(console, app, error);
    }
    return chosen ? chosen({console, signals.token()}) : usage_exit;
}

}  // namespace
}  // namespace streamforge::app

int main(int argc, char** argv) {
    try {
        return streamforge::app::run(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "error: %s [internal]\n", error.what());
        return streamforge::exit_code(streamforge::Errc::internal);
    }
}
