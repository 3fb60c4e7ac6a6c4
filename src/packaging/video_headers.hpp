#pragma once

#include <array>
#include <cstdint>

#include <streamforge/core/bytes.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/core/track.hpp>

#include "packaging/bit_reader.hpp"

namespace streamforge::packaging {

/// What avcC and its readers need of an H.264 sequence parameter set.
struct H264Sps {
    std::uint8_t profile = 0;
    std::uint8_t constraints = 0;  ///< The byte of constraint_set flags.
    std::uint8_t level = 0;
    std::uint32_t id = 0;
    std::uint32_t chroma_format = 1;
    std::uint32_t bit_depth_luma = 8;
    std::uint32_t bit_depth_chroma = 8;
    std::uint32_t width_px = 0;  ///< After cropping.
    std::uint32_t height_px = 0;
    ColourInfo colour;  ///< Of the VUI, when it has one.

    /// Whether avcC carries chroma format and bit depths for this profile.
    [[nodiscard]] bool is_high() const noexcept;
};

/// `nal` starts with the NAL header. *Errors*: `malformed`. *Source*: ISO/IEC 14496-10 §7.3.2.1.
[[nodiscard]] Result<H264Sps> parse_h264_sps(ByteView nal);

/// What hvcC and the codec string need of an HEVC sequence parameter set.
struct HevcSps {
    std::array<std::uint8_t, 12> general_profile{};  ///< profile space … level: 12 bytes as in the stream.
    std::uint32_t max_sub_layers = 1;
    bool temporal_id_nesting = false;
    std::uint32_t chroma_format = 1;
    std::uint32_t bit_depth_luma = 8;
    std::uint32_t bit_depth_chroma = 8;
    std::uint32_t width_px = 0;  ///< After the conformance window.
    std::uint32_t height_px = 0;
    ColourInfo colour;  ///< Of the VUI, when it has one that can be reached.
};

/// `nal` starts with the two-byte NAL header. *Errors*: `malformed`. *Source*: ITU-T H.265 §7.3.2.2.
[[nodiscard]] Result<HevcSps> parse_hevc_sps(ByteView nal);

/// The colour description at the head of VUI parameters, the same in both codecs. Unspecified when absent or cut off.
[[nodiscard]] ColourInfo read_vui_colour(BitReader& reader);

/// What av1C and the codec string need of an AV1 sequence header.
struct Av1SequenceHeader {
    std::uint32_t profile = 0;
    std::uint32_t level = 0;
    std::uint32_t tier = 0;
    std::uint32_t bit_depth = 8;
    bool monochrome = false;
    std::uint32_t colour_primaries = 2;
    std::uint32_t transfer = 2;
    std::uint32_t matrix = 2;
    bool full_range = false;
    bool subsampling_x = true;
    bool subsampling_y = true;
    std::uint32_t chroma_sample_position = 0;
    std::uint32_t max_width_px = 0;
    std::uint32_t max_height_px = 0;
};

/// `payload` is the OBU without header and size. *Errors*: `malformed`. *Source*: AV1 specification §5.5.
[[nodiscard]] Result<Av1SequenceHeader> parse_av1_sequence_header(ByteView payload);

}  // namespace streamforge::packaging
