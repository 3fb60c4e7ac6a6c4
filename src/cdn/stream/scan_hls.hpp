#pragma once

#include <functional>
#include <string_view>

#include <streamforge/core/result.hpp>

namespace streamforge::cdn::stream {

/// What a playlist names, in order: URI lines, and URI attributes of tags. `is_playlist` tells other playlists from media; keys and
/// services that are not needed for playing are left out.
struct HlsReference {
    std::string_view uri;
    bool is_playlist = false;
};

/// Visits the references of a playlist in one pass, without taking its tags apart: what signing needs to know of thousands of
/// segments. *Errors*: `malformed` for text that is no playlist, and those of the visitor.
[[nodiscard]] Result<void> scan_hls(std::string_view text, const std::function<Result<void>(const HlsReference&)>& visit);

}  // namespace streamforge::cdn::stream
