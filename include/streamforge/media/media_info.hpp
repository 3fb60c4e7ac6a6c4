#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <streamforge/core/export.hpp>
#include <streamforge/core/media_time.hpp>
#include <streamforge/core/track.hpp>

namespace streamforge::media {

/// What an input is, as found by `probe`. Plain data; `to_json` gives the documented schema.

enum class ScanType : std::uint8_t { progressive, interlaced_tff, interlaced_bff, telecine };

/// How pictures must be turned to stand upright: mirrored first (left-right), then turned clockwise.
struct Orientation {
    bool mirrored = false;
    int clockwise_degrees = 0;  ///< 0, 90, 180 or 270.
};

struct VideoInfo {
    std::uint32_t width_px = 0;  ///< As coded, before rotation and aspect correction.
    std::uint32_t height_px = 0;
    Rational sample_aspect{1, 1};
    Orientation orientation;
    Rational frame_rate{0, 1};  ///< Exact nominal rate; the average when variable; 0 when unknown.
    bool variable_frame_rate = false;
    ScanType scan = ScanType::progressive;
    bool scan_from_content = false;  ///< True: found by looking at pictures; false: the stream's own flag.
    std::string pixel_format;        ///< FFmpeg's name.
    std::uint8_t bit_depth = 8;
    ColourInfo colour;  ///< As tagged, with 2 where untagged.
    VideoRange range = VideoRange::sdr;
    std::optional<MasteringDisplay> mastering_display;
    std::optional<ContentLight> content_light;
    bool dolby_vision = false;
    bool attached_picture = false;  ///< Cover art, not moving video.
};

struct AudioInfo {
    std::uint32_t sample_rate_hz = 0;
    std::uint32_t channels = 0;
    std::string channel_layout;  ///< "stereo", "5.1(side)", …
};

struct StreamInfo {
    int index = 0;  ///< Position in the input.
    enum class Kind : std::uint8_t { video, audio, subtitle, data } kind = Kind::data;
    std::string codec;  ///< FFmpeg's name: "h264", "mov_text", …; "unknown" when not recognised.
    std::string profile;
    bool decodable = false;        ///< A decoder for it is linked.
    bool text_subtitle = false;    ///< Subtitles as text rather than bitmaps.
    std::string language = "und";  ///< BCP 47.
    std::string title;
    bool is_default = false;
    bool is_forced = false;
    bool hearing_impaired = false;
    bool visual_impaired = false;
    bool commentary = false;
    MediaTime start;  ///< First presentation time on the input's own clock, edit lists applied.
    std::optional<MediaTime> duration;
    std::uint64_t bitrate_bps = 0;  ///< 0 when unknown.
    std::optional<VideoInfo> video;
    std::optional<AudioInfo> audio;
};

struct MediaInfo {
    std::string name;    ///< The source's name, for messages.
    std::string format;  ///< "mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", …
    std::uint64_t size_bytes = 0;
    std::optional<MediaTime> duration;  ///< The longest stream's; absent when only decoding would tell.
    std::uint64_t bitrate_bps = 0;
    bool has_edit_list = false;
    bool seekable_index = false;  ///< The container tells where key frames are.
    std::vector<StreamInfo> streams;
    std::vector<std::string> warnings;  ///< Oddities that were tolerated, each a sentence.

    /// The stream that `plan` takes as the picture: default flag first, then size; never an attached picture.
    [[nodiscard]] STREAMFORGE_EXPORT const StreamInfo* main_video() const noexcept;
    [[nodiscard]] STREAMFORGE_EXPORT const StreamInfo* stream(int index) const noexcept;
};

/// The documented JSON form (docs/schema/media-info.md), UTF-8, indented by `indent` (−1: one line).
[[nodiscard]] STREAMFORGE_EXPORT std::string to_json(const MediaInfo& info, int indent = 2);

}  // namespace streamforge::media
