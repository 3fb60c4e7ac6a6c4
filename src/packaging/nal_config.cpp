// avcC and hvcC. Source: ISO/IEC 14496-15 §5.3.3.1, §8.3.3.1.
#include <algorithm>

#include "core/try.hpp"
#include "packaging/box_writer.hpp"
#include "packaging/nal_config.hpp"
#include "packaging/nal_units.hpp"

namespace streamforge::packaging {
namespace {

Error broken(const char* box, const char* what) { return make_error(Errc::malformed, "packaging.codec_config", what).with("box", box); }

/// Byte cursor over a configuration body; every read is checked.
class Fields {
public:
    explicit Fields(ByteView bytes) : bytes_(bytes) {}
    [[nodiscard]] bool has(std::size_t count) const noexcept { return bytes_.size() - at_ >= count; }
    std::uint8_t u8() noexcept { return bytes_[at_++]; }
    std::uint16_t u16() noexcept {
        const auto high = u8();
        return static_cast<std::uint16_t>(high << 8 | u8());
    }
    ByteView take(std::size_t count) noexcept {
        const ByteView part = bytes_.subspan(at_, count);
        at_ += count;
        return part;
    }

private:
    ByteView bytes_;
    std::size_t at_ = 0;
};

bool read_units(Fields& fields, unsigned count, std::vector<Bytes>& into) {
    for (unsigned i = 0; i < count; ++i) {
        if (!fields.has(2)) return false;
        const std::size_t length = fields.u16();
        if (!fields.has(length)) return false;
        const ByteView unit = fields.take(length);
        if (!unit.empty()) into.emplace_back(unit.begin(), unit.end());
    }
    return true;
}

std::vector<Bytes> units_of_type(Codec codec, const std::vector<ByteView>& units, unsigned type) {
    std::vector<Bytes> found;
    for (const ByteView unit : units) {
        if (nal_type(codec, unit) != type) continue;
        Bytes copy(unit.begin(), unit.end());
        if (std::find(found.begin(), found.end(), copy) == found.end()) found.push_back(std::move(copy));
    }
    return found;
}

void write_units(BoxWriter& out, const std::vector<Bytes>& units) {
    for (const Bytes& unit : units) {
        out.u16(static_cast<std::uint16_t>(unit.size()));
        out.bytes(unit);
    }
}

bool fits(const std::vector<Bytes>& units, std::size_t max_count) {
    return units.size() <= max_count && std::all_of(units.begin(), units.end(), [](const Bytes& unit) { return unit.size() <= 0xFFFF; });
}

}  // namespace

Result<NalConfig> parse_avcc(ByteView body) {
    Fields fields(body);
    if (!fields.has(6) || fields.u8() != 1) return broken("avcC", "not an AVC configuration of version 1");
    fields.take(3);
    NalConfig config;
    config.nal_length_bytes = (fields.u8() & 3U) + 1;
    const unsigned sps_count = fields.u8() & 0x1FU;
    if (!read_units(fields, sps_count, config.parameter_sets)) return broken("avcC", "an SPS is cut off");
    if (!fields.has(1)) return config;  // some writers leave the PPS count out when there is none
    const unsigned pps_count = fields.u8();
    if (!read_units(fields, pps_count, config.parameter_sets)) return broken("avcC", "a PPS is cut off");
    return config;
}

Result<NalConfig> parse_hvcc(ByteView body) {
    Fields fields(body);
    constexpr std::size_t fixed_part = 23;
    if (!fields.has(fixed_part) || fields.u8() != 1) return broken("hvcC", "not an HEVC configuration of version 1");
    fields.take(20);
    NalConfig config;
    config.nal_length_bytes = (fields.u8() & 3U) + 1;
    const unsigned arrays = fields.u8();
    for (unsigned i = 0; i < arrays; ++i) {
        if (!fields.has(3)) return broken("hvcC", "an array is cut off");
        fields.take(1);
        const unsigned count = fields.u16();
        if (!read_units(fields, count, config.parameter_sets)) return broken("hvcC", "a parameter set is cut off");
    }
    return config;
}

Result<CodecConfig> make_avcc(ByteView annex_b) {
    const auto units = split_annex_b(annex_b);
    const auto sps = units_of_type(Codec::h264, units, h264_nal::sps);
    const auto pps = units_of_type(Codec::h264, units, h264_nal::pps);
    const auto ext = units_of_type(Codec::h264, units, h264_nal::sps_extension);
    if (sps.empty() || pps.empty()) return broken("avcC", "the codec configuration holds no SPS or no PPS");
    if (!fits(sps, 31) || !fits(pps, 255) || !fits(ext, 255)) return broken("avcC", "too many or too long parameter sets");
    SF_ASSIGN(const H264Sps first, parse_h264_sps(sps.front()));
    BoxWriter out;
    out.u8(1);
    out.u8(first.profile);
    out.u8(first.constraints);
    out.u8(first.level);
    out.u8(0xFF);  // lengths of 4 bytes
    out.u8(static_cast<std::uint8_t>(0xE0U | sps.size()));
    write_units(out, sps);
    out.u8(static_cast<std::uint8_t>(pps.size()));
    write_units(out, pps);
    if (first.is_high()) {
        out.u8(static_cast<std::uint8_t>(0xFCU | first.chroma_format));
        out.u8(static_cast<std::uint8_t>(0xF8U | (first.bit_depth_luma - 8)));
        out.u8(static_cast<std::uint8_t>(0xF8U | (first.bit_depth_chroma - 8)));
        out.u8(static_cast<std::uint8_t>(ext.size()));
        write_units(out, ext);
    }
    CodecConfig config{"avc1", "avcC", out.take(), sps, 4};
    config.parameter_sets.insert(config.parameter_sets.end(), pps.begin(), pps.end());
    config.parameter_sets.insert(config.parameter_sets.end(), ext.begin(), ext.end());
    return config;
}

Result<CodecConfig> make_hvcc(ByteView annex_b) {
    const auto units = split_annex_b(annex_b);
    const std::array<unsigned, 3> types{hevc_nal::vps, hevc_nal::sps, hevc_nal::pps};
    std::array<std::vector<Bytes>, 3> sets;
    CodecConfig config{"hvc1", "hvcC", {}, {}, 4};
    for (std::size_t i = 0; i < types.size(); ++i) {
        sets[i] = units_of_type(Codec::hevc, units, types[i]);
        if (sets[i].empty()) return broken("hvcC", "the codec configuration lacks VPS, SPS or PPS");
        if (!fits(sets[i], 0xFFFF)) return broken("hvcC", "too long parameter sets");
        config.parameter_sets.insert(config.parameter_sets.end(), sets[i].begin(), sets[i].end());
    }
    SF_ASSIGN(const HevcSps sps, parse_hevc_sps(sets[1].front()));
    BoxWriter out;
    out.u8(1);
    out.bytes(sps.general_profile);
    out.u16(0xF000);  // min_spatial_segmentation_idc 0: unknown
    out.u8(0xFC);     // parallelismType 0: unknown
    out.u8(static_cast<std::uint8_t>(0xFCU | sps.chroma_format));
    out.u8(static_cast<std::uint8_t>(0xF8U | (sps.bit_depth_luma - 8)));
    out.u8(static_cast<std::uint8_t>(0xF8U | (sps.bit_depth_chroma - 8)));
    out.u16(0);  // avgFrameRate: unspecified
    out.u8(static_cast<std::uint8_t>(sps.max_sub_layers << 3 | (sps.temporal_id_nesting ? 4U : 0U) | 3U));
    out.u8(static_cast<std::uint8_t>(types.size()));
    for (std::size_t i = 0; i < types.size(); ++i) {
        out.u8(static_cast<std::uint8_t>(0x80U | types[i]));  // array_completeness: none of this kind in samples
        out.u16(static_cast<std::uint16_t>(sets[i].size()));
        write_units(out, sets[i]);
    }
    config.body = out.take();
    return config;
}

}  // namespace streamforge::packaging
