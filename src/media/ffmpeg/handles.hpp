#pragma once

/// Every FFmpeg include of the module that owns something, with an owner for each C type, and the one place that knows
/// the differences between FFmpeg 5.1 and later.

#ifndef __STDC_CONSTANT_MACROS
#define __STDC_CONSTANT_MACROS  // NOLINT: FFmpeg names it, and its headers ask for it in C++.
#endif

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavcodec/bsf.h>
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavformat/avformat.h>
#include <libavutil/audio_fifo.h>
#include <libavutil/avutil.h>
#include <libavutil/buffer.h>
#include <libavutil/channel_layout.h>
#include <libavutil/dict.h>
#include <libavutil/display.h>
#include <libavutil/error.h>
#include <libavutil/frame.h>
#include <libavutil/hdr_dynamic_metadata.h>
#include <libavutil/imgutils.h>
#include <libavutil/mastering_display_metadata.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libavutil/rational.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
}

#include <streamforge/core/media_time.hpp>

namespace streamforge::media::ffmpeg {

/// Frees a C object through FFmpeg's "free and clear the pointer" functions.
template <auto free_function>
struct PointerDeleter {
    template <class T>
    void operator()(T* object) const noexcept {
        free_function(&object);
    }
};

/// Frees a C object through a function that takes the pointer itself.
template <auto free_function>
struct PlainDeleter {
    template <class T>
    void operator()(T* object) const noexcept {
        free_function(object);
    }
};

/// AVIOContext made by `avio_alloc_context`: its buffer may have been replaced by FFmpeg, so it is freed with it.
struct IoContextDeleter {
    void operator()(AVIOContext* io) const noexcept {
        av_freep(static_cast<void*>(&io->buffer));
        avio_context_free(&io);
    }
};

using InputContextPtr = std::unique_ptr<AVFormatContext, PointerDeleter<avformat_close_input>>;
using IoContextPtr = std::unique_ptr<AVIOContext, IoContextDeleter>;
using CodecContextPtr = std::unique_ptr<AVCodecContext, PointerDeleter<avcodec_free_context>>;
using CodecParametersPtr = std::unique_ptr<AVCodecParameters, PointerDeleter<avcodec_parameters_free>>;
using ParserPtr = std::unique_ptr<AVCodecParserContext, PlainDeleter<av_parser_close>>;
using BitstreamFilterPtr = std::unique_ptr<AVBSFContext, PointerDeleter<av_bsf_free>>;
using FramePtr = std::unique_ptr<AVFrame, PointerDeleter<av_frame_free>>;
using PacketPtr = std::unique_ptr<AVPacket, PointerDeleter<av_packet_free>>;
using BufferPtr = std::unique_ptr<AVBufferRef, PointerDeleter<av_buffer_unref>>;
using BufferPoolPtr = std::unique_ptr<AVBufferPool, PointerDeleter<av_buffer_pool_uninit>>;
using FilterGraphPtr = std::unique_ptr<AVFilterGraph, PointerDeleter<avfilter_graph_free>>;
using FilterInOutPtr = std::unique_ptr<AVFilterInOut, PointerDeleter<avfilter_inout_free>>;
using ResamplerPtr = std::unique_ptr<SwrContext, PointerDeleter<swr_free>>;
using ScalerPtr = std::unique_ptr<SwsContext, PlainDeleter<sws_freeContext>>;
using AudioFifoPtr = std::unique_ptr<AVAudioFifo, PlainDeleter<av_audio_fifo_free>>;
/// For memory that FFmpeg hands out with `av_malloc`.
template <class T>
using AvMallocPtr = std::unique_ptr<T, PlainDeleter<av_free>>;

/// A list of options for an FFmpeg call. Calls that take `AVDictionary**` eat what they know; the rest stays here.
class Dictionary {
public:
    Dictionary() = default;
    Dictionary(Dictionary&& other) noexcept : entries_(std::exchange(other.entries_, nullptr)) {}
    Dictionary& operator=(Dictionary&& other) noexcept {
        std::swap(entries_, other.entries_);
        return *this;
    }
    ~Dictionary() { av_dict_free(&entries_); }

