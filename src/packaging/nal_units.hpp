#pragma once

#include <cstdint>
#include <vector>

#include <streamforge/core/bytes.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/core/track.hpp>

namespace streamforge::packaging {

/// H.264 NAL unit types that packaging acts on. *Source*: ISO/IEC 14496-10 Table 7-1.
namespace h264_nal {
inline constexpr unsigned idr = 5, sei = 6, sps = 7, pps = 8, access_unit_delimiter = 9, end_of_sequence = 10, end_of_stream = 11,
                          filler = 12, sps_extension = 13;
}
/// HEVC NAL unit types that packaging acts on. *Source*: ITU-T H.265 Table 7-1.
namespace hevc_nal {
inline constexpr unsigned vps = 32, sps = 33, pps = 34, access_unit_delimiter = 35, end_of_sequence = 36, end_of_bitstream = 37,
                          filler = 38, prefix_sei = 39;
}

/// Type of a NAL unit; its bytes must not be empty.
[[nodiscard]] unsigned nal_type(Codec codec, ByteView nal) noexcept;

/// The NAL units between start codes, without them and without trailing zero bytes. Empty units are left out. Bytes
/// before the first start code are ignored. *Lifetime*: views into `stream`.
[[nodiscard]] std::vector<ByteView> split_annex_b(ByteView stream);

/// The NAL units of a sample with lengths of `length_bytes` (1…4). *Errors*: `malformed` when a length leaves the sample.
[[nodiscard]] Result<std::vector<ByteView>> split_length_prefixed(ByteView sample, unsigned length_bytes);

/// The payload with emulation prevention bytes taken out (00 00 03 → 00 00), at most `max_bytes` of it.
[[nodiscard]] Bytes unescape_nal(ByteView nal, std::size_t max_bytes = 4096);

}  // namespace streamforge::packaging
