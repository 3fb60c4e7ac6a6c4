#include "packaging/sample_normaliser.hpp"

#include <algorithm>

#include "core/try.hpp"
#include "packaging/nal_units.hpp"
#include "packaging/obu.hpp"

namespace streamforge::packaging {
namespace {

void append_nal(Bytes& out, ByteView nal) {
    const auto size = static_cast<std::uint32_t>(nal.size());
    for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(size >> shift));
    out.insert(out.end(), nal.begin(), nal.end());
}

}  // namespace

SampleNormaliser::SampleNormaliser(const TrackFormat& format, const CodecConfig& config)
    : codec_(format.codec),
      framing_(format.nal_framing),
      nal_length_bytes_(config.nal_length_bytes),
      parameter_sets_(config.parameter_sets) {}

bool SampleNormaliser::keeps(ByteView nal) const {
    const unsigned type = nal_type(codec_, nal);
    const bool h264 = codec_ == Codec::h264;
    if (type == (h264 ? h264_nal::access_unit_delimiter : hevc_nal::access_unit_delimiter)) return false;
    if (type == (h264 ? h264_nal::filler : hevc_nal::filler)) return false;
    const bool parameter_set = h264 ? type == h264_nal::sps || type == h264_nal::pps || type == h264_nal::sps_extension
                                    : type >= hevc_nal::vps && type <= hevc_nal::pps;
    if (!parameter_set) return true;
    return std::none_of(parameter_sets_.begin(), parameter_sets_.end(),
                        [&](const Bytes& known) { return std::equal(known.begin(), known.end(), nal.begin(), nal.end()); });
}

Result<void> SampleNormaliser::append_nal_units(ByteView sample, Bytes& out) const {
    const std::size_t before = out.size();
    if (framing_ == NalFraming::annex_b) {
        for (const ByteView nal : split_annex_b(sample)) {
            if (keeps(nal)) append_nal(out, nal);
        }
    } else {
        SF_ASSIGN(const auto units, split_length_prefixed(sample, nal_length_bytes_));
        for (const ByteView nal : units) {
            if (keeps(nal)) append_nal(out, nal);
        }
    }
    if (out.size() == before) return make_error(Errc::malformed, "packaging.sample", "the sample holds no NAL unit of a picture");
    return {};
}

Result<void> SampleNormaliser::append_obus(ByteView sample, Bytes& out) const {
    const std::size_t before = out.size();
    SF_ASSIGN(const auto units, split_obus(sample));
    for (const Obu& unit : units) {
        if (unit.type == obu_type::temporal_delimiter || unit.type == obu_type::padding || unit.type == obu_type::tile_list) {
            continue;
        }
        append_obu(out, unit);
    }
    if (out.size() == before) return make_error(Errc::malformed, "packaging.sample", "the sample holds no OBU of a picture");
    return {};
}

Result<void> SampleNormaliser::append(ByteView sample, Bytes& out) const {
    if (codec_ == Codec::h264 || codec_ == Codec::hevc) return append_nal_units(sample, out);
    if (codec_ == Codec::av1) return append_obus(sample, out);
    out.insert(out.end(), sample.begin(), sample.end());
    return {};
}

}  // namespace streamforge::packaging
