#include "media/ffmpeg/packet_times.hpp"

#include <algorithm>

namespace streamforge::media::ffmpeg {

void PacketTimes::note(const AVPacket& packet) {
    if ((packet.flags & AV_PKT_FLAG_DISCARD) != 0) return;
    ++packets;
    if (packet.pts != AV_NOPTS_VALUE) shown.push_back(packet.pts);
    if (packet.dts != AV_NOPTS_VALUE) decoded.push_back(packet.dts);
}

const std::vector<std::int64_t>& PacketTimes::times() const noexcept { return decoded.size() > shown.size() ? decoded : shown; }

std::vector<std::int64_t> PacketTimes::complete_times() const {
    std::vector<std::int64_t> result = times();
    std::ranges::sort(result);
    if (ended) return result;
    if (!decoded.empty()) {
        // Every packet still to come is shown at or after the last decoding time.
        std::erase_if(result, [&](std::int64_t time) { return time > decoded.back(); });
    } else {
        constexpr std::size_t deepest_reorder = 16;
        result.resize(result.size() > deepest_reorder ? result.size() - deepest_reorder : 0);
    }
    return result;
}

std::optional<std::int64_t> PacketTimes::first_time() const {
    const auto& candidates = shown.empty() ? decoded : shown;
    if (candidates.empty()) return std::nullopt;
    return *std::ranges::min_element(candidates);
}

}  // namespace streamforge::media::ffmpeg
