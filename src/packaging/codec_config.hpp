#pragma once

#include <string_view>
#include <vector>

#include <streamforge/core/result.hpp>
#include <streamforge/core/track.hpp>

#include "packaging/video_headers.hpp"

namespace streamforge::packaging {

/// How a track's decoder is described in its sample entry.
struct CodecConfig {
    std::string_view sample_entry;      ///< "avc1", "mp4a", …
    std::string_view box;               ///< "avcC", "esds", …; empty when the sample entry needs none.
    Bytes body;                         ///< Of that box; version and flags included where it has them.
    std::vector<Bytes> parameter_sets;  ///< NAL units that the body holds.
    unsigned nal_length_bytes = 0;      ///< Of length-prefixed samples described by the given `codec_config`.
};

/// Builds the box from `format.codec_config` in any of the forms that `TrackFormat` documents.
/// *Errors*: `malformed`, `unsupported_codec`. AC-3 and E-AC-3 need their dac3/dec3 body by now.
[[nodiscard]] Result<CodecConfig> make_codec_config(const TrackFormat& format);

/// The codec_config that an AC-3 or E-AC-3 track lacks, from its first packet. *Errors*: `malformed`.
[[nodiscard]] Result<Bytes> learn_codec_config(const TrackFormat& format, ByteView first_packet);
/// Whether `learn_codec_config` is needed before `make_codec_config`.
[[nodiscard]] bool must_learn_codec_config(const TrackFormat& format) noexcept;

/// Parameter sets of avcC or hvcC, and the length size they announce. *Errors*: `malformed`.
struct NalConfig {
    std::vector<Bytes> parameter_sets;
    unsigned nal_length_bytes = 4;
};
[[nodiscard]] Result<NalConfig> parse_avcc(ByteView body);
[[nodiscard]] Result<NalConfig> parse_hvcc(ByteView body);

/// The AV1 sequence header of `codec_config` (OBUs or an av1C body). *Errors*: `malformed`.
[[nodiscard]] Result<Av1SequenceHeader> av1_sequence_header(ByteView codec_config);

}  // namespace streamforge::packaging
