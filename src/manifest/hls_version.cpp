#include "manifest/hls_version.hpp"

#include <string_view>

namespace streamforge::manifest {
namespace {

bool starts_with(const std::string* text, std::string_view prefix) noexcept {
    return text != nullptr && std::string_view(*text).substr(0, prefix.size()) == prefix;
}

int key_version(const HlsTag& tag) noexcept {
    const std::string* method = tag.attribute("METHOD");
    if (starts_with(method, "SAMPLE-AES") || tag.attribute("KEYFORMAT") != nullptr || tag.attribute("KEYFORMATVERSIONS") != nullptr) {
        return 5;
    }
    return tag.attribute("IV") != nullptr ? 2 : 1;
}

int media_version(const HlsTag& tag) noexcept {
    const std::string* instream = tag.attribute("INSTREAM-ID");
    if (instream == nullptr) return 1;
    const std::string* type = tag.attribute("TYPE");
    if (type != nullptr && *type != "CLOSED-CAPTIONS") return 13;
    return starts_with(instream, "SERVICE") ? 7 : 1;
}

int variant_version(const HlsTag& tag) noexcept {
    for (const auto& attribute : tag.attributes) {
        if (starts_with(&attribute.name, "REQ-")) return 12;
    }
    return 1;
}

int tag_version(const HlsTag& tag, bool i_frames_only) noexcept {
    const std::string_view name = tag.name;
    if (name == "EXTINF") return tag.value.substr(0, tag.value.find(',')).find('.') == std::string::npos ? 1 : 3;
    if (name == "EXT-X-BYTERANGE" || name == "EXT-X-I-FRAMES-ONLY") return 4;
    if (name == "EXT-X-MAP") return i_frames_only ? 5 : 6;
    if (name == "EXT-X-KEY" || name == "EXT-X-SESSION-KEY") return key_version(tag);
    if (name == "EXT-X-MEDIA") return media_version(tag);
    if (name == "EXT-X-DEFINE") return tag.attribute("QUERYPARAM") != nullptr ? 11 : 8;
    if (name == "EXT-X-SKIP") return tag.attribute("RECENTLY-REMOVED-DATERANGES") != nullptr ? 10 : 9;
    if (name == "EXT-X-STREAM-INF" || name == "EXT-X-I-FRAME-STREAM-INF") return variant_version(tag);
    return 1;
}

}  // namespace

NeededVersion needed_version(const HlsPlaylist& playlist) {
    const HlsMedia* media = playlist.media();
    const bool i_frames_only = media != nullptr && media->i_frames_only;
    NeededVersion needed;
    for (const auto& line : playlist.lines) {
        if (!line.tag) continue;
        const int version = tag_version(*line.tag, i_frames_only);
        if (version > needed.version) needed = {version, line.tag->name, line.tag->line};
    }
    return needed;
}

}  // namespace streamforge::manifest
