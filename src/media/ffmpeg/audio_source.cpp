#include "media/ffmpeg/audio_source.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "core/try.hpp"
#include "media/ffmpeg/ffmpeg_error.hpp"
#include "media/ffmpeg/stream_decoder.hpp"

namespace streamforge::media::ffmpeg {
namespace {

constexpr const char* operation = "media.decode";
constexpr std::size_t most_channels = 64;

}  // namespace

Result<std::unique_ptr<AudioSource>> AudioSource::open(const AVStream& stream, Session& session) {
    std::unique_ptr<AudioSource> source(new AudioSource(stream, session));
    SF_ASSIGN(source->decoder_, open_stream_decoder(stream, session.policy()));
    for (std::size_t i = 0; i < session.plan().audio.size(); ++i) {
        if (session.plan().audio[i].source_stream != stream.index) continue;
        SF_ASSIGN(auto rendition, AudioRenditionWriter::open(session, i));
        source->renditions_.push_back(std::move(rendition));
    }
    return source;
}

Result<void> AudioSource::decode(const AVPacket* packet) {
    constexpr int most_errors_in_a_row = 64;
    for (bool again = true; again;) {
        const int sent = avcodec_send_packet(decoder_.get(), packet);
        again = sent == AVERROR(EAGAIN);
        if (sent < 0 && !again && sent != AVERROR_EOF) {
            session_.count_decode_error();
            return {};
        }
        for (int errors = 0; errors < most_errors_in_a_row;) {
            if (session_.stopped()) return Session::stopped_error();
            FramePtr sound(av_frame_alloc());
            if (!sound) return make_error(Errc::internal, operation, "out of memory");
            const int code = avcodec_receive_frame(decoder_.get(), sound.get());
            if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) break;
            if (code < 0) {
                session_.count_decode_error();
                ++errors;
                continue;
            }
            SF_TRY(take(std::move(sound)));
        }
    }
    if (packet != nullptr || !held_) return {};
    const FramePtr last = std::exchange(held_, nullptr);
    return place(*last, told_length(*last));
}

Result<void> AudioSource::take(FramePtr sound) {
    if (sound->nb_samples <= 0 || sound->sample_rate <= 0) return {};
    if (sound->ch_layout.nb_channels < 1 || static_cast<std::size_t>(sound->ch_layout.nb_channels) > most_channels) return {};
    session_.set_decoded_something();
    const FramePtr before = std::exchange(held_, std::move(sound));
    if (!before) return {};
    return place(*before, before->nb_samples);
}

std::int64_t AudioSource::told_length(const AVFrame& sound) const noexcept {
    // Containers that count in samples tell exactly how much of the last packet is real.
    const AVRational base = stream_.time_base;
    const std::int64_t duration = compat::frame_duration(sound);
    if (duration <= 0 || base.num != 1 || base.den != sound.sample_rate) return sound.nb_samples;
    return std::min<std::int64_t>(duration, sound.nb_samples);
}

Result<void> AudioSource::follow_format(const AVFrame& sound) {
    const auto format = static_cast<AVSampleFormat>(sound.format);
    const bool same = timeline_ && timeline_->rate_hz() == sound.sample_rate && format == format_ &&
                      av_channel_layout_compare(&sound.ch_layout, layout_.get()) == 0;
    if (same) return {};
    if (timeline_) {
        session_.warn("The sound of stream " + std::to_string(stream_.index) + " changes its format midway.");
        timeline_->change_rate(sound.sample_rate);
    } else {
        timeline_.emplace(sound.sample_rate);
    }
    format_ = format;
    layout_ = ChannelLayout(sound.ch_layout);
    for (auto& rendition : renditions_) SF_TRY(rendition->set_input({sound.sample_rate, format_, layout_}));
    return {};
}

Result<void> AudioSource::add_silence(std::int64_t samples) {
    while (samples > 0) {
        if (session_.stopped()) return Session::stopped_error();
        const auto part = static_cast<int>(std::min<std::int64_t>(samples, timeline_->rate_hz()));
        for (auto& rendition : renditions_) SF_TRY(rendition->add(nullptr, part));
        samples -= part;
    }
    return {};
}

Result<void> AudioSource::place(const AVFrame& sound, std::int64_t samples) {
    SF_TRY(follow_format(sound));
    SampleStep step;
    if (sound.best_effort_timestamp == AV_NOPTS_VALUE) {
        step = timeline_->follow(samples);
    } else {
        const MediaTime time = to_media_time(sound.best_effort_timestamp, stream_.time_base) - session_.plan().origin;
        const MediaTime longest{session_.policy().max_duration.count(), 1};
        if (time < MediaTime{} - longest) return {};
        if (time > longest) {
            return make_error(Errc::limit_exceeded, operation, "the input is too long").with("limit", "max_duration");
        }
        step = timeline_->place(time, samples);
    }
    SF_TRY(add_silence(step.silence));
    if (step.take == 0) return {};
    // Leave out the front by moving the pointers.
    const bool planar = av_sample_fmt_is_planar(format_) != 0;
    const auto channels = static_cast<std::size_t>(layout_.get()->nb_channels);
    const std::size_t stride = static_cast<std::size_t>(av_get_bytes_per_sample(format_)) * (planar ? 1 : channels);
    std::array<const std::uint8_t*, most_channels> data{};
    for (std::size_t i = 0; i < (planar ? channels : 1); ++i) {
        data[i] = sound.extended_data[i] + stride * static_cast<std::size_t>(step.skip);
    }
    for (auto& rendition : renditions_) SF_TRY(rendition->add(data.data(), static_cast<int>(step.take)));
    return {};
}

MediaTime AudioSource::end() const noexcept { return timeline_ ? timeline_->end() : MediaTime{}; }

Result<void> AudioSource::finish(std::optional<MediaTime> until) {
    if (timeline_ && timeline_->corrections() > 0) {
        session_.warn("Gaps or overlaps in the sound of stream " + std::to_string(stream_.index) + " were mended.");
    }
    MediaTime last = end();
    if (until && *until > last) last = *until;
    for (auto& rendition : renditions_) SF_TRY(rendition->finish(last));
    return {};
}

}  // namespace streamforge::media::ffmpeg
