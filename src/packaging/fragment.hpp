#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <streamforge/core/bytes.hpp>
#include <streamforge/core/result.hpp>

namespace streamforge::packaging {

/// A sample as a segment collects it, in decode order.
struct FragmentSample {
    std::int64_t pts = 0;
    std::int64_t duration = 0;  ///< Its own; used for the sample that is shown last.
    std::uint32_t size_bytes = 0;
    bool sync = false;
    std::int64_t dts = 0;  ///< Used by `keep_decode_times` alone.
};

/// A sample as `trun` describes it.
struct RunSample {
    std::uint32_t duration = 0;
    std::int32_t cts = 0;
    std::uint32_t size_bytes = 0;
    bool sync = false;

    friend bool operator==(const RunSample&, const RunSample&) = default;
};

/// Earliest presentation time and the end of the sample shown last.
struct PresentationSpan {
    std::int64_t begin = 0;
    std::int64_t end = 0;
};
[[nodiscard]] PresentationSpan presentation_span(std::span<const FragmentSample> samples) noexcept;

/// Puts decode times under samples: the presentation times in rising order, from the earliest up to `end_pts` (where the
/// next segment begins). *Errors*: `limit_exceeded` when a duration or offset leaves 32 bits, `invalid_argument` when
/// `end_pts` lies before the last sample's time.
[[nodiscard]] Result<std::vector<RunSample>> assign_decode_times(std::span<const FragmentSample> samples, std::int64_t end_pts);

/// Keeps the samples' own decode times; `next_dts` is that of the next segment's first sample.
/// *Errors*: `invalid_argument` when decode times go back or a sample is shown before it is decoded, `limit_exceeded` as above.
[[nodiscard]] Result<std::vector<RunSample>> keep_decode_times(std::span<const FragmentSample> samples, std::int64_t next_dts);

struct FragmentSettings {
    std::uint32_t track_id = 1;
    std::uint32_t sequence_number = 1;
    bool segment_type_box = true;
    bool roll_group = false;  ///< All samples belong to the roll group described in `moov`.
    /// The track has an edit list. CMAF wants exactly one of an edit list with `trun` version 0, or version 1 without.
    /// *Source*: ISO/IEC 23000-19 §9.2.1.
    bool has_edit_list = false;
};

/// Everything of a fragment before its media bytes.
struct FragmentHeader {
    Bytes bytes;                  ///< [`styp`] `moof` and the head of `mdat`.
    std::size_t moof_offset = 0;  ///< Of `moof` in `bytes`.
    std::uint64_t payload_bytes = 0;
};

[[nodiscard]] FragmentHeader write_fragment_header(const FragmentSettings& settings, std::int64_t decode_time,
                                                   std::span<const RunSample> samples);

}  // namespace streamforge::packaging
