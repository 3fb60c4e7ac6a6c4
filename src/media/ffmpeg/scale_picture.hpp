#pragma once

#include <memory>
#include <optional>

#include <streamforge/core/result.hpp>
#include <streamforge/core/track.hpp>

#include "media/ffmpeg/handles.hpp"

namespace streamforge::media::ffmpeg {

/// What a picture is to become.
struct PictureShape {
    int width_px = 0;
    int height_px = 0;
    AVPixelFormat format = AV_PIX_FMT_YUV420P;
    ColourInfo colour;  ///< Of the result; its range and the place of its chroma too.

    friend bool operator==(const PictureShape&, const PictureShape&) = default;
};

/// Brings pictures to one shape: size, pixel format, matrix and range. Follows changes of its input on the way.
///
/// Pictures that have the shape already are passed on without a copy. Side data is left behind.
class PictureScaler {
public:
    /// `assumed` describes input pictures where they say nothing about themselves.
    PictureScaler(const PictureShape& target, const ColourInfo& assumed) : target_(target), assumed_(assumed) {}

    /// *Errors*: `internal`.
    [[nodiscard]] Result<FramePtr> run(const AVFrame& picture);
    [[nodiscard]] const PictureShape& target() const noexcept { return target_; }

private:
    struct Source {
        int width = 0, height = 0, format = -1, matrix = 0, chroma = 0;
        bool full_range = false;
        friend bool operator==(const Source&, const Source&) = default;
    };
    [[nodiscard]] Source describe(const AVFrame& picture) const noexcept;
    [[nodiscard]] bool is_target(const Source& source, const AVFrame& picture) const noexcept;
    [[nodiscard]] Result<void> configure(const Source& source);

    PictureShape target_;
    ColourInfo assumed_;
    std::optional<Source> source_;
    std::unique_ptr<PictureScaler> palette_;  // colours out of their palette, first
    ScalerPtr context_;
    BufferPoolPtr pool_;
};

/// A new reference to `picture` without its side data; none when memory is short.
[[nodiscard]] FramePtr share_picture(const AVFrame& picture);

/// A picture buffer from `pool`, made on first use for this size and format. *Errors*: `internal`.
[[nodiscard]] Result<FramePtr> pooled_picture(BufferPoolPtr& pool, AVPixelFormat format, int width_px, int height_px);

/// Where chroma samples lie in our pictures: beside the left luma samples; for HDR on the top left one, as HDR10 asks.
/// *Source*: Rec. ITU-T H.265 figure E.1; CTA-861.3.
[[nodiscard]] AVChromaLocation chroma_location(const ColourInfo& colour) noexcept;

/// Writes `colour` on the picture.
void tag_colour(AVFrame& picture, const ColourInfo& colour) noexcept;

}  // namespace streamforge::media::ffmpeg
