#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include <streamforge/core/track.hpp>

#include "packaging/box_writer.hpp"

namespace streamforge::packaging::test {

/// One track of a hand-made progressive file.
struct BuiltTrack {
    TrackFormat format;
    std::vector<EncodedSample> samples;  ///< In decode order; dts from 0 on, without gaps.
    std::int64_t media_start = -1;       ///< ≥ 0: an edit list that starts there …
    std::int64_t wait_ms = 0;            ///< … after so long a wait.
};

/// How the tables are written.
struct BuildOptions {
    std::size_t samples_per_chunk = 3;
    bool long_offsets = false;       ///< co64 instead of stco.
    unsigned compact_size_bits = 0;  ///< 4, 8 or 16: stz2 instead of stsz.
    bool moov_first = true;
    /// Called where a box's body has been written, to spoil it: (type, body start, writer).
    std::function<void(std::string_view, std::size_t, BoxWriter&)> spoil;
};

/// A progressive MP4 whose tracks are interleaved chunk by chunk.
[[nodiscard]] Bytes build_mp4(const std::vector<BuiltTrack>& tracks, const BuildOptions& options = {});

}  // namespace streamforge::packaging::test
