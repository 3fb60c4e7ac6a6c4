#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <streamforge/media/transcode.hpp>

#include "media/ffmpeg/handles.hpp"

/// Clips made by the ffmpeg program, plans written by hand, and a sink that keeps what it is given.
namespace streamforge::media::testing {

/// A folder of this process, gone at its end.
class ClipFolder {
public:
    static ClipFolder& instance() {
        static ClipFolder folder;
        return folder;
    }
    ~ClipFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    ClipFolder() : path_(std::filesystem::temp_directory_path() / ("transcode_test_" + std::to_string(::getpid()))) {
        std::filesystem::create_directories(path_);
    }
    std::filesystem::path path_;
};

inline bool have_ffmpeg() {
    static const bool have = std::system("ffmpeg -version >/dev/null 2>&1") == 0;
    return have;
}

/// Makes `name` with `ffmpeg <arguments> name`, once per process; empty when that fails.
inline std::string make_clip(const std::string& name, const std::string& arguments) {
    const std::filesystem::path path = ClipFolder::instance().path() / name;
    if (std::filesystem::exists(path)) return path.string();
    const std::string command = "ffmpeg -nostdin -y -v error " + arguments + " '" + path.string() + "' </dev/null 2>&1";
    if (std::system(command.c_str()) != 0) return {};
    return path.string();
}

#define REQUIRE_FFMPEG() \
    if (!::streamforge::media::testing::have_ffmpeg()) GTEST_SKIP() << "the ffmpeg program is not there to make test clips"

struct CollectedTrack {
    TrackFormat format;
    std::vector<EncodedSample> samples;
    std::vector<TextCue> cues;
    std::map<std::int64_t, QualityScore> quality;
    int begun = 0;
    int ended = 0;

    [[nodiscard]] std::int64_t total_duration() const {
        std::int64_t total = 0;
        for (const auto& sample : samples) total += sample.duration;
        return total;
    }
};

/// Keeps everything; can be told to fail or call back at the n-th call.
class CollectingSink : public TranscodeSink {
public:
    std::map<std::pair<TrackKind, std::size_t>, CollectedTrack> tracks;
    std::vector<Picture> pictures;
    std::vector<std::string> broken_rules;  ///< Of the sink's contract.
    int fail_at_call = -1;                  ///< Counts from 0 over all calls that can fail.
    std::function<void(int call)> on_call;

    [[nodiscard]] const CollectedTrack& video(std::size_t index = 0) const { return tracks.at({TrackKind::video, index}); }
    [[nodiscard]] const CollectedTrack& audio(std::size_t index = 0) const { return tracks.at({TrackKind::audio, index}); }
    [[nodiscard]] const CollectedTrack& text(std::size_t index = 0) const { return tracks.at({TrackKind::text, index}); }
    [[nodiscard]] int calls() const { return calls_; }

