#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <streamforge/core/export.hpp>
#include <streamforge/core/media_time.hpp>
#include <streamforge/core/quality.hpp>
#include <streamforge/core/track.hpp>

namespace streamforge::pipeline {

struct SegmentReport {
    std::uint32_t number = 0;  ///< From 1.
    MediaTime start;
    MediaTime duration;
    std::uint64_t bytes = 0;
    std::uint64_t bitrate_bps = 0;
    std::optional<QualityScore> quality;
};

struct RenditionReport {
    TrackKind kind = TrackKind::video;
    std::string id;
    std::string codecs;    ///< RFC 6381 string; empty for text.
    std::string playlist;  ///< Key below the output prefix.
    std::uint32_t width_px = 0;
    std::uint32_t height_px = 0;
    std::uint64_t bytes = 0;     ///< Init segment included.
    std::uint64_t peak_bps = 0;  ///< As BANDWIDTH counts it (RFC 8216 §4.1).
    std::uint64_t average_bps = 0;
    MediaTime duration;
    std::optional<QualityScore> quality;  ///< Over all segments, weighted by frames.
    std::vector<SegmentReport> segments;
};

/// What a run made, what it cost, and what was odd.
struct Report {
    std::string hls_key;   ///< "m1/master.m3u8", a key in the output store.
    std::string dash_key;  ///< "m1/manifest.mpd".
    MediaTime duration;    ///< Of the presentation: its longest track.
    std::uint64_t bytes_written = 0;
    std::uint64_t files_written = 0;
    std::vector<RenditionReport> renditions;
    std::vector<std::string> notes;                            ///< Decisions of the plan.
    std::vector<std::string> warnings;                         ///< What was repaired, skipped or guessed.
    std::vector<std::pair<std::string, double>> wall_seconds;  ///< By stage.
    std::vector<std::pair<std::string, double>> cpu_seconds;   ///< By stage.
    std::uint64_t frames_decoded = 0;
    std::uint64_t frames_dropped = 0;
    std::uint64_t frames_filled = 0;
    std::uint64_t decode_errors = 0;
};

/// The documented JSON form (docs/schema/report.md).
[[nodiscard]] STREAMFORGE_EXPORT std::string to_json(const Report& report, int indent = 2);

}  // namespace streamforge::pipeline
