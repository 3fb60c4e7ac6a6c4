#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <streamforge/core/result.hpp>
#include <streamforge/core/track.hpp>

#include "media/ffmpeg/handles.hpp"

namespace streamforge::media::ffmpeg {

/// The brightness that a picture's shoulder is laid out for: its content light level, else its mastering display's, within
/// reason; 1000 cd/m² when nothing is known.
[[nodiscard]] double tone_map_peak_nits(const std::optional<MasteringDisplay>& display,
                                        const std::optional<ContentLight>& light) noexcept;

/// Turns HDR pictures (PQ or HLG, 4:2:0, 10 bit, limited range) into SDR of BT.709, 8 or 10 bit.
///
/// The whole colour transform is computed once into a table over Y′CbCr; pictures are looked up in it with tetrahedral
/// interpolation. *Cost*: building the table takes some 10 ms; a picture about 10 ns per pixel.
class ToneMapper {
public:
    /// `colour` describes the HDR pictures.
    ToneMapper(const ColourInfo& colour, double peak_nits, int out_bit_depth);

    /// *Errors*: `internal`.
    [[nodiscard]] Result<FramePtr> run(const AVFrame& picture);

private:
    struct Cell {
        std::uint32_t corner = 0;  ///< Of the cube, in the table.
        std::int32_t y = 0, u = 0, v = 0;  ///< Position inside it, 0…32.
    };
    [[nodiscard]] static Cell locate(int y, int u, int v) noexcept;
    [[nodiscard]] static std::int32_t interpolate(const std::vector<std::int16_t>& table, const Cell& cell) noexcept;
    template <class Out>
    void map_rows(const AVFrame& in, AVFrame& out, int first_row, int last_row) const;

    int out_bit_depth_;
    std::vector<std::int16_t> luma_, cb_, cr_;  // results, fixed point
    BufferPoolPtr pool_;
};

}  // namespace streamforge::media::ffmpeg
