#pragma once

#include <optional>

#include <streamforge/core/track.hpp>

#include "media/ffmpeg/handles.hpp"

namespace streamforge::media::ffmpeg {

/// The mastering display that a picture, or else its stream, states; none when absent or incomplete.
[[nodiscard]] std::optional<MasteringDisplay> mastering_display(const AVFrame& picture, const AVStream& stream) noexcept;

/// The content light level that a picture, or else its stream, states.
[[nodiscard]] std::optional<ContentLight> content_light(const AVFrame& picture, const AVStream& stream) noexcept;

}  // namespace streamforge::media::ffmpeg
