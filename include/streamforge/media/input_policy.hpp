#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>

namespace streamforge::media {

/// Limits under which an untrusted input is opened. FFmpeg never sees a URL: bytes come through a `ByteSource`, the
/// protocol whitelist is empty, and only the formats named here are tried.
struct InputPolicy {
    /// Demuxers that may be used (FFmpeg's names). Empty: the built-in list of plain media containers, without playlists,
    /// image sequences, concatenation scripts or anything else that opens further files.
    std::vector<std::string> formats;
    std::uint32_t max_streams = 64;
    std::uint64_t max_pixels = 8192ULL * 4352;  ///< Per frame, width × height.
    std::uint32_t max_sample_rate_hz = 384000;
    std::uint32_t max_channels = 64;
    std::chrono::seconds max_duration = std::chrono::hours(24);  ///< Of the media, where it is known.
    std::uint64_t max_input_bytes = 1ULL << 40;
    std::uint64_t probe_bytes = 8 << 20;  ///< Read at most, to recognise format and streams.
    int decoder_threads = 0;              ///< 0: as many as the machine has cores, at most 16.
    /// Give up when probing or opening takes longer; checked inside FFmpeg's reads.
    std::chrono::milliseconds max_probe_time{8000};

    /// *Errors*: `invalid_argument` that names the field.
    [[nodiscard]] STREAMFORGE_EXPORT Result<void> validate() const;
};

}  // namespace streamforge::media
