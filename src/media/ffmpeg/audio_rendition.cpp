#include "media/ffmpeg/audio_rendition.hpp"

#include <algorithm>
#include <utility>

#include "core/try.hpp"

namespace streamforge::media::ffmpeg {

AudioRenditionWriter::AudioRenditionWriter(Session& session, std::size_t index)
    : session_(session), track_{TrackKind::audio, index}, rendition_(session.plan().audio[index]) {}

Result<std::unique_ptr<AudioRenditionWriter>> AudioRenditionWriter::open(Session& session, std::size_t index) {
    std::unique_ptr<AudioRenditionWriter> writer(new AudioRenditionWriter(session, index));
    SF_ASSIGN(writer->encoder_, AudioEncoder::open(writer->rendition_));
    if (session.plan().video.empty()) {
        writer->progress_track_ = session.add_progress_track(writer->rendition_.sample_rate_hz);
    }
    SF_TRY(session.sink().on_track(writer->track_, writer->encoder_->format()));
    return writer;
}

Result<void> AudioRenditionWriter::set_input(const AudioResampler::Input& input) {
    if (resampler_) SF_TRY(resampler_->finish(resampled_));
    SF_ASSIGN(resampler_, AudioResampler::open(input, static_cast<int>(rendition_.sample_rate_hz), static_cast<int>(rendition_.channels)));
    // Mixing channels together can exceed full scale; once that can happen it is watched for to the end.
    const bool mixes = input.layout.get()->nb_channels > static_cast<int>(rendition_.channels);
    if (mixes && !limiter_) limiter_.emplace(static_cast<int>(rendition_.sample_rate_hz));
    return {};
}

Result<void> AudioRenditionWriter::add(const std::uint8_t* const* data, int samples) {
    SF_TRY(resampler_->add(data, samples, resampled_));
    return encode();
}

Result<void> AudioRenditionWriter::encode() {
    SF_TRY(mix_down());
    SF_TRY(encoder_->encode(ready_));
    return deliver();
}

Result<void> AudioRenditionWriter::mix_down() {
    if (limiter_) {
        limiter_->run(resampled_, ready_);
        return {};
    }
    ready_.resize(resampled_.size());
    for (std::size_t channel = 0; channel < resampled_.size(); ++channel) {
        ready_[channel].insert(ready_[channel].end(), resampled_[channel].begin(), resampled_[channel].end());
        resampled_[channel].clear();
    }
    return {};
}

Result<void> AudioRenditionWriter::deliver() {
    while (auto sample = encoder_->take()) {
        if (session_.stopped()) return Session::stopped_error();
        const std::int64_t done = sample->pts + sample->duration - encoder_->format().audio.priming_samples;
        SF_TRY(session_.sink().on_sample(track_, *std::move(sample)));
        if (session_.plan().video.empty()) session_.advance(progress_track_, done);
    }
    return {};
}

Result<void> AudioRenditionWriter::finish(MediaTime end) {
    if (resampler_) SF_TRY(resampler_->finish(resampled_));
    SF_TRY(mix_down());
    if (limiter_) limiter_->finish(ready_);
    // Each change of the input's rate rounds once; the whole is rounded once here.
    const std::int64_t wanted = end.rescaled(rendition_.sample_rate_hz, Rounding::nearest).ticks;
    ready_.resize(rendition_.channels);
    for (;;) {
        const std::int64_t missing = wanted - encoder_->encoded_samples() - static_cast<std::int64_t>(ready_.front().size());
        if (missing <= 0) {
            const auto size = static_cast<std::int64_t>(ready_.front().size()) + missing;
            for (auto& plane : ready_) plane.resize(static_cast<std::size_t>(std::max<std::int64_t>(size, 0)));
            break;
        }
        const std::int64_t part = std::min<std::int64_t>(missing, rendition_.sample_rate_hz);
        for (auto& plane : ready_) plane.resize(plane.size() + static_cast<std::size_t>(part), 0.0F);
        SF_TRY(encoder_->encode(ready_));
        SF_TRY(deliver());
    }
    SF_TRY(encoder_->finish(ready_));
    SF_TRY(deliver());
    session_.track_ends(TrackKind::audio, {encoder_->encoded_samples(), rendition_.sample_rate_hz});
    return session_.sink().on_track_end(track_);
}

}  // namespace streamforge::media::ffmpeg
