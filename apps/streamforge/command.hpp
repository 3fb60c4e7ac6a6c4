#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <stop_token>

#include "console.hpp"

namespace streamforge::app {

/// What a chosen command gets when it runs.
struct Invocation {
    Console& console;
    std::stop_token stop;  ///< Requested by Ctrl-C and SIGTERM.
};

/// A command's work: returns the process exit code.
using Action = std::function<int(const Invocation&)>;

// One function per subcommand, each in commands/<name>.cpp: declares its options and, when it was given on the command
// line, puts its work into `chosen`.
void add_process(CLI::App& app, Action& chosen);
void add_probe(CLI::App& app, Action& chosen);
void add_plan(CLI::App& app, Action& chosen);
void add_package(CLI::App& app, Action& chosen);
void add_serve(CLI::App& app, Action& chosen);
void add_lint(CLI::App& app, Action& chosen);
void add_sign(CLI::App& app, Action& chosen);
void add_verify(CLI::App& app, Action& chosen);
void add_grant(CLI::App& app, Action& chosen);
void add_keys(CLI::App& app, Action& chosen);
void add_edge_snippet(CLI::App& app, Action& chosen);
void add_upload(CLI::App& app, Action& chosen);
void add_download(CLI::App& app, Action& chosen);
void add_list(CLI::App& app, Action& chosen);
void add_remove(CLI::App& app, Action& chosen);
void add_presign(CLI::App& app, Action& chosen);

}  // namespace streamforge::app
