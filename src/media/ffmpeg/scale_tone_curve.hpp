#pragma once

#include <array>

namespace streamforge::media::ffmpeg {

/// Linear light or its coded form, per channel.
using Rgb = std::array<double, 3>;

/// ST 2084 ("PQ"): code value 0…1 to cd/m², and back. *Source*: Rec. ITU-R BT.2100 table 4.
[[nodiscard]] double pq_to_nits(double code) noexcept;
[[nodiscard]] double nits_to_pq(double nits) noexcept;

/// HLG code values to light on a display of 1000 cd/m² peak, system gamma 1.2. *Source*: Rec. ITU-R BT.2100 table 5.
[[nodiscard]] Rgb hlg_to_nits(const Rgb& code) noexcept;

/// Compresses `nits` of a picture mastered up to `source_peak` into a display of `target_peak`: unchanged below a knee,
/// then a smooth shoulder. *Source*: Rep. ITU-R BT.2390 §5.4.1 (EETF, black level 0).
[[nodiscard]] double eetf(double nits, double source_peak, double target_peak) noexcept;

/// Light of an HDR picture (BT.2020 primaries unless `bt709_primaries`, cd/m²) to BT.709 code values 0…1 for an SDR display,
/// whose white stands for 203 cd/m². Hues are kept; what lies outside BT.709 moves towards grey of the same luminance.
[[nodiscard]] Rgb hdr_light_to_sdr_code(const Rgb& nits, double source_peak, bool bt709_primaries) noexcept;

}  // namespace streamforge::media::ffmpeg
