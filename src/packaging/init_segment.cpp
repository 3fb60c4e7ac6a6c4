#include "packaging/init_segment.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

#include "packaging/box_writer.hpp"
#include "packaging/language.hpp"
#include "packaging/sample_entry.hpp"

namespace streamforge::packaging {
namespace {

constexpr std::int64_t movie_timescale = 1000;

/// Rows of a tkhd matrix that turns the picture clockwise. *Source*: ISO/IEC 14496-12 §8.3.2.
std::array<std::int32_t, 4> rotation(int clockwise_degrees) {
    constexpr std::int32_t one = 0x00010000;
    switch (clockwise_degrees) {
        case 90: return {0, one, -one, 0};
        case 180: return {-one, 0, 0, -one};
        case 270: return {0, -one, one, 0};
        default: return {one, 0, 0, one};
    }
}

void write_matrix(BoxWriter& out, int clockwise_degrees) {
    const auto [a, b, c, d] = rotation(clockwise_degrees);
    for (const std::int32_t value : {a, b, 0, c, d, 0, 0, 0, 0x40000000}) out.i32(value);
}

void write_ftyp(BoxWriter& out, const TrackFormat& format, const TrackHeader& header) {
    const auto box = out.box("ftyp");
    // cmf2 forbids edit lists.
    const bool second = !header.edit_start;
    out.fourcc(second ? "cmf2" : "cmfc");
    out.u32(0);
    if (second) out.fourcc("cmf2");
    out.fourcc("cmfc");
    out.fourcc("iso6");
    out.fourcc("mp41");
    out.fourcc("dash");
    if (format.codec == Codec::aac && format.audio.channels <= 2 && format.audio.sample_rate_hz <= 48000) out.fourcc("caac");
}

void write_mvhd(BoxWriter& out, const TrackHeader& header) {
    const auto box = out.full_box("mvhd", 0, 0);
    out.u32(0);  // creation and modification: none, so that equal input gives equal bytes
    out.u32(0);
    out.u32(movie_timescale);
    out.u32(0);  // duration: in the fragments
    out.u32(0x00010000);
    out.u16(0x0100);
    out.zeros(10);
    write_matrix(out, 0);
    out.zeros(24);
    out.u32(header.track_id + 1);
}

/// 16.16 of a picture dimension scaled by num/den.
std::uint32_t fixed_size(std::uint32_t size_px, std::int64_t num, std::int64_t den) {
    constexpr std::int64_t one = 0x10000;
    const std::int64_t fixed = den > 0 ? mul_div(std::int64_t{size_px} * one, num, den, Rounding::nearest) : 0;
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(fixed, 0, std::numeric_limits<std::uint32_t>::max()));
}

void write_tkhd(BoxWriter& out, const TrackFormat& format, const TrackHeader& header) {
    constexpr std::uint32_t enabled_in_movie_and_preview = 7;
    const auto box = out.full_box("tkhd", 0, enabled_in_movie_and_preview);
    out.u32(0);
    out.u32(0);
    out.u32(header.track_id);
    out.u32(0);
    out.u32(0);  // duration
    out.zeros(8);
    out.u16(0);
    out.u16(0);
    out.u16(format.kind == TrackKind::audio ? 0x0100 : 0);
    out.u16(0);
    write_matrix(out, header.clockwise_degrees);
    const Rational aspect = format.video.sample_aspect.is_positive() ? format.video.sample_aspect.reduced() : Rational{1, 1};
    const bool video = format.kind == TrackKind::video;
    out.u32(video ? fixed_size(format.video.width_px, aspect.num, aspect.den) : 0);
    out.u32(video ? fixed_size(format.video.height_px, 1, 1) : 0);
}

void write_edits(BoxWriter& out, const TrackHeader& header) {
    if (!header.edit_start) return;
    const auto box = out.box("edts");
    const auto list = out.full_box("elst", 1, 0);
    out.u32(1);
    out.u64(0);  // to the end of the track, fragments included
    out.u64(static_cast<std::uint64_t>(*header.edit_start));
    out.u32(0x00010000);
}

void write_handler(BoxWriter& out, TrackKind kind) {
    const auto box = out.full_box("hdlr", 0, 0);
    out.u32(0);
    out.fourcc(kind == TrackKind::video ? "vide" : "soun");
    out.zeros(12);
    out.text(kind == TrackKind::video ? "VideoHandler" : "SoundHandler");
    out.u8(0);
}

void write_data_reference(BoxWriter& out) {
    const auto dinf = out.box("dinf");
    const auto dref = out.full_box("dref", 0, 0);
    out.u32(1);
    constexpr std::uint32_t same_file = 1;
    const auto url = out.full_box("url ", 0, same_file);
}

void write_roll_description(BoxWriter& out, int distance) {
    const auto box = out.full_box("sgpd", 1, 0);
    out.fourcc("roll");
    out.u32(2);  // default_length
    out.u32(1);
    out.u16(static_cast<std::uint16_t>(distance));
}

void write_sample_table(BoxWriter& out, const TrackFormat& format, const CodecConfig& config, const TrackHeader& header) {
    const auto stbl = out.box("stbl");
    {
        const auto stsd = out.full_box("stsd", 0, 0);
        out.u32(1);
        write_sample_entry(out, format, config, header.bitrate);
    }
    for (const std::string_view table : {"stts", "stsc"}) {
        const auto box = out.full_box(table, 0, 0);
        out.u32(0);
    }
    {
        const auto stsz = out.full_box("stsz", 0, 0);
        out.u32(0);
        out.u32(0);
    }
    {
        const auto stco = out.full_box("stco", 0, 0);
        out.u32(0);
    }
    if (const int distance = roll_distance(format); distance != 0) write_roll_description(out, distance);
}

void write_media(BoxWriter& out, const TrackFormat& format, const CodecConfig& config, const TrackHeader& header) {
    const auto mdia = out.box("mdia");
    {
        const auto mdhd = out.full_box("mdhd", 0, 0);
        out.u32(0);
        out.u32(0);
        out.u32(static_cast<std::uint32_t>(format.timescale));
        out.u32(0);
        out.u16(pack_language(format.language));
        out.u16(0);
    }
    write_handler(out, format.kind);
    if (unpack_language(pack_language(format.language)) != format.language) {
        const auto elng = out.full_box("elng", 0, 0);
        out.text(format.language);
        out.u8(0);
    }
    const auto minf = out.box("minf");
    if (format.kind == TrackKind::video) {
        const auto vmhd = out.full_box("vmhd", 0, 1);
        out.zeros(8);
    } else {
        const auto smhd = out.full_box("smhd", 0, 0);
        out.zeros(4);
    }
    write_data_reference(out);
    write_sample_table(out, format, config, header);
}

void write_extends(BoxWriter& out, const TrackHeader& header) {
    const auto mvex = out.box("mvex");
    if (header.duration) {
        const auto mehd = out.full_box("mehd", 1, 0);
        out.u64(static_cast<std::uint64_t>(header.duration->rescaled(movie_timescale, Rounding::nearest).ticks));
    }
    const auto trex = out.full_box("trex", 0, 0);
    out.u32(header.track_id);
    out.u32(1);  // default_sample_description_index
    out.zeros(12);
}

}  // namespace

int roll_distance(const TrackFormat& format) noexcept {
    constexpr int opus_packets_of_80_ms = -4;
    if (format.codec == Codec::aac) return -1;
    if (format.codec == Codec::opus) return opus_packets_of_80_ms;
    return 0;
}

Bytes write_init_segment(const TrackFormat& format, const CodecConfig& config, const TrackHeader& header) {
    BoxWriter out(1024);
    write_ftyp(out, format, header);
    {
        const auto moov = out.box("moov");
        write_mvhd(out, header);
        {
            const auto trak = out.box("trak");
            write_tkhd(out, format, header);
            write_edits(out, header);
            write_media(out, format, config, header);
        }
        write_extends(out, header);
    }
    return out.take();
}

}  // namespace streamforge::packaging
