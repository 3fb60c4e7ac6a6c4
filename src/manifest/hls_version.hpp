#pragma once

#include <string>

#include <streamforge/manifest/hls_parser.hpp>

namespace streamforge::manifest {

/// The lowest protocol version that a playlist's tags allow, and the tag that asks for it.
struct NeededVersion {
    int version = 1;
    std::string because;
    std::size_t line = 0;
};

/// *Source*: RFC 8216 §7, rfc8216bis §8.
[[nodiscard]] NeededVersion needed_version(const HlsPlaylist& playlist);

}  // namespace streamforge::manifest
