#pragma once

#include <span>
#include <string_view>

#include <streamforge/core/bytes.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/server/message.hpp>

namespace streamforge::server {

/// One file of the player page, compiled into the library.
struct PlayerAsset {
    std::string_view path;  ///< "/" for the page itself, else "/player/player.js", "/player/vendor/hls.js", …
    std::string_view content_type;
    std::string_view etag;  ///< With its quotes; of the content.
    ByteView bytes;         ///< *Lifetime*: the program's.
};

/// All files of the page, by path.
[[nodiscard]] STREAMFORGE_EXPORT std::span<const PlayerAsset> player_assets() noexcept;
/// The asset at `path`; nothing when there is none.
[[nodiscard]] STREAMFORGE_EXPORT const PlayerAsset* find_player_asset(std::string_view path) noexcept;
/// Whether the library was built with hls.js, dash.js and shaka-player; without them the page plays only what the browser can.
[[nodiscard]] STREAMFORGE_EXPORT bool player_has_engines() noexcept;

/// The player at "/" (and its files under "/player/") over `media`, which gets every other path: a folder becomes a site that plays
/// its own master.m3u8 and manifest.mpd. The page loads nothing from other hosts, by Content-Security-Policy.
[[nodiscard]] STREAMFORGE_EXPORT Handler with_player(Handler media);

}  // namespace streamforge::server
