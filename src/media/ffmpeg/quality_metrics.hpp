#pragma once

#include <cstddef>
#include <cstdint>

#include <streamforge/media/transcode.hpp>

namespace streamforge::media::ffmpeg {

/// One plane of two pictures that are compared; strides in bytes.
struct PlanePair {
    const std::uint8_t* reference = nullptr;
    std::ptrdiff_t reference_stride = 0;
    const std::uint8_t* other = nullptr;
    std::ptrdiff_t other_stride = 0;
    int width = 0;
    int height = 0;
    int bit_depth = 8;  ///< Above 8: two bytes a sample, native order.
};

struct PlaneDifference {
    double ssim = 1.0;
    std::uint64_t squared_error = 0;
};

/// SSIM over 8×8 windows in steps of 4 (as FFmpeg's and x264's) and the sum of squared errors, in one pass.
/// Planes under 8 pixels a side have an SSIM of 1 when equal and else of 0.
[[nodiscard]] PlaneDifference compare_planes(const PlanePair& planes);

/// Adds up a run of frames.
class QualitySum {
public:
    explicit QualitySum(int bit_depth) : bit_depth_(bit_depth) {}
    void add(int plane, const PlaneDifference& difference, std::uint64_t samples) noexcept;
    void count_frame() noexcept { ++frames_; }
    [[nodiscard]] std::uint64_t frames() const noexcept { return frames_; }
    [[nodiscard]] QualityScore score() const noexcept;

private:
    struct Plane {
        double ssim = 0.0;
        double squared_error = 0.0;
        double samples = 0.0;
    };
    [[nodiscard]] double ssim(int plane) const noexcept;
    [[nodiscard]] double psnr(int plane) const noexcept;

    int bit_depth_;
    Plane planes_[3];
    std::uint64_t frames_ = 0;
};

}  // namespace streamforge::media::ffmpeg
