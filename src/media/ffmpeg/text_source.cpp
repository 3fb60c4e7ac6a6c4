#include "media/ffmpeg/text_source.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "core/try.hpp"
#include "media/ffmpeg/stream_decoder.hpp"
#include "media/ffmpeg/text_ass.hpp"

namespace streamforge::media::ffmpeg {
namespace {

constexpr const char* operation = "media.text";
constexpr std::int64_t text_timescale = 1000;
constexpr MediaTime longest_without_end{10, 1};

/// Frees what a decoded subtitle holds.
struct Subtitle : AVSubtitle {
    Subtitle() : AVSubtitle{} {}
    Subtitle(const Subtitle&) = delete;
    Subtitle& operator=(const Subtitle&) = delete;
    ~Subtitle() { avsubtitle_free(this); }
};

}  // namespace

Result<std::unique_ptr<TextSource>> TextSource::open(const AVStream& stream, Session& session) {
    const AVCodecDescriptor* description = avcodec_descriptor_get(stream.codecpar->codec_id);
    if (description == nullptr || (description->props & AV_CODEC_PROP_TEXT_SUB) == 0) {
        return make_error(Errc::unsupported_codec, operation, "the planned subtitles are not text")
            .with("stream", std::to_string(stream.index));
    }
    std::unique_ptr<TextSource> source(new TextSource(stream, session));
    SF_ASSIGN(source->decoder_, open_stream_decoder(stream, session.policy()));
    for (std::size_t i = 0; i < session.plan().text.size(); ++i) {
        const TextRendition& rendition = session.plan().text[i];
        if (rendition.source_stream != stream.index) continue;
        source->renditions_.push_back(i);
        TrackFormat format;
        format.kind = TrackKind::text;
        format.codec = Codec::webvtt;
        format.timescale = text_timescale;
        format.language = rendition.language;
        SF_TRY(session.sink().on_track({TrackKind::text, i}, format));
    }
    return source;
}

Result<void> TextSource::decode(const AVPacket& packet) {
    if (packet.pts == AV_NOPTS_VALUE) return {};
    Subtitle subtitle;
    int complete = 0;
    // The decoder's interface is older than const.
    const int code = avcodec_decode_subtitle2(decoder_.get(), &subtitle, &complete, const_cast<AVPacket*>(&packet));
    if (code < 0) {
        session_.count_decode_error();
        return {};
    }
    // An empty packet still ends what was waiting (MP4 writes gaps that way).
    const MediaTime start = to_media_time(packet.pts, stream_.time_base) - session_.plan().origin;
    SF_TRY(release(start));
    return complete != 0 ? take(subtitle, packet) : Result<void>{};
}

Result<void> TextSource::take(const AVSubtitle& subtitle, const AVPacket& packet) {
    const MediaTime packet_start = to_media_time(packet.pts, stream_.time_base) - session_.plan().origin;
    const MediaTime start = packet_start + MediaTime{subtitle.start_display_time, text_timescale};
    std::optional<MediaTime> end;
    constexpr std::uint32_t unknown = std::numeric_limits<std::uint32_t>::max();
    if (packet.duration > 0) {
        end = packet_start + to_media_time(packet.duration, stream_.time_base);
    } else if (subtitle.end_display_time != unknown && subtitle.end_display_time > subtitle.start_display_time) {
        end = packet_start + MediaTime{subtitle.end_display_time, text_timescale};
    }
    for (unsigned i = 0; i < subtitle.num_rects; ++i) {
        const AVSubtitleRect& rect = *subtitle.rects[i];
        std::string text;
        if (rect.type == SUBTITLE_ASS && rect.ass != nullptr) text = webvtt_from_ass(ass_event_text(rect.ass));
        if (rect.type == SUBTITLE_TEXT && rect.text != nullptr) text = webvtt_from_ass(rect.text);
        if (text.empty()) continue;
        TextCue cue{start, end.value_or(start), std::move(text)};
        if (end) {
            SF_TRY(give(std::move(cue)));
        } else {
            endless_.push_back(std::move(cue));
        }
    }
    return {};
}

Result<void> TextSource::release(MediaTime end) {
    for (TextCue& cue : std::exchange(endless_, {})) {
        cue.end = std::min(end, cue.start + longest_without_end);
        SF_TRY(give(std::move(cue)));
    }
    return {};
}

Result<void> TextSource::give(TextCue cue) {
    if (session_.stopped()) return Session::stopped_error();
    cue.start = std::max(cue.start, MediaTime{0, text_timescale});
    if (cue.end <= cue.start) return {};
    session_.set_decoded_something();
    for (const std::size_t rendition : renditions_) SF_TRY(session_.sink().on_cue({TrackKind::text, rendition}, cue));
    return {};
}

Result<void> TextSource::finish() {
    for (TextCue& cue : std::exchange(endless_, {})) {
        cue.end = cue.start + longest_without_end;
        SF_TRY(give(std::move(cue)));
    }
    for (const std::size_t rendition : renditions_) SF_TRY(session_.sink().on_track_end({TrackKind::text, rendition}));
    return {};
}

}  // namespace streamforge::media::ffmpeg
