#pragma once

#include <cstdint>

#include <streamforge/core/bytes.hpp>
#include <streamforge/core/result.hpp>

namespace streamforge::packaging {

/// What an AudioSpecificConfig says. *Source*: ISO/IEC 14496-3 §1.6.2.1.
struct AacConfig {
    unsigned object_type = 0;          ///< As signalled first or by the backward compatible extension: 2 LC, 5 SBR, 29 PS, …
    std::uint32_t sample_rate_hz = 0;  ///< Of the core coder.
    unsigned channel_configuration = 0;
};
/// *Errors*: `malformed`.
[[nodiscard]] Result<AacConfig> parse_aac_config(ByteView config);

/// Body of `dac3`, three bytes, from the start of an AC-3 frame. *Errors*: `malformed`.
/// *Source*: ETSI TS 102 366 §4.4, Annex F.4.
[[nodiscard]] Result<Bytes> dac3_from_frame(ByteView packet);

/// Body of `dec3` from one packet of E-AC-3: one independent substream's frames, dependent ones included.
/// *Errors*: `malformed`. *Source*: ETSI TS 102 366 Annex E.1.2, F.6.
[[nodiscard]] Result<Bytes> dec3_from_packet(ByteView packet);

}  // namespace streamforge::packaging
