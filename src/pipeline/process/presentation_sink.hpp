#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include <streamforge/manifest/presentation.hpp>
#include <streamforge/manifest/webvtt.hpp>
#include <streamforge/media/transcode.hpp>
#include <streamforge/pipeline/plan.hpp>

#include "pipeline/publication.hpp"
#include "pipeline/process/track_output.hpp"

namespace streamforge::pipeline {

/// Takes what the transcoder makes: samples go through packaging into the publication, facts are kept for the manifests.
class PresentationSink final : public media::TranscodeSink {
public:
    PresentationSink(const Plan& plan, Publication& publication);

    [[nodiscard]] Result<void> on_track(media::TrackRef track, const TrackFormat& format) override;
    [[nodiscard]] Result<void> on_sample(media::TrackRef track, EncodedSample sample) override;
    [[nodiscard]] Result<void> on_cue(media::TrackRef track, media::TextCue cue) override;
    [[nodiscard]] Result<void> on_picture(media::Picture picture) override;
    void on_quality(media::TrackRef track, std::int64_t segment, const media::QualityScore& score) override;
    [[nodiscard]] Result<void> on_track_end(media::TrackRef track) override;

    // What was made; to be read after the transcode has returned.
    [[nodiscard]] const TrackOutput& video(std::size_t index) const { return *video_[index]; }
    [[nodiscard]] const TrackOutput& audio(std::size_t index) const { return *audio_[index]; }
    [[nodiscard]] const std::vector<manifest::WebVttCue>& cues(std::size_t index) const { return cues_[index]; }
    [[nodiscard]] const std::vector<manifest::ThumbnailSheet>& sheets() const { return sheets_; }
    [[nodiscard]] const std::optional<manifest::Poster>& poster() const { return poster_; }
    /// Score of segment `segment` (from 0) of video rendition `index`, if it was measured.
    [[nodiscard]] std::optional<media::QualityScore> quality(std::size_t index, std::int64_t segment) const;

private:
    [[nodiscard]] TrackOutput* output(media::TrackRef track);

    const Plan& plan_;
    Publication& publication_;
    std::vector<std::unique_ptr<TrackOutput>> video_;
    std::vector<std::unique_ptr<TrackOutput>> audio_;
    std::vector<std::vector<manifest::WebVttCue>> cues_;  ///< Each list belongs to the one thread of its track.
    std::vector<std::map<std::int64_t, media::QualityScore>> quality_;

    std::mutex mutex_;  ///< Guards the pictures.
    std::vector<manifest::ThumbnailSheet> sheets_;
    std::optional<manifest::Poster> poster_;
};

}  // namespace streamforge::pipeline
