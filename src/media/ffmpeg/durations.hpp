#pragma once

#include <optional>

#include <streamforge/core/media_time.hpp>

#include "media/ffmpeg/handles.hpp"

namespace streamforge::media::ffmpeg {

/// Why a duration that the container states is not believed.
enum class DurationDoubt : unsigned char {
    none,
    unknown_marker,  ///< All bits set: how MP4 writes "not known".
    not_positive,    ///< Negative, or beyond what 64 bits hold.
    bitrate_guess,   ///< FFmpeg divided the file size by a bit rate.
};

struct StreamDuration {
    std::optional<MediaTime> value;
    DurationDoubt doubt = DurationDoubt::none;
};

/// How long `stream` lasts by its container's tables or timestamps; without a value when only decoding would tell.
[[nodiscard]] StreamDuration stream_duration(const AVFormatContext& context, const AVStream& stream) noexcept;

/// The longest stream's duration, else what the container says of the whole file.
[[nodiscard]] StreamDuration whole_duration(const AVFormatContext& context) noexcept;

}  // namespace streamforge::media::ffmpeg
