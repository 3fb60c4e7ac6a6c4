#include "media/display_shape.hpp"

#include <gtest/gtest.h>

namespace streamforge::media {
namespace {

VideoInfo picture(std::uint32_t width_px, std::uint32_t height_px) {
    VideoInfo video;
    video.width_px = width_px;
    video.height_px = height_px;
    video.pixel_format = "yuv420p";
    return video;
}

TEST(DisplaySize, square_pixels_stay) { EXPECT_EQ(display_size(picture(1920, 1080)), (PictureSize{1920, 1080})); }

TEST(DisplaySize, aspect_changes_the_width_and_keeps_the_lines) {
    auto video = picture(1440, 1080);
    video.sample_aspect = {4, 3};
    EXPECT_EQ(display_size(video), (PictureSize{1920, 1080}));
    video = picture(720, 480);
    video.sample_aspect = {8, 9};
    EXPECT_EQ(display_size(video), (PictureSize{640, 480}));
    video = picture(720, 576);
    video.sample_aspect = {16, 11};
    EXPECT_EQ(display_size(video), (PictureSize{1047, 576}));
}

TEST(DisplaySize, quarter_turns_swap_the_sides_after_the_aspect) {
    auto video = picture(1440, 1080);
    video.sample_aspect = {4, 3};
    video.orientation.clockwise_degrees = 270;
    EXPECT_EQ(display_size(video), (PictureSize{1080, 1920}));
    video.orientation.clockwise_degrees = 180;
    EXPECT_EQ(display_size(video), (PictureSize{1920, 1080}));
}

TEST(DisplaySize, absurd_aspect_is_taken_for_square) {
    auto video = picture(640, 480);
    for (const Rational aspect : {Rational{0, 1}, Rational{1, 0}, Rational{-4, 3}, Rational{100, 1}, Rational{1, 50}}) {
        video.sample_aspect = aspect;
        EXPECT_EQ(display_size(video), (PictureSize{640, 480})) << aspect.to_string();
        EXPECT_FALSE(is_plausible_aspect(aspect));
    }
}

TEST(FitShortSide, shrinks_to_even_sides_of_the_same_shape) {
    EXPECT_EQ(fit_short_side({1920, 1080}, 720), (PictureSize{1280, 720}));
    EXPECT_EQ(fit_short_side({1920, 1080}, 360), (PictureSize{640, 360}));
    EXPECT_EQ(fit_short_side({1080, 1920}, 540), (PictureSize{540, 960}));
    EXPECT_EQ(fit_short_side({1000, 1000}, 240), (PictureSize{240, 240}));
    EXPECT_EQ(fit_short_side({854, 480}, 360), (PictureSize{640, 360}));
    EXPECT_EQ(fit_short_side({1920, 800}, 540), (PictureSize{1296, 540}));
}

TEST(FitShortSide, never_enlarges_and_shortens_odd_sides) {
    EXPECT_EQ(fit_short_side({853, 479}, 479), (PictureSize{852, 478}));
    EXPECT_EQ(fit_short_side({640, 360}, 1080), (PictureSize{640, 360}));
    EXPECT_EQ(fit_short_side({1, 1}, 1), (PictureSize{2, 2}));
    EXPECT_EQ(fit_short_side({8000, 4}, 2), (PictureSize{4000, 2}));
}

TEST(FitBox, keeps_the_shape_and_turns_the_box_for_portrait) {
    EXPECT_EQ(fit_box({1920, 1080}, {160, 90}), (PictureSize{160, 90}));
    EXPECT_EQ(fit_box({1080, 1920}, {160, 90}), (PictureSize{90, 160}));
    EXPECT_EQ(fit_box({640, 480}, {160, 90}), (PictureSize{120, 90}));
    EXPECT_EQ(fit_box({1920, 800}, {160, 90}), (PictureSize{160, 66}));
    EXPECT_EQ(fit_box({500, 500}, {160, 90}), (PictureSize{90, 90}));
    EXPECT_EQ(fit_box({8000, 2}, {160, 90}), (PictureSize{160, 2}));
}

struct ColourCase {
    const char* name;
    VideoInfo video;
    ColourInfo expected;
    bool noted;
};

VideoInfo tagged(VideoInfo video, std::uint16_t primaries, std::uint16_t transfer, std::uint16_t matrix) {
    video.colour.primaries = primaries;
    video.colour.transfer = transfer;
    video.colour.matrix = matrix;
    video.range = video_range(video.colour);
    return video;
}

VideoInfo formatted(VideoInfo video, const char* format) {
    video.pixel_format = format;
    return video;
}

VideoInfo at_rate(VideoInfo video, Rational rate) {
    video.frame_rate = rate;
    return video;
}

TEST(ResolveColour, missing_tags_follow_from_what_is_there_and_are_noted) {
    const ColourCase cases[]{
        {"untagged HD", picture(1280, 720), {1, 1, 1, false}, true},
        {"untagged upright HD", picture(720, 1280), {1, 1, 1, false}, true},
        {"untagged 480", at_rate(picture(720, 480), {30000, 1001}), {6, 6, 6, false}, true},
        {"untagged 576", picture(720, 576), {5, 6, 5, false}, true},
        {"untagged small at 25", at_rate(picture(640, 360), {25, 1}), {5, 6, 5, false}, true},
        {"fully tagged", tagged(picture(640, 428), 6, 1, 6), {6, 1, 6, false}, false},
        {"matrix alone", tagged(picture(1920, 1080), 2, 2, 6), {6, 6, 6, false}, true},
        {"primaries alone", tagged(picture(320, 240), 1, 2, 2), {1, 1, 1, false}, true},
        {"PQ without primaries", tagged(picture(1920, 1080), 2, 16, 2), {9, 16, 9, false}, true},
        {"BT.2020 without transfer is no HDR", tagged(picture(1920, 1080), 9, 2, 9), {9, 14, 9, false}, true},
        {"RGB", formatted(picture(320, 240), "rgb24"), {1, 1, 1, false}, true},
        {"RGB with its own matrix", tagged(formatted(picture(320, 240), "gbrp"), 1, 13, 0), {1, 13, 1, false}, false},
        {"full range by format", tagged(formatted(picture(320, 240), "yuvj420p"), 5, 6, 5), {5, 6, 5, true}, false},
    };
    for (const auto& each : cases) {
        std::vector<std::string> notes;
        const ColourInfo colour = resolve_colour(each.video, notes);
        EXPECT_EQ(colour, each.expected) << each.name << ": " << colour.primaries << '/' << colour.transfer << '/' << colour.matrix;
        EXPECT_EQ(!notes.empty(), each.noted) << each.name;
        EXPECT_EQ(video_range(colour), each.video.range) << each.name << ": HDR must not be guessed";
    }
}

}  // namespace
}  // namespace streamforge::media
