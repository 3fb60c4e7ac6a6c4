#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <streamforge/core/result.hpp>
#include <streamforge/manifest/presentation.hpp>

#include "manifest/xml_writer.hpp"

namespace streamforge::manifest {

/// One `S` of a SegmentTimeline, on the track's timescale.
struct TimelineRun {
    std::optional<std::int64_t> t;  ///< Where it must be said: at the start and behind a gap.
    std::int64_t d = 0;
    std::int64_t repeats = 0;  ///< @r

    friend bool operator==(const TimelineRun&, const TimelineRun&) = default;
};

/// The segments' times as the shortest SegmentTimeline.
[[nodiscard]] std::vector<TimelineRun> timeline_of(const TrackFacts& track);

/// How an MPD reaches the segments of a track.
enum class Addressing : std::uint8_t { segment_template, segment_list, segment_base };
[[nodiscard]] Addressing addressing_of(const TrackFacts& track) noexcept;

/// SegmentTemplate of a track, ready to compare and write.
struct TemplateFacts {
    std::string initialization;  ///< Percent-encoded; empty: none.
    std::string media;
    std::uint64_t start_number = 1;
    std::int64_t timescale = 1;
    std::vector<TimelineRun> timeline;

    friend bool operator==(const TemplateFacts&, const TemplateFacts&) = default;
};

/// With `generalised`, path parts equal to the id become `$RepresentationID$`, so that tracks of one set can share it.
[[nodiscard]] Result<TemplateFacts> template_of(const TrackFacts& track, bool generalised);

void write_template(XmlWriter& xml, const TemplateFacts& facts);
/// BaseURL and SegmentBase of a track in one file with an index.
void write_segment_base(XmlWriter& xml, const TrackFacts& track);
/// SegmentList: explicit paths, or ranges of one file without an index.
[[nodiscard]] Result<void> write_segment_list(XmlWriter& xml, const TrackFacts& track);

}  // namespace streamforge::manifest
