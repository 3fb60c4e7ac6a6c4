#include "media/comb_meter.hpp"

#include <algorithm>
#include <utility>

namespace streamforge::media {
namespace {

/// How far `middle` sticks out of both its neighbours on the same side.
int comb(int above, int middle, int below) noexcept {
    constexpr int visible = 6;  // of 255: below it, compression noise
    const int up = middle - above;
    const int down = middle - below;
    if (up > visible && down > visible) return std::min(up, down);
    if (up < -visible && down < -visible) return -std::max(up, down);
    return 0;
}

std::int64_t comb_sum(std::span<const std::uint8_t> top, std::span<const std::uint8_t> bottom, std::size_t width,
                      std::size_t height) noexcept {
    std::int64_t sum = 0;
    for (std::size_t y = 1; y + 1 < height; y += 2) {
        const std::uint8_t* above = top.data() + (y - 1) * width;
        const std::uint8_t* middle = bottom.data() + y * width;
        const std::uint8_t* below = top.data() + (y + 1) * width;
        int line = 0;
        for (std::size_t x = 0; x < width; ++x) line += comb(above[x], middle[x], below[x]);
        sum += line;
    }
    return sum;
}

}  // namespace

FieldVote vote_fields(const CombSums& sums, std::int64_t pixels) noexcept {
    const std::int64_t before = sums.previous - sums.current;
    const std::int64_t after = sums.next - sums.current;
    const std::int64_t larger = std::max(before, after);
    const std::int64_t smaller = std::min(before, after);
    // Motion must show: above the noise that the three sums share, and on more than a few pixels.
    const std::int64_t least = std::max(sums.current / 20, pixels / 100);
    // Clean with one neighbour's field, combed with its own and the other's by one and two frames (or both by one).
    if (-smaller >= least && larger * 10 > smaller * 3 && larger * 10 < -smaller * 15) return FieldVote::film;
    if (larger < least) return FieldVote::undetermined;
    if (smaller * 10 > larger * 4) return FieldVote::progressive;
    // Half a frame to one side and one and a half to the other.
    if (smaller * 10 < larger * 2 && smaller * 10 > -larger * 4) {
        return before < after ? FieldVote::top_first : FieldVote::bottom_first;
    }
    return FieldVote::undetermined;
}

std::optional<FieldVote> CombMeter::push(std::vector<std::uint8_t> luma, std::size_t width, std::size_t height) {
    if (width != width_ || height != height_) window_.clear();
    width_ = width;
    height_ = height;
    if (luma.size() < width * height || width == 0 || height < 4) return std::nullopt;
    if (window_.size() == 3) window_.erase(window_.begin());
    window_.push_back(std::move(luma));
    if (window_.size() < 3) return std::nullopt;

    const auto& current = window_[1];
    const CombSums sums{.current = comb_sum(current, current, width, height),
                        .previous = comb_sum(current, window_[0], width, height),
                        .next = comb_sum(current, window_[2], width, height)};
    return vote_fields(sums, static_cast<std::int64_t>(width * height));
}

}  // namespace streamforge::media
