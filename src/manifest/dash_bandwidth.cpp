#include "manifest/dash_bandwidth.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include <streamforge/manifest/bandwidth.hpp>

namespace streamforge::manifest {
namespace {

std::uint64_t attribute_value(std::uint64_t bandwidth_bps) {
    return std::clamp<std::uint64_t>(bandwidth_bps, 1, std::numeric_limits<std::uint32_t>::max());
}

}  // namespace

MediaTime longest_segment(const Presentation& presentation) noexcept {
    MediaTime longest;
    for (const auto& rendition : presentation.video) {
        for (const auto& segment : rendition.track.segments) longest = std::max(longest, segment.duration);
    }
    for (const auto& rendition : presentation.audio) {
        for (const auto& segment : rendition.track.segments) longest = std::max(longest, segment.duration);
    }
    return longest;
}

MediaTime effective_min_buffer_time(const Presentation& presentation, const MpdOptions& options) noexcept {
    return options.min_buffer_time.value_or(longest_segment(presentation)).rescaled(1000, Rounding::up);
}

std::uint64_t track_dash_bandwidth(const TrackFacts& track, const MediaTime& min_buffer_time) {
    std::vector<SizedSegment> segments;
    segments.reserve(track.segments.size());
    for (const auto& segment : track.segments) {
        // Differences of boundaries, so that rounding to the timescale cannot add up.
        const std::int64_t begin = segment.start.rescaled(track.timescale, Rounding::nearest).ticks;
        const std::int64_t end = segment.end().rescaled(track.timescale, Rounding::nearest).ticks;
        segments.push_back({segment.bytes, end - begin});
    }
    return attribute_value(dash_bandwidth_bps(segments, track.timescale, min_buffer_time));
}

std::uint64_t file_bandwidth(std::uint64_t bytes, const MediaTime& duration) {
    const SizedSegment whole{bytes, duration.ticks};
    return attribute_value(average_bandwidth_bps({&whole, 1}, duration.timescale));
}

std::uint64_t thumbnails_dash_bandwidth(const Thumbnails& thumbnails) {
    std::uint64_t most = 0;
    for (const auto& sheet : thumbnails.sheets) {
        most = std::max(most, file_bandwidth(sheet.bytes, thumbnails.interval * sheet.tiles));
    }
    return attribute_value(most);
}

}  // namespace streamforge::manifest
