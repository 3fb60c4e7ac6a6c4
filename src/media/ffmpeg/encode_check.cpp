#include "media/ffmpeg/encode_check.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace streamforge::media::ffmpeg {
namespace {

/// The header byte of the first coded slice in Annex B data.
template <class IsSlice>
std::optional<std::uint8_t> first_slice(ByteView data, IsSlice is_slice) noexcept {
    for (std::size_t i = 0; i + 3 < data.size(); ++i) {
        if (data[i] == 0 && data[i + 1] == 0 && data[i + 2] == 1 && is_slice(data[i + 3])) return data[i + 3];
    }
    return std::nullopt;
}

bool starts_with_h264_idr(ByteView data) noexcept {
    constexpr unsigned type_mask = 0x1F;
    constexpr unsigned idr = 5;
    const auto header = first_slice(data, [](std::uint8_t byte) { return (byte & type_mask) >= 1 && (byte & type_mask) <= idr; });
    return header && (*header & type_mask) == idr;
}

bool starts_with_hevc_idr(ByteView data) noexcept {
    constexpr unsigned type_mask = 0x3F;
    constexpr unsigned last_vcl = 31, idr_w_radl = 19, idr_n_lp = 20;
    const auto header = first_slice(data, [](std::uint8_t byte) { return ((byte >> 1U) & type_mask) <= last_vcl; });
    if (!header) return false;
    const unsigned type = (*header >> 1U) & type_mask;
    return type == idr_w_radl || type == idr_n_lp;
}

}  // namespace

bool begins_decodable(Codec codec, ByteView access_unit) noexcept {
    switch (codec) {
        case Codec::h264: return starts_with_h264_idr(access_unit);
        case Codec::hevc: return starts_with_hevc_idr(access_unit);
        default: return true;
    }
}

}  // namespace streamforge::media::ffmpeg
