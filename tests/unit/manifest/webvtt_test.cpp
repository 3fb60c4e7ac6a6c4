#include <streamforge/manifest/webvtt.hpp>

#include <gtest/gtest.h>

#include "unit/manifest/sample_presentations.hpp"

namespace streamforge::manifest {
namespace {

TEST(WriteWebVtt, writes_cues_in_order_of_start) {
    const std::vector<WebVttCue> cues{{{3723004, 1000}, {3724, 1}, "later", "line:0"}, {{1, 2}, {2, 1}, "first\nsecond", ""}};
    EXPECT_EQ(write_webvtt(cues),
              "WEBVTT\n\n00:00:00.500 --> 00:00:02.000\nfirst\nsecond\n\n01:02:03.004 --> 01:02:04.000 line:0\nlater\n");
}

TEST(WriteWebVtt, nothing_breaks_out_of_a_cue) {
    const std::vector<WebVttCue> cues{{{0, 1}, {1, 1}, "\r\n\na\r\n\r\nb --> c\x01\n\n", "line:0\n\n00:00"}};
    EXPECT_EQ(write_webvtt(cues), "WEBVTT\n\n00:00:00.000 --> 00:00:01.000 line:0 00:00\na\nb --&gt; c\n");
}

TEST(WriteWebVtt, settings_with_an_arrow_are_dropped) {
    const std::vector<WebVttCue> cues{{{0, 1}, {1, 1}, "x", "line:0 --> 00:09.000"}};
    EXPECT_EQ(write_webvtt(cues), "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nx\n");
}

TEST(WriteWebVtt, leaves_out_cues_without_length_or_text) {
    const std::vector<WebVttCue> cues{{{1, 1}, {1, 1}, "x", ""}, {{2, 1}, {1, 1}, "x", ""}, {{0, 1}, {1, 1}, "\n", ""},
                                      {{0, 1}, {1, 10000}, "x", ""}};
    EXPECT_EQ(write_webvtt(cues), "WEBVTT\n");
}

TEST(WriteWebVtt, a_negative_start_becomes_zero) {
    const std::vector<WebVttCue> cues{{{-1, 1}, {1, 1}, "x", ""}};
    EXPECT_EQ(write_webvtt(cues), "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nx\n");
}

TEST(EscapeCueText, escapes_markup) { EXPECT_EQ(escape_cue_text("a<b> & c"), "a&lt;b&gt; &amp; c"); }

TEST(SegmentWebVtt, repeats_a_cue_in_every_segment_that_it_touches) {
    const std::vector<WebVttCue> cues{{{3, 1}, {9, 1}, "long", ""}, {{4, 1}, {8, 1}, "exact", ""}};
    const std::vector<MediaTime> boundaries{{0, 1}, {4, 1}, {8, 1}, {12, 1}, {16, 1}};
    const auto segments = segment_webvtt(cues, boundaries).value();
    ASSERT_EQ(segments.size(), 4U);
    const std::string header = "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n";
    const std::string long_cue = "\n00:00:03.000 --> 00:00:09.000\nlong\n";
    const std::string exact_cue = "\n00:00:04.000 --> 00:00:08.000\nexact\n";
    EXPECT_EQ(segments[0], header + long_cue);
    EXPECT_EQ(segments[1], header + long_cue + exact_cue);
    EXPECT_EQ(segments[2], header + long_cue);  // "exact" ends where this one begins
    EXPECT_EQ(segments[3], header);
}

TEST(SegmentWebVtt, leaves_out_cues_outside_all_segments) {
    const std::vector<WebVttCue> cues{{{0, 1}, {1, 1}, "before", ""}, {{9, 1}, {10, 1}, "after", ""}, {{0, 1}, {3, 1}, "in", ""}};
    const auto segments = segment_webvtt(cues, std::vector<MediaTime>{{2, 1}, {4, 1}}).value();
    ASSERT_EQ(segments.size(), 1U);
    EXPECT_EQ(segments[0].find("before"), std::string::npos);
    EXPECT_EQ(segments[0].find("after"), std::string::npos);
    EXPECT_NE(segments[0].find("in\n"), std::string::npos);
}

TEST(SegmentWebVtt, boundaries_must_grow) {
    EXPECT_EQ(segment_webvtt({}, std::vector<MediaTime>{{0, 1}}).error().code, Errc::invalid_argument);
    EXPECT_FALSE(segment_webvtt({}, std::vector<MediaTime>{{0, 1}, {0, 1}}));
    EXPECT_FALSE(segment_webvtt({}, std::vector<MediaTime>{{4, 1}, {2, 1}}));
}

TEST(ThumbnailsWebVtt, ends_with_the_presentation) {
    Thumbnails thumbnails = *testing::full_presentation().thumbnails;
    const std::string text = write_thumbnails_webvtt(thumbnails, {29, 1}).value();
    EXPECT_NE(text.find("00:00:28.000 --> 00:00:29.000\nsheet_2.jpg#xywh=160,90,160,90\n"), std::string::npos);
    EXPECT_EQ(write_thumbnails_webvtt(thumbnails, {4, 1}).value(),
              "WEBVTT\n\n00:00:00.000 --> 00:00:04.000\nsheet_1.jpg#xywh=0,0,160,90\n");
    thumbnails.webvtt = "index.vtt";
    EXPECT_NE(write_thumbnails_webvtt(thumbnails, {29, 1}).value().find("thumbnails/sheet_1.jpg#"), std::string::npos);
    thumbnails.media = "$Bad$";
    EXPECT_FALSE(write_thumbnails_webvtt(thumbnails, {29, 1}));
}

}  // namespace
}  // namespace streamforge::manifest
