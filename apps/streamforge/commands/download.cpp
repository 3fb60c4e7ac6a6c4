#include <array>
#include <cstdio>
#include <filesystem>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "command.hpp"
#include "core/try.hpp"
#include "store_options.hpp"

#include <streamforge/storage/transfer.hpp>

namespace streamforge::app {
namespace {

namespace fs = std::filesystem;
using ordered_json = nlohmann::ordered_json;

struct DownloadOptions {
    StoreOptions store;
    std::string from;
    std::string to;
    std::uint64_t part_mib = 0;
    std::uint32_t parallel = 8;
    bool no_resume = false;
    bool json = false;
};

constexpr auto download_examples = R"(Examples:
  streamforge download s3://videos/in/movie.mp4 movie.mp4
  streamforge download s3://videos/m1/ out/movie        (everything below the prefix)
  streamforge download s3://videos/in/movie.mp4 - | ffprobe -)";

struct DownloadTotals {
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
    std::uint64_t received_bytes = 0;
    bool resumed = false;
};

Result<void> download_one(const DownloadOptions& options, const Place& place, const std::string& key, const fs::path& path,
                          DownloadTotals& totals, const Invocation& call) {
    storage::TransferOptions transfer;
    transfer.part_bytes = options.part_mib << 20;
    transfer.parallel = options.parallel;
    transfer.progress = [&console = call.console](const Progress& progress) { console.progress(progress); };
    std::error_code ignored;
    if (!options.no_resume) transfer.journal = journal_path(key, fs::absolute(path, ignored).string(), *place.store);
    SF_ASSIGN(const auto report, storage::download_file(*place.store, key, path, transfer, call.stop));
    ++totals.files;
    totals.bytes += report.info.size_bytes;
    totals.received_bytes += report.received_bytes;
    totals.resumed = totals.resumed || report.resumed;
    return {};
}

/// Keys come from a store: none may lead out of the folder.
Result<fs::path> path_below(const fs::path& folder, const std::string& name) {
    const auto relative = fs::path(name).lexically_normal();
    if (relative.empty() || relative.is_absolute() || *relative.begin() == "..") {
        return make_error(Errc::invalid_argument, "cli.download", "a key does not fit below the folder").with("name", name);
    }
    return folder / relative;
}

Result<void> download_folder(const DownloadOptions& options, const Place& place, DownloadTotals& totals, const Invocation& call) {
    SF_ASSIGN(const auto objects, place.store->list_all(place.key, call.stop));
    if (objects.empty()) return make_error(Errc::not_found, "cli.download", "there is nothing below the prefix").with("prefix", place.key);
    for (const auto& object : objects) {
        if (object.key.ends_with('/')) continue;  // a folder's marker, as some tools make them
        SF_ASSIGN(const auto path, path_below(options.to, object.key.substr(place.key.size())));
        SF_TRY(download_one(options, place, object.key, path, totals, call));
    }
    return {};
}

Result<void> download_pipe(const Place& place, DownloadTotals& totals, const Invocation& call) {
    SF_ASSIGN(const auto reader, place.store->get(place.key, {}, call.stop));
    Bytes slice(std::size_t{1} << 20);
    while (true) {
        SF_ASSIGN(const auto count, reader->read(slice));
        if (count == 0) break;
        if (std::fwrite(slice.data(), 1, count, stdout) != count) {
            return error_from_errno(errno, "cli.download", "cannot write to standard output");
        }
        totals.bytes += count;
    }
    std::fflush(stdout);
    return {};
}

Result<void> download(const DownloadOptions& options, const Invocation& call) {
    SF_ASSIGN(const auto place, open_place(options.from, options.store));
    DownloadTotals totals;
    if (options.to == "-") return download_pipe(place, totals, call);
    if (place.key.empty() || place.key.ends_with('/')) {
        SF_TRY(download_folder(options, place, totals, call));
    } else {
        fs::path path = options.to;
        std::error_code ignored;
        if (options.to.ends_with('/') || fs::is_directory(path, ignored)) path /= fs::path(place.key).filename();
        SF_TRY(download_one(options, place, place.key, path, totals, call));
    }
    call.console.end_progress();
    if (call.console.json()) {
        call.console.out(ordered_json{
            {"event", "done"},
            {"files", totals.files},
            {"bytes", totals.bytes},
            {"received_bytes", totals.received_bytes},
            {"resumed",
             totals.resumed}}.dump());
    } else {
        call.console.out(fmt::format("{} file(s), {}", totals.files, bytes_text(totals.bytes)));
    }
    return {};
}

}  // namespace

void add_download(CLI::App& app, Action& chosen) {
    auto options = std::make_shared<DownloadOptions>();
    auto* command = app.add_subcommand("download", "Fetch an object, or everything below a prefix");
    command->add_option("FROM", options->from, "s3://bucket/key, or s3://bucket/prefix/ (another store's URL does too)")->required();
    command->add_option("TO", options->to, "File, folder, or - for standard output")->required();
    options->store.declare(*command);
    command->add_option("--part-size", options->part_mib, "Length of the ranges in MiB; 0 chooses")
        ->check(CLI::Range(0, 5120))
        ->capture_default_str();
    command->add_option("--parallel", options->parallel, "Ranges on their way at once")->check(CLI::Range(1, 256))->capture_default_str();
    command->add_flag("--no-resume", options->no_resume, "Begin anew, and leave nothing behind when it fails");
    command->add_flag("--json", options->json, "JSON lines on standard output (docs/schema/cli.md)");
    command->footer(download_examples);
    command->callback([options, &chosen] {
        chosen = [options](const Invocation& call) {
            const auto done = download(*options, call);
            return done ? 0 : call.console.fail(done.error());
        };
    });
}

}  // namespace streamforge::app
