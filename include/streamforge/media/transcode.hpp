#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <streamforge/core/byte_source.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/log.hpp>
#include <streamforge/core/progress.hpp>
#include <streamforge/core/quality.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/core/track.hpp>
#include <streamforge/media/encode_plan.hpp>
#include <streamforge/media/input_policy.hpp>

namespace streamforge::media {

/// Names one track of the plan: `plan.video[index]`, `plan.audio[index]` or `plan.text[index]`.
struct TrackRef {
    TrackKind kind = TrackKind::video;
    std::size_t index = 0;

    friend bool operator==(const TrackRef&, const TrackRef&) = default;
};

/// A subtitle cue on the presentation's timeline, [start, end).
struct TextCue {
    MediaTime start;
    MediaTime end;
    std::string text;  ///< WebVTT cue text: UTF-8, escaped, lines joined by '\n', `<b> <i> <u>` only.
};

using streamforge::QualityScore;

/// A finished picture file.
struct Picture {
    enum class Kind : std::uint8_t { poster, storyboard_sheet } kind = Kind::poster;
    std::uint32_t number = 0;  ///< Sheets count from 1.
    std::uint32_t width_px = 0;
    std::uint32_t height_px = 0;
    std::uint32_t tiles = 0;  ///< Tiles used on this sheet, row by row.
    Bytes jpeg;
};

/// Where encoded media goes. For one track all calls come in order and from one thread at a time; different tracks call from
/// different threads at once. An error stops the whole transcode and is returned from it.
///
/// Tracks advance on their own: the sound may be complete before the picture's first sample, so a sink must not make one
/// track wait for another. A track of another length than its partner is only finished once both ends are known.
class STREAMFORGE_EXPORT TranscodeSink {
public:
    virtual ~TranscodeSink();
    /// Before the track's first sample.
    [[nodiscard]] virtual Result<void> on_track(TrackRef track, const TrackFormat& format) = 0;
    /// In decode order.
    [[nodiscard]] virtual Result<void> on_sample(TrackRef track, EncodedSample sample) = 0;
    [[nodiscard]] virtual Result<void> on_cue(TrackRef track, TextCue cue) = 0;
    [[nodiscard]] virtual Result<void> on_picture(Picture picture) = 0;
    /// Video only: quality of segment `segment` (number in the cut list), as soon as it is known.
    virtual void on_quality(TrackRef track, std::int64_t segment, const QualityScore& score) = 0;
    /// After the track's last sample.
    [[nodiscard]] virtual Result<void> on_track_end(TrackRef track) = 0;
};

struct TranscodeOptions {
    InputPolicy policy;
    ProgressObserver progress;
    LogSink log;
};

/// What happened, beside the samples.
struct TranscodeSummary {
    std::uint64_t frames_decoded = 0;
    std::uint64_t frames_encoded = 0;   ///< Per rendition, fillers included.
    std::uint64_t frames_dropped = 0;   ///< Two frames on one instant.
    std::uint64_t frames_filled = 0;    ///< Repeats of a picture to fill a hole or a missing start.
    std::uint64_t decode_errors = 0;    ///< Packets that a decoder refused and that were skipped.
    MediaTime video_end;                ///< Presentation time at which the picture ends.
    MediaTime audio_end;                ///< The longest audio track's.
    std::vector<std::string> warnings;  ///< What was repaired or skipped, each a sentence.
    /// By stage, its codecs' threads included: "decode" (with filters), "encode 1080p" (with scaling), "verify 1080p", "audio",
    /// "pictures".
    std::vector<std::pair<std::string, double>> cpu_seconds;
};

/// Decodes `source` once and encodes every rendition of `plan`; samples go to `sink` as they are made.
///
/// *Errors*: those of the sink, `malformed` (nothing could be decoded), `unsupported_codec` (no encoder or decoder linked),
/// `limit_exceeded`, `cancelled`, `io`, `internal`. On an error every thread has ended before the call returns.
/// *Cancellation*: within about 200 ms. *Cost*: memory by frame size and number of renditions, not by length.
/// *Thread safety*: several calls may run at once.
[[nodiscard]] STREAMFORGE_EXPORT Result<TranscodeSummary> transcode(std::shared_ptr<ByteSource> source, const EncodePlan& plan,
                                                                    TranscodeSink& sink, const TranscodeOptions& options = {},
                                                                    std::stop_token stop = {});

}  // namespace streamforge::media
