#include "media/ffmpeg/scale_tone_curve.hpp"

#include <algorithm>
#include <cmath>

namespace streamforge::media::ffmpeg {
namespace {

constexpr double pq_peak = 10000.0;
constexpr double m1 = 2610.0 / 16384.0;
constexpr double m2 = 2523.0 / 4096.0 * 128.0;
constexpr double c1 = 3424.0 / 4096.0;
constexpr double c2 = 2413.0 / 4096.0 * 32.0;
constexpr double c3 = 2392.0 / 4096.0 * 32.0;

constexpr double sdr_white_nits = 203.0;  // Rec. ITU-R BT.2408: HDR reference white
constexpr double display_gamma = 2.4;     // Rec. ITU-R BT.1886

/// Luminance of light with BT.2020 and BT.709 primaries.
double luminance_2020(const Rgb& light) noexcept { return 0.2627 * light[0] + 0.6780 * light[1] + 0.0593 * light[2]; }
double luminance_709(const Rgb& light) noexcept { return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]; }

Rgb primaries_2020_to_709(const Rgb& light) noexcept {
    return {1.660491 * light[0] - 0.587641 * light[1] - 0.072850 * light[2],
            -0.124550 * light[0] + 1.132900 * light[1] - 0.008349 * light[2],
            -0.018151 * light[0] - 0.100579 * light[1] + 1.118730 * light[2]};
}

double hlg_scene_light(double code) noexcept {
    constexpr double a = 0.17883277, b = 0.28466892, c = 0.55991073;
    if (code <= 0.0) return 0.0;
    return code <= 0.5 ? code * code / 3.0 : (std::exp((code - c) / a) + b) / 12.0;
}

/// Moves `light` towards grey of its luminance until it lies within 0…1.
Rgb into_gamut(Rgb light) noexcept {
    const double grey = std::clamp(luminance_709(light), 0.0, 1.0);
    double keep = 1.0;
    for (const double each : light) {
        if (each < 0.0 && grey - each > 0.0) keep = std::min(keep, grey / (grey - each));
        if (each > 1.0 && each - grey > 0.0) keep = std::min(keep, (1.0 - grey) / (each - grey));
    }
    for (double& each : light) each = std::clamp(grey + (each - grey) * keep, 0.0, 1.0);
    return light;
}

}  // namespace

double pq_to_nits(double code) noexcept {
    const double power = std::pow(std::clamp(code, 0.0, 1.0), 1.0 / m2);
    return pq_peak * std::pow(std::max(power - c1, 0.0) / (c2 - c3 * power), 1.0 / m1);
}

double nits_to_pq(double nits) noexcept {
    const double power = std::pow(std::clamp(nits / pq_peak, 0.0, 1.0), m1);
    return std::pow((c1 + c2 * power) / (1.0 + c3 * power), m2);
}

Rgb hlg_to_nits(const Rgb& code) noexcept {
    constexpr double peak = 1000.0;
    constexpr double system_gamma = 1.2;
    Rgb scene{hlg_scene_light(code[0]), hlg_scene_light(code[1]), hlg_scene_light(code[2])};
    const double luminance = luminance_2020(scene);
    const double gain = luminance > 0.0 ? peak * std::pow(luminance, system_gamma - 1.0) : 0.0;
    return {scene[0] * gain, scene[1] * gain, scene[2] * gain};
}

double eetf(double nits, double source_peak, double target_peak) noexcept {
    if (source_peak <= target_peak) return std::min(nits, target_peak);
    const double source_pq = nits_to_pq(source_peak);
    const double most = nits_to_pq(target_peak) / source_pq;
    const double knee = 1.5 * most - 0.5;
    const double in = std::min(nits_to_pq(nits) / source_pq, 1.0);
    if (in <= knee) return nits;
    const double t = (in - knee) / (1.0 - knee);
    const double t2 = t * t;
    const double t3 = t2 * t;
    const double out = (2.0 * t3 - 3.0 * t2 + 1.0) * knee + (t3 - 2.0 * t2 + t) * (1.0 - knee) + (-2.0 * t3 + 3.0 * t2) * most;
    return pq_to_nits(out * source_pq);
}

Rgb hdr_light_to_sdr_code(const Rgb& nits, double source_peak, bool bt709_primaries) noexcept {
    // The curve is led by a mixture of luminance and the strongest channel: luminance alone would burn out saturated
    // lights, the strongest channel alone would darken them.
    const double luminance = bt709_primaries ? luminance_709(nits) : luminance_2020(nits);
    const double strongest = std::max({nits[0], nits[1], nits[2], 0.0});
    const double leading = 0.5 * (luminance + strongest);
    const double gain = leading > 1e-6 ? eetf(leading, source_peak, sdr_white_nits) / leading / sdr_white_nits : 1.0 / sdr_white_nits;
    Rgb light{nits[0] * gain, nits[1] * gain, nits[2] * gain};
    if (!bt709_primaries) light = primaries_2020_to_709(light);
    light = into_gamut(light);
    for (double& each : light) each = std::pow(each, 1.0 / display_gamma);
    return light;
}

}  // namespace streamforge::media::ffmpeg
