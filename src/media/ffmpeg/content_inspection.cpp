#include "media/ffmpeg/content_inspection.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <map>
#include <utility>

#include "core/try.hpp"
#include "media/comb_meter.hpp"
#include "media/ffmpeg/luma_picture.hpp"
#include "media/ffmpeg/packet_times.hpp"
#include "media/ffmpeg/stream_decoder.hpp"
#include "media/ffmpeg/stream_facts.hpp"
#include "media/frame_timing.hpp"
#include "media/scan_decision.hpp"

namespace streamforge::media::ffmpeg {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

constexpr std::size_t places = 3;  ///< Where pictures are looked at: start, and two jumps.

/// Pictures of the main stream, over all places.
struct SeenPictures {
    std::vector<std::vector<FieldVote>> runs;
    std::vector<std::int64_t> times;  ///< Of the first place.
    std::uint64_t frames = 0;
    std::uint64_t interlaced = 0;
    std::uint64_t top_first = 0;
    std::uint64_t damaged = 0;  ///< Packets that the decoder refused, and pictures that it patched up.
    Rational codec_rate{0, 1};  ///< As the codec's own headers say.
    bool have_first = false;
};

bool looks_at_fields(const VideoInfo& video) {
    // Interlaced video has between 200 and 1152 lines and at most 30 pictures a second.
    constexpr std::uint32_t fewest_lines = 200;
    constexpr std::uint32_t most_lines = 1152;
    if (video.height_px < fewest_lines || video.height_px > most_lines) return false;
    return !is_usual_rate(video.frame_rate) || video.frame_rate <= Rational{31, 1};
}

bool is_late_codec(const std::string& codec) { return codec == "hevc" || codec == "vp9" || codec == "av1" || codec == "vvc"; }

class Inspection {
public:
    Inspection(Input& input, MediaInfo& info, const ProbeOptions& options, SteadyTime soft_deadline)
        : input_(input), info_(info), options_(options), soft_deadline_(soft_deadline) {}

    Result<void> run() {
        select_streams();
        if (seen_.empty()) return {};
        open_decoder();
        SF_TRY(read_first_place());
        for (auto& [index, seen] : seen_) settle_timing(index, seen);
        if (decoder_ && settled_scan_needs_more()) SF_TRY(read_further_places());
        settle_pictures();
        return {};
    }

private:
    [[nodiscard]] StreamInfo& stream_info(int index) const { return info_.streams[static_cast<std::size_t>(index)]; }

    /// Moving pictures are looked at; everything else is left unread where the container allows.
    void select_streams() {
        for (unsigned i = 0; i < input_.stream_count(); ++i) input_.stream(i)->discard = AVDISCARD_ALL;
        for (const auto& each : info_.streams) {
            if (!each.video || each.video->attached_picture) continue;
            input_.stream(static_cast<unsigned>(each.index))->discard = AVDISCARD_DEFAULT;
            seen_[each.index];
        }
        if (const StreamInfo* main = info_.main_video()) main_ = main->index;
    }

    void open_decoder() {
        if (main_ < 0 || !stream_info(main_).decodable || options_.inspect_frames == 0) return;
        const AVStream& stream = *input_.stream(static_cast<unsigned>(main_));
        if (auto decoder = open_stream_decoder(stream, input_.policy(), {.threads = 0})) {
            decoder_ = *std::move(decoder);
        } else {
            auto& main = stream_info(main_);
            main.decodable = false;
            info_.warnings.push_back("stream " + std::to_string(main_) + " cannot be decoded: " + decoder.error().message);
        }
        looks_at_fields_ = looks_at_fields(*stream_info(main_).video);
    }

    /// Pictures wanted at each place; only the first when fields need no look.
    [[nodiscard]] std::size_t pictures_per_place() const {
        if (!looks_at_fields_) return 1;
        // Codecs that came after interlaced video cost more and hide it less: a third does.
        const std::size_t share = is_late_codec(stream_info(main_).codec) ? places * 3 : places;
        return std::max<std::size_t>(1, options_.inspect_frames / share);
    }

