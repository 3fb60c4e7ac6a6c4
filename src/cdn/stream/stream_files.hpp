#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <streamforge/cdn/authorize_stream.hpp>
#include <streamforge/manifest/hls_parser.hpp>
#include <streamforge/manifest/mpd_parser.hpp>

namespace streamforge::cdn::stream {

/// A playlist that was looked through. *Lifetime*: of the request.
struct KnownPlaylist {
    std::string url;
    const std::string* text = nullptr;
};

/// What a whole stream names for playing.
struct StreamFiles {
    ManifestFormat format = ManifestFormat::hls;
    std::vector<KnownPlaylist> playlists;  ///< HLS: the entry first.
    manifest::Mpd mpd;
    std::size_t count = 0;       ///< Of references.
    std::string folder;          ///< The deepest that holds the entry and all that is named, with its final slash.
    bool only_relative = true;   ///< No reference begins with a scheme or a slash, or climbs above the entry's folder.
    bool has_variables = false;  ///< HLS: references hold {$…}.
    bool has_queries = false;
    bool has_other_folders = false;  ///< Something lies in another folder than the entry.
    bool complete = true;            ///< All playlists that the entry names were given.
};

/// *Errors*: `malformed`, `limit_exceeded`; `invalid_argument` when something for playing lies on another host.
[[nodiscard]] Result<StreamFiles> read_stream(const StreamRequest& request);

/// Gives a URI with its token, from the URI as written and as resolved; or nothing to keep it.
using UriSigner = std::function<Result<std::optional<std::string>>(std::string_view reference, const std::string& url)>;

/// Playlists and MPD with a token on every URI for playing. *Errors*: those of `sign`.
[[nodiscard]] Result<std::vector<ManifestFile>> rewrite_hls(const StreamFiles& files, const UriSigner& sign);
[[nodiscard]] Result<std::vector<ManifestFile>> rewrite_dash(const StreamFiles& files, const std::string& mpd_url, const UriSigner& sign);

/// Playlists that take the parameters from their own address: EXT-X-DEFINE QUERYPARAM, and `{$name}` on every URI.
[[nodiscard]] Result<std::vector<ManifestFile>> define_hls(const StreamFiles& files, const std::vector<TokenParameter>& parameters);

/// An MPD whose segments take the MPD's own query.
[[nodiscard]] std::vector<ManifestFile> annex_i_dash(const StreamFiles& files, const std::string& mpd_url);

}  // namespace streamforge::cdn::stream
