#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <streamforge/core/cut_list.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/media_time.hpp>
#include <streamforge/core/track.hpp>
#include <streamforge/media/media_info.hpp>

namespace streamforge::media {

/// How a video rendition spends its bits.
struct RateControl {
    enum class Mode : std::uint8_t {
        capped_crf,  ///< Constant quality `crf`, never above `max_bps` over `buffer_bits`.
        average,     ///< `target_bps` on average, capped the same way.
    } mode = Mode::capped_crf;
    double crf = 23.0;
    std::uint64_t target_bps = 0;
    std::uint64_t max_bps = 0;      ///< 0: no cap.
    std::uint64_t buffer_bits = 0;  ///< VBV size; 0 with no cap.

    friend bool operator==(const RateControl&, const RateControl&) = default;
};

struct VideoRendition {
    std::string id;  ///< Unique in the plan, also its folder: "1080p", "1080p_hevc".
    Codec codec = Codec::h264;
    std::uint32_t width_px = 0;  ///< Even; square pixels, upright.
    std::uint32_t height_px = 0;
    VideoRange range = VideoRange::sdr;  ///< SDR from an HDR source means tone mapping.
    std::uint8_t bit_depth = 8;
    RateControl rate;
    std::string speed = "medium";  ///< x264's preset names; mapped for other encoders.
    int threads = 0;               ///< Encoder threads, fixed here because output bytes depend on it; 0: chosen by `plan`.
    std::uint64_t audio_bps = 0;   ///< Bitrate of the stereo audio that is played with it; 0: any.

    friend bool operator==(const VideoRendition&, const VideoRendition&) = default;
};

struct AudioRendition {
    std::string id;  ///< "en-2ch-128k", also its folder.
    int source_stream = 0;
    Codec codec = Codec::aac;
    std::uint32_t channels = 2;  ///< 1, 2 or 6.
    std::uint32_t sample_rate_hz = 48000;
    std::uint64_t bitrate_bps = 128000;
    std::string language = "und";
    std::string label;  ///< Unique among audio renditions of one group, for menus.
    bool is_default = false;

    friend bool operator==(const AudioRendition&, const AudioRendition&) = default;
};

struct TextRendition {
    std::string id;  ///< "en", "en-2", also its folder.
    int source_stream = 0;
    std::string language = "und";
    std::string label;
    bool is_default = false;
    bool is_forced = false;
    bool hearing_impaired = false;

    friend bool operator==(const TextRendition&, const TextRendition&) = default;
};

/// Pictures taken from the same decode.
struct PicturePlan {
    bool poster = true;
    std::uint32_t poster_max_width_px = 1280;
    bool storyboard = true;
    MediaTime storyboard_interval{4, 1};
    std::uint32_t tile_width_px = 160;  ///< Even.
    std::uint32_t tile_height_px = 90;
    std::uint32_t columns = 10;
    std::uint32_t rows = 10;
    int jpeg_quality = 80;  ///< 1…100.

    friend bool operator==(const PicturePlan&, const PicturePlan&) = default;
};

/// Everything the transcoder obeys; made by `plan_encode`, pure data.
struct EncodePlan {
    /// Video input and how it is brought to the presentation's form. Absent: audio only.
    struct VideoSource {
        int stream = 0;
        ScanType scan = ScanType::progressive;
        Orientation orientation;
        ColourInfo colour;  ///< Resolved: never 2; guessed values are named in `notes`.
        VideoRange range = VideoRange::sdr;
        /// > 0: constant rate, frames sit on multiples of its inverse. 0/1: variable, timestamps are kept.
        Rational frame_rate{0, 1};
        std::int64_t timescale = 90000;  ///< Of all video renditions; a frame of a constant rate is a whole number of ticks.
    };
    std::optional<VideoSource> video_source;
    std::vector<VideoRendition> video;  ///< Largest first.
    std::vector<AudioRendition> audio;
    std::vector<TextRendition> text;
    PicturePlan pictures;
    CutList cuts;
    MediaTime origin;                ///< Input time that becomes 0 on the presentation's timeline.
    bool measure_quality = true;     ///< SSIM and PSNR of every video rendition, from decoding what was encoded.
    std::vector<std::string> notes;  ///< Decisions worth telling, each a sentence.
};

}  // namespace streamforge::media
