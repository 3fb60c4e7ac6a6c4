#pragma once

#include <functional>
#include <memory>

#include <streamforge/core/cut_list.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/core/track.hpp>
#include <streamforge/packaging/cmaf_options.hpp>

namespace streamforge::packaging {

/// One finished media segment: a CMAF fragment of one track.
struct MediaSegment : SegmentFacts {
    Bytes bytes;  ///< [`styp`] `moof` `mdat`; `size_bytes` long.
};

/// Takes each segment as soon as it is complete. An error stops the writer and is returned from it.
using SegmentSink = std::function<Result<void>(MediaSegment)>;

/// Turns the samples of one track into a CMAF init segment and media segments.
///
/// Video is cut at each sync sample that lies in a later segment of the cut list than the current one; audio before the
/// packet whose middle, priming taken off, lies in a later one. Samples are normalised: Annex B becomes length prefixed
/// (lengths of any size become 4 bytes); access unit delimiters, filler and parameter sets equal to those of the init
/// segment are dropped; AV1 temporal delimiters are dropped.
///
/// Times: each segment's decode time (`tfdt`) is the sum of the durations before it, and no decode time is negative. How the
/// reordering delay of video is kept off the presentation is `CmafOptions::video_reordering`.
///
/// *Cost*: memory of one segment. *Thread safety*: one thread at a time.
/// *Source*: ISO/IEC 23000-19 §7.3, §7.5, §9.2.1; ISO/IEC 14496-12 §8.8.
class STREAMFORGE_EXPORT CmafTrackWriter {
public:
    /// *Errors*: `invalid_argument` (options, timescale, no cut period), `malformed` (codec_config cannot be parsed),
    /// `unsupported_codec` (no CMAF form for it).
    [[nodiscard]] static Result<CmafTrackWriter> create(TrackFormat format, CutList cuts, CmafOptions options, SegmentSink sink);

    CmafTrackWriter(CmafTrackWriter&&) noexcept;
    CmafTrackWriter& operator=(CmafTrackWriter&&) noexcept;
    ~CmafTrackWriter();

    /// `ftyp` and `moov`. Ask after the first sample: the reordering delay of video, and the headers of AC-3, E-AC-3 and MP3
    /// without codec_config, are learnt from it. *Errors*: `invalid_argument` before, unless the track is finished.
    [[nodiscard]] Result<Bytes> init_segment() const;
    /// As `packaging::codec_string` of the track, learnt headers included.
    [[nodiscard]] Result<std::string> codec_string() const;
    /// The format given, with learnt headers.
    [[nodiscard]] const TrackFormat& format() const noexcept;

    /// The next sample in decode order. *Errors*: `invalid_argument` (negative presentation time or duration, the first
    /// video sample is no sync sample, decode times go back), `malformed` (a sample that is not made of NAL units or
    /// OBUs), and the sink's.
    [[nodiscard]] Result<void> push(EncodedSample sample);
    /// Writes what is left. No sample may follow.
    [[nodiscard]] Result<void> finish();

private:
    struct Impl;
    explicit CmafTrackWriter(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace streamforge::packaging
