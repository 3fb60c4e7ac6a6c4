#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "media/ffmpeg/handles.hpp"

namespace streamforge::media::ffmpeg {

/// Times of one stream's packets, in file order.
struct PacketTimes {
    std::vector<std::int64_t> shown;    ///< Presentation times.
    std::vector<std::int64_t> decoded;  ///< Decoding times.
    std::uint64_t packets = 0;
    bool ended = false;  ///< The input ended: nothing is missing.

    /// Packets outside the edit list do not count.
    void note(const AVPacket& packet);
    /// Decoding times stand in where presentation times are scarcer: MPEG program streams time only some pictures, and AVI
    /// none. Their rate is the same.
    [[nodiscard]] const std::vector<std::int64_t>& times() const noexcept;
    /// Sorted, with nothing missing in between: packets of later pictures may precede those of earlier ones.
    [[nodiscard]] std::vector<std::int64_t> complete_times() const;
    /// The earliest presentation time.
    [[nodiscard]] std::optional<std::int64_t> first_time() const;
    /// Whether there are times at all.
    [[nodiscard]] bool timed() const noexcept { return packets > 0 && times().size() * 2 > packets; }
};

}  // namespace streamforge::media::ffmpeg
