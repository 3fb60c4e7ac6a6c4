#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/media/probe_support.hpp"

namespace streamforge::media {
namespace {

using namespace probe_testing;
using ::testing::Contains;
using ::testing::HasSubstr;

const std::string quick = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p ";

std::string source(const std::string& rate, const std::string& size = "320x240", const std::string& more = "") {
    return "-f lavfi -i \"testsrc2=s=" + size + ":r=" + rate + more + "\" ";
}

struct RateCase {
    const char* rate;
    const char* file;
    Rational expected;
};

TEST(ProbeRate, is_exact_in_every_container) {
    SKIP_WITHOUT_FFMPEG();
    const MediaFolder folder;
    const RateCase cases[]{
        {"30000/1001", "a.mkv", {30000, 1001}}, {"24000/1001", "b.mkv", {24000, 1001}}, {"25", "c.mkv", {25, 1}},
        {"60000/1001", "d.mkv", {60000, 1001}}, {"30000/1001", "e.mp4", {30000, 1001}}, {"25/2", "f.mp4", {25, 2}},
        {"24000/1001", "g.ts", {24000, 1001}},  {"50", "h.ts", {50, 1}},               {"30000/1001", "i.flv", {30000, 1001}},
        {"24", "j.avi", {24, 1}},               {"15", "k.mov", {15, 1}},              {"120", "l.mp4", {120, 1}},
        {"1", "m.mp4", {1, 1}},
    };
    for (const auto& each : cases) {
        const auto path = folder.make(each.file, source(each.rate, "64x48") + "-t 4 " + quick);
        ASSERT_FALSE(path.empty());
        const auto& video = main_video_of(probe_file(path));
        EXPECT_EQ(video.frame_rate, each.expected) << each.file << ": " << video.frame_rate.to_string();
        EXPECT_FALSE(video.variable_frame_rate) << each.file;
    }
}

TEST(ProbeRate, reordered_pictures_and_long_runs_do_not_disturb_it) {
    SKIP_WITHOUT_FFMPEG();
    const MediaFolder folder;
    const auto path = folder.make("b.mkv", source("30000/1001", "64x48") + "-t 40 -c:v libx264 -preset veryfast -bf 3 -pix_fmt yuv420p");
    const auto& video = main_video_of(probe_file(path));
    EXPECT_EQ(video.frame_rate, (Rational{30000, 1001}));
    EXPECT_FALSE(video.variable_frame_rate);
}

TEST(ProbeRate, program_streams_that_time_only_some_pictures_are_constant) {
    SKIP_WITHOUT_FFMPEG();
    const MediaFolder folder;
    for (const char* encoder : {"mpeg2video -bf 2 -g 15", "mpeg1video", "libx264 -preset veryfast -bf 3"}) {
        const auto path = folder.make("p.mpg", source("30000/1001", "352x240") + "-t 5 -pix_fmt yuv420p -c:v " + encoder + " 2>/dev/null");
        ASSERT_FALSE(path.empty()) << encoder;
        const auto& video = main_video_of(probe_file(path));
        EXPECT_EQ(video.frame_rate, (Rational{30000, 1001})) << encoder;
        EXPECT_FALSE(video.variable_frame_rate) << encoder;
    }
}

TEST(ProbeRate, raw_dv_starts_at_0_and_has_its_length) {
    SKIP_WITHOUT_FFMPEG();
    const MediaFolder folder;
    const auto info = probe_file(folder.make("d.dv", source("25", "720x576") + "-t 1 -c:v dvvideo -pix_fmt yuv420p"));
    EXPECT_EQ(info.streams.at(0).start, (MediaTime{0, 1}));
    EXPECT_EQ(info.duration, (MediaTime{1, 1}));
    EXPECT_EQ(main_video_of(info).frame_rate, (Rational{25, 1}));
}

TEST(ProbeRate, uneven_timestamps_are_variable) {
    SKIP_WITHOUT_FFMPEG();
    const MediaFolder folder;
    for (const char* name : {"v.mp4", "v.mkv"}) {
        const auto path = folder.make(name, source("25", "64x48", ",settb=1/1000,setpts=N*40+mod(N*N*7\\,23)") + "-t 4 -vsync vfr " + quick);
        ASSERT_FALSE(path.empty());
        const auto& video = main_video_of(probe_file(path));
        EXPECT_TRUE(video.variable_frame_rate) << name;
        EXPECT_NEAR(video.frame_rate.approximate(), 25.0, 0.5) << name;
    }
}

TEST(ProbeRate, stream_without_timestamps_has_its_headers_rate_and_no_duration) {
    SKIP_WITHOUT_FFMPEG();
    const MediaFolder folder;
    const auto info = probe_file(folder.make("raw.h264", source("30000/1001", "64x48") + "-t 2 " + quick));
    EXPECT_EQ(main_video_of(info).frame_rate, (Rational{30000, 1001}));
    EXPECT_FALSE(info.duration);
    EXPECT_FALSE(info.streams.at(0).duration);
    EXPECT_THAT(info.warnings, Contains(HasSubstr("no timestamps")));
}

TEST(ProbeRate, film_in_an_mpeg2_stream_with_repeat_flags_is_film) {
    SKIP_WITHOUT_FFMPEG();
    const MediaFolder folder;
    // 24 frames on the timestamps that repeated fields would give them: 2 and 3 fields in turn.
    const auto path = folder.make("soft.ts", source("24000/1001", "64x48", ",settb=1/90000,setpts=floor(N/2)*7507.5+mod(N\\,2)*3003") +
                                                 "-t 4 -vsync passthrough -enc_time_base 1/90000 " + quick);
    ASSERT_FALSE(path.empty());
    const auto& video = main_video_of(probe_file(path));
    EXPECT_EQ(video.frame_rate, (Rational{24000, 1001})) << video.frame_rate.to_string();
    EXPECT_FALSE(video.variable_frame_rate);
}

struct ScanCase {
    const char* name;
    std::string graph;
    std::string encoder;
    ScanType scan;
    bool from_content;
};

TEST(ProbeScan, pictures_tell_interlaced_from_progressive) {
    SKIP_WITHOUT_FFMPEG();
    const MediaFolder folder;
    const std::string plain = "-c:v libx264 -preset veryfast -crf 20 -pix_fmt yuv420p ";
    const std::string scroll = "testsrc2=s=960x288:r=50,crop=480:288:mod(n*4\\,460):0";
    const ScanCase cases[]{
        {"tff", scroll + ",tinterlace=interleave_top,setfield=prog", plain, ScanType::interlaced_tff, true},
        {"bff", scroll + ",tinterlace=interleave_bottom,setfield=prog", plain, ScanType::interlaced_bff, true},
        {"flagged", scroll + ",tinterlace=interleave_top", plain + "-flags +ilme+ildct -top 1 ", ScanType::interlaced_tff, false},
        {"mpeg2", scroll + ",tinterlace=interleave_top", "-c:v mpeg2video -q:v 3 -flags +ilme+ildct -top 1 ", ScanType::interlaced_tff, false},
        {"pulldown", "testsrc2=s=960x288:r=24000/1001,crop=480:288:mod(n*6\\,460):0,telecine=pattern=23,setfield=prog", plain, ScanType::telecine, true},
        {"zoom pulldown", "mandelbrot=s=720x480:r=24000/1001,telecine=pattern=23,setfield=prog", plain, ScanType::telecine, true},
    };
    for (const auto& each : cases) {
        const auto path = folder.make(std::string(each.name) + ".mkv", "-f lavfi -i \"" + each.graph + "\" -t 4.2 " + each.encoder);
        ASSERT_FALSE(path.empty()) << each.name;
        const auto& video = main_video_of(probe_file(path));
        EXPECT_EQ(video.scan, each.scan) << each.name;
        EXPECT_EQ(video.scan_from_content, each.from_content) << each.name;
    }
}

TEST(ProbeScan, progressive_pictures_are_never_called_interlaced) {
    SKIP_WITHOUT_FFMPEG();
    const MediaFolder folder;
    const std::string graphs[]{
        "testsrc2=s=480x288:r=25", "mandelbrot=s=480x288:r=30000/1001", "life=s=480x288:r=25:ratio=0.1:mold=10",
        "cellauto=s=480x288:r=30:rule=110", "testsrc2=s=480x576:r=25,crop=480:288:0:n*3", "testsrc2=s=480x576:r=30,crop=480:288:0:n",
        "testsrc2=s=480x288:r=12.5,fps=25", "testsrc2=s=480x288:r=24,fps=30", "nullsrc=s=480x288:r=25,format=gray,noise=alls=100:allf=t",
        "smptebars=s=480x288:r=25", "testsrc2=s=960x288:r=30,crop=480:288:mod(n*9\\,460):0,noise=alls=40:allf=t"};
    for (const auto& graph : graphs) {
        const auto path = folder.make("p.mkv", "-f lavfi -i \"" + graph + "\" -t 5 -c:v libx264 -preset ultrafast -crf 18 -pix_fmt yuv420p");
        ASSERT_FALSE(path.empty()) << graph;
        EXPECT_EQ(main_video_of(probe_file(path)).scan, ScanType::progressive) << graph;
    }
}

TEST(ProbeColour, tags_range_and_aspect_are_read) {
    SKIP_WITHOUT_FFMPEG();
    const MediaFolder folder;
    const auto path = folder.make(
        "c.mkv", source("25", "720x480", ",setsar=32/27") + "-t 1 " + quick + "-colorspace smpte170m -color_primaries smpte170m -color_trc bt709 -color_range pc");
    const auto& video = main_video_of(probe_file(path));
    EXPECT_EQ(video.colour, (ColourInfo{6, 1, 6, true}));
    EXPECT_EQ(video.sample_aspect, (Rational{32, 27}));
    EXPECT_EQ(video.range, VideoRange::sdr);
    EXPECT_EQ(video.bit_depth, 8);
    EXPECT_EQ(main_video_of(probe_file(folder.make("u.mkv", source("25") + "-t 1 " + quick))).colour, ColourInfo{});
}

TEST(ProbeColour, hdr10_metadata_inside_the_bitstream_is_found) {
    SKIP_WITHOUT_FFMPEG();
    const MediaFolder folder;
    const auto path = folder.make(
        "hdr.mkv", source("25") + "-t 1 -c:v libx265 -preset ultrafast -pix_fmt yuv420p10le -x265-params \"log-level=none:colorprim=bt2020:"
                                  "transfer=smpte2084:colormatrix=bt2020nc:hdr10=1:max-cll=1000,400:master-display=G(13250,34500)B(7500,3000)"
                                  "R(34000,16000)WP(15635,16450)L(10000000,50)\"");
    if (path.empty()) GTEST_SKIP() << "this ffmpeg has no libx265";
    const auto& video = main_video_of(probe_file(path));
    EXPECT_EQ(video.range, VideoRange::pq);
    EXPECT_EQ(video.bit_depth, 10);
    EXPECT_EQ(video.colour, (ColourInfo{9, 16, 9, false}));
    ASSERT_TRUE(video.mastering_display);
    EXPECT_EQ(*video.mastering_display, (MasteringDisplay{.red_x = 34000, .red_y = 16000, .green_x = 13250, .green_y = 34500,
                                                          .blue_x = 7500, .blue_y = 3000, .white_x = 15635, .white_y = 16450,
                                                          .max_luminance = 10000000, .min_luminance = 50}));
    ASSERT_TRUE(video.content_light);
    EXPECT_EQ(*video.content_light, (ContentLight{1000, 400}));
}

TEST(ProbeStreams, languages_titles_dispositions_and_subtitles_are_read) {
    SKIP_WITHOUT_FFMPEG();
    const MediaFolder folder;
    {
        std::ofstream(folder.at("s.srt")) << "1\n00:00:00,000 --> 00:00:01,000\nHello\n";
    }
    const auto path = folder.make(
        "m.mkv", source("25", "64x48") + "-f lavfi -i sine=r=44100 -f lavfi -i \"aevalsrc=0:c=5.1\" -i '" + folder.at("s.srt") +
                     "' -t 2 -map 0 -map 1 -map 2 -map 3 " + quick + "-c:a:0 aac -c:a:1 ac3 -c:s srt -metadata:s:a:0 language=ger -metadata:s:a:1 "
                     "language=pt-BR -metadata:s:a:1 title=Surround -disposition:a:0 default -disposition:a:1 comment "
                     "-disposition:s:0 forced+hearing_impaired -metadata:s:s:0 language=eng");
    ASSERT_FALSE(path.empty());
    const auto info = probe_file(path);
    ASSERT_EQ(info.streams.size(), 4U);
    EXPECT_EQ(info.streams[1].language, "de");
    EXPECT_EQ(info.streams[1].audio->sample_rate_hz, 44100U);
    EXPECT_EQ(info.streams[1].audio->channel_layout, "mono");
    EXPECT_TRUE(info.streams[1].is_default);
    EXPECT_EQ(info.streams[2].language, "pt-BR");
    EXPECT_EQ(info.streams[2].title, "Surround");
    EXPECT_EQ(info.streams[2].audio->channels, 6U);
    EXPECT_TRUE(info.streams[2].commentary);
    EXPECT_EQ(info.streams[3].language, "en");
    EXPECT_TRUE(info.streams[3].text_subtitle);
    EXPECT_TRUE(info.streams[3].decodable);
    EXPECT_TRUE(info.streams[3].is_forced);
    EXPECT_TRUE(info.streams[3].hearing_impaired);
}

TEST(ProbeStreams, cover_art_is_no_moving_picture) {
    SKIP_WITHOUT_FFMPEG();
    const MediaFolder folder;
    const auto cover = folder.make("cover.png", "-f lavfi -i color=red:s=100x100 -frames:v 1");
    const auto path = folder.make("a.mp3", "-f lavfi -i sine=d=3 -i '" + cover + "' -map 0 -map 1 -c:v copy -c:a libmp3lame -disposition:v attached_pic");
    ASSERT_FALSE(path.empty());
    const auto info = probe_file(path);
    EXPECT_EQ(info.main_video(), nullptr);
    ASSERT_EQ(info.streams.size(), 2U);
    EXPECT_TRUE(info.streams[1].video->attached_picture);
    ASSERT_TRUE(info.duration);
    EXPECT_NEAR(info.duration->approximate_seconds(), 3.0, 0.1);
}

TEST(ProbeTimes, starts_and_durations_stay_on_the_inputs_clock) {
    SKIP_WITHOUT_FFMPEG();
    const MediaFolder folder;
    const auto path = folder.make("t.ts", source("25", "64x48") + "-f lavfi -i sine -t 3 " + quick + "-c:a aac -output_ts_offset 10 -muxdelay 0");
    const auto info = probe_file(path);
    for (const auto& stream : info.streams) {
        EXPECT_NEAR(stream.start.approximate_seconds(), 10.0, 0.1) << stream.index;
        EXPECT_EQ(stream.start.timescale, 90000);
    }
    EXPECT_FALSE(info.seekable_index);
    ASSERT_TRUE(info.duration);
    EXPECT_NEAR(info.duration->approximate_seconds(), 3.0, 0.1);
    EXPECT_GT(info.bitrate_bps, 1000U);
}

TEST(ProbeTimes, index_is_seen_where_the_container_has_one) {
    SKIP_WITHOUT_FFMPEG();
    const MediaFolder folder;
    const std::string clip = source("25", "64x48") + "-t 40 " + quick + "-g 25 ";
    EXPECT_TRUE(probe_file(folder.make("i.mp4", clip)).seekable_index);
    EXPECT_TRUE(probe_file(folder.make("i.mkv", clip + "-cluster_time_limit 1000")).seekable_index);
    EXPECT_TRUE(probe_file(folder.make("i.avi", clip)).seekable_index);
    EXPECT_FALSE(probe_file(folder.make("i.ts", clip)).seekable_index);
}

TEST(ProbeTimes, edit_list_that_moves_nothing_is_none) {
    SKIP_WITHOUT_FFMPEG();
    const MediaFolder folder;
    const auto plain = folder.make("p.mp4", source("25", "64x48") + "-t 1 " + quick + "-bf 0 -use_editlist 0");
    EXPECT_FALSE(probe_file(plain).has_edit_list);
    const auto delayed = folder.make("d.mp4", source("25", "64x48") + "-t 1 -c:v libx264 -preset veryfast -bf 2 -pix_fmt yuv420p");
    const auto info = probe_file(delayed);
    EXPECT_TRUE(info.has_edit_list);
    EXPECT_EQ(info.streams.at(0).start, (MediaTime{0, 1}));
}

TEST(ProbeTimes, fragmented_file_is_described_like_a_plain_one) {
    SKIP_WITHOUT_FFMPEG();
    const MediaFolder folder;
    const auto path = folder.make("f.mp4", source("25", "64x48") + "-t 4 " + quick + "-g 25 -movflags frag_keyframe+empty_moov+default_base_moof");
    const auto info = probe_file(path);
    EXPECT_EQ(main_video_of(info).frame_rate, (Rational{25, 1}));
    EXPECT_FALSE(main_video_of(info).variable_frame_rate);
}

TEST(ProbeShort, one_frame_and_a_fifth_of_a_second_are_enough) {
    SKIP_WITHOUT_FFMPEG();
    const MediaFolder folder;
    const auto one = probe_file(folder.make("one.mp4", source("25", "64x48") + "-frames:v 1 " + quick));
    EXPECT_EQ(main_video_of(one).frame_rate, (Rational{25, 1}));
    const auto fifth = probe_file(folder.make("fifth.mkv", source("30000/1001", "64x48") + "-t 0.2 " + quick));
    EXPECT_EQ(main_video_of(fifth).frame_rate, (Rational{30000, 1001}));
    EXPECT_FALSE(main_video_of(fifth).variable_frame_rate);
    const auto gif = probe_file(folder.make("g.gif", source("10", "64x48") + "-t 1"));
    EXPECT_EQ(main_video_of(gif).frame_rate, (Rational{10, 1}));
}

TEST(ProbeProtection, encrypted_mp4_is_refused_as_encrypted) {
    SKIP_WITHOUT_FFMPEG();
    const MediaFolder folder;
    const auto path = folder.make("enc.mp4", source("25", "64x48") + "-t 1 " + quick +
                                                 "-encryption_scheme cenc-aes-ctr -encryption_key 00112233445566778899aabbccddeeff "
                                                 "-encryption_kid 112233445566778899aabbccddeeff00");
    ASSERT_FALSE(path.empty());
    EXPECT_EQ(outcome(*open_file(path)), "encrypted");
}

TEST(ProbeOptions, without_a_look_at_the_content_headers_stand) {
    SKIP_WITHOUT_FFMPEG();
    const MediaFolder folder;
    const auto path = folder.make("h.mp4", source("25", "64x48") + "-t 1 " + quick);
    ProbeOptions options = patient();
    options.inspect_content = false;
    EXPECT_EQ(main_video_of(probe_file(path, options)).frame_rate, (Rational{25, 1}));
    options.inspect_content = true;
    options.inspect_frames = 0;
    EXPECT_EQ(main_video_of(probe_file(path, options)).frame_rate, (Rational{25, 1}));
}

}  // namespace
}  // namespace streamforge::media
