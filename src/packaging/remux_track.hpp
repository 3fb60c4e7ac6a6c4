#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <streamforge/packaging/remux.hpp>

namespace streamforge::packaging {

/// Where a segment of a remuxed track lies in the index and on the track's output timeline.
struct PlannedSegment {
    std::uint64_t first_sample = 0;
    std::int64_t begin = 0;   ///< Earliest presentation time, in ticks.
    std::int64_t latest = 0;  ///< Latest presentation time of a sample in it.
    std::uint64_t media_bytes = 0;
};

struct RemuxTrack::Impl {
    std::size_t input = 0;
    std::size_t input_track = 0;
    TrackFormat format;
    std::string codec_string;
    Bytes init;
    std::shared_ptr<const SampleIndex> index;
    CmafOptions options;
    std::int64_t shift = 0;              ///< Output time − pts of the index.
    std::int64_t presentation_zero = 0;  ///< Output time that is presentation time 0: the priming that an edit list skips.
    /// Decode time in the output − dts of the index; the edit list takes `reorder_delay` off again. Video only.
    std::int64_t decode_shift = 0;
    std::int64_t reorder_delay = 0;
    std::uint64_t end_sample = 0;
    std::int64_t end = 0;  ///< Output time at which the last frame ends.
    std::vector<PlannedSegment> segments;
    std::int64_t largest_cts = 0;  ///< Composition offset in the output.
    std::int64_t longest = 0;      ///< Duration of a sample.

    [[nodiscard]] bool keeps_dts() const noexcept {
        return format.kind == TrackKind::video && options.video_reordering == VideoReordering::edit_list;
    }
    /// Media time at which an edit list lets the presentation begin; none: no edit list is written.
    [[nodiscard]] std::optional<std::int64_t> edit_start() const {
        const std::int64_t skipped = std::max(presentation_zero, reorder_delay);
        return skipped > 0 ? std::optional(skipped) : std::nullopt;
    }
    [[nodiscard]] std::int64_t end_of(std::size_t segment) const noexcept {
        return segment + 1 < segments.size() ? segments[segment + 1].begin : end;
    }
};

/// Makes tracks; the only friend of `RemuxTrack`.
struct RemuxPlanner {
    [[nodiscard]] static RemuxTrack make(std::unique_ptr<const RemuxTrack::Impl> impl) { return RemuxTrack(std::move(impl)); }
    [[nodiscard]] static const RemuxTrack::Impl& look(const RemuxTrack& track) { return *track.impl_; }
    using TrackImpl = RemuxTrack::Impl;
};

}  // namespace streamforge::packaging
