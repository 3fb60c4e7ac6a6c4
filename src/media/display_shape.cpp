#include "media/display_shape.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace streamforge::media {
namespace {

constexpr std::uint16_t unspecified = 2;

std::uint32_t scaled(std::uint32_t value, std::int64_t num, std::int64_t den) noexcept {
    constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(mul_div(value, num, den, Rounding::nearest), 1, most));
}

std::uint32_t even_below(std::uint32_t value) noexcept { return std::max<std::uint32_t>(value & ~1U, 2); }
/// The even number nearest to value × num / den; of two equally near ones the smaller (427 → 426, as 16:9 at 240 lines has it).
std::uint32_t even_nearest(std::uint32_t value, std::int64_t num, std::int64_t den) noexcept {
    const std::int64_t half = mul_div(std::int64_t{value} * num - den, 1, den * 2, Rounding::up);
    return std::max<std::uint32_t>(2 * static_cast<std::uint32_t>(half), 2);
}

bool is_rgb(const std::string& pixel_format) {
    for (const char* name : {"rgb", "bgr", "gbr", "argb", "abgr", "0rgb", "0bgr", "pal8"}) {
        if (pixel_format.starts_with(name)) return true;
    }
    return false;
}

struct ColourGuess {
    std::uint16_t primaries;
    std::uint16_t transfer;
    std::uint16_t matrix;
    const char* name;
};

constexpr ColourGuess bt709{1, 1, 1, "BT.709"};
constexpr ColourGuess smpte170m{6, 6, 6, "BT.601 (525 lines)"};
constexpr ColourGuess bt470bg{5, 6, 5, "BT.601 (625 lines)"};
constexpr ColourGuess bt2020{9, 14, 9, "BT.2020"};

/// What goes with the tags that are there, or with the picture's size.
ColourGuess guess_for(const VideoInfo& video) {
    constexpr std::uint16_t bt2020_primaries = 9;
    const ColourInfo& tags = video.colour;
    if (video.range != VideoRange::sdr || tags.primaries == bt2020_primaries || tags.matrix == 9 || tags.matrix == 10) {
        return bt2020;
    }
    for (const auto& each : {bt709, smpte170m, bt470bg}) {
        if (tags.matrix == each.matrix || (tags.matrix == unspecified && tags.primaries == each.primaries)) return each;
    }
    if (is_rgb(video.pixel_format)) return bt709;
    constexpr std::uint32_t high_definition_lines = 720;
    constexpr std::uint32_t lines_625 = 576;
    const std::uint32_t lines = std::min(video.width_px, video.height_px);
    if (lines >= high_definition_lines) return bt709;
    return lines == lines_625 || video.frame_rate == Rational{25, 1} ? bt470bg : smpte170m;
}

}  // namespace

bool is_plausible_aspect(const Rational& aspect) noexcept {
    return aspect.is_positive() && aspect >= Rational{1, 4} && aspect <= Rational{4, 1};
}

PictureSize display_size(const VideoInfo& video) noexcept {
    PictureSize size{video.width_px, video.height_px};
    if (is_plausible_aspect(video.sample_aspect)) {
        size.width_px = scaled(size.width_px, video.sample_aspect.num, video.sample_aspect.den);
    }
    if (video.orientation.clockwise_degrees % 180 != 0) std::swap(size.width_px, size.height_px);
    return size;
}

PictureSize fit_short_side(const PictureSize& source, std::uint32_t short_side_px) noexcept {
    const std::uint32_t source_short = source.short_side_px();
    if (source_short == 0 || short_side_px >= source_short) return {even_below(source.width_px), even_below(source.height_px)};
    const std::uint32_t short_side = even_below(short_side_px);
    const auto along = [&](std::uint32_t side) { return even_nearest(side, short_side, source_short); };
    if (source.width_px <= source.height_px) return {short_side, along(source.height_px)};
    return {along(source.width_px), short_side};
}

PictureSize fit_box(const PictureSize& source, const PictureSize& box) noexcept {
    if (source.pixels() == 0) return box;
    PictureSize limit = box;
    if ((source.width_px < source.height_px) != (box.width_px < box.height_px)) std::swap(limit.width_px, limit.height_px);
    const bool wider = source.width_px * std::uint64_t{limit.height_px} >= source.height_px * std::uint64_t{limit.width_px};
    if (wider) return {even_below(limit.width_px), even_nearest(limit.width_px, source.height_px, source.width_px)};
    return {even_nearest(limit.height_px, source.width_px, source.height_px), even_below(limit.height_px)};
}

ColourInfo resolve_colour(const VideoInfo& video, std::vector<std::string>& notes) {
    ColourInfo colour = video.colour;
    if (video.pixel_format.starts_with("yuvj")) colour.full_range = true;
    constexpr std::uint16_t rgb_matrix = 0;
    const bool complete = colour.primaries != unspecified && colour.transfer != unspecified && colour.matrix != unspecified;
    if (complete && colour.matrix != rgb_matrix) return colour;

    const ColourGuess guess = guess_for(video);
    if (colour.primaries == unspecified) colour.primaries = guess.primaries;
    if (colour.transfer == unspecified) colour.transfer = guess.transfer;
    if (colour.matrix == unspecified || colour.matrix == rgb_matrix) colour.matrix = guess.matrix;
    if (!complete) notes.push_back(std::string("The source's colour is not fully tagged; ") + guess.name + " is assumed.");
    return colour;
}

}  // namespace streamforge::media
