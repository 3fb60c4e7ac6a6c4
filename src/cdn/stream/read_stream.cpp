#include <algorithm>

#include <streamforge/cdn/url.hpp>

#include "cdn/stream/resolve.hpp"
#include "cdn/stream/scan_hls.hpp"
#include "cdn/stream/stream_files.hpp"
#include "core/try.hpp"

namespace streamforge::cdn::stream {
namespace {

Error elsewhere(std::string_view reference) {
    return make_error(Errc::invalid_argument, "cdn.authorize_stream", "the manifest names something for playing on another host")
        .with("uri", std::string(reference.substr(0, 200)));
}

/// Letters, digits, "-_" and single dots and slashes: a name below the base, whatever the base is. Most segments are such.
bool is_plain_name(std::string_view reference) {
    char before = '/';
    for (const char character : reference) {
        const bool word = (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
                          (character >= '0' && character <= '9') || character == '-' || character == '_';
        if (!word && ((character != '.' && character != '/') || before == '/' || before == '.')) return false;
        before = character;
    }
    return before != '/' && before != '.';
}

/// Notes what references mean for the whole stream.
class Gatherer {
public:
    Gatherer(StreamFiles& files, std::string entry_folder) : files_(files), entry_folder_(std::move(entry_folder)) {}

    /// What follows is named by a file at `url`.
    void begin(const std::string& url) {
        base_url_ = url;
        base_folder_ = folder_of(url);
        below_entry_ = base_folder_.starts_with(entry_folder_);
        same_folder_ = base_folder_ == entry_folder_;
    }

    /// The URL that `reference` means; empty when it holds a variable.
    Result<std::string> take(std::string_view reference) {
        if (reference.find("{$") != std::string_view::npos) {
            files_.has_variables = true;
            return std::string();
        }
        SF_ASSIGN(std::string url, resolve(base_url_, reference));
        SF_ASSIGN(const UrlParts parts, parse_url(url));
        SF_ASSIGN(const UrlParts entry, parse_url(entry_folder_));
        if (parts.origin != entry.origin) return elsewhere(reference);
        if (has_scheme(reference) || reference.starts_with('/') || !url.starts_with(entry_folder_)) files_.only_relative = false;
        const std::string folder = folder_of(url);
        files_.folder = common_folder(files_.folder, folder);
        files_.has_other_folders = files_.has_other_folders || folder != entry_folder_;
        files_.has_queries = files_.has_queries || parts.has_query();
        ++files_.count;
        return url;
    }

    /// As `take`, at the price of a glance for plain names.
    Result<void> note(std::string_view reference) {
        if (below_entry_ && is_plain_name(reference)) {
            files_.has_other_folders = files_.has_other_folders || !same_folder_ || reference.find('/') != std::string_view::npos;
            ++files_.count;
            return {};
        }
        SF_TRY(take(reference));
        return {};
    }

private:
    StreamFiles& files_;
    std::string entry_folder_;
    std::string base_url_;
    std::string base_folder_;
    bool below_entry_ = true;
    bool same_folder_ = true;
};

Result<void> read_hls(StreamFiles& files, const StreamRequest& request, const std::string& entry_folder) {
    Gatherer gatherer(files, entry_folder);
    std::vector<std::string> named;
    const auto read = [&](const ManifestFile& file) -> Result<void> {
        gatherer.begin(file.url);
        const bool entry = &file == &request.entry;
        files.playlists.push_back({file.url, &file.text});
        return scan_hls(file.text, [&](const HlsReference& reference) -> Result<void> {
            if (!entry || !reference.is_playlist) return gatherer.note(reference.uri);
            SF_ASSIGN(std::string url, gatherer.take(reference.uri));
            named.push_back(std::move(url));
            return {};
        });
    };
    SF_TRY(read(request.entry));
    for (const ManifestFile& file : request.playlists) {
        SF_ASSIGN(const UrlParts parts, parse_url(file.url));
        if (!parts.is_absolute()) return make_error(Errc::invalid_argument, "cdn.authorize_stream", "playlists need absolute URLs");
        SF_TRY(read(file));
    }
    for (const std::string& url : named) {
        if (std::ranges::find(files.playlists, url, &KnownPlaylist::url) == files.playlists.end()) files.complete = false;
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
    Gatherer gatherer(files, entry_folder);
    gatherer.begin(request.entry.url);
    const auto representations = manifest::mpd_representations(files.mpd);
    if (!representations) {
        if (representations.error().code != Errc::unsupported) return representations.error();
        files.complete = false;  // a live MPD: its base addresses are all that is known
        for (const std::string& reference : references) {
            if (reference.find('$') == std::string::npos) SF_TRY(gatherer.note(reference));
        }
        return {};
    }
    for (const auto& representation : *representations) {
        if (representation.initialization) {
            SF_TRY(gatherer.note(representation.initialization->uri));
        }
        for (const auto& segment : representation.segments) {
            SF_TRY(gatherer.note(segment.uri));
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
    return files;
}

}  // namespace streamforge::cdn::stream
