#include "packaging/codec_config.hpp"

#include <algorithm>
#include <string>

#include "core/try.hpp"
#include "packaging/audio_headers.hpp"
#include "packaging/box_writer.hpp"
#include "packaging/nal_config.hpp"
#include "packaging/nal_units.hpp"
#include "packaging/obu.hpp"

namespace streamforge::packaging {
namespace {

Error broken(const TrackFormat& format, const char* what) {
    return make_error(Errc::malformed, "packaging.codec_config", what).with("codec", std::string(to_string(format.codec)));
}

Result<CodecConfig> nal_codec(const TrackFormat& format) {
    const bool hevc = format.codec == Codec::hevc;
    if (format.nal_framing == NalFraming::annex_b) {
        return hevc ? make_hvcc(format.codec_config) : make_avcc(format.codec_config);
    }
    SF_ASSIGN(NalConfig parsed, hevc ? parse_hvcc(format.codec_config) : parse_avcc(format.codec_config));
    return CodecConfig{hevc ? "hvc1" : "avc1", hevc ? "hvcC" : "avcC", format.codec_config, std::move(parsed.parameter_sets),
                       parsed.nal_length_bytes};
}

constexpr std::uint8_t av1c_marker = 0x81;

/// av1C. *Source*: AV1-ISOBMFF §2.3.
Result<CodecConfig> av1_codec(const TrackFormat& format) {
    const ByteView given = format.codec_config;
    SF_ASSIGN(const Av1SequenceHeader header, av1_sequence_header(given));
    if (given[0] == av1c_marker) return CodecConfig{"av01", "av1C", format.codec_config, {}, 0};
    const bool high = header.bit_depth > 8;
    const bool twelve = header.bit_depth == 12;
    Bytes body{
        av1c_marker, static_cast<std::uint8_t>(header.profile << 5 | header.level),
        static_cast<std::uint8_t>(header.tier << 7 | (high ? 0x40U : 0U) | (twelve ? 0x20U : 0U) | (header.monochrome ? 0x10U : 0U) |
                                  (header.subsampling_x ? 8U : 0U) | (header.subsampling_y ? 4U : 0U) | header.chroma_sample_position),
        0};  // initial_presentation_delay: not announced
    SF_ASSIGN(const auto units, split_obus(given));
    for (const Obu& unit : units) {
        if (unit.type == obu_type::sequence_header || unit.type == obu_type::metadata) append_obu(body, unit);
    }
    return CodecConfig{"av01", "av1C", std::move(body), {}, 0};
}

/// What the fixed part of av1C tells, for files that leave the sequence header out. Colour stays unspecified.
Av1SequenceHeader av1c_fields(ByteView body) {
    Av1SequenceHeader header;
    header.profile = body[1] >> 5;
    header.level = body[1] & 0x1FU;
    header.tier = body[2] >> 7;
    const bool high = (body[2] & 0x40U) != 0;
    const bool twelve = (body[2] & 0x20U) != 0;
    header.bit_depth = high ? (twelve ? 12 : 10) : 8;
    header.monochrome = (body[2] & 0x10U) != 0;
    header.subsampling_x = (body[2] & 8U) != 0;
    header.subsampling_y = (body[2] & 4U) != 0;
    header.chroma_sample_position = body[2] & 3U;
    return header;
}

/// An MPEG-4 descriptor's tag and its length in the four-byte form that old readers expect.
void write_descriptor_head(BoxWriter& out, std::uint8_t tag, std::size_t length) {
    out.u8(tag);
    for (int shift = 21; shift > 0; shift -= 7) out.u8(static_cast<std::uint8_t>(0x80U | (length >> shift & 0x7FU)));
    out.u8(static_cast<std::uint8_t>(length & 0x7FU));
}

/// esds. *Source*: ISO/IEC 14496-14 §5.6, 14496-1 §7.2.6.
Bytes esds_body(std::uint8_t object_type_indication, ByteView specific) {
    constexpr std::size_t head = 5, decoder_fixed = 13, es_fixed = 3, sl_size = 1;
    constexpr std::size_t max_specific = std::size_t{1} << 20;
    const std::size_t specific_size = specific.empty() ? 0 : head + std::min(specific.size(), max_specific);
    BoxWriter out;
    out.u32(0);  // version and flags
    write_descriptor_head(out, 3, es_fixed + head + decoder_fixed + specific_size + head + sl_size);
    out.u16(0);  // ES_ID: 0 in files
    out.u8(0);
    write_descriptor_head(out, 4, decoder_fixed + specific_size);
    out.u8(object_type_indication);
    out.u8(5U << 2 | 1U);  // audio stream
    out.u24(0);            // bufferSizeDB, max and average bit rate: not announced (btrt says it)
    out.u32(0);
    out.u32(0);
    if (!specific.empty()) {
        write_descriptor_head(out, 5, specific.size());
        out.bytes(specific);
    }
    write_descriptor_head(out, 6, sl_size);
    out.u8(2);  // predefined: MP4 file
    return out.take();
}

/// dOps from the fields of OpusHead. *Source*: Opus-in-ISOBMFF §4.3.2, RFC 7845 §5.1.
Result<CodecConfig> opus_codec(const TrackFormat& format) {
    ByteView head = format.codec_config;
    constexpr std::string_view magic = "OpusHead";
    if (head.size() >= magic.size() && std::equal(magic.begin(), magic.end(), head.begin())) head = head.subspan(magic.size());
    constexpr std::size_t fixed_part = 11;
    if (head.size() < fixed_part) return broken(format, "OpusHead is cut off");
    const auto family = head[10];
    const std::size_t channels = head[1];
    if (channels == 0) return broken(format, "OpusHead has no channels");
    if (family != 0 && head.size() < fixed_part + 2 + channels) return broken(format, "the Opus channel mapping is cut off");
    BoxWriter out;
    out.u8(0);
    out.u8(head[1]);
    const auto swapped = [&](std::size_t at, std::size_t count) {
        for (std::size_t i = count; i > 0; --i) out.u8(head[at + i - 1]);
    };
    swapped(2, 2);  // pre-skip
    swapped(4, 4);  // input sample rate
    swapped(8, 2);  // gain
    out.u8(family);
    if (family != 0) out.bytes(head.subspan(fixed_part, 2 + channels));
    return CodecConfig{"Opus", "dOps", out.take(), {}, 0};
}

/// dfLa. *Source*: FLAC-in-ISOBMFF §3.3.2.
Result<CodecConfig> flac_codec(const TrackFormat& format) {
    constexpr std::size_t stream_info = 34;
    if (format.codec_config.size() != stream_info) return broken(format, "FLAC needs its STREAMINFO block, 34 bytes");
    BoxWriter out;
    out.u32(0);
    out.u32(0x80000000U | stream_info);  // last block, type 0
    out.bytes(format.codec_config);
    return CodecConfig{"fLaC", "dfLa", out.take(), {}, 0};
}

Result<CodecConfig> aac_codec(const TrackFormat& format) {
    const auto config = parse_aac_config(format.codec_config);
    if (!config) return config.error();
    return CodecConfig{"mp4a", "esds", esds_body(0x40, format.codec_config), {}, 0};
}

Result<CodecConfig> verbatim(const TrackFormat& format, std::string_view entry, std::string_view box, std::size_t min_size) {
    if (format.codec_config.size() < min_size) return broken(format, "the codec configuration is missing or cut off");
    return CodecConfig{entry, box, format.codec_config, {}, 0};
}

}  // namespace

Result<Av1SequenceHeader> av1_sequence_header(ByteView codec_config) {
    ByteView units = codec_config;
    constexpr std::size_t av1c_fixed = 4;
    if (!units.empty() && units[0] == av1c_marker && units.size() >= av1c_fixed) units = units.subspan(av1c_fixed);
    SF_ASSIGN(const auto split, split_obus(units));
    for (const Obu& unit : split) {
        if (unit.type == obu_type::sequence_header) return parse_av1_sequence_header(unit.payload);
    }
    if (units.size() < codec_config.size()) return av1c_fields(codec_config);
    return make_error(Errc::malformed, "packaging.codec_config", "the codec configuration holds no AV1 sequence header");
}

Result<CodecConfig> make_codec_config(const TrackFormat& format) {
    switch (format.codec) {
        case Codec::h264:
        case Codec::hevc: return nal_codec(format);
        case Codec::av1: return av1_codec(format);
        case Codec::vp9: return verbatim(format, "vp09", "vpcC", 12);
        case Codec::aac: return aac_codec(format);
        case Codec::mp3: return CodecConfig{"mp4a", "esds", esds_body(0x6B, {}), {}, 0};
        case Codec::opus: return opus_codec(format);
        case Codec::flac: return flac_codec(format);
        case Codec::alac: return verbatim(format, "alac", "alac", 28);
        case Codec::ac3: return verbatim(format, "ac-3", "dac3", 3);
        case Codec::eac3: return verbatim(format, "ec-3", "dec3", 5);
        case Codec::webvtt:
        case Codec::unknown: break;
    }
    return make_error(Errc::unsupported_codec, "packaging.codec_config", "this codec has no CMAF form here")
        .with("codec", std::string(to_string(format.codec)));
}

bool must_learn_codec_config(const TrackFormat& format) noexcept {
    return format.codec_config.empty() && (format.codec == Codec::ac3 || format.codec == Codec::eac3);
}

Result<Bytes> learn_codec_config(const TrackFormat& format, ByteView first_packet) {
    return format.codec == Codec::ac3 ? dac3_from_frame(first_packet) : dec3_from_packet(first_packet);
}

}  // namespace streamforge::packaging
