#include "media/ffmpeg/picture_score.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>

namespace streamforge::media::ffmpeg {

double poster_score(const AVFrame& picture) noexcept {
    constexpr int step = 4;  // every fourth sample of every fourth row is plenty
    double sum = 0.0, squares = 0.0, edges = 0.0, count = 0.0, extremes = 0.0;
    for (int y = 0; y < picture.height; y += step) {
        const std::uint8_t* row = picture.data[0] + static_cast<std::ptrdiff_t>(y) * picture.linesize[0];
        for (int x = 0; x + 1 < picture.width; x += step) {
            const int value = row[x];
            sum += value;
            squares += value * value;
            edges += std::abs(value - row[x + 1]);
            extremes += value < 32 || value > 230 ? 1.0 : 0.0;
            count += 1.0;
        }
    }
    if (count == 0.0) return 0.0;
    const double mean = sum / count;
    const double deviation = std::sqrt(std::max(squares / count - mean * mean, 0.0));
    const double sharpness = std::min(edges / count, 12.0);  // past this it is noise rather than detail
    const double even = std::max(1.0 - extremes / count, 0.02);
    const double brightness = std::clamp(std::min(mean - 16.0, 235.0 - mean) / 60.0, 0.02, 1.0);
    return (deviation + 2.0 * sharpness) * even * brightness;
}

}  // namespace streamforge::media::ffmpeg
