#pragma once

#include <streamforge/core/result.hpp>
#include <streamforge/core/track.hpp>

namespace streamforge::packaging {

/// What a sample description says.
struct SampleEntry {
    TrackFormat format;
    std::uint8_t nal_length_bytes = 4;
};

/// Reads the first entry of a `stsd` body (version and flags included). `kind` is what the handler says.
/// *Errors*: `malformed`, `unsupported_codec`, `encrypted`. *Source*: ISO/IEC 14496-12 §8.5.2; QTFF "Sound Media".
[[nodiscard]] Result<SampleEntry> read_sample_entry(ByteView stsd_body, TrackKind kind);

}  // namespace streamforge::packaging
