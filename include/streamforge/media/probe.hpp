#pragma once

#include <memory>
#include <stop_token>

#include <streamforge/core/byte_source.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/media/export.hpp>
#include <streamforge/media/input_policy.hpp>
#include <streamforge/media/media_info.hpp>

namespace streamforge::media {

struct ProbeOptions {
    InputPolicy policy;
    /// Look at timestamps and decode some pictures, to find variable frame rate, unflagged interlacing and telecine.
    bool inspect_content = true;
    std::uint32_t inspect_packets = 600;  ///< Timestamps looked at per probe.
    std::uint32_t inspect_frames = 60;    ///< Pictures decoded for the interlace decision.
};

/// What `source` is: container, every stream, exact rates, orientation, colour, scan type.
///
/// *Errors*: `malformed` (not a media format that we open, or broken beyond use), `no_streams`, `encrypted` (every usable
/// stream is protected), `limit_exceeded` (names the limit), `timed_out`, `cancelled`, `io`.
/// *Cost*: reads `probe_bytes` at most, plus the packets and frames inspected.
[[nodiscard]] STREAMFORGE_MEDIA_EXPORT Result<MediaInfo> probe(std::shared_ptr<ByteSource> source,
                                                               const ProbeOptions& options = {}, std::stop_token stop = {});

}  // namespace streamforge::media
