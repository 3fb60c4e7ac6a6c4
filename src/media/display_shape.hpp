#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <streamforge/core/track.hpp>
#include <streamforge/media/media_info.hpp>

namespace streamforge::media {

struct PictureSize {
    std::uint32_t width_px = 0;
    std::uint32_t height_px = 0;

    [[nodiscard]] std::uint32_t short_side_px() const noexcept { return width_px < height_px ? width_px : height_px; }
    [[nodiscard]] std::uint64_t pixels() const noexcept { return std::uint64_t{width_px} * height_px; }

    friend bool operator==(const PictureSize&, const PictureSize&) = default;
};

/// The picture as it is shown: square pixels (lines are kept, the width is corrected), upright. May be odd.
[[nodiscard]] PictureSize display_size(const VideoInfo& video) noexcept;

/// Whether an aspect of one sample is one that real video has; others are taken for square.
[[nodiscard]] bool is_plausible_aspect(const Rational& aspect) noexcept;

/// `source` brought to a short side of `short_side_px`, with even sides. Never larger than the source: asking for its own
/// size or more gives its own size, with odd sides shortened by one.
[[nodiscard]] PictureSize fit_short_side(const PictureSize& source, std::uint32_t short_side_px) noexcept;

/// `source`'s shape inside a box, even sides, at least 2; the box is turned for portrait pictures.
[[nodiscard]] PictureSize fit_box(const PictureSize& source, const PictureSize& box) noexcept;

/// Colour tags without a 2 in them: what is missing follows from what is there, and else from the picture's size. Each
/// guess adds a sentence to `notes`. HDR is never guessed.
[[nodiscard]] ColourInfo resolve_colour(const VideoInfo& video, std::vector<std::string>& notes);

}  // namespace streamforge::media
