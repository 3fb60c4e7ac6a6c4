#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <streamforge/core/track.hpp>
#include <streamforge/manifest/presentation.hpp>
#include <streamforge/media/transcode.hpp>
#include <streamforge/packaging/cmaf_writer.hpp>
#include <streamforge/packaging/single_file.hpp>

#include "core/temporary_file.hpp"
#include "pipeline/publication.hpp"

namespace streamforge::pipeline {

/// One encoded track on its way: packages samples into segments, publishes each as it is complete, keeps the facts.
///
/// *Thread safety*: one thread at a time; different tracks run beside each other.
class TrackOutput {
public:
    /// `folder` ends with '/': "video/1080p/".
    TrackOutput(Publication& publication, std::string folder, bool single_file)
        : publication_(publication), folder_(std::move(folder)), single_file_(single_file) {}
    TrackOutput(const TrackOutput&) = delete;
    TrackOutput& operator=(const TrackOutput&) = delete;

    [[nodiscard]] Result<void> begin(const TrackFormat& format, const CutList& cuts);
    [[nodiscard]] Result<void> push(EncodedSample sample);
    [[nodiscard]] Result<void> end();

    [[nodiscard]] bool begun() const noexcept { return writer_.has_value(); }
    [[nodiscard]] const TrackFormat& format() const noexcept { return writer_->format(); }
    /// The facts for the manifests; complete after `end`.
    [[nodiscard]] const manifest::TrackFacts& facts() const noexcept { return facts_; }

private:
    [[nodiscard]] Result<void> keep(packaging::MediaSegment segment);
    [[nodiscard]] Result<void> write_single_file(const Bytes& init);

    Publication& publication_;
    std::string folder_;
    bool single_file_;
    std::optional<packaging::CmafTrackWriter> writer_;
    std::optional<TemporaryFile> spool_;  ///< Fragments of a single file: its index must precede them.
    std::vector<packaging::SegmentFacts> segments_;
    manifest::TrackFacts facts_;
};

}  // namespace streamforge::pipeline
