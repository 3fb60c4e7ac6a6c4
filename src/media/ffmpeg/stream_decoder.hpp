#pragma once

#include <streamforge/core/result.hpp>
#include <streamforge/media/input_policy.hpp>

#include "media/ffmpeg/handles.hpp"

namespace streamforge::media::ffmpeg {

struct StreamDecoderOptions {
    int threads = 1;         ///< 0: the policy's `decoder_threads`.
    bool low_delay = false;  ///< Slice threads only: frames come out as early as they can.
    bool apply_cropping = true;
};

/// A decoder for `stream`, opened with the policy's limits on pixels, samples and channels. Frames that the decoder itself
/// calls unusable (before the first key frame, lost references at the start) are not output.
///
/// *Errors*: `unsupported_codec` (none linked; names the codec), `limit_exceeded`, `malformed` (bad codec configuration).
[[nodiscard]] Result<CodecContextPtr> open_stream_decoder(const AVStream& stream, const InputPolicy& policy,
                                                          const StreamDecoderOptions& options = {});

/// Threads that the policy asks for: its `decoder_threads`, or the number of cores, 1 to 16.
[[nodiscard]] int decoder_thread_count(const InputPolicy& policy) noexcept;

}  // namespace streamforge::media::ffmpeg
