#include "packaging/bit_reader.hpp"
#include "packaging/nal_units.hpp"
#include "packaging/video_headers.hpp"

namespace streamforge::packaging {
namespace {

void skip_sub_layers(BitReader& reader, std::uint32_t max_sub_layers) {
    if (max_sub_layers <= 1) return;
    std::array<bool, 8> has_profile{};
    std::array<bool, 8> has_level{};
    for (std::uint32_t i = 0; i + 1 < max_sub_layers; ++i) {
        has_profile[i] = reader.flag();
        has_level[i] = reader.flag();
    }
    for (std::uint32_t i = max_sub_layers - 1; i < 8; ++i) reader.skip(2);
    for (std::uint32_t i = 0; i + 1 < max_sub_layers; ++i) {
        if (has_profile[i]) reader.skip(88);
        if (has_level[i]) reader.skip(8);
    }
}

void read_size(BitReader& reader, HevcSps& sps) {
    const std::uint64_t width = reader.ue();
    const std::uint64_t height = reader.ue();
    std::uint64_t crop_x = 0;
    std::uint64_t crop_y = 0;
    if (reader.flag()) {
        crop_x = std::uint64_t{reader.ue()} + reader.ue();
        crop_y = std::uint64_t{reader.ue()} + reader.ue();
    }
    const std::uint64_t unit_x = sps.chroma_format == 1 || sps.chroma_format == 2 ? 2 : 1;
    const std::uint64_t unit_y = sps.chroma_format == 1 ? 2 : 1;
    if (crop_x * unit_x < width) sps.width_px = static_cast<std::uint32_t>(width - crop_x * unit_x);
    if (crop_y * unit_y < height) sps.height_px = static_cast<std::uint32_t>(height - crop_y * unit_y);
}

}  // namespace

Result<HevcSps> parse_hevc_sps(ByteView nal) {
    const auto broken = [](const char* what) { return make_error(Errc::malformed, "packaging.hevc_sps", what); };
    if (nal.size() < 3 || nal_type(Codec::hevc, nal) != hevc_nal::sps) return broken("not a sequence parameter set");
    const Bytes payload = unescape_nal(nal.subspan(2));
    BitReader reader(payload);
    HevcSps sps;
    reader.skip(4);  // sps_video_parameter_set_id
    sps.max_sub_layers = reader.bits(3) + 1;
    sps.temporal_id_nesting = reader.flag();
    for (auto& byte : sps.general_profile) byte = static_cast<std::uint8_t>(reader.bits(8));
    if (sps.max_sub_layers > 7) return broken("the sequence parameter set holds values out of range");
    skip_sub_layers(reader, sps.max_sub_layers);
    reader.ue();  // sps_seq_parameter_set_id
    sps.chroma_format = reader.ue();
    if (sps.chroma_format == 3) reader.skip(1);  // separate_colour_plane_flag
    read_size(reader, sps);
    sps.bit_depth_luma = reader.ue() + 8;
    sps.bit_depth_chroma = reader.ue() + 8;
    if (!reader.ok()) return broken("the sequence parameter set is cut off");
    if (sps.chroma_format > 3 || sps.bit_depth_luma > 16 || sps.bit_depth_chroma > 16) {
        return broken("the sequence parameter set holds values out of range");
    }
    return sps;
}

}  // namespace streamforge::packaging
