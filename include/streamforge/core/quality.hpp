#pragma once

#include <cstdint>

namespace streamforge {

/// Quality of one run of frames against the source at the rendition's size. SSIM 0…1, PSNR in dB; luma and both chroma planes.
struct QualityScore {
    double ssim_y = 0, ssim_u = 0, ssim_v = 0;
    double psnr_y = 0, psnr_u = 0, psnr_v = 0;  ///< Of the mean squared error over the run; 100 when identical.
    std::uint64_t frames = 0;                   ///< Frames compared.
};

}  // namespace streamforge
