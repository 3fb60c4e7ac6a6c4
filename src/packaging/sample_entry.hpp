#pragma once

#include <optional>

#include <streamforge/core/track.hpp>
#include <streamforge/packaging/cmaf_options.hpp>

#include "packaging/box_writer.hpp"
#include "packaging/codec_config.hpp"

namespace streamforge::packaging {

/// Writes the one entry of `stsd`. *Source*: ISO/IEC 14496-12 §12.1.3, §12.2.3.
void write_sample_entry(BoxWriter& out, const TrackFormat& format, const CodecConfig& config, const std::optional<BitrateHint>& bitrate);

}  // namespace streamforge::packaging
