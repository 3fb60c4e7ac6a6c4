#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "command.hpp"
#include "core/try.hpp"
#include "store_options.hpp"

namespace streamforge::app {
namespace {

using ordered_json = nlohmann::ordered_json;

struct ListCommandOptions {
    StoreOptions store;
    std::string url;
    bool recursive = false;
    bool uploads = false;
    bool json = false;
};

constexpr auto list_examples = R"(Examples:
  streamforge ls s3://videos/
  streamforge ls s3://videos/m1/ --recursive
  streamforge ls s3://videos/ --uploads                  (unfinished uploads))";

std::string time_text(std::chrono::system_clock::time_point time) {
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

std::string dump_line(const ordered_json& json) { return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace); }

void print_page(const storage::ListPage& page, Console& console) {
    for (const auto& prefix : page.prefixes) {
        console.out(console.json() ? dump_line({{"event", "prefix"}, {"prefix", prefix}})
                                   : fmt::format("{:>20}  {:>12}  {}", "", "PRE", prefix));
    }
    for (const auto& object : page.objects) {
        const auto time = time_text(object.last_modified);
        console.out(
            console.json()
                ? dump_line(
                      {{"event", "object"}, {"key", object.key}, {"bytes", object.size_bytes}, {"modified", time}, {"etag", object.etag}})
                : fmt::format("{:>20}  {:>12}  {}", time, object.size_bytes, object.key));
    }
}

Result<void> list_objects(const ListCommandOptions& options, const Place& place, const Invocation& call) {
    storage::ListOptions list{.prefix = place.key, .folders = !options.recursive};
    std::uint64_t found = 0;
    do {
        SF_ASSIGN(const auto page, place.store->list(list, call.stop));
        print_page(page, call.console);
        found += page.objects.size() + page.prefixes.size();
        list.page_token = page.next_page_token;
    } while (!list.page_token.empty());
    if (call.console.json()) call.console.out(dump_line({{"event", "done"}, {"items", found}}));
    return {};
}

Result<void> list_uploads(const Place& place, const Invocation& call) {
    std::string token;
    std::uint64_t found = 0;
    do {
        SF_ASSIGN(const auto page, place.store->list_uploads(place.key, token, call.stop));
        for (const auto& upload : page.uploads) {
            const auto time = time_text(upload.started);
            call.console.out(call.console.json()
                                 ? dump_line({{"event", "upload"}, {"key", upload.key}, {"upload_id", upload.upload_id}, {"started", time}})
                                 : fmt::format("{:>20}  {}  {}", time, upload.key, upload.upload_id));
            ++found;
        }
        token = page.next_page_token;
    } while (!token.empty());
    if (call.console.json()) call.console.out(dump_line({{"event", "done"}, {"items", found}}));
    return {};
}

Result<void> run_list(const ListCommandOptions& options, const Invocation& call) {
    SF_ASSIGN(const auto place, open_place(options.url, options.store));
    return options.uploads ? list_uploads(place, call) : list_objects(options, place, call);
}

}  // namespace

void add_list(CLI::App& app, Action& chosen) {
    auto options = std::make_shared<ListCommandOptions>();
    auto* command = app.add_subcommand("ls", "List objects, or unfinished uploads");
    command->add_option("URL", options->url, "s3://bucket/prefix (another store's URL does too)")->required();
    options->store.declare(*command);
    command->add_flag("--recursive", options->recursive, "Everything below, not only to the next /");
    command->add_flag("--uploads", options->uploads, "Uploads that were begun and not ended");
    command->add_flag("--json", options->json, "JSON lines on standard output (docs/schema/cli.md)");
    command->footer(list_examples);
    command->callback([options, &chosen] {
        chosen = [options](const Invocation& call) {
            const auto done = run_list(*options, call);
            return done ? 0 : call.console.fail(done.error());
        };
    });
}

}  // namespace streamforge::app