    void set(const char* key, const char* value) { av_dict_set(&entries_, key, value, 0); }
    void set(const char* key, std::int64_t value) { av_dict_set_int(&entries_, key, value, 0); }
    [[nodiscard]] AVDictionary** address() noexcept { return &entries_; }
    [[nodiscard]] AVDictionary* get() const noexcept { return entries_; }
    [[nodiscard]] bool empty() const noexcept { return av_dict_count(entries_) == 0; }

private:
    AVDictionary* entries_ = nullptr;
};

/// An AVChannelLayout that frees what a custom layout allocates.
class ChannelLayout {
public:
    ChannelLayout() = default;
    explicit ChannelLayout(const AVChannelLayout& layout) noexcept { av_channel_layout_copy(&layout_, &layout); }
    ChannelLayout(const ChannelLayout& other) noexcept : ChannelLayout(other.layout_) {}
    ChannelLayout& operator=(const ChannelLayout& other) noexcept {
        if (this != &other) av_channel_layout_copy(&layout_, &other.layout_);
        return *this;
    }
    ~ChannelLayout() { av_channel_layout_uninit(&layout_); }
    /// FFmpeg's usual layout for a number of channels: mono, stereo, 5.1, …
    [[nodiscard]] static ChannelLayout usual(int channels) noexcept {
        ChannelLayout result;
        av_channel_layout_default(&result.layout_, channels);
        return result;
    }
    [[nodiscard]] AVChannelLayout* get() noexcept { return &layout_; }
    [[nodiscard]] const AVChannelLayout* get() const noexcept { return &layout_; }

private:
    AVChannelLayout layout_{};
};

// ---- exact numbers ----

[[nodiscard]] inline Rational to_rational(AVRational value) noexcept { return {value.num, value.den}; }

/// `ticks` of `base` seconds as exact media time.
[[nodiscard]] inline MediaTime to_media_time(std::int64_t ticks, AVRational base) noexcept {
    if (base.num == 1) return {ticks, base.den};
    return MediaTime::from_seconds({base.num, base.den}) * ticks;
}

// ---- compat: what differs between FFmpeg 5.1 and later, nowhere else ----

namespace compat {

[[nodiscard]] inline bool is_key_frame(const AVFrame& frame) noexcept {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 7, 100)
    return (frame.flags & AV_FRAME_FLAG_KEY) != 0;
#else
    return frame.key_frame != 0;
#endif
}

[[nodiscard]] inline bool is_interlaced(const AVFrame& frame) noexcept {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 7, 100)
    return (frame.flags & AV_FRAME_FLAG_INTERLACED) != 0;
#else
    return frame.interlaced_frame != 0;
#endif
}

[[nodiscard]] inline bool is_top_field_first(const AVFrame& frame) noexcept {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 7, 100)
    return (frame.flags & AV_FRAME_FLAG_TOP_FIELD_FIRST) != 0;
#else
    return frame.top_field_first != 0;
#endif
}

/// Marks a frame as progressive or interlaced, for filters that obey the flag.
inline void set_interlaced(AVFrame& frame, bool interlaced, bool top_field_first) noexcept {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 7, 100)
    frame.flags &= ~(AV_FRAME_FLAG_INTERLACED | AV_FRAME_FLAG_TOP_FIELD_FIRST);
    if (interlaced) frame.flags |= AV_FRAME_FLAG_INTERLACED;
    if (top_field_first) frame.flags |= AV_FRAME_FLAG_TOP_FIELD_FIRST;
#else
    frame.interlaced_frame = interlaced ? 1 : 0;
    frame.top_field_first = top_field_first ? 1 : 0;
#endif
}

/// In the packet's time base; 0 when unknown.
[[nodiscard]] inline std::int64_t frame_duration(const AVFrame& frame) noexcept {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
    return frame.duration;
#else
    return frame.pkt_duration;
#endif
}

inline void set_frame_duration(AVFrame& frame, std::int64_t duration) noexcept {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
    frame.duration = duration;
#else
    frame.pkt_duration = duration;
#endif
}

struct SideData {
    const std::uint8_t* data = nullptr;
    std::size_t size = 0;
};

/// Side data that the container gives for a whole stream (display matrix, mastering display, …).
[[nodiscard]] inline SideData stream_side_data(const AVStream& stream, AVPacketSideDataType type) noexcept {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 30, 101)
    const AVCodecParameters& parameters = *stream.codecpar;
    const AVPacketSideData* entry = av_packet_side_data_get(parameters.coded_side_data, parameters.nb_coded_side_data, type);
    return entry == nullptr ? SideData{} : SideData{entry->data, entry->size};
#else
    std::size_t size = 0;
    const std::uint8_t* data = av_stream_get_side_data(&stream, type, &size);
    return {data, data == nullptr ? 0 : size};
#endif
}

}  // namespace compat

}  // namespace streamforge::media::ffmpeg
