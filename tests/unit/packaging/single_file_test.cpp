#include <streamforge/packaging/single_file.hpp>

#include <gtest/gtest.h>

#include "unit/packaging/support/media.hpp"
#include "unit/packaging/support/tools.hpp"

namespace streamforge::packaging {
namespace {

using namespace test;

SegmentFacts facts(std::int64_t number, MediaTime start, MediaTime duration, std::uint64_t size, bool sync = true) {
    SegmentFacts segment;
    segment.number = number;
    segment.start = start;
    segment.duration = duration;
    segment.size_bytes = size;
    segment.starts_with_sync = sync;
    return segment;
}

TEST(SingleFile, index_is_byte_exact_and_ranges_follow_each_other) {
    const std::vector<SegmentFacts> segments{facts(1, {0, 30}, {60, 30}, 1000), facts(2, {60, 30}, {45, 30}, 500, false)};
    const auto layout = layout_single_file(700, segments, 30, 2);
    ASSERT_TRUE(layout);
    EXPECT_EQ(to_hex(layout->sidx),
              "00000040" "73696478" "01000000" "00000002" "0000001e" "0000000000000000" "0000000000000000" "0000" "0002"
              "000003e8" "0000003c" "90000000" "000001f4" "0000002d" "00000000");
    EXPECT_EQ(layout->init, (ByteRange{0, 700}));
    EXPECT_EQ(layout->index, (ByteRange{700, 64}));
    EXPECT_EQ(layout->segments, (std::vector<ByteRange>{{764, 1000}, {1764, 500}}));
    EXPECT_EQ(layout->size_bytes, 2264u);
}

TEST(SingleFile, durations_on_another_clock_do_not_accumulate_rounding) {
    std::vector<SegmentFacts> segments;
    for (int i = 0; i < 300; ++i) segments.push_back(facts(i + 1, {i * 1001, 30000}, {1001, 30000}, 1));
    const auto layout = layout_single_file(0, segments, 1000);
    ASSERT_TRUE(layout);
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < segments.size(); ++i) {
        const std::size_t at = 40 + 12 * i + 4;
        sum += std::uint64_t{layout->sidx[at + 2]} << 8 | layout->sidx[at + 3];
    }
    EXPECT_EQ(sum, 10010u);
}

TEST(SingleFile, bounds_of_the_format_are_errors) {
    EXPECT_EQ(layout_single_file(0, {}, 1).error().code, Errc::invalid_argument);
    const std::vector<SegmentFacts> one{facts(1, {0, 1}, {1, 1}, 1)};
    EXPECT_EQ(layout_single_file(0, one, 0).error().code, Errc::invalid_argument);
    EXPECT_EQ(layout_single_file(0, one, std::int64_t{1} << 32).error().code, Errc::invalid_argument);
    const std::vector<SegmentFacts> many(65536, one[0]);
    EXPECT_EQ(layout_single_file(0, many, 1).error().code, Errc::limit_exceeded);
    const std::vector<SegmentFacts> large{facts(1, {0, 1}, {1, 1}, std::uint64_t{1} << 31)};
    EXPECT_EQ(layout_single_file(0, large, 1).error().code, Errc::limit_exceeded);
    const std::vector<SegmentFacts> longest{facts(1, {0, 1}, {std::int64_t{1} << 32, 1}, 1)};
    EXPECT_EQ(layout_single_file(0, longest, 1).error().code, Errc::limit_exceeded);
}

TEST(SingleFile, ffmpeg_seeks_by_the_index) {
    SKIP_WITHOUT_FFMPEG();
    const TempFolder folder;
    const Clip clip = make_clip({Codec::h264, "-g 30 -keyint_min 30 -sc_threshold 0 -c:v libx264 -preset ultrafast -pix_fmt yuv420p", "", true},
                                folder / "source.mp4");
    CmafOptions options;
    options.segment_type_box = false;
    const Written written = write_all(clip.format, clip.samples, {1, 1}, options);
    const std::vector<SegmentFacts> all(written.segments.begin(), written.segments.end());
    const auto layout = layout_single_file(written.init.size(), all, clip.format.timescale);
    ASSERT_TRUE(layout);
    Bytes file = written.init;
    file.insert(file.end(), layout->sidx.begin(), layout->sidx.end());
    for (const auto& segment : written.segments) file.insert(file.end(), segment.bytes.begin(), segment.bytes.end());
    EXPECT_EQ(file.size(), layout->size_bytes);
    const std::string path = folder / "track.mp4";
    write_bytes(path, file);
    const Ran ran = run("ffprobe -v warning -read_intervals 2%+0.5 -show_entries packet=pts_time -of csv=p=0 '" + path + "'");
    EXPECT_EQ(ran.out.substr(0, 8), "2.000000") << ran.out;
    for (std::size_t i = 0; i < layout->segments.size(); ++i) {
        const ByteRange range = layout->segments[i];
        EXPECT_EQ(to_hex(ByteView(file).subspan(static_cast<std::size_t>(range.offset) + 4, 4)), "6d6f6f66") << i;
    }
}

}  // namespace
}  // namespace streamforge::packaging
