#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Names of a presentation's objects, relative to its prefix: the folder contract.
namespace streamforge::pipeline::layout {

inline constexpr std::string_view marker = ".unfinished";
inline constexpr std::string_view master_playlist = "master.m3u8";
inline constexpr std::string_view mpd = "manifest.mpd";
inline constexpr std::string_view manifest_json = "manifest.json";
inline constexpr std::string_view report_json = "report.json";
inline constexpr std::string_view poster = "poster.jpg";
inline constexpr std::string_view storyboard_vtt = "thumbnails/thumbnails.vtt";

/// "seg_00001.m4s".
[[nodiscard]] std::string segment_name(std::uint32_t number);
/// "thumbnails/sheet_001.jpg".
[[nodiscard]] std::string sheet_name(std::uint32_t number);
/// Whether a presentation may hold an object of that name.
[[nodiscard]] bool is_presentation_name(std::string_view name);
/// Playlists may be replaced soon; media never change under their name within one publication.
[[nodiscard]] std::string cache_control(std::string_view name);

}  // namespace streamforge::pipeline::layout
