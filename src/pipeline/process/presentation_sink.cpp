#include "pipeline/process/presentation_sink.hpp"

#include "core/try.hpp"
#include "pipeline/layout.hpp"

namespace streamforge::pipeline {

PresentationSink::PresentationSink(const Plan& plan, Publication& publication)
    : plan_(plan), publication_(publication), cues_(plan.encode.text.size()), quality_(plan.encode.video.size()) {
    for (const auto& rendition : plan.encode.video) {
        video_.push_back(std::make_unique<TrackOutput>(publication, "video/" + rendition.id + "/", plan.single_file));
    }
    for (const auto& rendition : plan.encode.audio) {
        audio_.push_back(std::make_unique<TrackOutput>(publication, "audio/" + rendition.id + "/", plan.single_file));
    }
}

TrackOutput* PresentationSink::output(media::TrackRef track) {
    const auto& list = track.kind == TrackKind::video ? video_ : audio_;
    return track.kind == TrackKind::text ? nullptr : list[track.index].get();
}

Result<void> PresentationSink::on_track(media::TrackRef track, const TrackFormat& format) {
    auto* const out = output(track);
    return out == nullptr ? Result<void>() : out->begin(format, plan_.encode.cuts);
}

Result<void> PresentationSink::on_sample(media::TrackRef track, EncodedSample sample) { return output(track)->push(std::move(sample)); }

Result<void> PresentationSink::on_cue(media::TrackRef track, media::TextCue cue) {
    cues_[track.index].push_back({cue.start, cue.end, std::move(cue.text), {}});
    return {};
}

Result<void> PresentationSink::on_picture(media::Picture picture) {
    const std::uint64_t bytes = picture.jpeg.size();
    const bool is_poster = picture.kind == media::Picture::Kind::poster;
    const std::string name = is_poster ? std::string(layout::poster) : layout::sheet_name(picture.number);
    SF_TRY(publication_.put(name, std::move(picture.jpeg)));
    const std::lock_guard lock(mutex_);
    if (is_poster) {
        poster_ = manifest::Poster{name, picture.width_px, picture.height_px, bytes};
    } else {
        sheets_.resize(std::max<std::size_t>(sheets_.size(), picture.number));
        sheets_[picture.number - 1] = {bytes, picture.tiles};
    }
    return {};
}

void PresentationSink::on_quality(media::TrackRef track, std::int64_t segment, const media::QualityScore& score) {
    quality_[track.index][segment] = score;
}

Result<void> PresentationSink::on_track_end(media::TrackRef track) {
    auto* const out = output(track);
    return out == nullptr ? Result<void>() : out->end();
}

std::optional<media::QualityScore> PresentationSink::quality(std::size_t index, std::int64_t segment) const {
    const auto& scores = quality_[index];
    const auto found = scores.find(segment);
    return found == scores.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace streamforge::pipeline
