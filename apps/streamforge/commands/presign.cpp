#include <nlohmann/json.hpp>

#include "command.hpp"
#include "core/try.hpp"
#include "store_options.hpp"

namespace streamforge::app {
namespace {

using ordered_json = nlohmann::ordered_json;

struct PresignCommandOptions {
    StoreOptions store;
    std::string url;
    std::string method = "GET";
    std::string content_type;
    std::uint32_t expires_s = 3600;
    bool json = false;
};

constexpr auto presign_examples = R"text(Examples:
  streamforge presign s3://videos/in/movie.mp4 --expires-in 600
  curl -T movie.mp4 "$(streamforge presign s3://videos/in/movie.mp4 --method PUT)")text";

Result<void> presign(const PresignCommandOptions& options, const Invocation& call) {
    SF_ASSIGN(const auto place, open_place(options.url, options.store));
    storage::PresignOptions wanted;
    if (options.method == "PUT") wanted.method = storage::PresignMethod::put;
    if (options.method == "HEAD") wanted.method = storage::PresignMethod::head;
    wanted.expires_in = std::chrono::seconds(options.expires_s);
    wanted.content_type = options.content_type;
    SF_ASSIGN(const auto request, place.store->presign(place.key, wanted));
    if (!call.console.json()) {
        call.console.out(request.url.reveal());
        return {};
    }
    ordered_json headers = ordered_json::object();
    for (const auto& [name, value] : request.headers) headers[name] = value;
    const auto expires = std::chrono::duration_cast<std::chrono::seconds>(request.expires_at.time_since_epoch()).count();
    call.console.out(ordered_json{
        {"event", "done"},
        {"method", request.method},
        {"url", std::string(request.url.reveal())},
        {"headers", headers},
        {"expires_at",
         expires}}.dump());
    return {};
}

}  // namespace

void add_presign(CLI::App& app, Action& chosen) {
    auto options = std::make_shared<PresignCommandOptions>();
    auto* command = app.add_subcommand("presign", "Make a URL that lets its bearer fetch or store one object for a while");
    command->add_option("URL", options->url, "s3://bucket/key")->required();
    options->store.declare(*command);
    command->add_option("--method", options->method, "What the URL is for")
        ->check(CLI::IsMember({"GET", "HEAD", "PUT"}))
        ->capture_default_str();
    command->add_option("--expires-in", options->expires_s, "Seconds, at most 604800")->check(CLI::Range(1, 604800))->capture_default_str();
    command->add_option("--content-type", options->content_type, "For PUT: the type that must be sent");
    command->add_flag("--json", options->json, "JSON lines on standard output (docs/schema/cli.md)");
    command->footer(presign_examples);
    command->callback([options, &chosen] {
        chosen = [options](const Invocation& call) {
            const auto done = presign(*options, call);
            return done ? 0 : call.console.fail(done.error());
        };
    });
}

}  // namespace streamforge::app
