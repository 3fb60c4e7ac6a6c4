#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "command.hpp"
#include "core/try.hpp"
#include "store_options.hpp"

#include <streamforge/storage/key.hpp>
#include <streamforge/storage/transfer.hpp>

namespace streamforge::app {
namespace {

namespace fs = std::filesystem;
using ordered_json = nlohmann::ordered_json;

struct UploadOptions {
    StoreOptions store;
    std::string from;
    std::string to;
    std::string content_type;
    std::string cache_control;
    std::uint64_t part_mib = 0;
    std::uint32_t parallel = 8;
    bool no_resume = false;
    bool json = false;
};

constexpr auto upload_examples = R"(Examples:
  streamforge upload movie.mp4 s3://videos/in/movie.mp4
  streamforge upload out/movie s3://videos/m1/            (a folder, below the prefix)
  tar c out | streamforge upload - s3://backup/out.tar
  streamforge upload big.mov s3://videos/ --endpoint-url http://127.0.0.1:9000

An interrupted upload of a file goes on where it stopped when the same command is run again.)";

storage::PutOptions put_options(const UploadOptions& options) {
    return {.content_type = options.content_type, .cache_control = options.cache_control};
}

storage::TransferOptions transfer_options(const UploadOptions& options, Console& console) {
    storage::TransferOptions transfer;
    transfer.part_bytes = options.part_mib << 20;
    transfer.parallel = options.parallel;
    transfer.progress = [&console](const Progress& progress) { console.progress(progress); };
    transfer.log = [&console](LogLevel level, std::string_view, std::string_view message) {
        if (level >= LogLevel::warning) console.warn(message);
    };
    return transfer;
}

struct UploadTotals {
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
    std::uint64_t sent_bytes = 0;
    std::uint32_t kept_parts = 0;
    bool resumed = false;

    void add(const storage::UploadReport& report) {
        ++files;
        bytes += report.info.size_bytes;
        sent_bytes += report.sent_bytes;
        kept_parts += report.kept_parts;
        resumed = resumed || report.resumed;
    }
};

Result<void> upload_one(const UploadOptions& options, const Place& place, const fs::path& file, const std::string& key,
                        UploadTotals& totals, const Invocation& call) {
    auto transfer = transfer_options(options, call.console);
    std::error_code ignored;
    if (!options.no_resume) transfer.journal = journal_path(fs::absolute(file, ignored).string(), key, *place.store);
    SF_ASSIGN(const auto report, storage::upload_file(*place.store, file, key, put_options(options), transfer, call.stop));
    totals.add(report);
    return {};
}

Result<void> upload_folder(const UploadOptions& options, const Place& place, UploadTotals& totals, const Invocation& call) {
    std::error_code error;
    std::vector<fs::path> files;
    for (fs::recursive_directory_iterator at(options.from, error), end; at != end && !error; at.increment(error)) {
        if (at->is_regular_file(error)) files.push_back(at->path());
    }
    if (error) return error_from_errno(error.value(), "cli.upload", "cannot read the folder").with("path", options.from);
    std::sort(files.begin(), files.end());
    std::vector<storage::FileUploadItem> items;
    for (const auto& file : files) {
        auto key = storage::join_key(place.key, file.lexically_relative(options.from).generic_string());
        fs::path journal;
        if (!options.no_resume) journal = journal_path(fs::absolute(file, error).string(), key, *place.store);
        items.push_back({file, std::move(key), std::move(journal)});
    }
    SF_ASSIGN(const auto report,
              storage::upload_files(*place.store, items, put_options(options), transfer_options(options, call.console), call.stop));
    totals.files += report.files;
    totals.bytes += report.bytes;
    totals.sent_bytes += report.sent_bytes;
    totals.kept_parts += static_cast<std::uint32_t>(report.kept_parts);
    totals.resumed = report.resumed_files != 0;
    return {};
}

Result<void> upload_pipe(const UploadOptions& options, const Place& place, UploadTotals& totals, const Invocation& call) {
    auto producer = [](std::span<std::uint8_t> into) -> Result<std::size_t> {
        std::size_t filled = 0;
        while (filled < into.size()) {
            const auto count = ::read(STDIN_FILENO, into.data() + filled, into.size() - filled);
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) return error_from_errno(errno, "cli.upload", "cannot read standard input");
            if (count == 0) break;
            filled += static_cast<std::size_t>(count);
        }
        return filled;
    };
    SF_ASSIGN(const auto report, storage::upload_body(*place.store, storage::Body::stream(producer), place.key, put_options(options),
                                                      transfer_options(options, call.console), call.stop));
    totals.add(report);
    return {};
}

Result<void> upload(const UploadOptions& options, const Invocation& call) {
    SF_ASSIGN(const auto place, open_place(options.to, options.store));
    UploadTotals totals;
    std::error_code ignored;
    if (options.from == "-") {
        SF_TRY(upload_pipe(options, place, totals, call));
    } else if (fs::is_directory(options.from, ignored)) {
        SF_TRY(upload_folder(options, place, totals, call));
    } else {
        const bool below = place.key.empty() || place.key.ends_with('/');
        const auto key = below ? storage::join_key(place.key, fs::path(options.from).filename().string()) : place.key;
        SF_TRY(upload_one(options, place, options.from, key, totals, call));
    }
    call.console.end_progress();
    if (call.console.json()) {
        call.console.out(ordered_json{
            {"event", "done"},
            {"files", totals.files},
            {"bytes", totals.bytes},
            {"sent_bytes", totals.sent_bytes},
            {"kept_parts", totals.kept_parts},
            {"resumed",
             totals.resumed}}.dump());
    } else {
        call.console.out(fmt::format("{} file(s), {}{}", totals.files, bytes_text(totals.bytes),
                                     totals.resumed ? fmt::format("; {} sent now, the rest before", bytes_text(totals.sent_bytes)) : ""));
    }
    return {};
}

}  // namespace

void add_upload(CLI::App& app, Action& chosen) {
    auto options = std::make_shared<UploadOptions>();
    auto* command = app.add_subcommand("upload", "Store a file, a folder or standard input");
    command->add_option("FROM", options->from, "File, folder, or - for standard input")->required();
    command->add_option("TO", options->to, "s3://bucket/key, or s3://bucket/prefix/ (another store's URL does too)")->required();
    options->store.declare(*command);
    command->add_option("--content-type", options->content_type, "Media type; else by the name");
    command->add_option("--cache-control", options->cache_control, "Cache-Control of the objects");
    command->add_option("--part-size", options->part_mib, "Part length in MiB; 0 chooses")
        ->check(CLI::Range(0, 5120))
        ->capture_default_str();
    command->add_option("--parallel", options->parallel, "Parts, or files of a folder, on their way at once")
        ->check(CLI::Range(1, 256))
        ->capture_default_str();
    command->add_flag("--no-resume", options->no_resume, "Begin anew, and leave nothing behind when it fails");
    command->add_flag("--json", options->json, "JSON lines on standard output (docs/schema/cli.md)");
    command->footer(upload_examples);
    command->callback([options, &chosen] {
        chosen = [options](const Invocation& call) {
            const auto done = upload(*options, call);
            return done ? 0 : call.console.fail(done.error());
        };
    });
}

}  // namespace streamforge::app