    bool out_of_time() {
        if (std::chrono::steady_clock::now() < soft_deadline_) return false;
        if (!std::exchange(said_out_of_time_, true)) {
            info_.warnings.emplace_back("looking at the pictures took too long and was cut short");
        }
        return true;
    }

    enum class Reading : std::uint8_t { packet, ended, out_of_time };

    /// The hard limit of time ends the look as the soft one does: what is known by now is worth more than an error.
    Result<Reading> read(AVPacket& packet) {
        auto more = input_.read_packet(packet);
        if (more) return *more ? Reading::packet : Reading::ended;
        if (more.error().code != Errc::timed_out) return std::move(more).error();
        soft_deadline_ = SteadyTime::min();
        out_of_time();
        return Reading::out_of_time;
    }

    Result<void> read_first_place() {
        PacketPtr packet(av_packet_alloc());
        FramePtr frame(av_frame_alloc());
        pictures_.runs.emplace_back();
        const std::uint64_t bytes_limit = input_.bytes_read() + 4 * input_.policy().probe_bytes;
        bool decoding = decoder_ != nullptr;
        while (!enough_packets() && input_.bytes_read() < bytes_limit && !out_of_time()) {
            SF_ASSIGN(const Reading reading, read(*packet));
            if (reading == Reading::ended) {
                for (auto& [index, seen] : seen_) seen.ended = true;
            }
            if (reading != Reading::packet) break;
            const auto found = seen_.find(packet->stream_index);
            if (found == seen_.end()) continue;
            found->second.note(*packet);
            if (decoding && packet->stream_index == main_) {
                decoding = decode(packet.get(), *frame);
            }
        }
        if (decoding && seen_[main_].ended) decode(nullptr, *frame);
        return {};
    }

    [[nodiscard]] bool enough_packets() const {
        const auto count = [&](int index) { return seen_.at(index).packets; };
        if (main_ >= 0) return count(main_) >= options_.inspect_packets;
        return std::ranges::any_of(seen_, [&](const auto& each) { return each.second.packets >= options_.inspect_packets; });
    }

    /// Sends one packet (null: the end) and looks at the pictures that come; false when there are enough.
    bool decode(const AVPacket* packet, AVFrame& frame) {
        if (avcodec_send_packet(decoder_.get(), packet) < 0) ++pictures_.damaged;
        while (avcodec_receive_frame(decoder_.get(), &frame) >= 0) {
            look_at(frame);
            av_frame_unref(&frame);
            if (++frames_here_ >= pictures_per_place() && enough_for_timing()) return false;
            if (packet == nullptr && out_of_time()) return false;
        }
        return true;
    }

    /// Field pictures come in two packets each; a few decoded frames tell that from their timestamps.
    [[nodiscard]] bool enough_for_timing() const {
        constexpr std::size_t enough = 10;
        return !looks_at_fields_ || pictures_.times.size() >= std::min<std::size_t>(enough, options_.inspect_frames);
    }

    void look_at(const AVFrame& frame) {
        ++pictures_.frames;
        if (compat::is_interlaced(frame)) ++pictures_.interlaced;
        if (compat::is_interlaced(frame) && compat::is_top_field_first(frame)) ++pictures_.top_first;
        if (frame.decode_error_flags != 0 || (frame.flags & AV_FRAME_FLAG_CORRUPT) != 0) ++pictures_.damaged;
        if (pictures_.runs.size() == 1 && frame.best_effort_timestamp != AV_NOPTS_VALUE) {
            pictures_.times.push_back(frame.best_effort_timestamp);
        }
        if (!std::exchange(pictures_.have_first, true)) take_first_picture(frame);
        if (!looks_at_fields_) return;
        auto luma = luma_of(frame);
        if (!luma) return;
        if (auto vote = meter_.push(std::move(luma->samples), luma->width, luma->height)) {
            pictures_.runs.back().push_back(*vote);
        }
    }

