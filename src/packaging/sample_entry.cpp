#include "packaging/sample_entry.hpp"

#include <algorithm>
#include <limits>

namespace streamforge::packaging {
namespace {

void write_config(BoxWriter& out, const CodecConfig& config) {
    const auto box = out.box(config.box);
    out.bytes(config.body);
}

void write_bitrate(BoxWriter& out, const std::optional<BitrateHint>& bitrate) {
    if (!bitrate) return;
    const auto box = out.box("btrt");
    out.u32(0);  // bufferSizeDB: not announced
    out.u32(bitrate->max_bps);
    out.u32(bitrate->average_bps);
}

void write_colour(BoxWriter& out, const ColourInfo& colour) {
    constexpr std::uint16_t unspecified = 2;
    if (colour.primaries == unspecified && colour.transfer == unspecified && colour.matrix == unspecified && !colour.full_range) {
        return;
    }
    const auto box = out.box("colr");
    out.fourcc("nclx");
    out.u16(colour.primaries);
    out.u16(colour.transfer);
    out.u16(colour.matrix);
    out.u8(colour.full_range ? 0x80 : 0);
}

void write_pixel_aspect(BoxWriter& out, const Rational& aspect) {
    const Rational exact = aspect.reduced();
    constexpr std::int64_t max = std::numeric_limits<std::uint32_t>::max();
    if (!exact.is_positive() || exact.num > max || exact.den > max) return;
    const auto box = out.box("pasp");
    out.u32(static_cast<std::uint32_t>(exact.num));
    out.u32(static_cast<std::uint32_t>(exact.den));
}

void write_hdr(BoxWriter& out, const VideoFormat& video) {
    if (video.mastering_display) {
        const MasteringDisplay& display = *video.mastering_display;
        const auto box = out.box("mdcv");
        for (const auto value : {display.green_x, display.green_y, display.blue_x, display.blue_y, display.red_x, display.red_y,
                                 display.white_x, display.white_y}) {
            out.u16(value);
        }
        out.u32(display.max_luminance);
        out.u32(display.min_luminance);
    }
    if (video.content_light) {
        const auto box = out.box("clli");
        out.u16(video.content_light->max_cll);
        out.u16(video.content_light->max_fall);
    }
}

std::uint16_t saturated_16(std::uint32_t value) { return static_cast<std::uint16_t>(std::min<std::uint32_t>(value, 0xFFFF)); }

void write_video_entry(BoxWriter& out, const TrackFormat& format, const CodecConfig& config, const std::optional<BitrateHint>& bitrate) {
    const auto box = out.box(config.sample_entry);
    out.zeros(6);
    out.u16(1);  // data_reference_index
    out.zeros(16);
    out.u16(saturated_16(format.video.width_px));
    out.u16(saturated_16(format.video.height_px));
    out.u32(0x00480000);  // 72 dpi, both ways
    out.u32(0x00480000);
    out.u32(0);
    out.u16(1);     // frame_count
    out.zeros(32);  // compressorname
    out.u16(0x0018);
    out.u16(0xFFFF);
    write_config(out, config);
    write_colour(out, format.video.colour);
    write_pixel_aspect(out, format.video.sample_aspect);
    write_hdr(out, format.video);
    write_bitrate(out, bitrate);
}

void write_audio_entry(BoxWriter& out, const TrackFormat& format, const CodecConfig& config, const std::optional<BitrateHint>& bitrate) {
    const auto box = out.box(config.sample_entry);
    out.zeros(6);
    out.u16(1);  // data_reference_index
    out.zeros(8);
    out.u16(saturated_16(format.audio.channels));
    out.u16(16);  // samplesize, as the format demands
    out.u32(0);
    constexpr std::uint32_t opus_rate = 48000;
    const std::uint32_t rate = format.codec == Codec::opus ? opus_rate : format.audio.sample_rate_hz;
    out.u32(rate <= 0xFFFF ? rate << 16 : 0);
    write_config(out, config);
    write_bitrate(out, bitrate);
}

}  // namespace

void write_sample_entry(BoxWriter& out, const TrackFormat& format, const CodecConfig& config, const std::optional<BitrateHint>& bitrate) {
    if (format.kind == TrackKind::video) {
        write_video_entry(out, format, config, bitrate);
    } else {
        write_audio_entry(out, format, config, bitrate);
    }
}

}  // namespace streamforge::packaging
