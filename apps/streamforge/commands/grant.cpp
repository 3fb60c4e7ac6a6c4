#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "command.hpp"
#include "core/try.hpp"
#include "key_options.hpp"

#include <streamforge/cdn/authorize_stream.hpp>
#include <streamforge/core/byte_source.hpp>
#include <streamforge/manifest/hls_parser.hpp>

namespace streamforge::app {
namespace {

namespace fs = std::filesystem;
using ordered_json = nlohmann::ordered_json;

struct GrantCommandOptions {
    std::string manifest;
    std::string url;
    std::string provider;
    std::vector<std::string> players;
    std::vector<std::string> methods;
    std::string to;
    KeyOptions key;
    PolicyOptions policy;
    bool json = false;
};

constexpr std::uint64_t max_manifest_bytes = std::uint64_t{64} << 20;

constexpr auto grant_examples = R"(Examples:
  streamforge grant out/m1/master.m3u8 --url https://d1.cloudfront.net/m1/master.m3u8 --provider cloudfront \
      --key-file cf.pem --key-id K2JC --expires-in 1h --players hls.js,safari --to edited
  streamforge grant out/m1/manifest.mpd --url http://127.0.0.1:8080/m1/manifest.mpd --provider local \
      --key-file token.key --expires-in 1h --json
Prints the URL that the player opens; then 'Set-Cookie: …' lines or one 'Query: …' line where the method needs them.
Methods: path-token, define-query, annex-i, cookies, rewritten, player-query; the first that fits signer and players is taken.
Players: hls.js, dash.js, shaka, video.js, safari, avplayer, exoplayer, cast, ffmpeg.)";

Result<std::string> read_text(const fs::path& path) {
    SF_ASSIGN(const auto source, open_file(path));
    if (source->size_bytes() > max_manifest_bytes) {
        return make_error(Errc::limit_exceeded, "cli.grant", "the manifest is longer than 64 MiB").with("path", path.string());
    }
    Bytes bytes(static_cast<std::size_t>(source->size_bytes()));
    SF_ASSIGN(const std::size_t count, source->read_at(0, bytes));
    return std::string(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
}

/// The media playlists that a multivariant playlist names by relative paths below its folder.
Result<std::vector<cdn::ManifestFile>> read_playlists(const GrantCommandOptions& options, const std::string& entry) {
    std::vector<cdn::ManifestFile> files;
    if (!entry.starts_with("#EXTM3U")) return files;
    SF_ASSIGN(const manifest::HlsPlaylist playlist, manifest::parse_hls(entry));
    if (playlist.master() == nullptr) return files;
    std::vector<std::string> named;
    const auto look = [&](manifest::HlsUriKind kind, std::string_view uri) -> std::optional<std::string> {
        const bool is_playlist = kind == manifest::HlsUriKind::variant || kind == manifest::HlsUriKind::i_frame_variant ||
                                 kind == manifest::HlsUriKind::rendition;
        const bool below = uri.find("://") == std::string_view::npos && !uri.starts_with('/') && uri.find("..") == std::string_view::npos;
        if (is_playlist && below && std::ranges::find(named, uri) == named.end()) named.emplace_back(uri);
        return std::nullopt;
    };
    SF_TRY(manifest::rewrite_hls_uris(playlist, look));
    const fs::path folder = fs::path(options.manifest).parent_path();
    const std::string base = options.url.substr(0, options.url.substr(0, options.url.find('?')).rfind('/') + 1);
    for (const std::string& uri : named) {
        SF_ASSIGN(std::string text, read_text(folder / uri.substr(0, uri.find('?'))));
        files.push_back({base + uri, std::move(text)});
    }
    return files;
}

Result<cdn::StreamRequest> make_request(const GrantCommandOptions& options) {
    cdn::StreamRequest request;
    SF_ASSIGN(std::string text, read_text(options.manifest));
    SF_ASSIGN(request.playlists, read_playlists(options, text));
    request.entry = {options.url, std::move(text)};
    SF_ASSIGN(request.policy, options.policy.policy());
    if (!options.players.empty()) request.players.clear();
    for (const std::string& name : options.players) {
        SF_ASSIGN(const cdn::Player player, cdn::player_from_string(name));
        request.players.push_back(player);
    }
    for (const std::string& name : options.methods) {
        SF_ASSIGN(const cdn::DeliveryMethod method, cdn::method_from_string(name));
        request.methods.push_back(method);
    }
    return request;
}

/// Puts edited manifests where they lay below the entry's folder, under `--to`.
Result<std::vector<std::string>> write_manifests(const GrantCommandOptions& options, const cdn::StreamGrant& grant) {
    std::vector<std::string> written;
    if (grant.manifests.empty()) return written;
    if (options.to.empty()) {
        return make_error(Errc::invalid_argument, "cli.grant", "this method edits manifests: say with --to which folder they go to")
            .with("method", std::string(cdn::to_string(grant.method)));
    }
    const std::string base = options.url.substr(0, options.url.substr(0, options.url.find('?')).rfind('/') + 1);
    for (const cdn::ManifestFile& file : grant.manifests) {
        const std::string name = file.url.starts_with(base) ? file.url.substr(base.size()) : fs::path(file.url).filename().string();
        const fs::path path = fs::path(options.to) / name.substr(0, name.find('?'));
        std::error_code failure;
        fs::create_directories(path.parent_path(), failure);
        std::ofstream out(path, std::ios::binary);
        out << file.text;
        out.close();
        if (!out) return make_error(Errc::io, "cli.grant", "cannot write the manifest").with("path", path.string());
        written.push_back(path.string());
    }
    return written;
}

void print_json(const cdn::StreamGrant& grant, const std::vector<std::string>& written, Console& console) {
    ordered_json rejected = ordered_json::object();
    for (const auto& each : grant.rejected) rejected[std::string(cdn::to_string(each.method))] = each.reason;
    ordered_json line{{"event", "done"}, {"method", cdn::to_string(grant.method)}, {"url", grant.entry_url.reveal()}};
    if (grant.cookies) {
        ordered_json cookies = ordered_json::object();
        for (const auto& cookie : grant.cookies->reveal()) cookies[cookie.name] = cookie.value;
        line["cookies"] = cookies;
        line["set_cookie"] = grant.cookies->set_cookie_headers();
    }
    if (!grant.query.empty()) line["query"] = grant.query;
    if (!written.empty()) line["manifests"] = written;
    line["manifests_are_personal"] = grant.manifests_are_personal;
    line["notes"] = grant.notes;
    line["rejected"] = rejected;
    console.out(line.dump());
}

Result<void> grant_stream(const GrantCommandOptions& options, Console& console) {
    SF_ASSIGN(const cdn::StreamRequest request, make_request(options));
    SF_ASSIGN(const cdn::ProviderSettings settings, options.key.settings());
    SF_ASSIGN(cdn::KeyRing ring, options.key.ring(options.provider));
    SF_ASSIGN(const auto signer, cdn::make_signer(options.provider, std::move(ring), settings, options.policy.signer_options()));
    SF_ASSIGN(const cdn::StreamGrant grant, cdn::authorize_stream(*signer, request));
    SF_ASSIGN(const std::vector<std::string> written, write_manifests(options, grant));
    if (console.json()) {
        print_json(grant, written, console);
        return {};
    }
    for (const std::string& note : grant.notes) console.warn(note);
    console.out(grant.entry_url.reveal());
    if (grant.cookies) {
        for (const std::string& header : grant.cookies->set_cookie_headers()) console.out("Set-Cookie: " + header);
    }
    if (!grant.query.empty()) console.out("Query: " + grant.query);
    return {};
}

}  // namespace

void add_grant(CLI::App& app, Action& chosen) {
    auto options = std::make_shared<GrantCommandOptions>();
    auto* command = app.add_subcommand("grant", "Let one viewer play a whole stream");
    command->add_option("MANIFEST", options->manifest, "HLS playlist or MPD on disk; media playlists are read beside it")->required();
    command->add_option("--url", options->url, "Where MANIFEST lies at the CDN")->required();
    command->add_option("--provider", options->provider, provider_help)->required();
    options->key.declare_source(*command);
    options->policy.declare(*command);
    command->add_option("--players", options->players, "All that must be served; by default the browsers'")->delimiter(',');
    command->add_option("--method", options->methods, "Try these ways only, in this order")->delimiter(',');
    command->add_option("--to", options->to, "Folder for edited manifests");
    options->key.declare_settings(*command);
    command->add_flag("--json", options->json, "JSON lines on standard output (docs/schema/cli.md)");
    command->footer(with_providers(grant_examples));
    command->callback([options, &chosen] {
        chosen = [options](const Invocation& call) {
            const auto done = grant_stream(*options, call.console);
            return done ? 0 : call.console.fail(done.error());
        };
    });
}

}  // namespace streamforge::app
