#include <algorithm>

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

void skip_scaling_lists(BitReader& reader) {
    for (unsigned size = 0; size < 4; ++size) {
        for (unsigned matrix = 0; matrix < 6 && reader.ok(); matrix += size == 3 ? 3 : 1) {
            if (!reader.flag()) {
                reader.ue();
                continue;
            }
            if (size > 1) reader.se();
            const unsigned coefficients = std::min(64U, 1U << (4 + (size << 1)));
            for (unsigned i = 0; i < coefficients && reader.ok(); ++i) reader.se();
        }
    }
}

/// Skips the short-term reference picture sets; false when they are damaged. *Source*: ITU-T H.265 §7.3.7.
bool skip_reference_sets(BitReader& reader) {
    constexpr std::uint32_t max_sets = 64, max_pictures = 16;
    const std::uint32_t sets = reader.ue();
    if (sets > max_sets) return false;
    std::uint32_t previous = 0;  // pictures in the set before
    for (std::uint32_t set = 0; set < sets && reader.ok(); ++set) {
        std::uint32_t pictures = 0;
        if (set > 0 && reader.flag()) {
            reader.skip(1);
            reader.ue();
            for (std::uint32_t i = 0; i <= previous; ++i) {
                const bool used = reader.flag();
                if (used || reader.flag()) ++pictures;
            }
        } else {
            const std::uint32_t negative = reader.ue();
            const std::uint32_t positive = reader.ue();
            if (negative > max_pictures || positive > max_pictures) return false;
            pictures = negative + positive;
            for (std::uint32_t i = 0; i < pictures; ++i) {
                reader.ue();
                reader.skip(1);
            }
        }
        previous = pictures;
    }
    return reader.ok();
}

/// Everything between the bit depths and the VUI; false when it is damaged.
bool skip_to_vui(BitReader& reader, std::uint32_t max_sub_layers) {
    const std::uint32_t order_count_bits = reader.ue() + 4;
    const std::uint32_t layers = reader.flag() ? max_sub_layers : 1;
    for (std::uint32_t i = 0; i < 3 * layers; ++i) reader.ue();
    for (int i = 0; i < 6; ++i) reader.ue();  // block and transform sizes, hierarchy depths
    if (reader.flag() && reader.flag()) skip_scaling_lists(reader);
    reader.skip(2);       // amp, sao
    if (reader.flag()) {  // pcm
        reader.skip(8);
        reader.ue();
        reader.ue();
        reader.skip(1);
    }
    if (!skip_reference_sets(reader)) return false;
    if (reader.flag()) {
        constexpr std::uint32_t max_long_term = 32;
        const std::uint32_t count = reader.ue();
        if (count > max_long_term) return false;
        reader.skip(std::size_t{count} * (std::size_t{order_count_bits} + 1));
    }
    reader.skip(2);  // temporal mvp, strong intra smoothing
    return reader.ok();
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
    if (skip_to_vui(reader, sps.max_sub_layers) && reader.flag()) sps.colour = read_vui_colour(reader);
    return sps;
}

}  // namespace streamforge::packaging
