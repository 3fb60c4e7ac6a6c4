#include "manifest/codecs.hpp"

#include <algorithm>
#include <array>

namespace streamforge::manifest {
namespace {

constexpr std::array video_entries{
    std::string_view("avc1"), std::string_view("avc3"), std::string_view("hvc1"), std::string_view("hev1"),
    std::string_view("dvh1"), std::string_view("dvhe"), std::string_view("dvav"), std::string_view("dva1"),
    std::string_view("av01"), std::string_view("vp08"), std::string_view("vp09"), std::string_view("vp8"),
    std::string_view("vp9"),  std::string_view("mp4v"), std::string_view("vvc1"), std::string_view("vvi1"),
};
constexpr std::array audio_entries{
    std::string_view("mp4a"), std::string_view("ac-3"), std::string_view("ec-3"), std::string_view("ac-4"),
    std::string_view("Opus"), std::string_view("opus"), std::string_view("fLaC"), std::string_view("flac"),
    std::string_view("alac"), std::string_view("dtsc"), std::string_view("dtse"), std::string_view("dtsx"),
    std::string_view("mhm1"), std::string_view("iamf"), std::string_view("apac"), std::string_view("vorbis"),
};
constexpr std::array text_entries{std::string_view("wvtt"), std::string_view("stpp")};

template <std::size_t size>
bool contains(const std::array<std::string_view, size>& entries, std::string_view name) noexcept {
    return std::find(entries.begin(), entries.end(), name) != entries.end();
}

}  // namespace

std::vector<std::string_view> split_codecs(std::string_view codecs) {
    std::vector<std::string_view> parts;
    while (!codecs.empty()) {
        const std::size_t comma = std::min(codecs.find(','), codecs.size());
        std::string_view part = codecs.substr(0, comma);
        while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
        while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
        parts.push_back(part);
        codecs.remove_prefix(std::min(comma + 1, codecs.size()));
    }
    return parts;
}

CodecClass codec_class(std::string_view codec) noexcept {
    const std::string_view entry = codec.substr(0, codec.find('.'));
    if (contains(video_entries, entry)) return CodecClass::video;
    if (contains(audio_entries, entry)) return CodecClass::audio;
    return contains(text_entries, entry) ? CodecClass::text : CodecClass::unknown;
}

bool has_video_codec(std::string_view codecs) {
    const auto parts = split_codecs(codecs);
    return std::any_of(parts.begin(), parts.end(), [](std::string_view part) { return codec_class(part) == CodecClass::video; });
}

}  // namespace streamforge::manifest
