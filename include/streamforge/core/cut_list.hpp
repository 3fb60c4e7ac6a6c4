#pragma once

#include <cstdint>

#include <streamforge/core/export.hpp>
#include <streamforge/core/media_time.hpp>

namespace streamforge {

/// Where every rendition is cut: at 0, `period`, 2·`period`, … on the presentation's timeline, exact.
///
/// For a constant frame rate the period is a whole number of frames (4.004 s at 29.97), so all segments are equally long;
/// for variable frame rate it is the asked length, and a segment begins at the first frame at or after its cut.
struct CutList {
    MediaTime period{4, 1};

    /// Number (from 0) of the segment that holds `time`: floor(time / period); 0 for negative times.
    [[nodiscard]] STREAMFORGE_EXPORT std::int64_t segment_at(const MediaTime& time) const noexcept;
    /// Nominal start of segment `index`.
    [[nodiscard]] MediaTime start_of(std::int64_t index) const noexcept { return period * index; }
};

}  // namespace streamforge
