#include <filesystem>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "command.hpp"
#include "core/try.hpp"

#include <streamforge/core/byte_source.hpp>
#include <streamforge/manifest/lint.hpp>

namespace streamforge::app {
namespace {

namespace fs = std::filesystem;

struct LintCommandOptions {
    std::string path;
    bool strict = false;
    bool json = false;
};

constexpr auto lint_examples = R"(Examples:
  streamforge lint out/movie                 (checks master.m3u8 and manifest.mpd and every file they name)
  streamforge lint out/movie/master.m3u8
  streamforge lint out/movie --strict --json)";

constexpr std::uint64_t max_read_bytes = std::uint64_t{256} << 20;

/// Files below `root`; manifests are small, media are asked for their size only.
manifest::LintReader reader_of(const fs::path& root) {
    manifest::LintReader reader;
    reader.read = [root](const std::string& path) -> Result<Bytes> {
        SF_ASSIGN(const auto source, open_file(root / path));
        if (source->size_bytes() > max_read_bytes) return make_error(Errc::limit_exceeded, "cli.lint", "the manifest is too large");
        Bytes bytes(static_cast<std::size_t>(source->size_bytes()));
        SF_ASSIGN(const auto count, source->read_at(0, bytes));
        bytes.resize(count);
        return bytes;
    };
    reader.size = [root](const std::string& path) -> Result<std::uint64_t> {
        SF_ASSIGN(const auto source, open_file(root / path));
        return source->size_bytes();
    };
    return reader;
}

Result<std::vector<fs::path>> entries_of(const fs::path& path) {
    if (!fs::is_directory(path)) return std::vector{path};
    std::vector<fs::path> entries;
    for (const char* name : {"master.m3u8", "manifest.mpd"}) {
        if (fs::exists(path / name)) entries.push_back(path / name);
    }
    if (entries.empty()) {
        return make_error(Errc::not_found, "cli.lint", "the folder holds no master.m3u8 and no manifest.mpd").with("path", path.string());
    }
    return entries;
}

void print_finding(Console& console, const manifest::Finding& finding) {
    if (console.json()) {
        const nlohmann::ordered_json line{{"event", "finding"},   {"severity", std::string(manifest::to_string(finding.severity))},
                                          {"rule", finding.rule}, {"message", finding.message},
                                          {"path", finding.path}, {"line", finding.line}};
        console.out(line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
        return;
    }
    const std::string place = finding.line > 0 ? fmt::format("{}:{}", finding.path, finding.line) : finding.path;
    console.out(fmt::format("{}: {}: {} [{}]", place, manifest::to_string(finding.severity), finding.message, finding.rule));
}

Result<bool> lint(const LintCommandOptions& options, const Invocation& call) {
    SF_ASSIGN(const auto entries, entries_of(options.path));
    std::size_t errors = 0;
    std::size_t others = 0;
    for (const auto& entry : entries) {
        const fs::path root = entry.has_parent_path() ? entry.parent_path() : fs::path(".");
        SF_ASSIGN(const auto findings, manifest::lint_presentation(entry.filename().string(), reader_of(root)));
        for (const auto& finding : findings) {
            print_finding(call.console, finding);
            ++(finding.severity == manifest::Severity::error ? errors : others);
        }
    }
    const bool good = errors == 0 && (!options.strict || others == 0);
    if (call.console.json()) {
        call.console.out(nlohmann::ordered_json{{"event", "done"}, {"errors", errors}, {"others", others}, {"passed", good}}.dump());
    } else {
        call.console.out(fmt::format("{} error(s), {} other finding(s)", errors, others));
    }
    return good;
}

}  // namespace

void add_lint(CLI::App& app, Action& chosen) {
    auto options = std::make_shared<LintCommandOptions>();
    auto* command = app.add_subcommand("lint", "Check playlists and MPD against the rules of HLS, DASH and Apple's authoring guide");
    command->add_option("PATH", options->path, "Presentation folder, multivariant playlist or MPD")->required();
    command->add_flag("--strict", options->strict, "Fail on warnings and remarks too");
    command->add_flag("--json", options->json, "JSON lines on standard output (docs/schema/cli.md)");
    command->footer(lint_examples);
    command->callback([options, &chosen] {
        chosen = [options](const Invocation& call) {
            const auto good = lint(*options, call);
            if (!good) return call.console.fail(good.error());
            return *good ? 0 : exit_code(Errc::malformed);
        };
    });
}

}  // namespace streamforge::app