    Result<void> on_track(TrackRef track, const TrackFormat& format) override {
        const std::lock_guard lock(mutex_);
        auto& entry = at(track);
        if (entry.begun++ != 0) broken_rules.emplace_back("a track began twice");
        entry.format = format;
        return count();
    }
    Result<void> on_sample(TrackRef track, EncodedSample sample) override {
        const std::lock_guard lock(mutex_);
        auto& entry = at(track);
        if (entry.begun != 1 || entry.ended != 0) broken_rules.emplace_back("a sample outside its track");
        if (!entry.samples.empty() && sample.dts <= entry.samples.back().dts) broken_rules.emplace_back("decode order");
        entry.samples.push_back(std::move(sample));
        return count();
    }
    Result<void> on_cue(TrackRef track, TextCue cue) override {
        const std::lock_guard lock(mutex_);
        auto& entry = at(track);
        if (entry.begun != 1 || entry.ended != 0) broken_rules.emplace_back("a cue outside its track");
        entry.cues.push_back(std::move(cue));
        return count();
    }
    Result<void> on_picture(Picture picture) override {
        const std::lock_guard lock(mutex_);
        pictures.push_back(std::move(picture));
        return count();
    }
    void on_quality(TrackRef track, std::int64_t segment, const QualityScore& score) override {
        const std::lock_guard lock(mutex_);
        auto& entry = at(track);
        if (entry.ended != 0) broken_rules.emplace_back("quality after the track's end");
        if (!entry.quality.emplace(segment, score).second) broken_rules.emplace_back("quality of a segment told twice");
    }
    Result<void> on_track_end(TrackRef track) override {
        const std::lock_guard lock(mutex_);
        auto& entry = at(track);
        if (entry.begun != 1 || entry.ended++ != 0) broken_rules.emplace_back("a track ended twice or before it began");
        return count();
    }

private:
    CollectedTrack& at(TrackRef track) { return tracks[{track.kind, track.index}]; }
    Result<void> count() {
        const int call = calls_++;
        if (on_call) on_call(call);
        if (call == fail_at_call) return make_error(Errc::no_space, "test.sink", "the sink was told to fail here");
        return {};
    }
    std::mutex mutex_;
    int calls_ = 0;
};

/// A plan with one H.264 rendition, without pictures and quality; the fastest settings.
inline EncodePlan simple_plan(Rational frame_rate, std::int64_t timescale, std::uint32_t width, std::uint32_t height) {
    EncodePlan plan;
    EncodePlan::VideoSource source;
    source.frame_rate = frame_rate;
    source.timescale = timescale;
    source.colour = {1, 1, 1, false};
    plan.video_source = source;
    VideoRendition rendition;
    rendition.id = "v0";
    rendition.width_px = width;
    rendition.height_px = height;
    rendition.speed = "ultrafast";
    rendition.rate.crf = 23;
    rendition.threads = 1;
    plan.video.push_back(rendition);
    plan.pictures.poster = false;
    plan.pictures.storyboard = false;
    plan.measure_quality = false;
    plan.cuts.period = {1, 1};
    return plan;
}

inline AudioRendition audio_rendition(int stream, std::uint32_t channels = 2, std::uint32_t rate = 48000) {
    AudioRendition rendition;
    rendition.id = "a" + std::to_string(stream) + "-" + std::to_string(channels);
    rendition.source_stream = stream;
    rendition.channels = channels;
    rendition.sample_rate_hz = rate;
    rendition.bitrate_bps = 64000 * channels;
    return rendition;
}

inline Result<TranscodeSummary> run_transcode(const std::string& path, const EncodePlan& plan, TranscodeSink& sink,
                                              const TranscodeOptions& options = {}, std::stop_token stop = {}) {
    auto source = open_file(path);
    if (!source) return std::move(source).error();
    return transcode(*std::move(source), plan, sink, options, std::move(stop));
}

/// Decodes a collected track with libavcodec; pictures in presentation order, or blocks of sound.
inline std::vector<ffmpeg::FramePtr> decode_track(const CollectedTrack& track) {
    using namespace ffmpeg;
    AVCodecID id = AV_CODEC_ID_NONE;
    switch (track.format.codec) {
        case Codec::h264: id = AV_CODEC_ID_H264; break;
        case Codec::hevc: id = AV_CODEC_ID_HEVC; break;
        case Codec::av1: id = AV_CODEC_ID_AV1; break;
        case Codec::aac: id = AV_CODEC_ID_AAC; break;
        default: ADD_FAILURE() << "no decoder in this test"; return {};
    }
    const AVCodec* codec = avcodec_find_decoder(id);
    CodecContextPtr context(avcodec_alloc_context3(codec));
    context->pkt_timebase = {1, static_cast<int>(track.format.timescale)};
    context->thread_count = 1;
    context->err_recognition = AV_EF_EXPLODE | AV_EF_CAREFUL;
    const auto& config = track.format.codec_config;
    if (id != AV_CODEC_ID_AV1) {
        context->extradata = static_cast<std::uint8_t*>(av_mallocz(config.size() + AV_INPUT_BUFFER_PADDING_SIZE));
        std::copy(config.begin(), config.end(), context->extradata);
        context->extradata_size = static_cast<int>(config.size());
    }
    std::vector<FramePtr> frames;
    if (avcodec_open2(context.get(), codec, nullptr) < 0) {
        ADD_FAILURE() << "the decoder does not open";
        return frames;
    }
    const auto receive = [&] {
        for (;;) {
            FramePtr frame(av_frame_alloc());
            const int code = avcodec_receive_frame(context.get(), frame.get());
            if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return;
            if (code < 0) {
                ADD_FAILURE() << "a sample does not decode";
                return;
            }
            frames.push_back(std::move(frame));
        }
    };
    for (const auto& sample : track.samples) {
        PacketPtr packet(av_packet_alloc());
        av_new_packet(packet.get(), static_cast<int>(sample.data.size()));
        std::copy(sample.data.begin(), sample.data.end(), packet->data);
        packet->pts = sample.pts;
        packet->dts = sample.dts;
        packet->duration = sample.duration;
        if (sample.sync) packet->flags |= AV_PKT_FLAG_KEY;
        EXPECT_GE(avcodec_send_packet(context.get(), packet.get()), 0) << "at pts " << sample.pts;
        receive();
    }
    avcodec_send_packet(context.get(), nullptr);
    receive();
    return frames;
}

/// Mean of a plane of 8 or 16 bit samples over a rectangle given in fractions of the picture.
inline double plane_mean(const AVFrame& frame, int plane, double left = 0, double top = 0, double right = 1, double bottom = 1) {
    const AVPixFmtDescriptor* description = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
    const int shift_w = plane > 0 ? description->log2_chroma_w : 0;
    const int shift_h = plane > 0 ? description->log2_chroma_h : 0;
    const int width = AV_CEIL_RSHIFT(frame.width, shift_w);
    const int height = AV_CEIL_RSHIFT(frame.height, shift_h);
    const bool wide = description->comp[0].depth > 8;
    double sum = 0;
    std::int64_t count = 0;
    for (int y = static_cast<int>(top * height); y < static_cast<int>(bottom * height); ++y) {
        const std::uint8_t* row = frame.data[plane] + static_cast<std::ptrdiff_t>(y) * frame.linesize[plane];
        for (int x = static_cast<int>(left * width); x < static_cast<int>(right * width); ++x) {
            sum += wide ? reinterpret_cast<const std::uint16_t*>(row)[x] : row[x];
            ++count;
        }
    }
    return count == 0 ? 0 : sum / static_cast<double>(count);
}

/// What holds for every video track: first frame at 0, times without gap or overlap, key frames exactly at the first frame
/// of each segment, decode order.
inline void expect_sound_video(const CollectedTrack& track, const CutList& cuts) {
    ASSERT_FALSE(track.samples.empty());
    EXPECT_EQ(track.begun, 1);
    EXPECT_EQ(track.ended, 1);
    std::map<std::int64_t, const EncodedSample*> shown;
    for (const auto& sample : track.samples) {
        EXPECT_LE(sample.dts, sample.pts);
        EXPECT_GT(sample.duration, 0);
        EXPECT_TRUE(shown.emplace(sample.pts, &sample).second) << "two frames at " << sample.pts;
    }
    std::int64_t expected = 0;
    std::int64_t segment = -1;
    for (const auto& [pts, sample] : shown) {
        EXPECT_EQ(pts, expected) << "a gap or overlap";
        expected = pts + sample->duration;
        const std::int64_t now = cuts.segment_at({pts, track.format.timescale});
        EXPECT_EQ(sample->sync, now != segment) << "at pts " << pts;
        segment = now;
    }
}

}  // namespace streamforge::media::testing
