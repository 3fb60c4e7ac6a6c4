#include "media/ffmpeg/transcode_check.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <set>
#include <string>
#include <string_view>

#include "core/try.hpp"

namespace streamforge::media::ffmpeg {
namespace {

constexpr std::array speeds{"ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow"};
constexpr std::uint32_t largest_side_px = 16384;

Error bad(const std::string& field, const char* rule, Errc code = Errc::invalid_argument) {
    return make_error(code, "media.transcode", field + " " + rule).with("field", field);
}

bool between(std::uint32_t value, std::uint32_t low, std::uint32_t high) { return value >= low && value <= high; }

Result<void> check_source(const EncodePlan::VideoSource& source, const CutList& cuts) {
    if (source.timescale < 1 || source.timescale > std::numeric_limits<std::int32_t>::max()) {
        return bad("video_source.timescale", "must be 1 to 2147483647");
    }
    const int turn = source.orientation.clockwise_degrees;
    if (turn != 0 && turn != 90 && turn != 180 && turn != 270) {
        return bad("video_source.orientation.clockwise_degrees", "must be 0, 90, 180 or 270");
    }
    if (!source.frame_rate.is_positive()) return {};
    const Rational rate = source.frame_rate.reduced();
    constexpr Rational highest{1000, 1};
    if (rate > highest || (source.timescale * rate.den) % rate.num != 0) {
        return bad("video_source.frame_rate", "must be at most 1000, with frames that last a whole number of ticks");
    }
    const std::int64_t frame_ticks = source.timescale * rate.den / rate.num;
    const MediaTime period = cuts.period.rescaled(source.timescale, Rounding::down);
    if (period != cuts.period || period.ticks % frame_ticks != 0) {
        return bad("cuts.period", "must be a whole number of frames at a constant frame rate");
    }
    return {};
}

Result<void> check_video(const VideoRendition& rendition, const EncodePlan::VideoSource& source, const std::string& at) {
    if (!between(rendition.width_px, 2, largest_side_px) || rendition.width_px % 2 != 0) {
        return bad(at + ".width_px", "must be even, 2 to 16384");
    }
    if (!between(rendition.height_px, 2, largest_side_px) || rendition.height_px % 2 != 0) {
        return bad(at + ".height_px", "must be even, 2 to 16384");
    }
    if (rendition.codec != Codec::h264 && rendition.codec != Codec::hevc && rendition.codec != Codec::av1) {
        return bad(at + ".codec", "must be h264, hevc or av1", Errc::unsupported);
    }
    if (rendition.bit_depth != 8 && rendition.bit_depth != 10) return bad(at + ".bit_depth", "must be 8 or 10");
    if (rendition.bit_depth != 8 && rendition.codec == Codec::h264) return bad(at + ".bit_depth", "must be 8 for h264");
    if (rendition.range != VideoRange::sdr && rendition.range != source.range) {
        return bad(at + ".range", "must be SDR or the source's own");
    }
    if (rendition.range != VideoRange::sdr && rendition.bit_depth != 10) return bad(at + ".bit_depth", "must be 10 for HDR");
    if (std::ranges::find(speeds, rendition.speed, [](const char* name) { return std::string_view(name); }) == speeds.end()) {
        return bad(at + ".speed", "must be one of x264's presets");
    }
    if (rendition.threads < 0 || rendition.threads > 64) return bad(at + ".threads", "must be 0 to 64");
    const RateControl& rate = rendition.rate;
    const double highest_crf = rendition.codec == Codec::av1 ? 63.0 : 51.0;
    if (rate.mode == RateControl::Mode::capped_crf && !(rate.crf >= 0.0 && rate.crf <= highest_crf)) {
        return bad(at + ".rate.crf", "is out of range");
    }
    if (rate.mode == RateControl::Mode::average && rate.target_bps == 0) return bad(at + ".rate.target_bps", "must be positive");
    constexpr std::uint64_t most_bps = 2'000'000'000;
    if (rate.target_bps > most_bps || rate.max_bps > most_bps) return bad(at + ".rate", "must not exceed 2 Gb/s");
    return {};
}

Result<void> check_audio(const AudioRendition& rendition, const std::string& at) {
    if (rendition.codec != Codec::aac) return bad(at + ".codec", "must be aac", Errc::unsupported);
    if (rendition.channels != 1 && rendition.channels != 2 && rendition.channels != 6) {
        return bad(at + ".channels", "must be 1, 2 or 6");
    }
    constexpr std::array<std::uint32_t, 12> rates{96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000};
    if (std::ranges::find(rates, rendition.sample_rate_hz) == rates.end()) {
        return bad(at + ".sample_rate_hz", "must be a rate that AAC knows");
    }
    if (rendition.bitrate_bps < 6000 || rendition.bitrate_bps > 2'000'000) {
        return bad(at + ".bitrate_bps", "must be 6000 to 2000000");
    }
    return {};
}

Result<void> check_pictures(const PicturePlan& pictures) {
    if (pictures.poster && !between(pictures.poster_max_width_px, 16, largest_side_px)) {
        return bad("pictures.poster_max_width_px", "must be 16 to 16384");
    }
    if (pictures.jpeg_quality < 1 || pictures.jpeg_quality > 100) return bad("pictures.jpeg_quality", "must be 1 to 100");
    if (!pictures.storyboard) return {};
    if (pictures.storyboard_interval < MediaTime{1, 10}) return bad("pictures.storyboard_interval", "must be at least 0.1 s");
    if (!between(pictures.tile_width_px, 2, 1024) || pictures.tile_width_px % 2 != 0) {
        return bad("pictures.tile_width_px", "must be even, 2 to 1024");
    }
    if (!between(pictures.tile_height_px, 2, 1024) || pictures.tile_height_px % 2 != 0) {
        return bad("pictures.tile_height_px", "must be even, 2 to 1024");
    }
    if (!between(pictures.columns, 1, 64) || !between(pictures.rows, 1, 64)) {
        return bad("pictures.columns", "and rows must be 1 to 64");
    }
    if (pictures.columns * pictures.tile_width_px > largest_side_px || pictures.rows * pictures.tile_height_px > largest_side_px) {
        return bad("pictures.columns", "and rows make a sheet above 16384 pixels");
    }
    return {};
}

template <class Renditions>
Result<void> check_ids(const Renditions& renditions, const char* list) {
    std::set<std::string> seen;
    for (const auto& rendition : renditions) {
        if (rendition.id.empty() || !seen.insert(rendition.id).second) {
            return bad(std::string(list) + ".id", "must be unique and not empty");
        }
    }
    return {};
}

}  // namespace

Result<void> check_plan(const EncodePlan& plan) {
    if (plan.video.empty() && plan.audio.empty()) return bad("video", "and audio are both empty: there is nothing to make");
    if (!plan.video.empty() && !plan.video_source) return bad("video_source", "is missing");
    if (plan.cuts.period < MediaTime{1, 10} || plan.cuts.period > MediaTime{3600, 1} || plan.cuts.period.timescale <= 0) {
        return bad("cuts.period", "must be 0.1 s to an hour");
    }
    if (plan.video_source) SF_TRY(check_source(*plan.video_source, plan.cuts));
    for (std::size_t i = 0; i < plan.video.size(); ++i) {
        SF_TRY(check_video(plan.video[i], *plan.video_source, "video[" + std::to_string(i) + "]"));
    }
    for (std::size_t i = 0; i < plan.audio.size(); ++i) {
        SF_TRY(check_audio(plan.audio[i], "audio[" + std::to_string(i) + "]"));
    }
    SF_TRY(check_ids(plan.video, "video"));
    SF_TRY(check_ids(plan.audio, "audio"));
    SF_TRY(check_ids(plan.text, "text"));
    return plan.video.empty() ? Result<void>{} : check_pictures(plan.pictures);
}

}  // namespace streamforge::media::ffmpeg
