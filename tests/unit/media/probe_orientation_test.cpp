#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "media/ffmpeg/stream_facts.hpp"
#include "unit/media/probe_support.hpp"

namespace streamforge::media {
namespace {

using namespace probe_testing;
using ffmpeg::orientation_of;

using Matrix = std::array<std::int32_t, 9>;

constexpr std::int32_t one = 1 << 16;
constexpr std::int32_t last = 1 << 30;

Matrix matrix_of(std::int32_t a, std::int32_t b, std::int32_t c, std::int32_t d) {
    return {a * one, b * one, 0, c * one, d * one, 0, 0, 0, last};
}

struct Turn {
    const char* name;
    Matrix matrix;
    bool mirrored;
    int clockwise_degrees;
};

const Turn all_turns[]{
    {"upright", matrix_of(1, 0, 0, 1), false, 0},          {"right", matrix_of(0, 1, -1, 0), false, 90},
    {"upside down", matrix_of(-1, 0, 0, -1), false, 180},  {"left", matrix_of(0, -1, 1, 0), false, 270},
    {"mirrored", matrix_of(-1, 0, 0, 1), true, 0},         {"mirrored, right", matrix_of(0, -1, -1, 0), true, 90},
    {"mirrored, upside down", matrix_of(1, 0, 0, -1), true, 180}, {"mirrored, left", matrix_of(0, 1, 1, 0), true, 270},
};

std::optional<Orientation> orientation(const Matrix& matrix) {
    std::int32_t values[9];
    std::copy(matrix.begin(), matrix.end(), values);
    return orientation_of(values);
}

TEST(Orientation, each_of_the_eight_turns_is_recognised) {
    for (const auto& turn : all_turns) {
        const auto found = orientation(turn.matrix);
        ASSERT_TRUE(found) << turn.name;
        EXPECT_EQ(found->mirrored, turn.mirrored) << turn.name;
        EXPECT_EQ(found->clockwise_degrees, turn.clockwise_degrees) << turn.name;
    }
}

TEST(Orientation, small_errors_and_scale_are_forgiven_and_nonsense_is_not) {
    EXPECT_EQ(orientation({one / 3, one / 50, 0, -one / 50, one / 3, 0, 5, 7, last})->clockwise_degrees, 0);
    EXPECT_FALSE(orientation({0, 0, 0, 0, 0, 0, 0, 0, 0}));
    EXPECT_FALSE(orientation(matrix_of(1, 1, 1, 1))) << "singular";
    EXPECT_FALSE(orientation(matrix_of(1, 1, -1, 1))) << "45 degrees";
    EXPECT_FALSE(orientation(matrix_of(1, 0, 1, 1))) << "skewed";
    constexpr auto least = std::numeric_limits<std::int32_t>::min();
    EXPECT_TRUE(orientation({least, 0, 0, 0, least, 0, 0, 0, last}));
}

/// Overwrites the track's display matrix in an MP4.
void set_matrix(Bytes& file, const Matrix& matrix) {
    const std::string name = "tkhd";
    const auto tkhd = std::search(file.begin(), file.end(), name.begin(), name.end());
    ASSERT_NE(tkhd, file.end());
    constexpr std::ptrdiff_t to_matrix = 4 + 4 + 20 + 8 + 8;  // type, version and flags, times and id, reserved, layer to volume
    auto at = tkhd + to_matrix;
    for (const auto value : matrix) {
        for (int shift = 24; shift >= 0; shift -= 8) *at++ = static_cast<std::uint8_t>(static_cast<std::uint32_t>(value) >> shift);
    }
}

struct Gray {
    std::size_t width = 0;
    std::size_t height = 0;
    Bytes samples;

    [[nodiscard]] std::uint8_t at(std::size_t x, std::size_t y) const { return samples[y * width + x]; }
};

/// As `Orientation` words it: mirrored first, then turned clockwise.
Gray apply(const Orientation& turn, Gray picture) {
    if (turn.mirrored) {
        for (std::size_t y = 0; y < picture.height; ++y) {
            const auto row = picture.samples.begin() + static_cast<std::ptrdiff_t>(y * picture.width);
            std::reverse(row, row + static_cast<std::ptrdiff_t>(picture.width));
        }
    }
    for (int degrees = 0; degrees < turn.clockwise_degrees; degrees += 90) {
        Gray turned{picture.height, picture.width, {}};
        for (std::size_t y = 0; y < turned.height; ++y) {
            for (std::size_t x = 0; x < turned.width; ++x) turned.samples.push_back(picture.at(y, picture.height - 1 - x));
        }
        picture = std::move(turned);
    }
    return picture;
}

TEST(Orientation, means_the_same_as_the_ffmpeg_programs_own_turning) {
    SKIP_WITHOUT_FFMPEG();
    const MediaFolder folder;
    constexpr std::size_t width = 96;
    constexpr std::size_t height = 64;
    const auto upright = folder.make("u.mp4", "-f lavfi -i testsrc=s=96x64:r=1 -frames:v 1 -c:v libx264 -qp 0 -pix_fmt yuv420p");
    ASSERT_FALSE(upright.empty());
    for (const auto& turn : all_turns) {
        Bytes file = file_bytes(upright);
        set_matrix(file, turn.matrix);
        const auto path = folder.at("turned.mp4");
        std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(file.data()), static_cast<std::streamsize>(file.size()));

        const auto found = probe_file(path).main_video()->video->orientation;
        EXPECT_EQ(found.mirrored, turn.mirrored) << turn.name;
        EXPECT_EQ(found.clockwise_degrees, turn.clockwise_degrees) << turn.name;

        const Gray coded{width, height, file_bytes(folder.make("coded.gray", "-noautorotate -i '" + path + "' -f rawvideo -pix_fmt gray"))};
        const Bytes expected = file_bytes(folder.make("shown.gray", "-i '" + path + "' -f rawvideo -pix_fmt gray"));
        ASSERT_EQ(coded.samples.size(), width * height);
        EXPECT_EQ(apply(found, coded).samples, expected) << turn.name;
    }
}

}  // namespace
}  // namespace streamforge::media
