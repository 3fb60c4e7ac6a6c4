#include "media/ladder_rungs.hpp"

#include <algorithm>
#include <cmath>

namespace streamforge::media {
namespace {

/// Bits grow slower than pixels: neighbouring samples predict each other better in larger pictures.
constexpr double bits_per_pixel_exponent = 0.75;
/// Twice the frames need 1.4 times the bits, as they differ less.
constexpr double bits_per_frame_exponent = 0.485;

bool is_near(std::uint32_t smaller, std::uint32_t larger) noexcept { return std::uint64_t{smaller} * 100 >= std::uint64_t{larger} * 85; }

/// Rounded to three digits, so that plans show readable numbers.
std::uint64_t scaled_bits(std::uint64_t bits, double factor) noexcept {
    const double exact = static_cast<double>(bits) * factor;
    std::uint64_t step = 1;
    while (exact / static_cast<double>(step) >= 1000.0) step *= 10;
    return static_cast<std::uint64_t>(std::llround(exact / static_cast<double>(step))) * step;
}

RateControl scaled_rate(RateControl rate, double factor) noexcept {
    if (factor == 1.0) return rate;
    rate.target_bps = scaled_bits(rate.target_bps, factor);
    rate.max_bps = scaled_bits(rate.max_bps, factor);
    rate.buffer_bits = scaled_bits(rate.buffer_bits, factor);
    return rate;
}

/// How many bits `size` needs against a 16:9 picture with that short side.
double area_factor(const PictureSize& size, std::uint32_t short_side_px) noexcept {
    const double usual = static_cast<double>(short_side_px) * short_side_px * 16.0 / 9.0;
    return std::pow(static_cast<double>(size.pixels()) / usual, bits_per_pixel_exponent);
}

double frame_rate_factor(const Rational& rate) noexcept {
    constexpr double usual = 30.0;
    const double frames = rate.approximate();
    return frames <= usual ? 1.0 : std::pow(frames / usual, bits_per_frame_exponent);
}

std::vector<Rung> sorted_rungs(const LadderPolicy& policy) {
    std::vector<Rung> rungs = policy.rungs;
    if (rungs.empty()) {
        if (auto preset = preset_rungs(policy.preset)) rungs = *std::move(preset);
    }
    std::ranges::stable_sort(rungs, std::ranges::greater{}, &Rung::short_side_px);
    const auto same = [](const Rung& a, const Rung& b) { return a.short_side_px == b.short_side_px; };
    rungs.erase(std::unique(rungs.begin(), rungs.end(), same), rungs.end());
    return rungs;
}

/// A rung of another size with the rate that goes between its neighbours', or beyond the last.
Rung rung_between(const std::vector<Rung>& rungs, std::uint32_t short_side_px) {
    const auto below = std::ranges::find_if(rungs, [&](const Rung& rung) { return rung.short_side_px <= short_side_px; });
    if (below == rungs.begin() || below == rungs.end()) {
        Rung rung = below == rungs.end() ? rungs.back() : rungs.front();
        const double ratio = static_cast<double>(short_side_px) / rung.short_side_px;
        rung.short_side_px = short_side_px;
        rung.rate = scaled_rate(rung.rate, std::pow(ratio, 2 * bits_per_pixel_exponent));
        return rung;
    }
    const Rung& above = *std::prev(below);
    const double position = std::log(static_cast<double>(short_side_px) / below->short_side_px) /
                            std::log(static_cast<double>(above.short_side_px) / below->short_side_px);
    Rung rung = position < 0.5 ? *below : above;
    rung.short_side_px = short_side_px;
    const auto between = [&](std::uint64_t low, std::uint64_t high) {
        if (low == 0 || high == 0) return low;
        return scaled_bits(low, std::pow(static_cast<double>(high) / static_cast<double>(low), position));
    };
    rung.rate.max_bps = between(below->rate.max_bps, above.rate.max_bps);
    rung.rate.target_bps = between(below->rate.target_bps, above.rate.target_bps);
    rung.rate.buffer_bits = between(below->rate.buffer_bits, above.rate.buffer_bits);
    return rung;
}

std::vector<Rung> asked_rungs(const std::vector<Rung>& rungs, std::uint32_t top) {
    std::vector<Rung> chosen;
    for (const auto& rung : rungs) {
        if (rung.short_side_px <= top) {
            chosen.push_back(rung);
        } else if (is_near(top, rung.short_side_px)) {
            chosen.clear();  // of several above the source, the nearest
            chosen.push_back(rung);
            chosen.back().short_side_px = top;
        }
    }
    if (chosen.size() > 1 && chosen[0].short_side_px == chosen[1].short_side_px) chosen.erase(chosen.begin());
    if (chosen.empty()) chosen.push_back(rung_between(rungs, top));
    return chosen;
}

std::vector<Rung> fitting_rungs(const std::vector<Rung>& rungs, std::uint32_t top) {
    std::vector<Rung> chosen;
    const auto exact = std::ranges::find(rungs, top, &Rung::short_side_px);
    chosen.push_back(exact != rungs.end() ? *exact : rung_between(rungs, top));
    for (const auto& rung : rungs) {
        if (rung.short_side_px < top && !is_near(rung.short_side_px, top)) chosen.push_back(rung);
    }
    return chosen;
}

struct CodecTraits {
    Codec codec;
    double bits;                  ///< Against H.264 at the same quality.
    double crf_offset;            ///< To the same quality on this encoder's scale.
    std::uint32_t least_side_px;  ///< Smaller pictures are refused by the encoder.
};

CodecTraits traits_of(Codec codec) noexcept {
    switch (codec) {
        case Codec::hevc: return {codec, 0.65, 2.5, 16};
        case Codec::av1: return {codec, 0.55, 11.0, 64};
        default: return {codec, 1.0, 0.0, 2};
    }
}

RateControl rate_for_codec(const RateControl& rate, const CodecTraits& traits) noexcept {
    RateControl result = scaled_rate(rate, traits.bits);
    result.crf += traits.crf_offset;
    return result;
}

std::string rendition_id(std::uint32_t short_side_px, Codec codec) {
    std::string id = std::to_string(short_side_px) + "p";
    if (codec != Codec::h264) id += "_" + std::string(to_string(codec));
    return id;
}

/// Threads by area: a large picture uses several well, a small one does not. One encoder alone gets every core.
void share_threads(std::vector<VideoRendition>& renditions, int asked, int cores) {
    constexpr int most = 8;
    constexpr double oversubscription = 1.5;  // encoders wait for each other and for pictures
    double total = 0;
    for (const auto& each : renditions) total += static_cast<double>(each.width_px) * each.height_px;
    for (auto& each : renditions) {
        if (asked > 0) {
            each.threads = asked;
            continue;
        }
        const double share = static_cast<double>(each.width_px) * each.height_px / total;
        each.threads = std::clamp(static_cast<int>(std::lround(cores * oversubscription * share)), 1, std::min(most, cores));
    }
}

VideoRendition make_rendition(const Rung& rung, const PictureSize& size, const CodecTraits& traits, const LadderSource& source,
                              const LadderPolicy& policy) {
    VideoRendition rendition;
    rendition.id = rendition_id(size.short_side_px(), traits.codec);
    rendition.codec = traits.codec;
    rendition.width_px = size.width_px;
    rendition.height_px = size.height_px;
    const bool keeps_depth = traits.codec != Codec::h264;
    rendition.range = keeps_depth ? source.range : VideoRange::sdr;
    rendition.bit_depth = keeps_depth && (source.bit_depth > 8 || source.range != VideoRange::sdr) ? 10 : 8;
    rendition.rate = rate_for_codec(rung.rate, traits);
    rendition.speed = policy.speed;
    rendition.audio_bps = rung.audio_bps;
    return rendition;
}

}  // namespace

std::vector<Rung> choose_rungs(const LadderSource& source, const LadderPolicy& policy) {
    const std::uint32_t own_side = fit_short_side(source.size, source.size.short_side_px()).short_side_px();
    const std::uint32_t top = std::min(own_side, policy.max_short_side_px & ~1U);
    const std::vector<Rung> known = sorted_rungs(policy);
    const bool as_stated = !policy.rungs.empty() || policy.preset != "default";
    std::vector<Rung> chosen = as_stated ? asked_rungs(known, top) : fitting_rungs(known, top);
    const double by_frames = frame_rate_factor(source.frame_rate);
    for (auto& rung : chosen) {
        const double by_area = as_stated ? 1.0 : area_factor(fit_short_side(source.size, rung.short_side_px), rung.short_side_px);
        // An average is a promise; only caps follow the number of frames.
        const bool capped = rung.rate.mode == RateControl::Mode::capped_crf;
        rung.rate = scaled_rate(rung.rate, by_area * (capped ? by_frames : 1.0));
    }
    return chosen;
}

std::vector<VideoRendition> plan_video_renditions(const LadderSource& source, const LadderPolicy& policy, int cores,
                                                  std::vector<std::string>& notes) {
    std::vector<VideoRendition> renditions;
    for (const auto& rung : choose_rungs(source, policy)) {
        const PictureSize size = fit_short_side(source.size, rung.short_side_px);
        const std::size_t before = renditions.size();
        for (const Codec codec : policy.codecs) {
            const CodecTraits traits = traits_of(codec);
            if (size.short_side_px() < traits.least_side_px) {
                notes.push_back("A picture of " + std::to_string(size.width_px) + "x" + std::to_string(size.height_px) +
                                " is too small for " + std::string(to_string(codec)) + ".");
                continue;
            }
            renditions.push_back(make_rendition(rung, size, traits, source, policy));
        }
        if (renditions.size() == before && before == 0) {
            renditions.push_back(make_rendition(rung, size, traits_of(Codec::h264), source, policy));
            notes.emplace_back("H.264 is made instead, so that there is a picture at all.");
        }
    }
    share_threads(renditions, policy.encoder_threads, cores);
    return renditions;
}

}  // namespace streamforge::media
