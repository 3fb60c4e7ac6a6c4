#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <streamforge/packaging/remux.hpp>

#include "unit/packaging/support/mp4_builder.hpp"

namespace streamforge::packaging::test {

/// Keeps everything in memory; can be told to fail at its n-th call.
class MemorySink final : public RemuxSink {
public:
    struct File {
        Bytes bytes;
        bool finished = false;
    };
    /// "0/init", "1/seg-3", "0/file".
    std::map<std::string, File> files;
    std::size_t calls = 0;
    std::size_t fail_at = static_cast<std::size_t>(-1);

    /// Counts a call; an error when it is the one to fail.
    [[nodiscard]] Result<void> step();

    [[nodiscard]] Result<void> on_init(std::size_t track, const Bytes& init) override;
    [[nodiscard]] Result<std::unique_ptr<RemuxOutput>> open_segment(std::size_t track, const SegmentFacts& facts) override;
    [[nodiscard]] Result<std::unique_ptr<RemuxOutput>> open_file(std::size_t track, const SingleFileLayout& layout) override;
};

/// A file of built tracks, indexed, with its bytes.
struct Prepared {
    std::shared_ptr<ByteSource> source;
    RemuxInput input;
};
[[nodiscard]] Prepared prepare_input(const std::vector<BuiltTrack>& tracks, const BuildOptions& options = {},
                                     const std::string& name = "input");
[[nodiscard]] Prepared prepare_file(const std::string& path);

/// Init segment and all media segments of one track of a plan.
[[nodiscard]] Bytes joined_track(const RemuxTrack& track, const ByteSource& source);

/// One sample as a player gets it.
struct PlayedSample {
    std::int64_t pts = 0;  ///< On the presentation's timeline, in ticks of the track.
    bool sync = false;
    Bytes data;

    friend bool operator==(const PlayedSample&, const PlayedSample&) = default;
};
/// The samples of a joined track, read back by our own reader.
[[nodiscard]] std::vector<PlayedSample> played(const Bytes& joined);

}  // namespace streamforge::packaging::test
