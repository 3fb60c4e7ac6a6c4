#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <streamforge/core/byte_source.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/progress.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/core/track.hpp>
#include <streamforge/packaging/cmaf_options.hpp>
#include <streamforge/packaging/mp4_reader.hpp>
#include <streamforge/packaging/single_file.hpp>

namespace streamforge::packaging {

/// One input of a remux: an indexed file and which of its tracks to package.
struct RemuxInput {
    std::string name;  ///< For messages.
    Mp4File file;
    std::vector<std::size_t> tracks;  ///< Positions in `file.tracks`; empty: all.
};

struct RemuxOptions {
    /// Wanted segment length. A segment starts at the first sync sample of the reference video at or after each multiple.
    MediaTime period{6, 1};
    AudioPriming audio_priming = AudioPriming::edit_list;
    VideoReordering video_reordering = VideoReordering::edit_list;
    /// True: one file per track with `sidx`; false: one file per segment.
    bool single_file = false;

    /// *Errors*: `invalid_argument` naming the field.
    [[nodiscard]] STREAMFORGE_EXPORT Result<void> validate() const;
};

/// Bytes that do not exist yet: owned header, then ranges of the input, in order.
struct SegmentLayout {
    SegmentFacts facts;
    Bytes header;                   ///< [`styp`] `moof` and the head of `mdat`.
    std::vector<ByteRange> ranges;  ///< Of the track's input; neighbours are merged.
};

/// One output track of a remux plan: every segment can be asked for, in any order, without touching the media.
///
/// *Thread safety*: all calls.
class STREAMFORGE_EXPORT RemuxTrack {
public:
    RemuxTrack(RemuxTrack&&) noexcept;
    RemuxTrack& operator=(RemuxTrack&&) noexcept;
    ~RemuxTrack();

    [[nodiscard]] std::size_t input() const noexcept;        ///< Position in the inputs given to `plan_remux`.
    [[nodiscard]] std::size_t input_track() const noexcept;  ///< Position in that file's tracks.
    [[nodiscard]] const TrackFormat& format() const noexcept;
    [[nodiscard]] const std::string& codec_string() const noexcept;
    [[nodiscard]] const Bytes& init_segment() const noexcept;
    [[nodiscard]] std::size_t segment_count() const noexcept;
    /// `index` counts from 0 to `segment_count()` − 1. *Cost*: some microseconds.
    [[nodiscard]] SegmentLayout segment(std::size_t index) const;
    [[nodiscard]] SegmentFacts facts(std::size_t index) const;
    /// The track as one file; meaningful when planned with `single_file`.
    [[nodiscard]] Result<SingleFileLayout> single_file() const;

private:
    friend struct RemuxPlanner;
    struct Impl;
    explicit RemuxTrack(std::unique_ptr<const Impl> impl);
    std::unique_ptr<const Impl> impl_;
};

struct RemuxPlan {
    std::vector<RemuxTrack> tracks;  ///< In the order of inputs and their tracks.
    std::vector<MediaTime> cuts;     ///< Where segments start, shared by all tracks.
    MediaTime duration;              ///< The longest track's.
    bool single_file = false;
    std::vector<std::string> warnings;  ///< What the plan leaves out; those of the inputs stay with them.
};

/// Decides every segment of every track. Pure: reads only indexes.
///
/// Cuts lie on sync samples of the first video track; every further video track must have a sync sample at each of them.
/// Audio follows by exact time. The earliest presentation time of all tracks becomes 0.
/// *Errors*: `invalid_argument` (no input, a track number out of range, options), `precondition_failed` (a video whose key
/// frames do not lie where the first one's do: context "input", "time"), `no_streams`, `unsupported_codec`, `malformed`.
[[nodiscard]] STREAMFORGE_EXPORT Result<RemuxPlan> plan_remux(std::span<const RemuxInput> inputs, const RemuxOptions& options = {});

/// Takes the bytes of one output file in order.
class STREAMFORGE_EXPORT RemuxOutput {
public:
    virtual ~RemuxOutput();
    /// Appends the pieces, in order. They are borrowed for the call.
    [[nodiscard]] virtual Result<void> write(std::span<const ByteView> pieces) = 0;
    /// After the last byte. A file not finished must not be published.
    [[nodiscard]] virtual Result<void> finish() = 0;
};

/// Gives an output for each file of a remux. `track` is a position in `RemuxPlan::tracks`. Called from one thread.
class STREAMFORGE_EXPORT RemuxSink {
public:
    virtual ~RemuxSink();
    /// A whole init segment (not called for single files).
    [[nodiscard]] virtual Result<void> on_init(std::size_t track, const Bytes& init) = 0;
    /// A media segment of `facts.size_bytes` bytes (not called for single files).
    [[nodiscard]] virtual Result<std::unique_ptr<RemuxOutput>> open_segment(std::size_t track, const SegmentFacts& facts) = 0;
    /// The track's only file.
    [[nodiscard]] virtual Result<std::unique_ptr<RemuxOutput>> open_file(std::size_t track, const SingleFileLayout& layout) = 0;
};

/// Writes all files of a plan. `sources[i]` is the bytes of input i. Reads each input once, in large pieces.
///
/// *Errors*: `io`, `malformed` (an input ends before its index does), the sink's, `cancelled`.
/// *Cancellation*: between two reads. *Cost*: memory of one read buffer (1 MiB) and the headers of one segment per track.
[[nodiscard]] STREAMFORGE_EXPORT Result<void> run_remux(const RemuxPlan& plan, std::span<const std::shared_ptr<ByteSource>> sources,
                                                        RemuxSink& sink, const ProgressObserver& progress = {}, std::stop_token stop = {});

/// The bytes of one segment. *Errors*: `io`, `malformed` (the source is shorter than its index says).
[[nodiscard]] STREAMFORGE_EXPORT Result<Bytes> materialise(const SegmentLayout& layout, const ByteSource& source);

/// A sink that writes to `folder`/`track_folders[i]`: "init.mp4" and "seg-1.m4s", …, or "track.mp4" for single files. Files
/// get their names only when they are whole. *Errors*: those of the file system.
[[nodiscard]] STREAMFORGE_EXPORT std::unique_ptr<RemuxSink> folder_sink(std::string folder, std::vector<std::string> track_folders);

}  // namespace streamforge::packaging
