#include <streamforge/media/media_info.hpp>

#include <algorithm>
#include <tuple>

namespace streamforge::media {
namespace {

/// Larger is better: playable first, then the container's default, then size; equal ones keep the file's order.
auto rank(const StreamInfo& stream) noexcept {
    const std::uint64_t pixels = std::uint64_t{stream.video->width_px} * stream.video->height_px;
    return std::tuple(stream.decodable, stream.is_default, pixels);
}

}  // namespace

const StreamInfo* MediaInfo::main_video() const noexcept {
    const StreamInfo* best = nullptr;
    for (const auto& each : streams) {
        if (!each.video || each.video->attached_picture) continue;
        if (best == nullptr || rank(each) > rank(*best)) best = &each;
    }
    return best;
}

const StreamInfo* MediaInfo::stream(int index) const noexcept {
    const auto found = std::ranges::find(streams, index, &StreamInfo::index);
    return found == streams.end() ? nullptr : &*found;
}

}  // namespace streamforge::media
