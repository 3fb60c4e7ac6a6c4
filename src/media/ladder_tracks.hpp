#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <streamforge/media/encode_plan.hpp>
#include <streamforge/media/ladder.hpp>
#include <streamforge/media/media_info.hpp>

namespace streamforge::media {

/// The stereo bitrates for the audio of `streams`, from those that the rungs ask for: sound of a low sample rate holds
/// less than a high bitrate would carry. Highest first, without repeats.
[[nodiscard]] std::vector<std::uint64_t> stereo_bitrates(const std::vector<const StreamInfo*>& streams,
                                                         const std::vector<std::uint64_t>& asked_bps);

/// The most that stereo AAC of these streams can use; rungs that ask for more get this.
[[nodiscard]] std::uint64_t stereo_ceiling_bps(const std::vector<const StreamInfo*>& streams) noexcept;

/// AAC renditions of every stream at every bitrate, and 5.1 beside them where a stream has six channels or more.
[[nodiscard]] std::vector<AudioRendition> plan_audio_renditions(const std::vector<const StreamInfo*>& streams,
                                                                const std::vector<std::uint64_t>& bitrates_bps, bool surround);

/// WebVTT renditions of every text subtitle; what cannot become text is named in `notes`.
[[nodiscard]] std::vector<TextRendition> plan_text_renditions(const MediaInfo& info, std::vector<std::string>& notes);

/// The AAC sample rate for a source's: 44100 for its family, else 48000.
[[nodiscard]] std::uint32_t output_sample_rate(std::uint32_t source_hz) noexcept;

}  // namespace streamforge::media
