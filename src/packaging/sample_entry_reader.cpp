#include "packaging/sample_entry_reader.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "core/try.hpp"
#include "packaging/audio_headers.hpp"
#include "packaging/box_reader.hpp"
#include "packaging/codec_config.hpp"
#include "packaging/nal_units.hpp"
#include "packaging/video_headers.hpp"

namespace streamforge::packaging {
namespace {

constexpr std::string_view path = "moov/trak/mdia/minf/stbl/stsd";

Error unsupported(std::uint32_t type, const char* what) {
    return make_error(Errc::unsupported_codec, "packaging.read_mp4", what).with("sample_entry", fourcc_text(type));
}

/// A box inside bytes already in memory.
struct Child {
    std::uint32_t type = 0;
    ByteView body;
};

/// The boxes that follow each other in `bytes`; what does not parse ends the list (encoders leave padding there).
std::vector<Child> children(ByteView bytes) {
    std::vector<Child> found;
    constexpr std::size_t head = 8;
    while (bytes.size() >= head) {
        const std::size_t size = read_u32(bytes);
        if (size < head || size > bytes.size()) break;
        found.push_back({read_u32(bytes.subspan(4)), bytes.subspan(head, size - head)});
        bytes = bytes.subspan(size);
    }
    return found;
}

std::optional<ByteView> child(const std::vector<Child>& boxes, std::string_view type) {
    for (const Child& box : boxes) {
        if (box.type == fourcc(type)) return box.body;
    }
    return std::nullopt;
}

Bytes copy(ByteView view) { return {view.begin(), view.end()}; }

void read_colour(const std::vector<Child>& boxes, ColourInfo& colour) {
    for (const Child& box : boxes) {
        if (box.type != fourcc("colr") || box.body.size() < 10) continue;
        const std::uint32_t kind = read_u32(box.body);
        if (kind != fourcc("nclx") && kind != fourcc("nclc")) continue;
        colour.primaries = read_u16(box.body.subspan(4));
        colour.transfer = read_u16(box.body.subspan(6));
        colour.matrix = read_u16(box.body.subspan(8));
        colour.full_range = kind == fourcc("nclx") && box.body.size() > 10 && (box.body[10] & 0x80U) != 0;
        return;
    }
}

void read_hdr(const std::vector<Child>& boxes, VideoFormat& video) {
    if (const auto body = child(boxes, "mdcv"); body && body->size() >= 24) {
        MasteringDisplay display;
        const std::array<std::uint16_t*, 8> fields{&display.green_x, &display.green_y, &display.blue_x,  &display.blue_y,
                                                   &display.red_x,   &display.red_y,   &display.white_x, &display.white_y};
        for (std::size_t i = 0; i < fields.size(); ++i) *fields[i] = read_u16(body->subspan(2 * i));
        display.max_luminance = read_u32(body->subspan(16));
        display.min_luminance = read_u32(body->subspan(20));
        video.mastering_display = display;
    }
    if (const auto body = child(boxes, "clli"); body && body->size() >= 4) {
        video.content_light = ContentLight{read_u16(*body), read_u16(body->subspan(2))};
    }
}

void take_colour(VideoFormat& video, std::uint32_t primaries, std::uint32_t transfer, std::uint32_t matrix, bool full_range) {
    constexpr std::uint16_t unspecified = 2;
    ColourInfo& colour = video.colour;
    if (colour.primaries != unspecified || colour.transfer != unspecified || colour.matrix != unspecified) return;
    colour = {static_cast<std::uint16_t>(primaries), static_cast<std::uint16_t>(transfer), static_cast<std::uint16_t>(matrix), full_range};
}

Result<void> read_nal_config(ByteView body, Codec codec, SampleEntry& entry) {
    entry.format.codec_config = copy(body);
    SF_ASSIGN(const NalConfig config, codec == Codec::hevc ? parse_hvcc(body) : parse_avcc(body));
    if (config.nal_length_bytes == 3) return malformed_box(path, "NAL unit lengths of 3 bytes are not allowed");
    entry.nal_length_bytes = static_cast<std::uint8_t>(config.nal_length_bytes);
    const unsigned sps_type = codec == Codec::hevc ? hevc_nal::sps : h264_nal::sps;
    const auto sps = std::find_if(config.parameter_sets.begin(), config.parameter_sets.end(),
                                  [&](const Bytes& unit) { return nal_type(codec, unit) == sps_type; });
    if (sps == config.parameter_sets.end()) {
        return make_error(Errc::unsupported_codec, "packaging.read_mp4",
                          "the parameter sets are not in the sample description, only among the samples");
    }
    VideoFormat& video = entry.format.video;
    if (codec == Codec::hevc) {
        SF_ASSIGN(const HevcSps parsed, parse_hevc_sps(*sps));
        video.bit_depth = static_cast<std::uint8_t>(parsed.bit_depth_luma);
        take_colour(video, parsed.colour.primaries, parsed.colour.transfer, parsed.colour.matrix, parsed.colour.full_range);
    } else {
        SF_ASSIGN(const H264Sps parsed, parse_h264_sps(*sps));
        video.bit_depth = static_cast<std::uint8_t>(parsed.bit_depth_luma);
        take_colour(video, parsed.colour.primaries, parsed.colour.transfer, parsed.colour.matrix, parsed.colour.full_range);
    }
    return {};
}

Result<void> read_video_config(std::uint32_t type, const std::vector<Child>& boxes, SampleEntry& entry) {
    const auto required = [&](std::string_view name) -> Result<ByteView> {
        if (const auto body = child(boxes, name)) return *body;
        return malformed_box(path, "the codec configuration box is missing").with("type", std::string(name));
    };
    TrackFormat& format = entry.format;
    if (type == fourcc("avc1") || type == fourcc("avc3")) {
        format.codec = Codec::h264;
        SF_ASSIGN(const ByteView body, required("avcC"));
        return read_nal_config(body, Codec::h264, entry);
    }
    if (type == fourcc("hvc1") || type == fourcc("hev1")) {
        format.codec = Codec::hevc;
        SF_ASSIGN(const ByteView body, required("hvcC"));
        return read_nal_config(body, Codec::hevc, entry);
    }
    if (type == fourcc("av01")) {
        format.codec = Codec::av1;
        SF_ASSIGN(const ByteView body, required("av1C"));
        format.codec_config = copy(body);
        SF_ASSIGN(const Av1SequenceHeader header, av1_sequence_header(body));
        format.video.bit_depth = static_cast<std::uint8_t>(header.bit_depth);
        take_colour(format.video, header.colour_primaries, header.transfer, header.matrix, header.full_range);
        return {};
    }
    if (type == fourcc("vp09")) {
        format.codec = Codec::vp9;
        SF_ASSIGN(const ByteView body, required("vpcC"));
        format.codec_config = copy(body);
        if (body.size() >= 7) format.video.bit_depth = body[6] >> 4;
        return make_codec_config(format) ? Result<void>{} : malformed_box(path, "the VP9 configuration is cut off");
    }
    return unsupported(type, "this video codec cannot be packaged");
}

Result<SampleEntry> read_video(std::uint32_t type, ByteView body) {
    constexpr std::size_t fixed_part = 78;
    if (type == fourcc("encv")) return make_error(Errc::encrypted, "packaging.read_mp4", "the video track is encrypted");
    if (body.size() < fixed_part) return malformed_box(path, "the video sample description is cut off");
    SampleEntry entry;
    entry.format.kind = TrackKind::video;
    VideoFormat& video = entry.format.video;
    video.width_px = read_u16(body.subspan(24));
    video.height_px = read_u16(body.subspan(26));
    const auto boxes = children(body.subspan(fixed_part));
    read_colour(boxes, video.colour);
    if (const auto aspect = child(boxes, "pasp"); aspect && aspect->size() >= 8) {
        const Rational ratio{read_u32(*aspect), read_u32(aspect->subspan(4))};
        if (ratio.is_positive()) video.sample_aspect = ratio.reduced();
    }
    read_hdr(boxes, video);
    SF_TRY(read_video_config(type, boxes, entry));
    if (video.width_px == 0 || video.height_px == 0) return malformed_box(path, "the video has no size");
    return entry;
}

/// The pieces of `esds` that matter.
struct Esds {
    unsigned object_type_indication = 0;
    ByteView specific;
};

/// *Source*: ISO/IEC 14496-1 §7.2.6.5–7.2.6.7, §8.3.3 (lengths).
Result<Esds> parse_esds(ByteView body) {
    const Error broken = malformed_box("moov/trak/mdia/minf/stbl/stsd/esds", "the elementary stream descriptor is damaged");
    Esds found;
    constexpr std::size_t version_and_flags = 4;
    if (body.size() < version_and_flags) return broken;
    ByteView rest = body.subspan(version_and_flags);
    while (rest.size() >= 2) {
        const std::uint8_t tag = rest[0];
        std::size_t at = 1;
        std::size_t length = 0;
        for (int i = 0; i < 4 && at < rest.size(); ++i) {
            const std::uint8_t byte = rest[at++];
            length = length << 7 | (byte & 0x7FU);
            if ((byte & 0x80U) == 0) break;
        }
        // Some writers count the outer lengths wrongly: only the innermost descriptor is held to its length.
        ByteView content = rest.subspan(at);
        if (tag == 3) {
            if (content.size() < 3) return broken;
            const std::uint8_t flags = content[2];
            std::size_t skip = 3;
            if ((flags & 0x80U) != 0) skip += 2;
            if ((flags & 0x40U) != 0 && content.size() > skip) skip += std::size_t{1} + content[skip];
            if ((flags & 0x20U) != 0) skip += 2;
            if (content.size() < skip) return broken;
            rest = content.subspan(skip);
        } else if (tag == 4) {
            constexpr std::size_t decoder_fixed = 13;
            if (content.size() < decoder_fixed) return broken;
            found.object_type_indication = content[0];
            rest = content.subspan(decoder_fixed);
        } else {
            if (length > content.size()) return broken;
            if (tag == 5) {
                found.specific = content.first(length);
                return found;
            }
            rest = content.subspan(length);
        }
    }
    if (found.object_type_indication == 0) return broken;
    return found;
}

Result<void> read_mpeg4_audio(const std::vector<Child>& boxes, TrackFormat& format) {
    const auto body = child(boxes, "esds");
    if (!body) return malformed_box(path, "the audio sample description has no esds box");
    SF_ASSIGN(const Esds esds, parse_esds(*body));
    constexpr unsigned mpeg4 = 0x40, mpeg2_main = 0x66, mpeg2_ssr = 0x68, mp3_mpeg2 = 0x69, mp3_mpeg1 = 0x6B;
    const unsigned indication = esds.object_type_indication;
    if (indication == mp3_mpeg2 || indication == mp3_mpeg1) {
        format.codec = Codec::mp3;
        return {};
    }
    if (indication != mpeg4 && (indication < mpeg2_main || indication > mpeg2_ssr)) {
        return unsupported(fourcc("mp4a"), "this audio codec cannot be packaged")
            .with("object_type_indication", std::to_string(indication));
    }
    SF_ASSIGN(const AacConfig aac, parse_aac_config(esds.specific));
    format.codec = Codec::aac;
    format.codec_config = copy(esds.specific);
    constexpr std::array<std::uint32_t, 8> channels{0, 1, 2, 3, 4, 5, 6, 8};
    if (aac.channel_configuration > 0 && aac.channel_configuration < channels.size()) {
        format.audio.channels = channels[aac.channel_configuration];
    }
    if (aac.sample_rate_hz > 0) format.audio.sample_rate_hz = aac.sample_rate_hz;
    return {};
}

/// dOps to OpusHead's order of bytes.
Result<void> read_opus(ByteView body, TrackFormat& format) {
    constexpr std::size_t fixed_part = 11;
    if (body.size() < fixed_part) return malformed_box(path, "dOps is cut off");
    Bytes head = copy(body);
    head[0] = 1;
    std::reverse(head.begin() + 2, head.begin() + 4);
    std::reverse(head.begin() + 4, head.begin() + 8);
    std::reverse(head.begin() + 8, head.begin() + 10);
    format.codec = Codec::opus;
    format.codec_config = std::move(head);
    format.audio.channels = body[1];
    format.audio.sample_rate_hz = 48000;
    return make_codec_config(format) ? Result<void>{} : malformed_box(path, "dOps is damaged");
}

Result<void> read_flac(ByteView body, TrackFormat& format) {
    constexpr std::size_t head = 8, stream_info = 34;
    if (body.size() < head + stream_info || (body[4] & 0x7FU) != 0) return malformed_box(path, "dfLa holds no STREAMINFO");
    format.codec = Codec::flac;
    format.codec_config = copy(body.subspan(head, stream_info));
    // 20 bits of rate, 3 bits of channels − 1. Source: RFC 9639 §8.2.
    const ByteView info = body.subspan(head + 10);
    format.audio.sample_rate_hz = std::uint32_t{info[0]} << 12 | std::uint32_t{info[1]} << 4 | info[2] >> 4;
    format.audio.channels = (info[2] >> 1 & 7U) + 1;
    return {};
}

Result<void> read_audio_config(std::uint32_t type, std::vector<Child> boxes, TrackFormat& format) {
    if (const auto wave = child(boxes, "wave")) {  // QuickTime keeps the configuration one level deeper
        const auto inner = children(*wave);
        boxes.insert(boxes.end(), inner.begin(), inner.end());
    }
    const auto verbatim = [&](Codec codec, std::string_view box) -> Result<void> {
        const auto body = child(boxes, box);
        format.codec = codec;
        if (body) format.codec_config = copy(*body);
        if (!must_learn_codec_config(format) && !make_codec_config(format)) {
            return malformed_box(path, "the codec configuration is cut off").with("type", std::string(box));
        }
        return {};
    };
    if (type == fourcc("mp4a")) return read_mpeg4_audio(boxes, format);
    if (type == fourcc(".mp3")) {
        format.codec = Codec::mp3;
        return {};
    }
    if (type == fourcc("ac-3")) return verbatim(Codec::ac3, "dac3");
    if (type == fourcc("ec-3")) return verbatim(Codec::eac3, "dec3");
    if (type == fourcc("alac")) return verbatim(Codec::alac, "alac");
    if (type == fourcc("Opus") || type == fourcc("fLaC")) {
        const bool opus = type == fourcc("Opus");
        const auto body = child(boxes, opus ? "dOps" : "dfLa");
        if (!body) return malformed_box(path, "the codec configuration box is missing");
        return opus ? read_opus(*body, format) : read_flac(*body, format);
    }
    return unsupported(type, "this audio codec cannot be packaged");
}

Result<SampleEntry> read_audio(std::uint32_t type, ByteView body) {
    constexpr std::size_t fixed_part = 28, version_1_part = 16, version_2_part = 36;
    if (type == fourcc("enca")) return make_error(Errc::encrypted, "packaging.read_mp4", "the audio track is encrypted");
    if (body.size() < fixed_part) return malformed_box(path, "the audio sample description is cut off");
    SampleEntry entry;
    entry.format.kind = TrackKind::audio;
    entry.format.audio.channels = read_u16(body.subspan(16));
    entry.format.audio.sample_rate_hz = read_u32(body.subspan(24)) >> 16;
    // Versions 1 and 2 are QuickTime's; an ISO file of the same bytes would have a box there, whose size starts with 0.
    const unsigned version = read_u16(body.subspan(8));
    const std::size_t start = fixed_part + (version == 1 ? version_1_part : version == 2 ? version_2_part : 0);
    if (body.size() < start) return malformed_box(path, "the audio sample description is cut off");
    SF_TRY(read_audio_config(type, children(body.subspan(start)), entry.format));
    if (entry.format.audio.sample_rate_hz == 0) return malformed_box(path, "the audio has no sample rate");
    if (entry.format.audio.channels == 0) return malformed_box(path, "the audio has no channels");
    return entry;
}

}  // namespace

Result<SampleEntry> read_sample_entry(ByteView stsd_body, TrackKind kind) {
    constexpr std::size_t list_head = 8, entry_head = 8;
    if (stsd_body.size() < list_head + entry_head) return malformed_box(path, "there is no sample description");
    const ByteView entries = stsd_body.subspan(list_head);
    const std::size_t size = read_u32(entries);
    if (size < entry_head || size > entries.size()) return malformed_box(path, "a sample description is cut off");
    const std::uint32_t type = read_u32(entries.subspan(4));
    const ByteView body = entries.subspan(entry_head, size - entry_head);
    return kind == TrackKind::video ? read_video(type, body) : read_audio(type, body);
}

}  // namespace streamforge::packaging
