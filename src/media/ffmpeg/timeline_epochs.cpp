#include "media/ffmpeg/timeline_epochs.hpp"

namespace streamforge::media::ffmpeg {
namespace {

constexpr MediaTime jump{10, 1};
constexpr MediaTime same_splice{2, 1};        // how far apart streams may lie at one splice
constexpr std::size_t epochs_looked_at = 16;  // older clocks do not come back; bounds the work on a hostile file

MediaTime distance(const MediaTime& a, const MediaTime& b) noexcept { return a < b ? b - a : a - b; }

}  // namespace

MediaTime TimestampEpochs::shift(int stream, MediaTime time, MediaTime duration) {
    StreamState& state = streams_[stream];
    if (!state.expected) state.epoch = shifts_.size() - 1;  // a stream that begins late is on the newest clock
    if (state.expected && distance(time + shifts_[state.epoch], *state.expected) > jump) {
        std::size_t best = shifts_.size();
        const std::size_t oldest = shifts_.size() > epochs_looked_at ? shifts_.size() - epochs_looked_at : 0;
        for (std::size_t i = oldest; i < shifts_.size(); ++i) {
            if (distance(time + shifts_[i], *state.expected) <= same_splice) best = i;  // the newest that fits
        }
        if (best == shifts_.size()) shifts_.push_back(*state.expected - time);
        state.epoch = best;
    }
    const MediaTime& by = shifts_[state.epoch];
    state.expected = time + by + duration;
    return by;
}

}  // namespace streamforge::media::ffmpeg
