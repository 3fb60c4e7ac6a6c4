#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace streamforge::media::ffmpeg {

/// One line of 10-bit Y′CbCr, every component at every pixel.
struct YuvLine {
    const std::uint16_t* y = nullptr;
    const std::uint16_t* u = nullptr;
    const std::uint16_t* v = nullptr;
    int pixels = 0;
};

/// A colour transform as a table over 10-bit Y′CbCr, looked up with tetrahedral interpolation.
///
/// Results are 16 bit: 8-bit code values × 256.
class ToneTable {
public:
    /// Results of one grid point, as 8-bit code values with fractions.
    struct Point {
        double y = 0, cb = 0, cr = 0;
    };
    /// Asks `transform` once per grid point, with 10-bit code values (0…1024).
    explicit ToneTable(const std::function<Point(int y, int u, int v)>& transform);

    void luma(const YuvLine& line, std::uint16_t* out) const;
    void chroma(const YuvLine& line, std::uint16_t* cb, std::uint16_t* cr) const;

private:
    std::vector<std::uint16_t> luma_;
    std::vector<std::uint32_t> chroma_;  // Cb below, Cr above
};

}  // namespace streamforge::media::ffmpeg