    /// What only a picture tells: colour and HDR data inside the bitstream.
    void take_first_picture(const AVFrame& frame) {
        VideoInfo& video = *stream_info(main_).video;
        const ColourInfo colour = colour_of(frame.color_primaries, frame.color_trc, frame.colorspace, frame.color_range);
        if (video.colour.primaries == 2) video.colour.primaries = colour.primaries;
        if (video.colour.transfer == 2) video.colour.transfer = colour.transfer;
        if (video.colour.matrix == 2) video.colour.matrix = colour.matrix;
        if (frame.color_range != AVCOL_RANGE_UNSPECIFIED) video.colour.full_range = colour.full_range;
        video.range = video_range(video.colour);
        if (const auto* side = av_frame_get_side_data(&frame, AV_FRAME_DATA_MASTERING_DISPLAY_METADATA);
            side != nullptr && !video.mastering_display && side->size >= sizeof(AVMasteringDisplayMetadata)) {
            AVMasteringDisplayMetadata metadata{};
            std::memcpy(&metadata, side->data, sizeof metadata);
            video.mastering_display = mastering_display_of(metadata);
        }
        if (const auto* side = av_frame_get_side_data(&frame, AV_FRAME_DATA_CONTENT_LIGHT_LEVEL);
            side != nullptr && !video.content_light && side->size >= sizeof(AVContentLightMetadata)) {
            AVContentLightMetadata metadata{};
            std::memcpy(&metadata, side->data, sizeof metadata);
            video.content_light = content_light_of(metadata);
        }
        if (av_frame_get_side_data(&frame, AV_FRAME_DATA_DOVI_METADATA) != nullptr) video.dolby_vision = true;
        if (const char* name = av_get_pix_fmt_name(static_cast<AVPixelFormat>(frame.format)); name != nullptr) {
            video.pixel_format = name;
        }
        if (frame.width > 0 && frame.height > 0) {
            video.width_px = static_cast<std::uint32_t>(frame.width);
            video.height_px = static_cast<std::uint32_t>(frame.height);
        }
    }

    void settle_timing(int index, PacketTimes& seen) {
        StreamInfo& stream = stream_info(index);
        const AVStream& source = *input_.stream(static_cast<unsigned>(index));
        if (const auto first = seen.first_time()) stream.start = to_media_time(*first, source.time_base);
        TimingEvidence evidence;
        evidence.tick = to_rational(source.time_base);
        evidence.timestamps = complete_times(index, seen);
        if (index == main_ && decoder_) pictures_.codec_rate = to_rational(decoder_->framerate);
        evidence.untimed = static_cast<std::uint32_t>(seen.packets - seen.times().size());
        if (!seen.timed()) evidence.timestamps.clear();
        for (const Rational& rate : {index == main_ ? pictures_.codec_rate : Rational{0, 1}, to_rational(source.avg_frame_rate),
                                     to_rational(source.r_frame_rate)}) {
            if (rate.is_positive()) evidence.stated_rates.push_back(rate.reduced());
        }
        const FrameTiming timing = judge_frame_timing(std::move(evidence));
        const std::string name = "stream " + std::to_string(index);
        if (seen.packets == 0 && seen.ended) info_.warnings.push_back(name + " holds no picture that can be read");
        if (!seen.timed() && seen.packets > 0) {
            info_.warnings.push_back(name + " has no timestamps; its frame rate is what its headers state");
        }
        if (timing.holes > 0) {
            info_.warnings.push_back(name + " has instants without a picture at its constant frame rate");
        }
        stream.video->frame_rate = timing.rate;
        stream.video->variable_frame_rate = timing.variable;
    }

    std::vector<std::int64_t> complete_times(int index, const PacketTimes& seen) const {
        if (index == main_ && one_picture_in_two_packets()) return pictures_.times;
        return seen.complete_times();
    }

    /// Field-coded pictures, and streams with packets that show nothing (hidden reference frames).
    [[nodiscard]] bool one_picture_in_two_packets() const {
        constexpr std::size_t enough = 8;
        if (pictures_.times.size() < enough || pictures_.interlaced == 0) return false;
        const auto shown = std::ranges::minmax(pictures_.times);
        const auto inside =
            std::ranges::count_if(seen_.at(main_).times(), [&](std::int64_t time) { return time >= shown.min && time <= shown.max; });
        return static_cast<std::size_t>(inside) * 2 > pictures_.times.size() * 3;
    }

