#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include <streamforge/core/media_time.hpp>

namespace streamforge::media::ffmpeg {

/// Mends the clock of containers whose timestamps may jump (MPEG-TS, MPEG-PS): splices, restarts and wraps.
///
/// A packet more than 10 s off what its stream leads to expect starts a new epoch, which is shifted so that this stream
/// goes on without a gap. Other streams that jump join the same epoch, so sound and picture keep their relation over a
/// splice. Everything follows from the packets in file order: two readers that see the same packets decide the same.
class TimestampEpochs {
public:
    /// What to add to the timestamps of a packet of `stream` that is due at `time` (decode time if it has one) and lasts
    /// `duration` (0 when unknown).
    [[nodiscard]] MediaTime shift(int stream, MediaTime time, MediaTime duration);
    /// Jumps that were mended.
    [[nodiscard]] std::size_t jumps() const noexcept { return shifts_.size() - 1; }

private:
    struct StreamState {
        std::size_t epoch = 0;
        std::optional<MediaTime> expected;  // of the next packet, after shifting
    };
    std::vector<MediaTime> shifts_{MediaTime{0, 1}};  // by epoch, oldest first
    std::map<int, StreamState> streams_;
};

}  // namespace streamforge::media::ffmpeg
