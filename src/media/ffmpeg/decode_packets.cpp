#include "media/ffmpeg/decode_packets.hpp"

#include <string>
#include <utility>

#include "core/try.hpp"

namespace streamforge::media::ffmpeg {

std::set<int> planned_streams(const EncodePlan& plan) {
    std::set<int> streams;
    if (plan.video_source && !plan.video.empty()) streams.insert(plan.video_source->stream);
    for (const auto& rendition : plan.audio) streams.insert(rendition.source_stream);
    for (const auto& rendition : plan.text) streams.insert(rendition.source_stream);
    return streams;
}

Result<std::unique_ptr<PacketReader>> PacketReader::open(std::shared_ptr<ByteSource> source, Session& session, std::set<int> wanted) {
    SF_ASSIGN(auto input, Input::open(std::move(source), session.policy(), session.stop()));
    for (const int index : planned_streams(session.plan())) {
        if (index < 0 || static_cast<unsigned>(index) >= input->stream_count()) {
            return make_error(Errc::no_streams, "media.transcode", "the input has no stream of this number; is the plan made from it?")
                .with("stream", std::to_string(index));
        }
    }
    std::unique_ptr<PacketReader> reader(new PacketReader(std::move(input), std::move(wanted)));
    reader->clock_may_jump_ = (reader->context().iformat->flags & AVFMT_TS_DISCONT) != 0;
    const std::set<int> clock_streams = planned_streams(session.plan());
    for (unsigned i = 0; i < reader->input_->stream_count(); ++i) {
        const int index = static_cast<int>(i);
        // Where the clock may jump, all readers look at the same packets, so that they mend it alike.
        const bool needed = reader->wanted_.contains(index) || (reader->clock_may_jump_ && clock_streams.contains(index));
        reader->input_->stream(i)->discard = needed ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
    }
    return reader;
}

Result<PacketPtr> PacketReader::next() {
    PacketPtr packet(av_packet_alloc());
    if (!packet) return make_error(Errc::internal, "media.transcode", "out of memory");
    for (;;) {
        SF_ASSIGN(const bool more, input_->read_packet(*packet));
        if (!more) return PacketPtr{};
        if (clock_may_jump_) mend_clock(*packet);
        if (wanted_.contains(packet->stream_index)) return packet;
    }
}

void PacketReader::mend_clock(AVPacket& packet) {
    const AVStream& from = stream(packet.stream_index);
    const std::int64_t due = packet.dts != AV_NOPTS_VALUE ? packet.dts : packet.pts;
    if (due == AV_NOPTS_VALUE || from.discard == AVDISCARD_ALL) return;
    const MediaTime shift =
        epochs_.shift(packet.stream_index, to_media_time(due, from.time_base), to_media_time(packet.duration, from.time_base));
    if (shift.ticks == 0) return;
    const std::int64_t ticks = mul_div(shift.ticks, from.time_base.den, shift.timescale * from.time_base.num, Rounding::nearest);
    for (std::int64_t* time : {&packet.pts, &packet.dts}) {
        if (*time != AV_NOPTS_VALUE && __builtin_add_overflow(*time, ticks, time)) *time = AV_NOPTS_VALUE;
    }
}

}  // namespace streamforge::media::ffmpeg
