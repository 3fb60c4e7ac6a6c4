#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>

#include <streamforge/core/byte_source.hpp>
#include <streamforge/core/result.hpp>

#include "media/ffmpeg/handles.hpp"
#include "media/ffmpeg/input.hpp"
#include "media/ffmpeg/timeline_epochs.hpp"
#include "media/ffmpeg/transcode_session.hpp"

namespace streamforge::media::ffmpeg {

/// Reads the packets of some streams of an input, in file order, with jumps of the clock mended where the container may
/// have them. Every reader of a plan sees the same mended clock, whichever streams it takes.
class PacketReader {
public:
    /// `wanted`: the streams whose packets `next` gives.
    ///
    /// *Errors*: those of `Input::open`; `no_streams` when a wanted stream is not there.
    [[nodiscard]] static Result<std::unique_ptr<PacketReader>> open(std::shared_ptr<ByteSource> source, Session& session,
                                                                    std::set<int> wanted);

    /// The next packet; none at the end. *Errors*: `io`, `cancelled`.
    [[nodiscard]] Result<PacketPtr> next();
    [[nodiscard]] AVStream& stream(int index) noexcept { return *input_->stream(static_cast<unsigned>(index)); }
    [[nodiscard]] const AVFormatContext& context() const noexcept { return *input_->context(); }
    /// Jumps of the clock that were mended so far.
    [[nodiscard]] std::size_t jumps() const noexcept { return epochs_.jumps(); }
    [[nodiscard]] std::uint64_t damage_count() const noexcept { return input_->damage_count(); }

private:
    PacketReader(std::unique_ptr<Input> input, std::set<int> wanted) : input_(std::move(input)), wanted_(std::move(wanted)) {}
    void mend_clock(AVPacket& packet);

    std::unique_ptr<Input> input_;
    std::set<int> wanted_;
    bool clock_may_jump_ = false;
    TimestampEpochs epochs_;
};

/// The streams that `plan` reads at all.
[[nodiscard]] std::set<int> planned_streams(const EncodePlan& plan);

}  // namespace streamforge::media::ffmpeg
