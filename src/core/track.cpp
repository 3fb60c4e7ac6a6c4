#include <streamforge/core/track.hpp>

#include <array>

namespace streamforge {
namespace {

struct CodecName {
    Codec codec;
    std::string_view name;
};

constexpr std::array codec_names{
    CodecName{Codec::unknown, "unknown"}, CodecName{Codec::h264, "h264"}, CodecName{Codec::hevc, "hevc"}, CodecName{Codec::av1, "av1"},
    CodecName{Codec::vp9, "vp9"},         CodecName{Codec::aac, "aac"},   CodecName{Codec::ac3, "ac3"},   CodecName{Codec::eac3, "eac3"},
    CodecName{Codec::mp3, "mp3"},         CodecName{Codec::opus, "opus"}, CodecName{Codec::flac, "flac"}, CodecName{Codec::alac, "alac"},
    CodecName{Codec::webvtt, "webvtt"},
};

}  // namespace

std::string_view to_string(Codec codec) noexcept {
    for (const auto& entry : codec_names) {
        if (entry.codec == codec) return entry.name;
    }
    return "unknown";
}

Codec codec_from_string(std::string_view name) noexcept {
    for (const auto& entry : codec_names) {
        if (entry.name == name) return entry.codec;
    }
    return Codec::unknown;
}

std::string_view to_string(TrackKind kind) noexcept {
    switch (kind) {
        case TrackKind::video: return "video";
        case TrackKind::audio: return "audio";
        case TrackKind::text: return "text";
    }
    return "text";
}

std::string_view to_string(VideoRange range) noexcept {
    switch (range) {
        case VideoRange::sdr: return "SDR";
        case VideoRange::hlg: return "HLG";
        case VideoRange::pq: return "PQ";
    }
    return "SDR";
}

VideoRange video_range(const ColourInfo& colour) noexcept {
    constexpr std::uint16_t smpte2084 = 16;
    constexpr std::uint16_t arib_std_b67 = 18;
    if (colour.transfer == smpte2084) return VideoRange::pq;
    if (colour.transfer == arib_std_b67) return VideoRange::hlg;
    return VideoRange::sdr;
}

}  // namespace streamforge
