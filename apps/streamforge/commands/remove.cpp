#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "command.hpp"
#include "core/try.hpp"
#include "duration.hpp"
#include "store_options.hpp"

#include <streamforge/storage/transfer.hpp>

namespace streamforge::app {
namespace {

using ordered_json = nlohmann::ordered_json;

struct RemoveOptions {
    StoreOptions store;
    std::string url;
    bool recursive = false;
    std::string uploads_older_than;
    bool json = false;
};

constexpr auto remove_examples = R"(Examples:
  streamforge rm s3://videos/in/movie.mp4
  streamforge rm s3://videos/m1/ --recursive
  streamforge rm s3://videos/ --uploads-older-than 86400s   (aborts uploads that were left behind))";

Result<std::uint64_t> remove_objects(const RemoveOptions& options, const Place& place, const Invocation& call) {
    if (!options.recursive) {
        SF_TRY(place.store->remove(place.key, call.stop));
        return std::uint64_t{1};
    }
    // A prefix without its slash would take neighbours along.
    if (!place.key.empty() && !place.key.ends_with('/')) {
        return make_error(Errc::invalid_argument, "cli.rm", "--recursive wants a prefix that ends with '/'").with("prefix", place.key);
    }
    std::uint64_t removed = 0;
    while (true) {
        SF_ASSIGN(const auto page, place.store->list({.prefix = place.key}, call.stop));
        if (page.objects.empty()) return removed;
        std::vector<std::string> keys;
        for (const auto& object : page.objects) keys.push_back(object.key);
        SF_ASSIGN(const auto report, place.store->remove(keys, call.stop));
        if (!report.failed.empty()) return report.failed.front().second;
        removed += report.removed;
    }
}

Result<std::uint64_t> sweep(const RemoveOptions& options, const Place& place, const Invocation& call) {
    SF_ASSIGN(const auto age, parse_duration(options.uploads_older_than));
    const std::chrono::seconds older_than(age.rescaled(1, Rounding::up).ticks);
    SF_ASSIGN(const auto report, storage::sweep_uploads(*place.store, place.key, older_than, std::chrono::system_clock::now(), call.stop));
    return std::uint64_t{report.aborted};
}

Result<void> remove(const RemoveOptions& options, const Invocation& call) {
    SF_ASSIGN(const auto place, open_place(options.url, options.store));
    SF_ASSIGN(const auto removed, options.uploads_older_than.empty() ? remove_objects(options, place, call) : sweep(options, place, call));
    if (call.console.json()) {
        call.console.out(ordered_json{{"event", "done"}, {"removed", removed}}.dump());
    } else {
        call.console.out(fmt::format("{} removed", removed));
    }
    return {};
}

}  // namespace

void add_remove(CLI::App& app, Action& chosen) {
    auto options = std::make_shared<RemoveOptions>();
    auto* command = app.add_subcommand("rm", "Remove objects, or abort uploads that were left behind");
    command->add_option("URL", options->url, "s3://bucket/key, or with --recursive s3://bucket/prefix/")->required();
    options->store.declare(*command);
    command->add_flag("--recursive", options->recursive, "Everything below the prefix");
    command->add_option("--uploads-older-than", options->uploads_older_than, "Abort unfinished uploads older than this, e.g. 86400s");
    command->add_flag("--json", options->json, "JSON lines on standard output (docs/schema/cli.md)");
    command->footer(remove_examples);
    command->callback([options, &chosen] {
        chosen = [options](const Invocation& call) {
            const auto done = remove(*options, call);
            return done ? 0 : call.console.fail(done.error());
        };
    });
}

}  // namespace streamforge::app
