#include <gtest/gtest.h>

#include <cmath>

#include "media/ffmpeg/audio_limiter.hpp"
#include "media/ffmpeg/audio_resampler.hpp"
#include "unit/media/transcode_support.hpp"

namespace streamforge::media {
namespace {

using namespace testing;
using ffmpeg::AudioResampler;
using ffmpeg::ChannelLayout;
using ffmpeg::PeakLimiter;
using ffmpeg::Planes;

constexpr float ceiling = 0.9441F;

Planes tone(int channels, std::size_t samples, float level) {
    Planes planes(static_cast<std::size_t>(channels));
    for (auto& plane : planes) {
        for (std::size_t i = 0; i < samples; ++i) plane.push_back(level * std::sin(static_cast<float>(i) * 0.05F));
    }
    return planes;
}

TEST(PeakLimiter, quiet_sound_passes_bit_by_bit) {
    PeakLimiter limiter(48000);
    const Planes original = tone(2, 10000, 0.9F);
    Planes in = original;
    Planes out;
    limiter.run(in, out);
    limiter.finish(out);
    EXPECT_EQ(out, original);
}

TEST(PeakLimiter, nothing_comes_out_above_the_ceiling) {
    for (const float level : {1.0F, 1.5F, 4.0F}) {
        PeakLimiter limiter(48000);
        Planes out;
        for (int part = 0; part < 20; ++part) {
            Planes in = tone(2, 777, part % 3 == 0 ? level : 0.3F);
            limiter.run(in, out);
        }
        limiter.finish(out);
        ASSERT_EQ(out.front().size(), 777U * 20);
        for (const float sample : out.front()) ASSERT_LE(std::abs(sample), ceiling);
    }
}

TEST(PeakLimiter, close_peaks_of_different_heights_are_all_caught) {
    PeakLimiter limiter(48000);
    Planes in(1, std::vector<float>(4000, 0.5F));
    for (std::size_t i = 500; i < 3500; i += 37) in[0][i] = 1.0F + static_cast<float>(i % 11) * 0.2F;
    Planes out;
    limiter.run(in, out);
    limiter.finish(out);
    for (const float sample : out.front()) ASSERT_LE(std::abs(sample), ceiling);
}

TEST(PeakLimiter, gain_recovers_after_a_peak) {
    PeakLimiter limiter(48000);
    Planes in(1, std::vector<float>(48000, 0.5F));
    in[0][100] = 2.0F;
    Planes out;
    limiter.run(in, out);
    limiter.finish(out);
    EXPECT_LT(out[0][101], 0.3F);
    EXPECT_NEAR(out[0][47999], 0.5F, 0.0005F);
}

TEST(AudioResampler, count_is_exact_for_every_pair_of_rates) {
    for (const int from : {8000, 11025, 44100, 48000, 96000}) {
        for (const int to : {22050, 44100, 48000}) {
            auto resampler = AudioResampler::open({from, AV_SAMPLE_FMT_FLTP, ChannelLayout::usual(1)}, to, 2);
            ASSERT_TRUE(resampler);
            Planes out;
            std::vector<float> block(1000, 0.25F);
            const auto* data = reinterpret_cast<const std::uint8_t*>(block.data());
            for (int i = 0; i < 37; ++i) ASSERT_TRUE(resampler->add(&data, i % 2 == 0 ? 1000 : 613, out));
            ASSERT_TRUE(resampler->add(nullptr, 501, out));
            ASSERT_TRUE(resampler->finish(out));
            const std::int64_t in = 19 * 1000 + 18 * 613 + 501;
            EXPECT_EQ(static_cast<std::int64_t>(out[0].size()), mul_div(in, to, from, Rounding::nearest)) << from << " to " << to;
            EXPECT_EQ(out[0].size(), out[1].size());
        }
    }
}

TEST(AudioResampler, silence_of_unsigned_samples_is_silent) {
    auto resampler = AudioResampler::open({48000, AV_SAMPLE_FMT_U8, ChannelLayout::usual(2)}, 48000, 2);
    ASSERT_TRUE(resampler);
    Planes out;
    ASSERT_TRUE(resampler->add(nullptr, 100, out));
    ASSERT_TRUE(resampler->finish(out));
    for (const float sample : out[0]) EXPECT_EQ(sample, 0.0F);
}

// ---- through the transcoder ----

EncodePlan sound_only(std::vector<AudioRendition> renditions) {
    EncodePlan plan;
    plan.audio = std::move(renditions);
    return plan;
}

/// All samples of one channel, priming left out, as long as the durations say.
std::vector<float> heard(const CollectedTrack& track, int channel = 0) {
    std::vector<float> all;
    for (const auto& frame : decode_track(track)) {
        const auto* data = reinterpret_cast<const float*>(frame->extended_data[channel]);
        all.insert(all.end(), data, data + frame->nb_samples);
    }
    const std::size_t priming = track.format.audio.priming_samples;
    const auto length = static_cast<std::size_t>(track.total_duration());
    EXPECT_GE(all.size(), length);
    all.resize(length);
    all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(priming));
    return all;
}

double level(const std::vector<float>& sound, std::size_t from, std::size_t to) {
    double sum = 0;
    for (std::size_t i = from; i < to; ++i) sum += static_cast<double>(sound[i]) * static_cast<double>(sound[i]);
    return std::sqrt(sum / static_cast<double>(to - from));
}

TEST(TranscodeAudio, count_priming_and_times_are_exact_for_odd_lengths) {
    REQUIRE_FFMPEG();
    for (const int samples : {1, 1000, 1024, 1025, 47999, 100000}) {
        const std::string path = make_clip("pcm_" + std::to_string(samples) + ".wav",
            "-f lavfi -i sine=frequency=440:sample_rate=48000 -af atrim=end_sample=" + std::to_string(samples) + " -ac 2");
        CollectingSink sink;
        const auto summary = run_transcode(path, sound_only({audio_rendition(0)}), sink);
        ASSERT_TRUE(summary) << summary.error().describe();
        EXPECT_TRUE(sink.broken_rules.empty()) << sink.broken_rules.front();
        const auto& track = sink.audio();
        EXPECT_EQ(track.format.codec, Codec::aac);
        EXPECT_EQ(track.format.timescale, 48000);
        EXPECT_FALSE(track.format.codec_config.empty());
        EXPECT_EQ(track.format.audio.priming_samples, 1024U);
        EXPECT_EQ(track.total_duration(), 1024 + samples);
        std::int64_t expected = 0;
        for (const auto& sample : track.samples) {
            EXPECT_EQ(sample.pts, expected);
            EXPECT_EQ(sample.dts, expected);
            EXPECT_TRUE(sample.sync);
            expected += sample.duration;
        }
        EXPECT_EQ(summary->audio_end, (MediaTime{samples, 48000}));
        EXPECT_EQ(heard(track).size(), static_cast<std::size_t>(samples));
    }
}

TEST(TranscodeAudio, sound_comes_out_at_its_place_and_level) {
    REQUIRE_FFMPEG();
    // Half a second of nothing, then a tone: its start shows whether priming is told right.
    const std::string path = make_clip("edge.wav",
        "-f lavfi -i \"aevalsrc='if(gte(t,0.5),0.5*sin(2*PI*1000*t),0)|if(gte(t,0.5),0.5*sin(2*PI*1000*t),0)':s=48000:d=1\"");
    AudioRendition rendition = audio_rendition(0);
    rendition.bitrate_bps = 192000;
    CollectingSink sink;
    ASSERT_TRUE(run_transcode(path, sound_only({rendition}), sink));
    const auto sound = heard(sink.audio());
    ASSERT_EQ(sound.size(), 48000U);
    std::size_t start = 0;
    while (start < sound.size() && std::abs(sound[start]) < 0.2F) ++start;
    EXPECT_NEAR(static_cast<double>(start), 24000.0, 40.0);
    EXPECT_NEAR(level(sound, 30000, 46000), 0.5 / std::sqrt(2.0), 0.02);
    EXPECT_LT(level(sound, 0, 22000), 0.001);
}

TEST(TranscodeAudio, other_sample_rate_keeps_the_length_to_the_sample) {
    REQUIRE_FFMPEG();
    const std::string path = make_clip("cd.wav", "-f lavfi -i sine=sample_rate=44100 -af atrim=end_sample=100001 -ac 1");
    CollectingSink sink;
    ASSERT_TRUE(run_transcode(path, sound_only({audio_rendition(0), audio_rendition(0, 1, 22050)}), sink)) ;
    EXPECT_EQ(sink.audio(0).total_duration() - 1024, mul_div(100001, 48000, 44100, Rounding::nearest));
    EXPECT_EQ(sink.audio(1).total_duration() - 1024, mul_div(100001, 22050, 44100, Rounding::nearest));
    EXPECT_EQ(sink.audio(1).format.audio.channels, 1U);
}

TEST(TranscodeAudio, mp4_with_priming_keeps_the_source_length) {
    REQUIRE_FFMPEG();
    const std::string path = make_clip("aac.m4a",
        "-f lavfi -i sine=frequency=300:sample_rate=48000 -af atrim=end_sample=50000 -ac 2 -c:a aac -movie_timescale 48000");
    CollectingSink sink;
    ASSERT_TRUE(run_transcode(path, sound_only({audio_rendition(0)}), sink));
    EXPECT_EQ(sink.audio().total_duration(), 1024 + 50000);
}

TEST(TranscodeAudio, sound_that_starts_late_begins_with_silence) {
    REQUIRE_FFMPEG();
    const std::string path = make_clip("late_audio.mkv",
        "-f lavfi -i testsrc2=size=160x90:rate=25:duration=2 -itsoffset 0.75 -f lavfi -i sine=sample_rate=48000:duration=1 "
        "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a pcm_s16le");
    EncodePlan plan = simple_plan({25, 1}, 25, 160, 90);
    plan.audio.push_back(audio_rendition(1, 1));
    CollectingSink sink;
    ASSERT_TRUE(run_transcode(path, plan, sink));
    EXPECT_EQ(sink.audio().total_duration(), 1024 + 36000 + 48000);
    const auto sound = heard(sink.audio());
    EXPECT_LT(level(sound, 0, 35000), 0.001);
    EXPECT_GT(level(sound, 37000, 80000), 0.05);
}

TEST(TranscodeAudio, sound_before_the_origin_is_cut) {
    REQUIRE_FFMPEG();
    const std::string path = make_clip("cut_start.wav", "-f lavfi -i sine=sample_rate=48000 -af atrim=end_sample=48000 -ac 1");
    EncodePlan plan = sound_only({audio_rendition(0, 1)});
    plan.origin = {1001, 48000};
    CollectingSink sink;
    ASSERT_TRUE(run_transcode(path, plan, sink));
    EXPECT_EQ(sink.audio().total_duration(), 1024 + 48000 - 1001);
}

TEST(TranscodeAudio, hole_in_the_sound_is_filled_so_that_the_rest_stays_in_time) {
    REQUIRE_FFMPEG();
    const std::string path = make_clip("gap.mkv",
        "-f lavfi -i sine=sample_rate=48000:duration=3 -af \"aselect='not(between(t,1,1.9))'\" -ac 1 -c:a pcm_s16le");
    CollectingSink sink;
    const auto summary = run_transcode(path, sound_only({audio_rendition(0, 1)}), sink);
    ASSERT_TRUE(summary) << summary.error().describe();
    EXPECT_NEAR(static_cast<double>(sink.audio().total_duration() - 1024), 144000.0, 100.0);
    const auto sound = heard(sink.audio());
    EXPECT_LT(level(sound, 52000, 86000), 0.01);
    EXPECT_GT(level(sound, 96000, 140000), 0.05);
    EXPECT_FALSE(summary->warnings.empty());
}

TEST(TranscodeAudio, loud_surround_mixed_to_stereo_does_not_clip) {
    REQUIRE_FFMPEG();
    const std::string path = make_clip("surround.wav",
        "-f lavfi -i \"aevalsrc='0.95*sin(440*2*PI*t)|0.95*sin(440*2*PI*t)|0.95*sin(440*2*PI*t)|0|0.95*sin(440*2*PI*t)|"
        "0.95*sin(440*2*PI*t)':s=48000:d=1:c=5.1\"");
    AudioRendition stereo = audio_rendition(0);
    stereo.bitrate_bps = 256000;
    CollectingSink sink;
    ASSERT_TRUE(run_transcode(path, sound_only({stereo}), sink));
    const auto sound = heard(sink.audio());
    float peak = 0;
    for (std::size_t i = 2000; i + 2000 < sound.size(); ++i) peak = std::max(peak, std::abs(sound[i]));
    EXPECT_LT(peak, 1.0F);
    EXPECT_GT(peak, 0.85F);
}

TEST(TranscodeAudio, dialogue_in_the_centre_is_heard_in_stereo_at_minus_three_decibels) {
    REQUIRE_FFMPEG();
    const std::string path = make_clip("centre.wav", "-f lavfi -i \"aevalsrc='0|0|0.5*sin(440*2*PI*t)|0|0|0':s=48000:d=1:c=5.1\"");
    AudioRendition stereo = audio_rendition(0);
    stereo.bitrate_bps = 192000;
    CollectingSink sink;
    ASSERT_TRUE(run_transcode(path, sound_only({stereo}), sink));
    const double expected = 0.5 * std::sqrt(0.5) / std::sqrt(2.0);
    EXPECT_NEAR(level(heard(sink.audio(), 0), 5000, 40000), expected, 0.02);
    EXPECT_NEAR(level(heard(sink.audio(), 1), 5000, 40000), expected, 0.02);
}

TEST(TranscodeAudio, surround_stays_surround_beside_its_stereo) {
    REQUIRE_FFMPEG();
    const std::string path = make_clip("lfe.wav",
        "-f lavfi -i \"aevalsrc='0|0|0|0|0.5*sin(440*2*PI*t)|0':s=48000:d=1:c=5.1\"");
    CollectingSink sink;
    ASSERT_TRUE(run_transcode(path, sound_only({audio_rendition(0), audio_rendition(0, 6)}), sink));
    EXPECT_EQ(sink.audio(1).format.audio.channels, 6U);
    EXPECT_EQ(sink.audio(0).total_duration(), sink.audio(1).total_duration());
    EXPECT_GT(level(heard(sink.audio(1), 4), 5000, 40000), 0.3);
    EXPECT_LT(level(heard(sink.audio(1), 0), 5000, 40000), 0.02);
}

TEST(TranscodeAudio, change_of_rate_and_layout_midway_goes_on_in_time) {
    REQUIRE_FFMPEG();
    // MPEG-TS carries streams whose parameters change.
    const std::string a = make_clip("mid_a.ts", "-f lavfi -i sine=sample_rate=48000:duration=2 -ac 2 -c:a mp2 -muxdelay 0");
    const std::string b = make_clip("mid_b.ts",
        "-f lavfi -i sine=sample_rate=44100:duration=2 -ac 1 -c:a mp2 -muxdelay 0 -output_ts_offset 2.016");
    ASSERT_FALSE(a.empty() || b.empty());
    const std::string joined = (ClipFolder::instance().path() / "mid.ts").string();
    ASSERT_EQ(std::system(("cat '" + a + "' '" + b + "' > '" + joined + "'").c_str()), 0);
    CollectingSink sink;
    const auto summary = run_transcode(joined, sound_only({audio_rendition(0)}), sink);
    ASSERT_TRUE(summary) << summary.error().describe();
    EXPECT_NEAR(summary->audio_end.approximate_seconds(), 4.0, 0.1);
    const auto sound = heard(sink.audio());
    EXPECT_GT(level(sound, 5000, 90000), 0.05);
    EXPECT_GT(level(sound, 100000, 185000), 0.05);
}

TEST(TranscodeAudio, two_languages_come_from_their_own_streams) {
    REQUIRE_FFMPEG();
    const std::string path = make_clip("two.mka",
        "-f lavfi -i \"aevalsrc=0.5*sin(440*2*PI*t):s=48000:d=1\" -f lavfi -i \"aevalsrc=0:s=48000:d=1.5\" -map 0 -map 1 -c:a flac");
    AudioRendition second = audio_rendition(1, 1);
    second.language = "de";
    CollectingSink sink;
    ASSERT_TRUE(run_transcode(path, sound_only({audio_rendition(0, 1), second}), sink));
    EXPECT_EQ(sink.audio(1).format.language, "de");
    EXPECT_GT(level(heard(sink.audio(0)), 5000, 40000), 0.2);
    EXPECT_LT(level(heard(sink.audio(1)), 5000, 40000), 0.001);
    EXPECT_EQ(sink.audio(1).total_duration(), 1024 + 72000);
}

TEST(TranscodeAudio, broken_sound_beside_a_picture_becomes_silence) {
    REQUIRE_FFMPEG();
    const std::string path = make_clip("broken_sound.mkv",
        "-f lavfi -i testsrc2=size=160x90:rate=25:duration=3 -f lavfi -i sine=sample_rate=48000:duration=3 -c:v libx264 "
        "-preset ultrafast -pix_fmt yuv420p -c:a aac -bsf:a noise=amount=1");
    ASSERT_FALSE(path.empty());
    EncodePlan plan = simple_plan({25, 1}, 25, 160, 90);
    plan.audio.push_back(audio_rendition(1));
    CollectingSink sink;
    const auto summary = run_transcode(path, plan, sink);
    ASSERT_TRUE(summary) << summary.error().describe();
    expect_sound_video(sink.video(), plan.cuts);
    EXPECT_GE(sink.audio().total_duration(), 1024 + 2 * 48000);
    EXPECT_GT(summary->decode_errors, 0U);
}

}  // namespace
}  // namespace streamforge::media
