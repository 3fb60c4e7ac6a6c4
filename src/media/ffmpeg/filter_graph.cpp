#include "media/ffmpeg/filter_graph.hpp"

#include <vector>

#include "core/try.hpp"
#include "media/ffmpeg/ffmpeg_error.hpp"
#include "media/ffmpeg/ffmpeg_log.hpp"

namespace streamforge::media::ffmpeg {
namespace {

constexpr const char* operation = "media.filter";

Error graph_error(int code, const char* message) {
    auto error = ffmpeg_error(code, operation, message);
    if (error.code == Errc::malformed) error.code = Errc::internal;
    return error;
}

/// Whether `a` is about `num`/`den` times `b`.
bool is_about(Rational a, Rational b, std::int64_t num, std::int64_t den) {
    if (!a.is_positive() || !b.is_positive()) return false;
    const double ratio = a.approximate() / b.approximate();
    const double wanted = static_cast<double>(num) / static_cast<double>(den);
    return ratio > wanted * 0.95 && ratio < wanted * 1.05;
}

void append_scan(std::vector<std::string>& filters, const EncodePlan::VideoSource& source, Rational stream_rate) {
    switch (source.scan) {
        case ScanType::progressive: return;
        case ScanType::interlaced_tff:
        case ScanType::interlaced_bff: {
            const char* mode = is_about(source.frame_rate, stream_rate, 2, 1) ? "send_field" : "send_frame";
            const char* parity = source.scan == ScanType::interlaced_tff ? "tff" : "bff";
            filters.push_back(std::string("bwdif=mode=") + mode + ":parity=" + parity + ":deint=all");
            return;
        }
        case ScanType::telecine:
            // Weave the film frames together again; what stays combed is deinterlaced.
            filters.emplace_back("fieldmatch=order=auto:combmatch=full");
            filters.emplace_back("bwdif=mode=send_frame:deint=interlaced");
            if (is_about(source.frame_rate, stream_rate, 4, 5)) filters.emplace_back("decimate");
            return;
    }
}

void append_orientation(std::vector<std::string>& filters, const Orientation& orientation) {
    if (orientation.mirrored) filters.emplace_back("hflip");
    switch (orientation.clockwise_degrees) {
        case 90: filters.emplace_back("transpose=clock"); break;
        case 180:
            filters.emplace_back("hflip");
            filters.emplace_back("vflip");
            break;
        case 270: filters.emplace_back("transpose=cclock"); break;
        default: break;
    }
}

}  // namespace

std::string filter_chain(const EncodePlan::VideoSource& source, Rational stream_rate) {
    std::vector<std::string> filters;
    append_scan(filters, source, stream_rate);
    append_orientation(filters, source.orientation);
    std::string chain;
    for (const auto& filter : filters) chain += (chain.empty() ? "" : ",") + filter;
    return chain;
}

Result<FilterGraph> FilterGraph::open(const AVFrame& like, AVRational time_base, AVRational frame_rate, const std::string& chain,
                                      int threads) {
    FilterGraph result;
    result.width_ = like.width;
    result.height_ = like.height;
    result.format_ = like.format;
    result.graph_.reset(avfilter_graph_alloc());
    if (!result.graph_) return make_error(Errc::internal, operation, "out of memory");
    AVFilterGraph* graph = result.graph_.get();
    graph->nb_threads = threads;

    result.source_ = avfilter_graph_alloc_filter(graph, avfilter_get_by_name("buffer"), "in");
    result.sink_ = avfilter_graph_alloc_filter(graph, avfilter_get_by_name("buffersink"), "out");
    const AvMallocPtr<AVBufferSrcParameters> parameters(av_buffersrc_parameters_alloc());
    if (result.source_ == nullptr || result.sink_ == nullptr || !parameters) {
        return make_error(Errc::internal, operation, "out of memory");
    }
    parameters->format = like.format;
    parameters->width = like.width;
    parameters->height = like.height;
    parameters->time_base = time_base;
    parameters->frame_rate = frame_rate;
    parameters->sample_aspect_ratio = like.sample_aspect_ratio;
    int code = av_buffersrc_parameters_set(result.source_, parameters.get());
    if (code >= 0) code = avfilter_init_str(result.source_, nullptr);
    if (code >= 0) code = avfilter_init_str(result.sink_, nullptr);
    if (code < 0) return graph_error(code, "cannot set up the filters' ends");

    FilterInOutPtr outputs(avfilter_inout_alloc());
    FilterInOutPtr inputs(avfilter_inout_alloc());
    if (!outputs || !inputs) return make_error(Errc::internal, operation, "out of memory");
    outputs->name = av_strdup("in");
    outputs->filter_ctx = result.source_;
    inputs->name = av_strdup("out");
    inputs->filter_ctx = result.sink_;
    AVFilterInOut* raw_outputs = outputs.release();
    AVFilterInOut* raw_inputs = inputs.release();
    LogCapture log;
    code = avfilter_graph_parse_ptr(graph, chain.c_str(), &raw_inputs, &raw_outputs, nullptr);
    inputs.reset(raw_inputs);
    outputs.reset(raw_outputs);
    if (code >= 0) code = avfilter_graph_config(graph, nullptr);
    if (code < 0) {
        auto error = graph_error(code, "cannot build the filters").with("filters", chain);
        error.remote_text = log.last_error();
        return error;
    }
    return result;
}

bool FilterGraph::fits(const AVFrame& frame) const noexcept {
    return frame.width == width_ && frame.height == height_ && frame.format == format_;
}

Result<void> FilterGraph::send(FramePtr frame) {
    const int code = av_buffersrc_add_frame_flags(source_, frame.get(), 0);
    if (code < 0 && code != AVERROR_EOF) return graph_error(code, "a filter refused a picture");
    return {};
}

Result<FramePtr> FilterGraph::receive() {
    FramePtr frame(av_frame_alloc());
    if (!frame) return make_error(Errc::internal, operation, "out of memory");
    const int code = av_buffersink_get_frame(sink_, frame.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return FramePtr{};
    if (code < 0) return graph_error(code, "a filter failed");
    return frame;
}

}  // namespace streamforge::media::ffmpeg
