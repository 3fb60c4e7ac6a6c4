#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <streamforge/packaging/mp4_reader.hpp>

#include "packaging/box_reader.hpp"

namespace streamforge::packaging {

/// What `trex` and `tfhd` say of samples that do not say it themselves.
struct SampleDefaults {
    std::uint32_t duration = 0;
    std::uint32_t size_bytes = 0;
    std::uint32_t flags = 0;
};

/// A track whose fragments are read.
struct FragmentedTrack {
    std::uint32_t track_id = 0;
    SampleDefaults defaults;
    SampleIndex::Builder* builder = nullptr;
    bool started = false;  ///< Some sample is in the index, so its timeline runs.
};

/// Adds the samples of one `moof` to the tracks that are asked for; others are passed over.
///
/// *Errors*: `malformed`, `limit_exceeded`, `io`. *Source*: ISO/IEC 14496-12 §8.8.
[[nodiscard]] Result<void> read_fragment(WindowReader& reader, const Box& moof, std::vector<FragmentedTrack>& tracks,
                                         std::uint64_t& samples_left, std::vector<std::string>& warnings);

}  // namespace streamforge::packaging
