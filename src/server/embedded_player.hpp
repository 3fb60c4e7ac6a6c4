#pragma once

#include <span>

#include <streamforge/server/player.hpp>

namespace streamforge::server {

/// Defined in a file that the build writes from apps/player.
[[nodiscard]] std::span<const PlayerAsset> embedded_player_assets() noexcept;
extern const bool embedded_engines;

}  // namespace streamforge::server
