#pragma once

#include <cstdint>

#include <streamforge/core/result.hpp>
#include <streamforge/manifest/hls_writer.hpp>
#include <streamforge/manifest/presentation.hpp>

namespace streamforge::manifest {

/// A written playlist and the protocol version it needs.
struct VersionedFile {
    TextFile file;
    int version = 1;
};

/// The media playlist of a rendition. *Errors*: `invalid_argument` for a template.
[[nodiscard]] Result<VersionedFile> write_media_playlist(const TrackFacts& track, std::int64_t target_duration_s);

/// The I-frame playlist of a video rendition that has key frames.
[[nodiscard]] Result<VersionedFile> write_i_frame_playlist(const TrackFacts& track, std::int64_t target_duration_s);

}  // namespace streamforge::manifest
