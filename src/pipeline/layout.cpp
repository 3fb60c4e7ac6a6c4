#include "pipeline/layout.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace streamforge::pipeline::layout {

std::string segment_name(std::uint32_t number) { return fmt::format("seg_{:05}.m4s", number); }
std::string sheet_name(std::uint32_t number) { return fmt::format("thumbnails/sheet_{:03}.jpg", number); }

bool is_presentation_name(std::string_view name) {
    constexpr std::array files{marker, master_playlist, mpd, manifest_json, report_json, poster};
    constexpr std::array<std::string_view, 4> folders{"video/", "audio/", "text/", "thumbnails/"};
    return std::ranges::find(files, name) != files.end() ||
           std::ranges::any_of(folders, [&](std::string_view folder) { return name.starts_with(folder); });
}

std::string cache_control(std::string_view name) {
    const bool manifest = name.ends_with(".m3u8") || name.ends_with(".mpd") || name.ends_with(".json");
    return manifest ? "public, max-age=60" : "public, max-age=86400";
}

}  // namespace streamforge::pipeline::layout
