#include "media/ffmpeg/encode_options.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>
#include <thread>

#include "media/ffmpeg/scale_picture.hpp"

namespace streamforge::media::ffmpeg {
namespace {

/// A number, because libx264 reads the word "infinite" for its lower bound as 0.
constexpr int no_key_frames_by_count = 1 << 30;

std::string decimal(double value) {
    std::string text = std::to_string(value);  // six digits
    for (char& each : text) {
        if (each == ',') each = '.';
    }
    return text;
}

int saturate_to_int(std::uint64_t value) noexcept {
    return static_cast<int>(std::min<std::uint64_t>(value, std::numeric_limits<int>::max()));
}

/// libsvtav1's preset for an x264 preset name.
int svt_preset(std::string_view speed) noexcept {
    constexpr std::array names{"veryslow", "slower", "slow", "medium", "fast", "faster", "veryfast", "superfast", "ultrafast"};
    constexpr int slowest = 4;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (speed == names[i]) return slowest + static_cast<int>(i);
    }
    return slowest + 3;
}

/// "key=value" pairs joined by colons, as the encoders' own parameter strings want them.
class Parameters {
public:
    void add(const char* key, const std::string& value) {
        if (!text_.empty()) text_ += ':';
        text_ += key;
        text_ += '=';
        text_ += value;
    }
    void add(const char* key, std::int64_t value) { add(key, std::to_string(value)); }
    [[nodiscard]] const char* c_str() const noexcept { return text_.c_str(); }

private:
    std::string text_;
};

std::string x265_master_display(const MasteringDisplay& display) {
    const auto point = [](const char* name, unsigned x, unsigned y) {
        return std::string(name) + "(" + std::to_string(x) + "," + std::to_string(y) + ")";
    };
    return point("G", display.green_x, display.green_y) + point("B", display.blue_x, display.blue_y) +
           point("R", display.red_x, display.red_y) + point("WP", display.white_x, display.white_y) +
           point("L", display.max_luminance, display.min_luminance);
}

std::string svt_master_display(const MasteringDisplay& display) {
    const auto point = [](const char* name, double x, double y, double unit) {
        return std::string(name) + "(" + decimal(x / unit) + "," + decimal(y / unit) + ")";
    };
    constexpr double chromaticity = 50000.0;
    constexpr double luminance = 10000.0;
    return point("G", display.green_x, display.green_y, chromaticity) + point("B", display.blue_x, display.blue_y, chromaticity) +
           point("R", display.red_x, display.red_y, chromaticity) + point("WP", display.white_x, display.white_y, chromaticity) +
           point("L", display.max_luminance, display.min_luminance, luminance);
}

std::string light_levels(const ContentLight& light) { return std::to_string(light.max_cll) + "," + std::to_string(light.max_fall); }

Dictionary x264_options(const VideoEncoderSettings& settings) {
    const VideoRendition& rendition = settings.rendition;
    Dictionary options;
    options.set("preset", rendition.speed.c_str());
    options.set("profile", rendition.bit_depth > 8 ? "high10" : "high");
    options.set("forced-idr", std::int64_t{1});
    options.set("a53cc", std::int64_t{0});
    if (rendition.rate.mode == RateControl::Mode::capped_crf) options.set("crf", decimal(rendition.rate.crf).c_str());
    Parameters extra;
    extra.add("stitchable", 1);  // headers depend on the settings alone, never on the pictures
    // With key frames forced from outside, a scene cut becomes a plain I frame; 100 makes up for the sensitivity that a
    // distant minimum key interval takes away.
    extra.add("scenecut", rendition.speed == "ultrafast" ? 0 : 100);
    extra.add("open-gop", 0);
    options.set("x264-params", extra.c_str());
    return options;
}

Dictionary x265_options(const VideoEncoderSettings& settings) {
    const VideoRendition& rendition = settings.rendition;
    const int threads = encoder_threads(rendition);
    Dictionary options;
    options.set("preset", rendition.speed.c_str());
    options.set("profile", rendition.bit_depth > 8 ? "main10" : "main");
    options.set("forced-idr", std::int64_t{1});
    if (rendition.rate.mode == RateControl::Mode::capped_crf) options.set("crf", decimal(rendition.rate.crf).c_str());
    Parameters extra;
    extra.add("log-level", "none");
    extra.add("info", 0);
    extra.add("open-gop", 0);
    extra.add("keyint", no_key_frames_by_count);
    extra.add("min-keyint", no_key_frames_by_count);
    extra.add("repeat-headers", 0);
    extra.add("opt-qp-pps", 0);  // parameter sets must not change within the stream (hvc1)
    extra.add("opt-ref-list-length-pps", 0);
    extra.add("pools", threads);
    extra.add("frame-threads", std::clamp((threads + 1) / 2, 1, 4));
    if (video_range(settings.colour) == VideoRange::pq) {
        extra.add("hdr10", 1);
        extra.add("hdr10-opt", 1);
        if (settings.mastering_display) extra.add("master-display", x265_master_display(*settings.mastering_display));
        if (settings.content_light) extra.add("max-cll", light_levels(*settings.content_light));
    }
    options.set("x265-params", extra.c_str());
    return options;
}

Dictionary svtav1_options(const VideoEncoderSettings& settings) {
    const VideoRendition& rendition = settings.rendition;
    Dictionary options;
    options.set("preset", std::int64_t{svt_preset(rendition.speed)});
    if (rendition.rate.mode == RateControl::Mode::capped_crf) {
        options.set("crf", std::clamp<std::int64_t>(std::lround(rendition.rate.crf), 1, 63));
    }
    Parameters extra;
    extra.add("lp", encoder_threads(rendition));
    extra.add("pin", 0);  // its default ties every encoder of a process to the same cores
    extra.add("scd", 0);
    if (settings.mastering_display) extra.add("mastering-display", svt_master_display(*settings.mastering_display));
    if (settings.content_light) extra.add("content-light", light_levels(*settings.content_light));
    options.set("svtav1-params", extra.c_str());
    return options;
}

}  // namespace

