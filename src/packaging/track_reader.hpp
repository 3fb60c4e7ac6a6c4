#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <streamforge/packaging/mp4_reader.hpp>

#include "packaging/box_reader.hpp"

namespace streamforge::packaging {

/// Number and handler of a `trak`, as far as they can be read; for naming a track that is skipped.
struct TrackIdentity {
    std::uint32_t track_id = 0;
    std::string handler = "????";
};
[[nodiscard]] TrackIdentity identify_track(WindowReader& reader, const Box& trak);

/// A `trak` without its samples: what they are, when they play, and where their tables stand.
struct TrackHead {
    Mp4Track track;  ///< `index` is empty.
    Box stbl;
};
/// *Errors*: `malformed`, `unsupported_codec`, `encrypted`, `limit_exceeded`, `io`.
[[nodiscard]] Result<TrackHead> read_track_head(WindowReader& reader, const Box& trak, std::uint32_t movie_timescale,
                                                const Mp4Limits& limits, std::vector<std::string>& warnings);

}  // namespace streamforge::packaging
