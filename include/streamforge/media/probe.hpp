#pragma once

#include <memory>
#include <stop_token>

#include <streamforge/core/byte_source.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/media/input_policy.hpp>
#include <streamforge/media/media_info.hpp>

namespace streamforge::media {

struct ProbeOptions {
    InputPolicy policy;
    /// Look at timestamps and decode some pictures, to find variable frame rate, unflagged interlacing and telecine.
    bool inspect_content = true;
    std::uint32_t inspect_packets = 600;  ///< Timestamps looked at, from the start of the picture's stream.
    std::uint32_t inspect_frames = 90;    ///< Pictures decoded for the scan type, at three places; 0: none.
};

/// What `source` is: container, every stream, exact rates, orientation, colour, scan type.
///
/// *Errors*: `malformed` (not a media format that we open, or broken beyond use), `no_streams`, `encrypted` (every usable
/// stream is protected), `limit_exceeded` (names the limit), `timed_out`, `cancelled`, `io`.
/// `timed_out` is an error only while the container is opened; a look at the content that takes too long is cut short with
/// a warning, and what headers say stands.
/// *Cost*: the container's header and index, `probe_bytes`, and at most 12 × `probe_bytes` of packets to inspect. Memory:
/// the header's tables and some decoded pictures.
[[nodiscard]] STREAMFORGE_EXPORT Result<MediaInfo> probe(std::shared_ptr<ByteSource> source, const ProbeOptions& options = {},
                                                         std::stop_token stop = {});

}  // namespace streamforge::media
