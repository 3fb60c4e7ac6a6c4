#include <streamforge/storage/content_type.hpp>

#include <array>

namespace streamforge::storage {
namespace {

struct Entry {
    std::string_view extension;
    std::string_view type;
};

constexpr std::array entries{
    Entry{"m3u8", "application/vnd.apple.mpegurl"},
    Entry{"mpd", "application/dash+xml"},
    Entry{"m4s", "video/iso.segment"},
    Entry{"cmfv", "video/mp4"},
    Entry{"cmfa", "audio/mp4"},
    Entry{"cmft", "application/mp4"},
    Entry{"mp4", "video/mp4"},
    Entry{"m4v", "video/mp4"},
    Entry{"m4a", "audio/mp4"},
    Entry{"mov", "video/quicktime"},
    Entry{"ts", "video/mp2t"},
    Entry{"aac", "audio/aac"},
    Entry{"mp3", "audio/mpeg"},
    Entry{"webm", "video/webm"},
    Entry{"vtt", "text/vtt; charset=utf-8"},
    Entry{"jpg", "image/jpeg"},
    Entry{"jpeg", "image/jpeg"},
    Entry{"png", "image/png"},
    Entry{"webp", "image/webp"},
    Entry{"avif", "image/avif"},
    Entry{"svg", "image/svg+xml"},
    Entry{"ico", "image/x-icon"},
    Entry{"json", "application/json"},
    Entry{"map", "application/json"},
    Entry{"xml", "application/xml"},
    Entry{"js", "text/javascript; charset=utf-8"},
    Entry{"mjs", "text/javascript; charset=utf-8"},
    Entry{"css", "text/css; charset=utf-8"},
    Entry{"html", "text/html; charset=utf-8"},
    Entry{"txt", "text/plain; charset=utf-8"},
    Entry{"md", "text/markdown; charset=utf-8"},
    Entry{"wasm", "application/wasm"},
};

bool equal_ignoring_case(std::string_view text, std::string_view lower) noexcept {
    if (text.size() != lower.size()) return false;
    for (std::size_t index = 0; index < text.size(); ++index) {
        const char character = text[index];
        const char folded = character >= 'A' && character <= 'Z' ? static_cast<char>(character - 'A' + 'a') : character;
        if (folded != lower[index]) return false;
    }
    return true;
}

}  // namespace

std::string_view content_type_for(std::string_view key) noexcept {
    const auto dot = key.find_last_of("./");
    if (dot != std::string_view::npos && key[dot] == '.') {
        for (const auto& entry : entries) {
            if (equal_ignoring_case(key.substr(dot + 1), entry.extension)) return entry.type;
        }
    }
    return "application/octet-stream";
}

}  // namespace streamforge::storage
