#pragma once

#include <string>

#include <streamforge/core/result.hpp>
#include <streamforge/media/encode_plan.hpp>

#include "media/ffmpeg/handles.hpp"

namespace streamforge::media::ffmpeg {

/// The filters that bring decoded pictures upright and progressive, in FFmpeg's notation; empty when nothing is needed.
///
/// `stream_rate` is the stream's own frame rate: a plan at about twice that makes one picture of each field, and a telecined
/// source planned at about 4/5 of it gets its film frames back.
[[nodiscard]] std::string filter_chain(const EncodePlan::VideoSource& source, Rational stream_rate);

/// A chain of libavfilter filters with one input and one output, built for pictures of one size and format.
class FilterGraph {
public:
    /// *Errors*: `internal` (the chain cannot be built).
    [[nodiscard]] static Result<FilterGraph> open(const AVFrame& like, AVRational time_base, AVRational frame_rate,
                                                  const std::string& chain, int threads);

    /// Whether pictures like `frame` can be fed to this graph.
    [[nodiscard]] bool fits(const AVFrame& frame) const noexcept;
    /// Feeds a picture (its references are taken over), or with nothing the end.
    [[nodiscard]] Result<void> send(FramePtr frame);
    /// The next picture; none when more input is needed or the end is reached.
    [[nodiscard]] Result<FramePtr> receive();
    /// Of the times of pictures that come out.
    [[nodiscard]] AVRational time_base() const noexcept { return av_buffersink_get_time_base(sink_); }

private:
    FilterGraphPtr graph_;
    AVFilterContext* source_ = nullptr;  // owned by the graph
    AVFilterContext* sink_ = nullptr;
    int width_ = 0;
    int height_ = 0;
    int format_ = -1;
};

}  // namespace streamforge::media::ffmpeg
