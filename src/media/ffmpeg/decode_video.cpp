#include "media/ffmpeg/decode_video.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "core/try.hpp"
#include "media/ffmpeg/decode_side_data.hpp"
#include "media/ffmpeg/durations.hpp"
#include "media/ffmpeg/ffmpeg_error.hpp"
#include "media/ffmpeg/stream_decoder.hpp"

namespace streamforge::media::ffmpeg {
namespace {

constexpr const char* operation = "media.decode";
constexpr Rational rate_when_unknown{25, 1};

/// The stream's own rate as far as it is sane.
Rational stream_rate(const AVStream& stream) noexcept {
    constexpr Rational highest{1000, 1};
    for (const AVRational rate : {stream.avg_frame_rate, stream.r_frame_rate}) {
        if (rate.num > 0 && rate.den > 0 && to_rational(rate) < highest) return to_rational(rate);
    }
    return rate_when_unknown;
}

FrameTimeline::Settings timeline_settings(const EncodePlan& plan, Rational rate) {
    const auto& source = *plan.video_source;
    FrameTimeline::Settings settings;
    settings.timescale = source.timescale;
    settings.cuts = plan.cuts;
    if (source.frame_rate.is_positive()) {
        settings.frame_ticks = mul_div(source.timescale, source.frame_rate.den, source.frame_rate.num, Rounding::nearest);
    }
    settings.usual_ticks = mul_div(source.timescale, rate.den, rate.num, Rounding::nearest);
    return settings;
}

}  // namespace

Result<std::unique_ptr<VideoReader>> VideoReader::open(std::shared_ptr<ByteSource> source, Session& session, SourceFacts& facts) {
    const int index = session.plan().video_source->stream;
    SF_ASSIGN(auto packets, PacketReader::open(std::move(source), session, std::set<int>{index}));
    AVStream& stream = packets->stream(index);
    if (stream.codecpar->codec_type != AVMEDIA_TYPE_VIDEO) {
        return make_error(Errc::no_streams, operation, "the planned picture is not a video stream; is the plan made from this input?")
            .with("stream", std::to_string(index));
    }
    StreamDecoderOptions options;
    options.threads = 0;
    SF_ASSIGN(auto decoder, open_stream_decoder(stream, session.policy(), options));
    std::unique_ptr<VideoReader> reader(new VideoReader(session, facts, std::move(packets), std::move(decoder)));
    if (const auto end = reader->stated_end()) session.expect_length(*end);
    return reader;
}

std::optional<MediaTime> VideoReader::stated_end() {
    const auto length = stream_duration(packets_->context(), stream()).value;
    if (!length) return std::nullopt;
    const std::int64_t start = stream().start_time != AV_NOPTS_VALUE ? stream().start_time : 0;
    return to_media_time(start, stream().time_base) + *length - session_.plan().origin;
}

VideoReader::VideoReader(Session& session, SourceFacts& facts, std::unique_ptr<PacketReader> packets, CodecContextPtr decoder)
    : session_(session),
      facts_(facts),
      packets_(std::move(packets)),
      decoder_(std::move(decoder)),
      chain_(filter_chain(*session.plan().video_source, stream_rate(stream()))),
      timeline_(timeline_settings(session.plan(), stream_rate(stream()))) {
    const auto& source = *session_.plan().video_source;
    const Rational rate = stream_rate(stream());
    facts_.frame_rate = source.frame_rate.is_positive() ? source.frame_rate : rate;
    const AVRational base = stream().time_base;
    usual_duration_ = std::max<std::int64_t>(mul_div(rate.den, base.den, rate.num * base.num, Rounding::nearest), 1);
}

const AVStream& VideoReader::stream() noexcept { return packets_->stream(session_.plan().video_source->stream); }

Result<void> VideoReader::run() {
    for (;;) {
        SF_ASSIGN(const PacketPtr packet, packets_->next());
        SF_TRY(decode(packet.get()));
        if (!packet) break;
    }
    if (graph_) {
        SF_TRY(graph_->send(nullptr));
        SF_TRY(drain_filter());
    }
    return finish();
}

Result<void> VideoReader::decode(const AVPacket* packet) {
    for (;;) {
        const int code = avcodec_send_packet(decoder_.get(), packet);
        if (code < 0 && code != AVERROR(EAGAIN) && code != AVERROR_EOF) {
            session_.count_decode_error();
            return {};
        }
        SF_TRY(receive_all());
        if (code != AVERROR(EAGAIN)) return {};
    }
}

Result<void> VideoReader::receive_all() {
    for (;;) {
        if (session_.stopped()) return Session::stopped_error();
        FramePtr picture(av_frame_alloc());
        if (!picture) return make_error(Errc::internal, operation, "out of memory");
        const int code = avcodec_receive_frame(decoder_.get(), picture.get());
        if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return {};
        if (code == AVERROR(ENOMEM)) return make_error(Errc::internal, operation, "out of memory");
        if (code < 0) {
            session_.count_decode_error();
            continue;
        }
        SF_TRY(take_decoded(std::move(picture)));
    }
}

void VideoReader::learn_from(const AVFrame& picture) {
    if (std::exchange(learnt_, true)) return;
    facts_.mastering_display = mastering_display(picture, stream());
    facts_.content_light = content_light(picture, stream());
    if (av_frame_get_side_data(&picture, AV_FRAME_DATA_A53_CC) != nullptr) {
        session_.warn("Closed captions inside the picture are not kept.");
    }
}

Result<void> VideoReader::take_decoded(FramePtr picture) {
    session_.count_decoded();
    session_.set_decoded_something();
    learn_from(*picture);
    std::int64_t pts = picture->best_effort_timestamp;
    if (pts == AV_NOPTS_VALUE) pts = next_pts_.value_or(stream().start_time != AV_NOPTS_VALUE ? stream().start_time : 0);
    // A picture coded as two fields may tell the length of one.
    const std::int64_t duration = std::max(compat::frame_duration(*picture), usual_duration_);
    std::int64_t next = pts;
    if (__builtin_add_overflow(pts, duration, &next)) next = pts;
    next_pts_ = next;
    picture->pts = pts;
    if (chain_.empty()) return place(std::move(picture), pts, stream().time_base);
    return filter(std::move(picture));
}

Result<void> VideoReader::filter(FramePtr picture) {
    if (graph_ && !graph_->fits(*picture)) {
        SF_TRY(graph_->send(nullptr));
        SF_TRY(drain_filter());
        graph_.reset();
        session_.warn("The picture changes its size or format midway.");
    }
    if (!graph_) {
        const Rational rate = stream_rate(stream());
        const AVRational frame_rate{static_cast<int>(rate.num), static_cast<int>(rate.den)};
        const int threads = decoder_thread_count(session_.policy());
        SF_ASSIGN(graph_, FilterGraph::open(*picture, stream().time_base, frame_rate, chain_, threads));
    }
    SF_TRY(graph_->send(std::move(picture)));
    return drain_filter();
}

Result<void> VideoReader::drain_filter() {
    for (;;) {
        if (session_.stopped()) return Session::stopped_error();
        SF_ASSIGN(FramePtr picture, graph_->receive());
        if (!picture) return {};
        const std::int64_t pts = picture->pts;
        SF_TRY(place(std::move(picture), pts, graph_->time_base()));
    }
}

Result<void> VideoReader::place(FramePtr picture, std::int64_t pts, AVRational base) {
    const MediaTime time = to_media_time(pts, base) - session_.plan().origin;
    const MediaTime longest{session_.policy().max_duration.count(), 1};
    if (time > longest) {
        return make_error(Errc::limit_exceeded, operation, "the input is too long").with("limit", "max_duration");
    }
    if (time < MediaTime{} - longest) {
        session_.count_dropped();
        return {};
    }
    std::optional<MediaTime> duration;
    if (chain_.empty() && compat::frame_duration(*picture) > 0) {
        duration = to_media_time(compat::frame_duration(*picture), stream().time_base);
        if (*duration > longest - time) duration.reset();
    }
    const auto step = timeline_.push(time, duration);
    if (step.action != FrameTimeline::Step::Action::hold_new) session_.count_dropped();
    if (step.action == FrameTimeline::Step::Action::drop_new) return {};
    SF_TRY(show_held(step.slots));
    held_ = std::move(picture);
    return {};
}

Result<void> VideoReader::show_held(const std::vector<FrameSlot>& slots) {
    for (const FrameSlot& slot : slots) {
        session_.count_placed(slot.repeat);
        for (VideoStage* stage : stages_) {
            FramePtr copy = share_picture(*held_);
            if (!copy) return make_error(Errc::internal, operation, "out of memory");
            if (!stage->input().push({std::move(copy), slot}, session_.stop())) return Session::stopped_error();
        }
    }
    return {};
}

Result<void> VideoReader::finish() {
    if (!held_) {
        return make_error(Errc::malformed, operation, "no picture of the video stream could be decoded")
            .with("stream", std::to_string(stream().index));
    }
    const EncodePlan& plan = session_.plan();
    const std::int64_t timescale = plan.video_source->timescale;
    if (const auto stated = stated_end()) timeline_.set_stated_end(*stated);
    const MediaTime end{timeline_.natural_end(), timescale};
    session_.publish_end(TrackKind::video, end);
    std::optional<std::int64_t> hold_until;
    if (!plan.audio.empty()) {
        const auto audio_end = session_.wait_for_end(TrackKind::audio);
        if (!audio_end) return Session::stopped_error();
        if (*audio_end - end > plan.cuts.period) {
            hold_until = audio_end->rescaled(timescale, Rounding::up).ticks;
            session_.warn("The picture ends before the sound; its last frame is held.");
        }
    }
    if (timeline_.missing_start() > timescale / 10) {
        session_.warn("The picture begins late; its first frame is shown from the start.");
    }
    if (packets_->jumps() > 0) session_.warn("The input's clock jumps; its parts are joined without a gap.");
    if (packets_->damage_count() > 0) session_.warn("The input is damaged or cut off; what can be read is used.");
    SF_TRY(show_held(timeline_.finish(hold_until)));
    held_.reset();
    for (VideoStage* stage : stages_) stage->input().close();
    return {};
}

}  // namespace streamforge::media::ffmpeg
