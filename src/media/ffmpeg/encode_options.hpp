#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <streamforge/core/track.hpp>
#include <streamforge/media/encode_plan.hpp>

#include "media/ffmpeg/handles.hpp"

namespace streamforge::media::ffmpeg {

/// What an encoder of one video rendition must be told.
struct VideoEncoderSettings {
    VideoRendition rendition;
    std::int64_t timescale = 90000;
    Rational frame_rate{0, 1};            ///< Constant, or a fair estimate; 0 when unknown.
    ColourInfo colour;                    ///< Of the pictures it gets.
    std::int64_t frames_per_segment = 0;  ///< 0: not constant.
    std::optional<MasteringDisplay> mastering_display;
    std::optional<ContentLight> content_light;
};

/// The libavcodec encoder for a codec; empty for codecs that are not made here.
[[nodiscard]] std::string encoder_name(Codec codec);
[[nodiscard]] AVPixelFormat encoder_pixel_format(const VideoRendition& rendition) noexcept;
/// Encoder threads where the plan leaves the choice: the cores, at most 8.
[[nodiscard]] int encoder_threads(const VideoRendition& rendition) noexcept;

/// Fills the fields of `context` that hold for every codec: size, times, colour, rate cap, closed GOP, no key frames but
/// the forced ones.
void set_encoder_fields(AVCodecContext& context, const VideoEncoderSettings& settings);
/// The private options of the codec's encoder.
[[nodiscard]] Dictionary encoder_options(const VideoEncoderSettings& settings);

}  // namespace streamforge::media::ffmpeg
