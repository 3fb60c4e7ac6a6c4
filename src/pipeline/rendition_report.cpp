#include "pipeline/rendition_report.hpp"

#include <streamforge/manifest/bandwidth.hpp>

namespace streamforge::pipeline {
namespace {

constexpr std::uint64_t bits_per_byte = 8;

SegmentReport report_segment(const manifest::SegmentFacts& facts, std::uint32_t number) {
    SegmentReport segment{.number = number, .start = facts.start, .duration = facts.duration, .bytes = facts.bytes, .quality = {}};
    if (facts.duration.ticks > 0) {
        segment.bitrate_bps = static_cast<std::uint64_t>(
            mul_div(static_cast<std::int64_t>(facts.bytes * bits_per_byte), facts.duration.timescale, facts.duration.ticks, Rounding::up));
    }
    return segment;
}

}  // namespace

RenditionReport report_rendition(TrackKind kind, const std::string& id, const manifest::TrackFacts& track, std::int64_t target_duration_s) {
    RenditionReport report;
    report.kind = kind;
    report.id = id;
    report.codecs = track.codecs;
    report.playlist = track.files.playlist;
    report.bytes = track.total_bytes();
    const auto bandwidth = manifest::hls_bandwidth(track.segments, target_duration_s);
    report.peak_bps = bandwidth.peak_bps;
    report.average_bps = bandwidth.average_bps;
    report.duration = track.end();
    std::uint32_t number = 0;
    for (const auto& segment : track.segments) report.segments.push_back(report_segment(segment, ++number));
    return report;
}

}  // namespace streamforge::pipeline
