#include "packaging/bit_reader.hpp"
#include "packaging/nal_units.hpp"
#include "packaging/video_headers.hpp"

namespace streamforge::packaging {
namespace {

void skip_scaling_list(BitReader& reader, unsigned size) {
    int last = 8;
    int next = 8;
    for (unsigned i = 0; i < size && reader.ok(); ++i) {
        if (next != 0) next = static_cast<int>((std::int64_t{last} + reader.se()) & 0xFF);  // a delta may be any number
        if (next != 0) last = next;
    }
}

void read_chroma(BitReader& reader, H264Sps& sps) {
    sps.chroma_format = reader.ue();
    if (sps.chroma_format == 3) reader.skip(1);  // separate_colour_plane_flag
    sps.bit_depth_luma = reader.ue() + 8;
    sps.bit_depth_chroma = reader.ue() + 8;
    reader.skip(1);  // qpprime_y_zero_transform_bypass_flag
    if (!reader.flag()) return;
    const unsigned lists = sps.chroma_format == 3 ? 12 : 8;
    for (unsigned i = 0; i < lists && reader.ok(); ++i) {
        if (reader.flag()) skip_scaling_list(reader, i < 6 ? 16 : 64);
    }
}

void skip_picture_order(BitReader& reader) {
    reader.ue();  // log2_max_frame_num_minus4
    const std::uint32_t type = reader.ue();
    if (type == 0) {
        reader.ue();
    } else if (type == 1) {
        reader.skip(1);
        reader.se();
        reader.se();
        const std::uint32_t count = reader.ue();
        for (std::uint32_t i = 0; i < count && i < 256 && reader.ok(); ++i) reader.se();
    }
    reader.ue();     // max_num_ref_frames
    reader.skip(1);  // gaps_in_frame_num_value_allowed_flag
}

void read_size(BitReader& reader, H264Sps& sps) {
    const std::uint64_t width_mbs = std::uint64_t{reader.ue()} + 1;
    const std::uint64_t height_units = std::uint64_t{reader.ue()} + 1;
    const bool frames_only = reader.flag();
    if (!frames_only) reader.skip(1);  // mb_adaptive_frame_field_flag
    reader.skip(1);                    // direct_8x8_inference_flag
    std::uint64_t crop_x = 0;
    std::uint64_t crop_y = 0;
    if (reader.flag()) {
        crop_x = std::uint64_t{reader.ue()} + reader.ue();
        crop_y = std::uint64_t{reader.ue()} + reader.ue();
    }
    const std::uint64_t unit_x = sps.chroma_format == 1 || sps.chroma_format == 2 ? 2 : 1;
    const std::uint64_t unit_y = (sps.chroma_format == 1 ? 2U : 1U) * (frames_only ? 1U : 2U);
    const std::uint64_t width = width_mbs * 16;
    const std::uint64_t height = height_units * 16 * (frames_only ? 1 : 2);
    if (crop_x * unit_x < width) sps.width_px = static_cast<std::uint32_t>(width - crop_x * unit_x);
    if (crop_y * unit_y < height) sps.height_px = static_cast<std::uint32_t>(height - crop_y * unit_y);
}

}  // namespace

ColourInfo read_vui_colour(BitReader& reader) {
    constexpr unsigned extended_aspect = 255;
    if (reader.flag() && reader.bits(8) == extended_aspect) reader.skip(32);
    if (reader.flag()) reader.skip(1);  // overscan
    ColourInfo colour;
    if (!reader.flag()) return colour;
    reader.skip(3);  // video_format
    colour.full_range = reader.flag();
    if (reader.flag()) {
        colour.primaries = static_cast<std::uint16_t>(reader.bits(8));
        colour.transfer = static_cast<std::uint16_t>(reader.bits(8));
        colour.matrix = static_cast<std::uint16_t>(reader.bits(8));
    }
    return reader.ok() ? colour : ColourInfo{};
}

bool H264Sps::is_high() const noexcept {
    switch (profile) {
        case 100:
        case 110:
        case 122:
        case 244:
        case 44:
        case 83:
        case 86:
        case 118:
        case 128:
        case 138:
        case 139:
        case 134:
        case 135: return true;
        default: return false;
    }
}

Result<H264Sps> parse_h264_sps(ByteView nal) {
    const auto broken = [](const char* what) { return make_error(Errc::malformed, "packaging.h264_sps", what); };
    if (nal.size() < 4 || nal_type(Codec::h264, nal) != h264_nal::sps) return broken("not a sequence parameter set");
    const Bytes payload = unescape_nal(nal.subspan(1));
    BitReader reader(payload);
    H264Sps sps;
    sps.profile = static_cast<std::uint8_t>(reader.bits(8));
    sps.constraints = static_cast<std::uint8_t>(reader.bits(8));
    sps.level = static_cast<std::uint8_t>(reader.bits(8));
    sps.id = reader.ue();
    if (sps.is_high()) read_chroma(reader, sps);
    if (!reader.ok()) return broken("the sequence parameter set is cut off");
    if (sps.id > 31 || sps.chroma_format > 3 || sps.bit_depth_luma > 14 || sps.bit_depth_chroma > 14) {
        return broken("the sequence parameter set holds values out of range");
    }
    skip_picture_order(reader);
    read_size(reader, sps);
    if (!reader.ok()) return broken("the sequence parameter set is cut off");
    if (reader.flag()) sps.colour = read_vui_colour(reader);
    return sps;
}

}  // namespace streamforge::packaging
