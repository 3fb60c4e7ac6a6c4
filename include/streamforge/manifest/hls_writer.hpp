#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/manifest/presentation.hpp>

namespace streamforge::manifest {

struct HlsOptions {
    std::string master_path = "master.m3u8";  ///< Relative to the presentation's folder.
    bool i_frame_playlists = true;            ///< For video renditions that name one and have key frames.
    /// The variant listed first, where players start before they have measured anything, is the best one up to this rate
    /// (the lowest when all are above); the others follow by rate. 0: keep the presentation's order.
    std::uint64_t start_bandwidth_bps = 2'000'000;
    bool wvtt_in_codecs = false;  ///< Old Apple TVs refuse variants that name it.

    /// *Errors*: `invalid_argument` that names the field.
    [[nodiscard]] STREAMFORGE_EXPORT Result<void> validate() const;
};

/// A text file of the presentation.
struct TextFile {
    std::string path;  ///< Relative to the presentation's folder.
    std::string text;  ///< UTF-8.
};

struct HlsFiles {
    std::vector<TextFile> media;  ///< Media and I-frame playlists. Publish these first.
    TextFile master;              ///< Publish last.
};

/// Writes the multivariant playlist and every media playlist of a finished (VOD) presentation. Pure.
///
/// Each video rendition is listed once for each of its audio groups; without video each audio group becomes a variant.
/// Labels are cleaned (quotes, line breaks, bad UTF-8) and made unique within their group. EXT-X-VERSION is the lowest that
/// the tags of the playlist need; the multivariant playlist states the highest of all, so that a client too old learns it
/// from the first file.
/// *Errors*: `invalid_argument` as of `Presentation::validate`, or when there is nothing to play.
/// *Source*: RFC 8216, draft-pantos-hls-rfc8216bis, HLS Authoring Specification for Apple devices.
[[nodiscard]] STREAMFORGE_EXPORT Result<HlsFiles> write_hls(const Presentation& presentation, const HlsOptions& options = {});

}  // namespace streamforge::manifest
