#include "media/ffmpeg/audio_reader.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "core/try.hpp"
#include "media/ffmpeg/durations.hpp"

namespace streamforge::media::ffmpeg {

Result<std::unique_ptr<AudioReader>> AudioReader::open(std::shared_ptr<ByteSource> source, Session& session) {
    const EncodePlan& plan = session.plan();
    std::set<int> sounds;
    std::set<int> texts;
    for (const auto& rendition : plan.audio) sounds.insert(rendition.source_stream);
    for (const auto& rendition : plan.text) texts.insert(rendition.source_stream);
    std::set<int> wanted = sounds;
    wanted.insert(texts.begin(), texts.end());
    SF_ASSIGN(auto packets, PacketReader::open(std::move(source), session, wanted));
    std::unique_ptr<AudioReader> reader(new AudioReader(session, std::move(packets)));
    for (const int index : sounds) {
        const AVStream& stream = reader->packets_->stream(index);
        if (stream.codecpar->codec_type != AVMEDIA_TYPE_AUDIO) {
            return make_error(Errc::no_streams, "media.transcode",
                              "a planned sound is not an audio stream; is the plan made from this input?")
                .with("stream", std::to_string(index));
        }
        SF_ASSIGN(auto sound, AudioSource::open(stream, session));
        reader->sources_.emplace(index, std::move(sound));
        if (!plan.video.empty()) continue;
        if (const auto length = stream_duration(reader->packets_->context(), stream).value) session.expect_length(*length);
    }
    for (const int index : texts) {
        SF_ASSIGN(auto text, TextSource::open(reader->packets_->stream(index), session));
        reader->texts_.emplace(index, std::move(text));
    }
    return reader;
}

Result<void> AudioReader::run() {
    for (;;) {
        SF_ASSIGN(const PacketPtr packet, packets_->next());
        if (!packet) break;
        if (const auto sound = sources_.find(packet->stream_index); sound != sources_.end()) {
            SF_TRY(sound->second->decode(packet.get()));
        }
        if (const auto text = texts_.find(packet->stream_index); text != texts_.end()) {
            SF_TRY(text->second->decode(*packet));
        }
    }
    for (auto& [index, sound] : sources_) SF_TRY(sound->decode(nullptr));
    return finish();
}

Result<void> AudioReader::finish() {
    for (auto& [index, text] : texts_) SF_TRY(text->finish());
    MediaTime longest;
    for (const auto& [index, sound] : sources_) longest = std::max(longest, sound->end());
    session_.publish_end(TrackKind::audio, longest);
    if (session_.plan().video.empty() && longest.ticks == 0) {
        return make_error(Errc::malformed, "media.decode", "no sound could be decoded");
    }
    std::optional<MediaTime> picture_end;
    if (!session_.plan().video.empty()) {
        picture_end = session_.wait_for_end(TrackKind::video);
        if (!picture_end) return Session::stopped_error();
    }
    for (auto& [index, sound] : sources_) {
        std::optional<MediaTime> until;
        if (picture_end && *picture_end - sound->end() > session_.plan().cuts.period) {
            until = picture_end;
            const bool none = sound->end().ticks == 0;
            session_.warn("The sound of stream " + std::to_string(index) +
                          (none ? " cannot be decoded; it is replaced by silence." : " ends before the picture; silence follows."));
        }
        SF_TRY(sound->finish(until));
    }
    return {};
}

}  // namespace streamforge::media::ffmpeg
