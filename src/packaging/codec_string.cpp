#include <streamforge/packaging/codec_string.hpp>

#include <array>
#include <string_view>

#include "core/try.hpp"
#include "packaging/audio_headers.hpp"
#include "packaging/codec_config.hpp"
#include "packaging/nal_units.hpp"
#include "packaging/video_headers.hpp"

namespace streamforge::packaging {
namespace {

void append_hex(std::string& out, std::uint32_t value, unsigned min_digits) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    for (; value != 0; value >>= 4) text.insert(text.begin(), digits[value & 0xFU]);
    if (text.size() < min_digits) text.insert(0, min_digits - text.size(), '0');
    out += text;
}

void append_decimal(std::string& out, std::uint32_t value, std::size_t digits) {
    const std::string text = std::to_string(value);
    if (text.size() < digits) out.append(digits - text.size(), '0');
    out += text;
}

Result<std::string> h264_string(const TrackFormat& format) {
    SF_ASSIGN(const CodecConfig config, make_codec_config(format));
    std::string text = "avc1.";
    for (std::size_t i = 1; i <= 3; ++i) append_hex(text, config.body[i], 2);
    return text;
}

/// *Source*: ISO/IEC 14496-15 Annex E.3.
Result<std::string> hevc_string(const TrackFormat& format) {
    SF_ASSIGN(const CodecConfig config, make_codec_config(format));
    const ByteView profile = ByteView(config.body).subspan(1, 12);
    std::string text = "hvc1.";
    const unsigned space = profile[0] >> 6;
    if (space > 0) text += static_cast<char>('A' + space - 1);
    text += std::to_string(profile[0] & 0x1FU);
    std::uint32_t compatibility = 0;
    for (std::size_t bit = 0; bit < 32; ++bit) {
        if ((profile[1 + bit / 8] >> (7 - bit % 8) & 1U) != 0) compatibility |= std::uint32_t{1} << bit;
    }
    text += '.';
    append_hex(text, compatibility, 1);
    text += (profile[0] & 0x20U) != 0 ? ".H" : ".L";
    text += std::to_string(profile[11]);
    std::size_t last = 11;
    while (last > 5 && profile[last - 1] == 0) --last;
    for (std::size_t i = 5; i < last; ++i) {
        text += '.';
        append_hex(text, profile[i], 1);
    }
    return text;
}

/// *Source*: AV1-ISOBMFF §5.
Result<std::string> av1_string(const TrackFormat& format) {
    SF_ASSIGN(Av1SequenceHeader header, av1_sequence_header(format.codec_config));
    constexpr std::uint32_t unspecified = 2;
    if (header.colour_primaries == unspecified && header.transfer == unspecified && header.matrix == unspecified) {
        const ColourInfo& colour = format.video.colour;  // of the container, when the stream itself says nothing
        header.colour_primaries = colour.primaries;
        header.transfer = colour.transfer;
        header.matrix = colour.matrix;
        header.full_range = header.full_range || colour.full_range;
    }
    std::string text = "av01." + std::to_string(header.profile) + '.';
    append_decimal(text, header.level, 2);
    text += header.tier == 1 ? "H." : "M.";
    append_decimal(text, header.bit_depth, 2);
    const unsigned subsampling = (header.subsampling_x ? 100U : 0U) + (header.subsampling_y ? 10U : 0U) +
                                 (header.subsampling_x && header.subsampling_y ? header.chroma_sample_position : 0U);
    // The optional part is left out when all of it has the defaults (4:2:0, BT.709, limited range). Unspecified colour
    // counts as default: players treat it as BT.709 and some refuse the long form.
    const auto is_default = [](std::uint32_t value) { return value == 1 || value == 2; };
    if (!header.monochrome && subsampling >= 110 && subsampling <= 112 && is_default(header.colour_primaries) &&
        is_default(header.transfer) && is_default(header.matrix) && !header.full_range) {
        return text;
    }
    text += header.monochrome ? ".1." : ".0.";
    append_decimal(text, subsampling, 3);
    for (const std::uint32_t value : {header.colour_primaries, header.transfer, header.matrix}) {
        text += '.';
        append_decimal(text, value, 2);
    }
    text += header.full_range ? ".1" : ".0";
    return text;
}

/// *Source*: VP9-in-ISOBMFF "Codecs Parameter String".
Result<std::string> vp9_string(const TrackFormat& format) {
    SF_ASSIGN(const CodecConfig config, make_codec_config(format));
    const ByteView body = config.body;  // version and flags, then profile, level, depth/chroma/range, colour
    std::string text = "vp09.";
    append_decimal(text, body[4], 2);
    text += '.';
    append_decimal(text, body[5], 2);
    text += '.';
    append_decimal(text, body[6] >> 4, 2);
    const std::uint32_t chroma = body[6] >> 1 & 7U;
    const std::array<std::uint32_t, 4> optional{chroma, body[7], body[8], body[9]};
    const bool full_range = (body[6] & 1U) != 0;
    if (chroma <= 1 && body[7] <= 2 && body[8] <= 2 && body[9] <= 2 && !full_range) return text;
    for (const std::uint32_t value : optional) {
        text += '.';
        append_decimal(text, value, 2);
    }
    text += full_range ? ".01" : ".00";
    return text;
}

}  // namespace

Result<std::string> codec_string(const TrackFormat& format) {
    switch (format.codec) {
        case Codec::h264: return h264_string(format);
        case Codec::hevc: return hevc_string(format);
        case Codec::av1: return av1_string(format);
        case Codec::vp9: return vp9_string(format);
        case Codec::aac: {
            SF_ASSIGN(const AacConfig aac, parse_aac_config(format.codec_config));
            return "mp4a.40." + std::to_string(aac.object_type);
        }
        case Codec::mp3: return std::string("mp4a.6B");
        case Codec::opus: return std::string("Opus");
        case Codec::flac: return std::string("fLaC");
        case Codec::alac: return std::string("alac");
        case Codec::ac3: return std::string("ac-3");
        case Codec::eac3: return std::string("ec-3");
        case Codec::webvtt: return std::string("wvtt");
        case Codec::unknown: break;
    }
    return make_error(Errc::unsupported_codec, "packaging.codec_string", "this codec has no name in MP4");
}

}  // namespace streamforge::packaging
