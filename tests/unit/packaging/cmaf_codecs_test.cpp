// Every codec through the writer, judged by FFmpeg: decodes without a word, and to the same pictures and sound.
#include <streamforge/packaging/cmaf_writer.hpp>

#include <algorithm>
#include <gtest/gtest.h>

#include "unit/packaging/support/media.hpp"
#include "unit/packaging/support/tools.hpp"

namespace streamforge::packaging {
namespace {

using namespace test;

struct CodecCase {
    const char* name;
    ClipRecipe recipe;
    const char* codecs;      ///< CODECS value expected.
    const char* probe_name;  ///< ffprobe's codec_name.
    std::size_t segments;    ///< Of 1 s.
};

void PrintTo(const CodecCase& value, std::ostream* out) { *out << value.name; }

class CmafCodecs : public testing::TestWithParam<CodecCase> {};

CmafOptions with(VideoReordering policy) {
    CmafOptions options;
    options.video_reordering = policy;
    return options;
}

TEST_P(CmafCodecs, joined_segments_decode_like_the_source) {
    SKIP_WITHOUT_FFMPEG();
    const CodecCase& expected = GetParam();
    const TempFolder folder;
    const Clip clip = make_clip(expected.recipe, folder / "source.mp4");
    ASSERT_FALSE(clip.samples.empty());
    std::string ignored;
    const auto wanted = decoded_hashes(clip.path, clip.stream, ignored);
    ASSERT_FALSE(wanted.empty());
    for (const auto policy : {VideoReordering::edit_list, VideoReordering::signed_offsets}) {
        const Written written = write_all(clip.format, clip.samples, {1, 1}, with(policy));
        EXPECT_EQ(written.codecs, expected.codecs);
        EXPECT_EQ(written.segments.size(), expected.segments);
        const std::string joined = folder / "joined.mp4";
        write_bytes(joined, written.joined());
        EXPECT_EQ(stream_field(joined, clip.stream, "codec_name"), expected.probe_name);
        std::string complaints;
        EXPECT_EQ(decoded_hashes(joined, clip.stream, complaints), wanted);
        EXPECT_EQ(complaints, "");
        if (clip.format.kind == TrackKind::audio) break;  // the policy is the video's
    }
}

TEST_P(CmafCodecs, presentation_times_survive_and_chain) {
    SKIP_WITHOUT_FFMPEG();
    const TempFolder folder;
    const Clip clip = make_clip(GetParam().recipe, folder / "source.mp4");
    for (const auto policy : {VideoReordering::edit_list, VideoReordering::signed_offsets}) {
        const Written written = write_all(clip.format, clip.samples, {1, 1}, with(policy));
        const std::string joined = folder / "joined.mp4";
        write_bytes(joined, written.joined());
        const auto packets = ffprobe_samples(joined, clip.stream, true);
        ASSERT_EQ(packets.size(), clip.samples.size());
        // FFmpeg's demuxer adds the largest negative composition offset to all times of a track.
        const bool exact = policy == VideoReordering::edit_list || clip.format.kind == TrackKind::audio;
        const std::int64_t shift = exact ? 0 : packets.front().pts - clip.samples.front().pts;
        for (std::size_t i = 0; i < packets.size(); ++i) {
            ASSERT_EQ(packets[i].pts - shift, clip.samples[i].pts) << "sample " << i;
            ASSERT_EQ(packets[i].sync, clip.samples[i].sync) << "sample " << i;
        }
        MediaTime at{0, 1};
        for (const MediaSegment& segment : written.segments) {
            EXPECT_EQ(segment.start, at);
            EXPECT_TRUE(segment.starts_with_sync);
            at = segment.start + segment.duration;
        }
        const auto last = std::max_element(clip.samples.begin(), clip.samples.end(),
                                           [](const auto& a, const auto& b) { return a.pts < b.pts; });
        EXPECT_EQ(at, (MediaTime{last->pts + last->duration, clip.format.timescale}));
    }
}

constexpr const char* gop = "-g 30 -keyint_min 30 -sc_threshold 0 ";

INSTANTIATE_TEST_SUITE_P(
    All, CmafCodecs,
    testing::Values(
        CodecCase{"h264_annex_b",
                  {Codec::h264, std::string(gop) + "-c:v libx264 -preset veryfast -bf 3 -pix_fmt yuv420p", "", true},
                  "avc1.64000D", "h264", 3},
        CodecCase{"h264_length_prefixed",
                  {Codec::h264, std::string(gop) + "-c:v libx264 -preset veryfast -bf 3 -pix_fmt yuv420p", "", false},
                  "avc1.64000D", "h264", 3},
        CodecCase{"h264_baseline_no_b_frames",
                  {Codec::h264, std::string(gop) + "-c:v libx264 -preset ultrafast -profile:v baseline -pix_fmt yuv420p", "", true},
                  "avc1.42C00D", "h264", 3},
        CodecCase{"h264_high_10",
                  {Codec::h264, std::string(gop) + "-c:v libx264 -preset veryfast -pix_fmt yuv420p10le", "", true},
                  "avc1.6E000D", "h264", 3},
        CodecCase{"hevc_main",
                  {Codec::hevc,
                   "-c:v libx265 -preset ultrafast -tag:v hvc1 -pix_fmt yuv420p "
                   "-x265-params keyint=30:min-keyint=30:scenecut=0:open-gop=0:bframes=3:log-level=none",
                   "", true},
                  "hvc1.1.6.L60.90", "hevc", 3},
        CodecCase{"hevc_main_10",
                  {Codec::hevc,
                   "-c:v libx265 -preset ultrafast -tag:v hvc1 -pix_fmt yuv420p10le "
                   "-x265-params keyint=30:min-keyint=30:scenecut=0:open-gop=0:bframes=3:log-level=none",
                   "", true},
                  "hvc1.2.4.L60.90", "hevc", 3},
        CodecCase{"av1",
                  {Codec::av1, "-c:v libsvtav1 -preset 12 -g 30 -pix_fmt yuv420p -svtav1-params keyint=30", "", true},
                  "av01.0.00M.08", "av1", 3},
        CodecCase{"vp9",
                  {Codec::vp9, "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 30 -keyint_min 30 -pix_fmt yuv420p", "", true},
                  "vp09.00.11.08", "vp9", 3},
        CodecCase{"aac", {Codec::aac, "-c:a aac -ac 2", "", true}, "mp4a.40.2", "aac", 4},
        CodecCase{"opus", {Codec::opus, "-c:a libopus -b:a 64k", "", true}, "Opus", "opus", 4},
        CodecCase{"flac", {Codec::flac, "-c:a flac -strict -2", "", true}, "fLaC", "flac", 3},
        CodecCase{"alac", {Codec::alac, "-c:a alac", "", true}, "alac", "alac", 3},
        CodecCase{"ac3", {Codec::ac3, "-c:a ac3 -ac 6", "", true}, "ac-3", "ac3", 3},
        CodecCase{"eac3", {Codec::eac3, "-c:a eac3 -ac 6", "", true}, "ec-3", "eac3", 3},
        CodecCase{"mp3", {Codec::mp3, "-c:a libmp3lame -ac 2", "", true}, "mp4a.6B", "mp3", 4}),
    [](const auto& test_case) { return test_case.param.name; });

}  // namespace
}  // namespace streamforge::packaging
