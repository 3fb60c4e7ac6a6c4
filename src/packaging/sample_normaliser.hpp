#pragma once

#include <vector>

#include <streamforge/core/bytes.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/core/track.hpp>

#include "packaging/codec_config.hpp"

namespace streamforge::packaging {

/// Brings samples to the form that MP4 wants.
class SampleNormaliser {
public:
    SampleNormaliser(const TrackFormat& format, const CodecConfig& config);

    /// Appends the normalised `sample` to `out`. *Errors*: `malformed` (no NAL units or OBUs, or nothing left of it).
    [[nodiscard]] Result<void> append(ByteView sample, Bytes& out) const;

private:
    [[nodiscard]] bool keeps(ByteView nal) const;
    [[nodiscard]] Result<void> append_nal_units(ByteView sample, Bytes& out) const;
    [[nodiscard]] Result<void> append_obus(ByteView sample, Bytes& out) const;

    Codec codec_;
    NalFraming framing_;
    unsigned nal_length_bytes_;
    std::vector<Bytes> parameter_sets_;
};

}  // namespace streamforge::packaging