    [[nodiscard]] bool settled_scan_needs_more() const { return looks_at_fields_ && pictures_.frames > 0 && !seen_.at(main_).ended; }

    /// Jumps to one and two thirds of the input and looks again: beginnings are often still or black.
    Result<void> read_further_places() {
        const auto& duration = stream_info(main_).duration ? stream_info(main_).duration : info_.duration;
        constexpr std::int64_t shortest_s = 4;
        if (!duration || *duration < MediaTime{shortest_s, 1}) return {};
        const AVRational base = input_.stream(static_cast<unsigned>(main_))->time_base;
        for (std::size_t place = 1; place < places && !out_of_time(); ++place) {
            const MediaTime into{mul_div(duration->ticks, static_cast<std::int64_t>(place), places, Rounding::down), duration->timescale};
            const MediaTime at = stream_info(main_).start + into;
            auto sought = input_.seek(main_, mul_div(at.ticks, base.den, at.timescale * base.num, Rounding::down));
            if (!sought) {
                if (sought.error().code != Errc::unsupported) return std::move(sought).error();
                return {};
            }
            SF_TRY(read_place());
            spread_ = place + 1 == places;
        }
        return {};
    }

    Result<void> read_place() {
        PacketPtr packet(av_packet_alloc());
        FramePtr frame(av_frame_alloc());
        avcodec_flush_buffers(decoder_.get());
        meter_.restart();
        pictures_.runs.emplace_back();
        frames_here_ = 0;
        const std::uint64_t bytes_limit = input_.bytes_read() + 4 * input_.policy().probe_bytes;
        while (input_.bytes_read() < bytes_limit && !out_of_time()) {
            SF_ASSIGN(const Reading reading, read(*packet));
            if (reading == Reading::ended) decode(nullptr, *frame);
            if (reading != Reading::packet) return {};
            if (packet->stream_index == main_ && !decode(packet.get(), *frame)) return {};
        }
        return {};
    }

    void settle_pictures() {
        if (main_ < 0 || !decoder_) return;
        StreamInfo& main = stream_info(main_);
        const std::string name = "stream " + std::to_string(main_);
        if (pictures_.frames == 0) {
            if (!said_out_of_time_ && seen_[main_].packets > 0) {
                info_.warnings.push_back(name + ": none of the first pictures could be decoded");
            }
            return;
        }
        if (pictures_.damaged > 0) info_.warnings.push_back(name + " has damaged pictures");

        ScanEvidence evidence;
        evidence.flagged = flagged_scan(main.video->scan);
        evidence.runs = std::move(pictures_.runs);
        const Rational& rate = main.video->frame_rate;
        evidence.telecine_possible = rate == Rational{30000, 1001} || rate == Rational{30, 1};
        evidence.runs_are_spread = spread_ || seen_[main_].ended;
        const ScanDecision decision = decide_scan(evidence);
        if (evidence.flagged != decision.scan && evidence.flagged != ScanType::progressive) {
            info_.warnings.push_back(name + " is flagged as interlaced, but its pictures say otherwise");
        }
        main.video->scan = decision.scan;
        main.video->scan_from_content = decision.from_content;
    }

    [[nodiscard]] ScanType flagged_scan(ScanType by_header) const {
        if (pictures_.frames == 0) return by_header;
        if (pictures_.interlaced * 2 < pictures_.frames) return ScanType::progressive;
        return pictures_.top_first * 2 >= pictures_.interlaced ? ScanType::interlaced_tff : ScanType::interlaced_bff;
    }

    Input& input_;
    MediaInfo& info_;
    const ProbeOptions& options_;
    SteadyTime soft_deadline_;
    int main_ = -1;
    CodecContextPtr decoder_;
    CombMeter meter_;
    std::map<int, PacketTimes> seen_;
    SeenPictures pictures_;
    std::size_t frames_here_ = 0;
    bool looks_at_fields_ = false;
    bool said_out_of_time_ = false;
    bool spread_ = false;
};

}  // namespace

Result<void> inspect_content(Input& input, MediaInfo& info, const ProbeOptions& options, SteadyTime soft_deadline) {
    return Inspection(input, info, options, soft_deadline).run();
}

}  // namespace streamforge::media::ffmpeg
