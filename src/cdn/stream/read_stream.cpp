#include <algorithm>

#include <streamforge/cdn/url.hpp>

#include "cdn/stream/resolve.hpp"
#include "cdn/stream/stream_files.hpp"
#include "core/try.hpp"

namespace streamforge::cdn::stream {
namespace {

bool is_for_playing(manifest::HlsUriKind kind) { return kind != manifest::HlsUriKind::key && kind != manifest::HlsUriKind::other; }

Error elsewhere(std::string_view reference) {
    return make_error(Errc::invalid_argument, "cdn.authorize_stream", "the manifest names something for playing on another host")
        .with("uri", std::string(reference.substr(0, 200)));
}

/// Notes what a reference means for the whole stream.
Result<void> take_reference(StreamFiles& files, std::vector<NamedUri>& into, const std::string& base_url, const std::string& entry_folder,
                            std::string_view reference) {
    if (reference.find("{$") != std::string_view::npos) {
        files.has_variables = true;
        return {};
    }
    SF_ASSIGN(std::string url, resolve(base_url, reference));
    SF_ASSIGN(const UrlParts parts, parse_url(url));
    SF_ASSIGN(const UrlParts entry, parse_url(entry_folder));
    if (parts.origin != entry.origin) return elsewhere(reference);
    if (has_scheme(reference) || reference.starts_with('/') || !url.starts_with(entry_folder)) files.only_relative = false;
    files.folder = common_folder(files.folder, folder_of(url));
    into.push_back({std::string(reference), std::move(url)});
    return {};
}

Result<void> read_playlist(StreamFiles& files, const ManifestFile& file, const std::string& entry_folder) {
    SF_ASSIGN(manifest::HlsPlaylist playlist, manifest::parse_hls(file.text));
    ParsedPlaylist parsed{file.url, std::move(playlist), {}};
    Result<void> failure;
    const auto look = [&](manifest::HlsUriKind kind, std::string_view uri) -> std::optional<std::string> {
        if (failure && is_for_playing(kind)) failure = take_reference(files, parsed.named, file.url, entry_folder, uri);
        return std::nullopt;
    };
    SF_ASSIGN(const std::string unchanged, manifest::rewrite_hls_uris(parsed.playlist, look));
    (void)unchanged;
    SF_TRY(failure);
    files.playlists.push_back(std::move(parsed));
    return {};
}

Result<void> read_hls(StreamFiles& files, const StreamRequest& request, const std::string& entry_folder) {
    SF_TRY(read_playlist(files, request.entry, entry_folder));
    for (const ManifestFile& file : request.playlists) {
        SF_ASSIGN(const UrlParts parts, parse_url(file.url));
        if (!parts.is_absolute()) return make_error(Errc::invalid_argument, "cdn.authorize_stream", "playlists need absolute URLs");
        SF_TRY(read_playlist(files, file, entry_folder));
    }
    if (files.playlists.front().playlist.master() == nullptr) return {};
    for (const NamedUri& named : files.playlists.front().named) {
        const auto given = std::ranges::find(files.playlists, named.url, &ParsedPlaylist::url);
        if (given == files.playlists.end()) files.complete = false;
    }
    return {};
}

Result<void> read_dash(StreamFiles& files, const StreamRequest& request, const std::string& entry_folder) {
    SF_ASSIGN(files.mpd, manifest::parse_mpd(request.entry.text));
    Result<void> failure;
    std::vector<std::string> references;
    manifest::rewrite_mpd_uris(files.mpd, [&](manifest::MpdUriKind kind, std::string_view uri) -> std::optional<std::string> {
        if (kind != manifest::MpdUriKind::location) references.emplace_back(uri);
        return std::nullopt;
    });
    for (const std::string& reference : references) {
        if (has_scheme(reference) || reference.starts_with('/')) files.only_relative = false;
    }
    const auto representations = manifest::mpd_representations(files.mpd);
    if (!representations) {
        if (representations.error().code != Errc::unsupported) return representations.error();
        files.complete = false;  // a live MPD: its base addresses are all that is known
        for (const std::string& reference : references) {
            if (reference.find('$') == std::string::npos) SF_TRY(take_reference(files, files.named, request.entry.url, entry_folder, reference));
        }
        return {};
    }
    for (const auto& representation : *representations) {
        if (representation.initialization) {
            SF_TRY(take_reference(files, files.named, request.entry.url, entry_folder, representation.initialization->uri));
        }
        for (const auto& segment : representation.segments) {
            SF_TRY(take_reference(files, files.named, request.entry.url, entry_folder, segment.uri));
        }
    }
    return {};
}

bool looks_like_mpd(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t\r\n\xef\xbb\xbf");
    return begin != std::string_view::npos && text[begin] == '<';
}

}  // namespace

Result<StreamFiles> read_stream(const StreamRequest& request) {
    StreamFiles files;
    const std::string entry_folder = folder_of(request.entry.url);
    files.folder = entry_folder;
    files.format = looks_like_mpd(request.entry.text) ? ManifestFormat::dash : ManifestFormat::hls;
    SF_TRY(files.format == ManifestFormat::hls ? read_hls(files, request, entry_folder) : read_dash(files, request, entry_folder));
    for (const ParsedPlaylist& playlist : files.playlists) {
        files.named.insert(files.named.end(), playlist.named.begin(), playlist.named.end());
    }
    return files;
}

}  // namespace streamforge::cdn::stream
