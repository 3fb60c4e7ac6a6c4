#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <new>
#include <set>

#include "media/ffmpeg/ffmpeg_error.hpp"
#include "media/ffmpeg/ffmpeg_log.hpp"
#include "media/ffmpeg/input.hpp"
#include "media/ffmpeg/input_formats.hpp"
#include "media/ffmpeg/stream_decoder.hpp"
#include "unit/media/probe_support.hpp"

namespace streamforge::media {
namespace {

using namespace probe_testing;
using ffmpeg::Input;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string small_clip =
    "-f lavfi -i testsrc2=s=64x48:r=25 -f lavfi -i sine -t 1 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac ";

Bytes clip_bytes(const std::string& name) {
    const MediaFolder folder;
    const auto path = folder.make(name, small_clip);
    EXPECT_FALSE(path.empty());
    return file_bytes(path);
}

TEST(Input, garbage_and_emptiness_are_malformed) {
    EXPECT_EQ(outcome(text_source("", "empty.mp4")), "malformed");
    EXPECT_EQ(outcome(text_source("hello, this is no film", "a.mp4")), "malformed");
    EXPECT_EQ(outcome(bytes_source(Bytes(100000, 0x00), "zero.mkv")), "malformed");
    EXPECT_EQ(outcome(nullptr), "invalid_argument");
}

TEST(Input, files_that_point_at_other_files_are_refused) {
    const MediaFolder folder;
    const std::string secret = folder.at("secret.ts");
    std::ofstream(secret) << "secret";
    EXPECT_EQ(outcome(text_source("#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nfile://" + secret + "\n#EXT-X-ENDLIST\n", "a.m3u8")), "malformed");
    EXPECT_EQ(outcome(text_source("ffconcat version 1.0\nfile '" + secret + "'\n", "a.ffconcat")), "malformed");
    EXPECT_EQ(outcome(text_source("v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\n", "a.sdp")), "malformed");
    EXPECT_EQ(outcome(text_source("<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"/>", "a.mpd")), "malformed");
}

TEST(Input, only_formats_of_the_policy_are_opened) {
    SKIP_WITHOUT_FFMPEG();
    const auto source = bytes_source(clip_bytes("a.mp4"), "a.mp4");
    ProbeOptions options = patient();
    options.policy.formats = {"matroska"};
    const auto refused = probe(source, options);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::malformed);
    EXPECT_EQ(refused.error().native_domain, NativeDomain::ffmpeg);
    EXPECT_THAT(refused.error().remote_text, HasSubstr("whitelist"));
    options.policy.formats = {"matroska", "mov"};
    EXPECT_EQ(outcome(source, options), "ok");
}

TEST(Input, each_limit_is_named_when_it_is_passed) {
    SKIP_WITHOUT_FFMPEG();
    const auto source = bytes_source(clip_bytes("a.mp4"), "a.mp4");
    const std::pair<const char*, std::function<void(InputPolicy&)>> limits[]{
        {"max_streams", [](auto& policy) { policy.max_streams = 1; }},
        {"max_pixels", [](auto& policy) { policy.max_pixels = 64 * 48 - 1; }},
        {"max_sample_rate_hz", [](auto& policy) { policy.max_sample_rate_hz = 8000; }},
        {"max_input_bytes", [](auto& policy) { policy.max_input_bytes = 1000; }},
    };
    for (const auto& [name, tighten] : limits) {
        ProbeOptions options = patient();
        tighten(options.policy);
        const auto info = probe(source, options);
        ASSERT_FALSE(info) << name;
        EXPECT_EQ(info.error().code, Errc::limit_exceeded) << name;
        EXPECT_THAT(info.error().describe(), HasSubstr(name));
    }
    ProbeOptions exact = patient();
    exact.policy.max_pixels = 64 * 48;
    exact.policy.max_streams = 2;
    exact.policy.max_channels = 1;
    EXPECT_EQ(outcome(source, exact), "ok");
}

TEST(Input, too_large_pictures_are_refused_before_they_are_decoded) {
    SKIP_WITHOUT_FFMPEG();
    const MediaFolder folder;
    // FLV announces its streams on the way, so that FFmpeg alone would decode them without the limit.
    for (const char* name : {"a.flv", "a.ts", "a.mkv", "a.mp4", "a.h264"}) {
        const auto path = folder.make(name, "-f lavfi -i color=s=6000x6000:r=1 -frames:v 1 -c:v libx264 -preset ultrafast -x264-params threads=1");
        ASSERT_FALSE(path.empty()) << name;
        ProbeOptions options = patient();
        options.policy.max_pixels = 1000000;
        rusage before{};
        getrusage(RUSAGE_SELF, &before);
        EXPECT_EQ(outcome(*open_file(path), options), "limit_exceeded") << name;
        rusage after{};
        getrusage(RUSAGE_SELF, &after);
        EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 40 << 10) << name << ": a decoded picture has 54 MB";
    }
}

TEST(Input, length_and_channels_are_limited) {
    SKIP_WITHOUT_FFMPEG();
    const MediaFolder folder;
    const auto path = folder.make("a.wav", "-f lavfi -i \"aevalsrc=0|0|0|0:s=8000\" -t 20");
    ProbeOptions options = patient();
    options.policy.max_channels = 3;
    EXPECT_EQ(outcome(*open_file(path), options), "limit_exceeded");
    options.policy.max_channels = 4;
    options.policy.max_duration = std::chrono::seconds(19);
    EXPECT_EQ(outcome(*open_file(path), options), "limit_exceeded");
    options.policy.max_duration = std::chrono::seconds(20);
    EXPECT_EQ(outcome(*open_file(path), options), "ok");
}

TEST(Input, no_time_means_timed_out_and_a_stop_means_cancelled) {
    SKIP_WITHOUT_FFMPEG();
    const auto source = bytes_source(clip_bytes("a.mkv"), "a.mkv");
    ProbeOptions hasty;
    hasty.policy.max_probe_time = std::chrono::milliseconds(0);
    EXPECT_EQ(outcome(source, hasty), "timed_out");
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(outcome(source, patient(), stop.get_token()), "cancelled");
}

TEST(Input, failing_read_anywhere_is_its_error_or_harmless) {
    SKIP_WITHOUT_FFMPEG();
    for (const char* name : {"a.mp4", "a.mkv", "a.ts", "a.avi"}) {
        const Bytes bytes = clip_bytes(name);
        int failed = 0;
        for (int at = 0;; ++at) {
            const auto source = std::make_shared<WatchedSource>(bytes, [at](int number) -> Result<void> {
                if (number == at) return make_error(Errc::io, "test.read", "the disk is gone");
                return {};
            });
            const auto info = probe(source, patient());
            if (source->reads() <= at) break;
            if (info) continue;
            ++failed;
            EXPECT_EQ(info.error().code, Errc::io) << name << " at read " << at << ": " << info.error().describe();
            EXPECT_EQ(info.error().native_domain, NativeDomain::none);
        }
        EXPECT_GT(failed, 0) << name;
    }
}

TEST(Input, stop_at_any_read_cancels) {
    SKIP_WITHOUT_FFMPEG();
    const Bytes bytes = clip_bytes("a.mkv");
    int cancelled = 0;
    for (int at = 0;; ++at) {
        std::stop_source stop;
        const auto source = std::make_shared<WatchedSource>(bytes, [&](int number) -> Result<void> {
            if (number == at) stop.request_stop();
            return {};
        });
        const auto result = outcome(source, patient(), stop.get_token());
        if (source->reads() <= at) break;
        EXPECT_THAT(result, AnyOf("cancelled", "ok")) << at;
        cancelled += result == "cancelled";
    }
    EXPECT_GT(cancelled, 0);
}

TEST(Input, source_that_throws_does_not_get_through_the_c_callbacks) {
    const auto source = std::make_shared<WatchedSource>(Bytes(5000, 1), [](int) -> Result<void> { throw std::bad_alloc(); });
    EXPECT_NE(outcome(source), "ok");
}

TEST(Input, file_cut_anywhere_gives_a_result_or_a_typed_error) {
    SKIP_WITHOUT_FFMPEG();
    for (const char* name : {"a.mp4", "a.mkv", "a.ts", "a.flv"}) {
        const Bytes whole = clip_bytes(name);
        for (std::size_t part = 0; part < 40; ++part) {
            const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(whole.size() * part / 40));
            EXPECT_THAT(outcome(bytes_source(cut, name)), AnyOf("ok", "malformed", "no_streams")) << name << ' ' << part;
        }
    }
}

TEST(Input, damaged_bytes_give_a_result_or_a_typed_error) {
    SKIP_WITHOUT_FFMPEG();
    for (const char* name : {"a.mp4", "a.mkv", "a.ts"}) {
        const Bytes whole = clip_bytes(name);
        std::uint32_t state = 12345;
        for (int round = 0; round < 60; ++round) {
            Bytes damaged = whole;
            for (int hit = 0; hit < 12; ++hit) {
                state = state * 1664525U + 1013904223U;
                damaged[state % damaged.size()] = static_cast<std::uint8_t>(state >> 24);
            }
            EXPECT_THAT(outcome(bytes_source(damaged, name)), AnyOf("ok", "malformed", "no_streams", "limit_exceeded", "encrypted"))
                << name << ' ' << round;
        }
    }
}

TEST(Input, packets_are_read_to_the_end_and_again_after_a_seek) {
    SKIP_WITHOUT_FFMPEG();
    auto input = Input::open(bytes_source(clip_bytes("a.mp4"), "a.mp4"), {});
    ASSERT_TRUE(input) << input.error().describe();
    const auto count = [&] {
        ffmpeg::PacketPtr packet(av_packet_alloc());
        int packets = 0;
        while (true) {
            const auto more = (*input)->read_packet(*packet);
            EXPECT_TRUE(more);
            if (!more || !*more) return packets;
            if (packet->stream_index == 0) ++packets;
        }
    };
    EXPECT_EQ(count(), 25);
    EXPECT_EQ(count(), 0);
    ASSERT_TRUE((*input)->seek(0, 0));
    EXPECT_EQ(count(), 25);
    EXPECT_EQ((*input)->damage_count(), 0U);
    EXPECT_GT((*input)->bytes_read(), 1000U);
}

TEST(Input, several_stand_over_one_source) {
    SKIP_WITHOUT_FFMPEG();
    const auto source = bytes_source(clip_bytes("a.mp4"), "a.mp4");
    auto first = Input::open(source, {});
    auto second = Input::open(source, {});
    ASSERT_TRUE(first);
    ASSERT_TRUE(second);
    ffmpeg::PacketPtr packet(av_packet_alloc());
    for (int i = 0; i < 10; ++i) EXPECT_TRUE((*first)->read_packet(*packet));
    const std::int64_t later = packet->pos;
    ASSERT_TRUE((*second)->read_packet(*packet));
    EXPECT_LT(packet->pos, later) << "each has its own position";
    first->reset();
    EXPECT_TRUE((*second)->read_packet(*packet));
}

TEST(StreamDecoder, decodes_under_the_policys_limits) {
    SKIP_WITHOUT_FFMPEG();
    auto input = Input::open(bytes_source(clip_bytes("a.mp4"), "a.mp4"), {});
    ASSERT_TRUE(input);
    EXPECT_TRUE(ffmpeg::open_stream_decoder(*(*input)->stream(0), {}));
    InputPolicy tight;
    tight.max_pixels = 100;
    const auto refused = ffmpeg::open_stream_decoder(*(*input)->stream(0), tight);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::limit_exceeded);
    (*input)->stream(0)->codecpar->codec_id = AV_CODEC_ID_NONE;
    EXPECT_EQ(ffmpeg::open_stream_decoder(*(*input)->stream(0), {}).error().code, Errc::unsupported_codec);
    InputPolicy three;
    three.decoder_threads = 3;
    EXPECT_EQ(ffmpeg::decoder_thread_count(three), 3);
    EXPECT_GE(ffmpeg::decoder_thread_count({}), 1);
}

TEST(InputFormats, list_holds_plain_containers_only) {
    const auto list = "," + ffmpeg::format_whitelist({}) + ",";
    for (const char* good : {",mov,", ",matroska,", ",mpegts,", ",flac,", ",gif,"}) EXPECT_THAT(list, HasSubstr(good));
    for (const char* bad : {",hls,", ",dash,", ",concat,", ",image2,", ",sdp,", ",rtsp,", ",lavfi,", ",imf,", ",tty,"}) {
        EXPECT_THAT(list, Not(HasSubstr(bad)));
    }
    InputPolicy own;
    own.formats = {"wav", "aiff"};
    EXPECT_EQ(ffmpeg::format_whitelist(own), "wav,aiff");
}

TEST(InputFormats, every_name_of_the_list_is_one_of_ffmpegs) {
    std::string list = ffmpeg::format_whitelist({}) + ",";
    std::set<std::string> known;
    void* state = nullptr;
    while (const AVInputFormat* format = av_demuxer_iterate(&state)) {
        std::string names = std::string(format->name) + ",";
        for (std::size_t at = 0, end; (end = names.find(',', at)) != std::string::npos; at = end + 1) known.insert(names.substr(at, end - at));
    }
    for (std::size_t at = 0, end; (end = list.find(',', at)) != std::string::npos; at = end + 1) {
        EXPECT_TRUE(known.contains(list.substr(at, end - at))) << list.substr(at, end - at);
    }
}

TEST(NameHint, keeps_a_plain_extension_and_nothing_else) {
    EXPECT_EQ(ffmpeg::name_hint("/films/a.b/clip.264"), "media.264");
    EXPECT_EQ(ffmpeg::name_hint("http://host/a.ts"), "media.ts");
    for (const char* name : {"clip", "clip.", "a.mp4?x=1", "a.%03d", "dir.d/clip", "a.verylongextension", "<memory>"}) {
        EXPECT_EQ(ffmpeg::name_hint(name), "media") << name;
    }
}

TEST(FfmpegError, keeps_the_native_code_and_says_what_was_tried) {
    const auto error = ffmpeg::ffmpeg_error(AVERROR_INVALIDDATA, "media.test", "cannot read the thing");
    EXPECT_EQ(error.code, Errc::malformed);
    EXPECT_EQ(error.native_domain, NativeDomain::ffmpeg);
    EXPECT_EQ(error.native_code, AVERROR_INVALIDDATA);
    EXPECT_THAT(error.describe(), HasSubstr("cannot read the thing: Invalid data"));
    EXPECT_EQ(ffmpeg::errc_from_ffmpeg(AVERROR_DECODER_NOT_FOUND), Errc::unsupported_codec);
    EXPECT_EQ(ffmpeg::errc_from_ffmpeg(AVERROR_EXIT), Errc::cancelled);
    EXPECT_EQ(ffmpeg::errc_from_ffmpeg(AVERROR(EIO)), Errc::io);
    EXPECT_EQ(ffmpeg::errc_from_ffmpeg(AVERROR(ENOMEM)), Errc::limit_exceeded);
    EXPECT_EQ(ffmpeg::errc_from_ffmpeg(AVERROR_BUG), Errc::internal);
}

TEST(FfmpegLog, goes_to_the_innermost_listener_and_never_to_stderr) {
    ffmpeg::take_ffmpeg_log();
    ::testing::internal::CaptureStderr();
    ffmpeg::LogCapture outer;
    {
        ffmpeg::LogCapture inner;
        av_log(nullptr, AV_LOG_ERROR, "first %d\n", 1);
        av_log(nullptr, AV_LOG_ERROR, "second\t\x01line\n");
        av_log(nullptr, AV_LOG_INFO, "chatter\n");
        EXPECT_EQ(inner.last_error(), "secondline");
    }
    EXPECT_EQ(outer.last_error(), "");
    av_log(nullptr, AV_LOG_ERROR, "third\n");
    EXPECT_EQ(outer.last_error(), "third");
    EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace streamforge::media