std::string encoder_name(Codec codec) {
    switch (codec) {
        case Codec::h264: return "libx264";
        case Codec::hevc: return "libx265";
        case Codec::av1: return "libsvtav1";
        default: return {};
    }
}

AVPixelFormat encoder_pixel_format(const VideoRendition& rendition) noexcept {
    return rendition.bit_depth > 8 ? AV_PIX_FMT_YUV420P10 : AV_PIX_FMT_YUV420P;
}

int encoder_threads(const VideoRendition& rendition) noexcept {
    constexpr int most = 8;
    if (rendition.threads > 0) return rendition.threads;
    return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, most);
}

void set_encoder_fields(AVCodecContext& context, const VideoEncoderSettings& settings) {
    const VideoRendition& rendition = settings.rendition;
    context.width = static_cast<int>(rendition.width_px);
    context.height = static_cast<int>(rendition.height_px);
    context.sample_aspect_ratio = {1, 1};
    context.pix_fmt = encoder_pixel_format(rendition);
    context.time_base = {1, static_cast<int>(settings.timescale)};
    // Both: without a rate, rate control would take every tick of the time base for a frame.
    const Rational rate = settings.frame_rate.is_positive() ? settings.frame_rate.reduced() : Rational{30, 1};
    if (av_reduce(&context.framerate.num, &context.framerate.den, rate.num, rate.den, 1 << 24) == 0) {
        context.framerate = {static_cast<int>(std::lround(std::max(rate.approximate(), 1.0))), 1};
    }
    context.color_primaries = static_cast<AVColorPrimaries>(settings.colour.primaries);
    context.color_trc = static_cast<AVColorTransferCharacteristic>(settings.colour.transfer);
    context.colorspace = static_cast<AVColorSpace>(settings.colour.matrix);
    context.color_range = settings.colour.full_range ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
    context.chroma_sample_location = chroma_location(settings.colour);
    context.flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_CLOSED_GOP;
    context.gop_size = no_key_frames_by_count;
    context.keyint_min = no_key_frames_by_count;
    context.thread_count = encoder_threads(rendition);
    context.thread_type = FF_THREAD_FRAME;
    if (rendition.rate.mode == RateControl::Mode::average) {
        context.bit_rate = static_cast<std::int64_t>(rendition.rate.target_bps);
    }
    context.rc_max_rate = static_cast<std::int64_t>(rendition.rate.max_bps);
    context.rc_buffer_size = saturate_to_int(rendition.rate.buffer_bits);
    if (rendition.codec == Codec::hevc) {
        context.thread_count = std::clamp((encoder_threads(rendition) + 1) / 2, 1, 4);
    }
    if (rendition.codec == Codec::av1) {
        // Its key frames come by count alone; the caller starts a new encoder where the count misses a cut.
        context.gop_size =
            settings.frames_per_segment > 0 ? saturate_to_int(static_cast<std::uint64_t>(settings.frames_per_segment)) : 1 << 20;
        // Without a target the cap would be taken for one; with a target it must lie above.
        if (rendition.rate.mode == RateControl::Mode::average && context.rc_max_rate <= context.bit_rate) {
            context.rc_max_rate = context.bit_rate + context.bit_rate / 10 + 1;
        }
    }
}

Dictionary encoder_options(const VideoEncoderSettings& settings) {
    switch (settings.rendition.codec) {
        case Codec::hevc: return x265_options(settings);
        case Codec::av1: return svtav1_options(settings);
        default: return x264_options(settings);
    }
}

}  // namespace streamforge::media::ffmpeg
