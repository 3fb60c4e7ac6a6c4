#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <streamforge/core/result.hpp>
#include <streamforge/core/track.hpp>

#include "media/ffmpeg/handles.hpp"
#include "media/ffmpeg/scale_tone_table.hpp"

namespace streamforge::media::ffmpeg {

/// The brightness that a picture's shoulder is laid out for: its content light level, else its mastering display's, within
/// reason; 1000 cd/m² when nothing is known.
[[nodiscard]] double tone_map_peak_nits(const std::optional<MasteringDisplay>& display, const std::optional<ContentLight>& light) noexcept;

/// Turns HDR pictures (PQ or HLG, 4:2:0, 10 bit, limited range) into SDR of BT.709, 8 or 10 bit.
///
/// The whole colour transform is computed once into a table over Y′CbCr; pictures are looked up in it.
/// *Cost*: making the table takes some 20 ms.
class ToneMapper {
public:
    /// `colour` describes the HDR pictures.
    ToneMapper(const ColourInfo& colour, double peak_nits, int out_bit_depth);

    /// *Errors*: `internal`.
    [[nodiscard]] Result<FramePtr> run(const AVFrame& picture);

private:
    /// Room for the lines that are worked on.
    struct Lines {
        explicit Lines(int width) : u(static_cast<std::size_t>(width) + 2), v(u.size()), y(u.size()), first(u.size()), second(u.size()) {}
        std::vector<std::uint16_t> u, v, y, first, second;
    };
    void map_luma_row(const AVFrame& in, AVFrame& out, int row, Lines& lines) const;
    void map_chroma_row(const AVFrame& in, AVFrame& out, int row, Lines& lines) const;
    void write(const std::vector<std::uint16_t>& values, AVFrame& out, int plane, int row, int count, const std::int32_t* dither) const;

    int out_bit_depth_;
    ToneTable table_;
    BufferPoolPtr pool_;
};

}  // namespace streamforge::media::ffmpeg
