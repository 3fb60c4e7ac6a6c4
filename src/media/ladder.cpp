#include <streamforge/media/ladder.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace streamforge::media {
namespace {

constexpr std::uint64_t kilobit = 1000;

Error bad_field(const char* field, const std::string& rule) {
    return make_error(Errc::invalid_argument, "media.plan_encode", std::string(field) + " " + rule).with("field", field);
}

/// A cap, and a buffer of one and a half seconds of it: segments of 4 s then peak well below twice their average.
RateControl capped(double crf, std::uint64_t max_kbps) {
    return {.mode = RateControl::Mode::capped_crf,
            .crf = crf,
            .target_bps = 0,
            .max_bps = max_kbps * kilobit,
            .buffer_bits = max_kbps * kilobit * 3 / 2};
}

/// An average with a cap 7 % above it and a buffer of one and a half seconds.
RateControl average(std::uint64_t target_kbps) {
    return {.mode = RateControl::Mode::average,
            .crf = 23.0,
            .target_bps = target_kbps * kilobit,
            .max_bps = target_kbps * kilobit * 107 / 100,
            .buffer_bits = target_kbps * kilobit * 3 / 2};
}

std::vector<Rung> default_rungs() {
    return {{2160, capped(23.0, 18000), 192 * kilobit}, {1440, capped(23.0, 10000), 192 * kilobit},
            {1080, capped(23.0, 6000), 192 * kilobit},  {720, capped(22.5, 3000), 128 * kilobit},
            {540, capped(22.5, 1800), 128 * kilobit},   {360, capped(22.0, 900), 96 * kilobit},
            {240, capped(22.0, 450), 96 * kilobit}};
}

std::vector<Rung> classic_rungs() {
    return {{1080, average(5000), 192 * kilobit}, {720, average(2500), 128 * kilobit}, {360, average(800), 96 * kilobit}};
}

constexpr std::array speeds{"ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow"};

Result<void> validate_rung(const Rung& rung) {
    constexpr std::uint64_t most_bps = 2'000'000'000;
    if (rung.short_side_px < 16 || rung.short_side_px > 8192) return bad_field("rungs.short_side_px", "must be 16 to 8192");
    if (rung.audio_bps < 16 * kilobit || rung.audio_bps > 512 * kilobit) {
        return bad_field("rungs.audio_bps", "must be 16000 to 512000");
    }
    const RateControl& rate = rung.rate;
    if (rate.max_bps > most_bps || rate.target_bps > most_bps) return bad_field("rungs.rate", "must be at most 2 Gb/s");
    if (rate.buffer_bits > 2 * most_bps) return bad_field("rungs.rate.buffer_bits", "must be at most 4 Gb");
    if (rate.max_bps > 0 && rate.buffer_bits == 0) return bad_field("rungs.rate.buffer_bits", "must be positive with a cap");
    if (rate.mode == RateControl::Mode::average) {
        if (rate.target_bps < 10 * kilobit) return bad_field("rungs.rate.target_bps", "must be at least 10000");
        if (rate.max_bps > 0 && rate.max_bps < rate.target_bps) {
            return bad_field("rungs.rate.max_bps", "must not lie below target_bps");
        }
    } else if (!(rate.crf >= 0.0 && rate.crf <= 51.0)) {
        return bad_field("rungs.rate.crf", "must be 0 to 51");
    }
    return {};
}

Result<void> validate_codecs(const std::vector<Codec>& codecs) {
    if (codecs.empty()) return bad_field("codecs", "must name at least one codec");
    for (auto each = codecs.begin(); each != codecs.end(); ++each) {
        if (*each != Codec::h264 && *each != Codec::hevc && *each != Codec::av1) {
            return bad_field("codecs", "must be of h264, hevc and av1, not " + std::string(to_string(*each)));
        }
        if (std::find(codecs.begin(), each, *each) != each) return bad_field("codecs", "must not repeat");
    }
    return {};
}

Result<void> validate_pictures(const PicturePlan& pictures) {
    const auto even = [](std::uint32_t value) { return value >= 2 && value <= 4096 && value % 2 == 0; };
    if (pictures.poster_max_width_px < 16 || pictures.poster_max_width_px > 8192) {
        return bad_field("pictures.poster_max_width_px", "must be 16 to 8192");
    }
    if (!even(pictures.tile_width_px)) return bad_field("pictures.tile_width_px", "must be even, 2 to 4096");
    if (!even(pictures.tile_height_px)) return bad_field("pictures.tile_height_px", "must be even, 2 to 4096");
    if (pictures.columns == 0 || pictures.columns > 100) return bad_field("pictures.columns", "must be 1 to 100");
    if (pictures.rows == 0 || pictures.rows > 100) return bad_field("pictures.rows", "must be 1 to 100");
    // JPEG stores its sides in 16 bits.
    if (std::uint64_t{pictures.columns} * pictures.tile_width_px > 65500) return bad_field("pictures.columns", "make too wide a sheet");
    if (std::uint64_t{pictures.rows} * pictures.tile_height_px > 65500) return bad_field("pictures.rows", "make too high a sheet");
    if (pictures.jpeg_quality < 1 || pictures.jpeg_quality > 100) return bad_field("pictures.jpeg_quality", "must be 1 to 100");
    const MediaTime& interval = pictures.storyboard_interval;
    if (interval.timescale <= 0 || interval < MediaTime{1, 10} || interval > MediaTime{3600, 1}) {
        return bad_field("pictures.storyboard_interval", "must be 0.1 to 3600 s");
    }
    return {};
}

}  // namespace

Result<std::vector<Rung>> preset_rungs(const std::string& name) {
    if (name == "default") return default_rungs();
    if (name == "classic") return classic_rungs();
    return bad_field("preset", "must be \"default\" or \"classic\", not \"" + name + "\"");
}

Result<void> LadderPolicy::validate() const {
    if (rungs.empty()) {
        if (auto known = preset_rungs(preset); !known) return std::move(known).error();
    }
    for (const auto& rung : rungs) {
        if (auto checked = validate_rung(rung); !checked) return checked;
    }
    if (auto checked = validate_codecs(codecs); !checked) return checked;
    if (std::ranges::find(speeds, std::string_view(speed)) == speeds.end()) {
        return bad_field("speed", "must be one of ultrafast, superfast, veryfast, faster, fast, medium, slow, slower, veryslow");
    }
    if (segment.timescale <= 0 || segment < MediaTime{1, 1} || segment > MediaTime{30, 1}) {
        return bad_field("segment", "must be 1 to 30 s");
    }
    if (max_short_side_px < 16 || max_short_side_px > 8192) return bad_field("max_short_side_px", "must be 16 to 8192");
    if (encoder_threads < 0 || encoder_threads > 64) return bad_field("encoder_threads", "must be 0 to 64");
    return validate_pictures(pictures);
}

}  // namespace streamforge::media
