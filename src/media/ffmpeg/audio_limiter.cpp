#include "media/ffmpeg/audio_limiter.hpp"

#include <algorithm>
#include <cmath>

namespace streamforge::media::ffmpeg {
namespace {

constexpr float ceiling = 0.944F;  // −0.5 dBFS: the lossy encoder adds a little on top
constexpr double ahead_s = 0.005;
constexpr double release_s = 0.080;

}  // namespace

PeakLimiter::PeakLimiter(int rate_hz)
    : ahead_(std::max<std::size_t>(static_cast<std::size_t>(std::lround(rate_hz * ahead_s)), 1)),
      release_(static_cast<float>(1.0 - std::exp(-1.0 / (rate_hz * release_s)))) {}

void PeakLimiter::run(Planes& in, Planes& out) {
    if (in.empty() || in.front().empty()) return;
    held_.resize(in.size());
    out.resize(in.size());
    const std::size_t count = in.front().size();
    for (std::size_t i = 0; i < count; ++i) {
        float peak = 0.0F;
        for (const auto& plane : in) peak = std::max(peak, std::abs(plane[i]));
        if (peak > ceiling) peaks_.push_back({taken_ + i, ceiling / peak});
    }
    for (std::size_t channel = 0; channel < in.size(); ++channel) {
        held_[channel].insert(held_[channel].end(), in[channel].begin(), in[channel].end());
        in[channel].clear();
    }
    taken_ += count;
    if (taken_ - given_ > ahead_) emit(out, taken_ - given_ - ahead_);
}

void PeakLimiter::finish(Planes& out) {
    out.resize(std::max(out.size(), held_.size()));
    emit(out, taken_ - given_);
}

void PeakLimiter::emit(Planes& out, std::size_t count) {
    if (count == 0) return;
    const std::size_t before = out.front().size();
    for (std::size_t channel = 0; channel < held_.size(); ++channel) {
        out[channel].insert(out[channel].end(), held_[channel].begin(), held_[channel].begin() + static_cast<std::ptrdiff_t>(count));
        held_[channel].erase(held_[channel].begin(), held_[channel].begin() + static_cast<std::ptrdiff_t>(count));
    }
    for (std::size_t i = 0; i < count; ++i, ++given_) {
        while (!peaks_.empty() && peaks_.front().position < given_) peaks_.pop_front();
        gain_ = next_gain();
        if (gain_ >= 1.0F) continue;
        for (auto& plane : out) plane[before + i] *= gain_;
    }
}

float PeakLimiter::next_gain() const {
    float gain = gain_ > 0.9999F ? 1.0F : gain_ + (1.0F - gain_) * release_;
    // Down along a straight line to each peak ahead; the steepest line counts.
    for (const Peak& peak : peaks_) {
        if (peak.position >= given_ + ahead_) break;
        const auto steps = static_cast<float>(peak.position - given_ + 1);
        gain = std::min(gain, gain_ + (peak.gain - gain_) / steps);
    }
    return gain;
}

}  // namespace streamforge::media::ffmpeg
