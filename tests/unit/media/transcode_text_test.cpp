#include <gtest/gtest.h>

#include "media/ffmpeg/text_ass.hpp"
#include "unit/media/transcode_support.hpp"

namespace streamforge::media {
namespace {

using ffmpeg::ass_event_text;
using ffmpeg::webvtt_from_ass;
using namespace testing;

TEST(AssEvent, text_is_the_ninth_field_with_its_commas) {
    EXPECT_EQ(ass_event_text("0,0,Default,,0,0,0,,Hello, world"), "Hello, world");
    EXPECT_EQ(ass_event_text("0,0,Default,,0,0,0,,"), "");
    EXPECT_EQ(ass_event_text("no fields at all"), "");
    EXPECT_EQ(ass_event_text(""), "");
}

TEST(WebVttFromAss, plain_text_is_kept) { EXPECT_EQ(webvtt_from_ass("Hello"), "Hello"); }

TEST(WebVttFromAss, markup_characters_are_escaped) {
    EXPECT_EQ(webvtt_from_ass("a < b --> c & d"), "a &lt; b --&gt; c &amp; d");
}

TEST(WebVttFromAss, bold_italic_and_underline_become_tags) {
    EXPECT_EQ(webvtt_from_ass("{\\b1}bold{\\b0} {\\i1}it{\\i0} {\\u1}un{\\u0}"), "<b>bold</b> <i>it</i> <u>un</u>");
    EXPECT_EQ(webvtt_from_ass("{\\b700}heavy{\\b}light"), "<b>heavy</b>light");
}

TEST(WebVttFromAss, tags_are_closed_in_order_and_reopened) {
    EXPECT_EQ(webvtt_from_ass("{\\b1}a{\\i1}b{\\b0}c"), "<b>a<i>b</i></b><i>c</i>");
}

TEST(WebVttFromAss, reset_ends_all_styles) { EXPECT_EQ(webvtt_from_ass("{\\b1\\i1}a{\\r}b"), "<b><i>a</i></b>b"); }

TEST(WebVttFromAss, other_overrides_vanish) {
    EXPECT_EQ(webvtt_from_ass("{\\an8\\pos(10,20)\\c&H00FF00&\\fs20\\blur3\\bord2}text{comment}"), "text");
    EXPECT_EQ(webvtt_from_ass("{\\iclip(0,0,1,1)}text"), "text");
}

TEST(WebVttFromAss, drawings_are_left_out) {
    EXPECT_EQ(webvtt_from_ass("before{\\p1}m 0 0 l 100 0 100 100{\\p0} after"), "before after");
    EXPECT_EQ(webvtt_from_ass("{\\p4}m 0 0 l 5 5"), "");
}

TEST(WebVttFromAss, line_breaks_and_hard_spaces) {
    EXPECT_EQ(webvtt_from_ass("one\\Ntwo\\nthree"), "one\ntwo\nthree");
    EXPECT_EQ(webvtt_from_ass("a\\hb"), "a\u00A0b");
}

TEST(WebVttFromAss, blank_lines_cannot_end_the_cue) {
    EXPECT_EQ(webvtt_from_ass("one\\N\\N  \\Ntwo\\N"), "one\ntwo");
    EXPECT_EQ(webvtt_from_ass("\\N\\N"), "");
    EXPECT_EQ(webvtt_from_ass("   "), "");
}

TEST(WebVttFromAss, styles_that_only_cover_blanks_leave_no_empty_tags) {
    EXPECT_EQ(webvtt_from_ass("{\\i1}{\\i0}text"), "text");
    EXPECT_EQ(webvtt_from_ass("{\\i1}  \\N{\\i0}text"), "text");
}

TEST(WebVttFromAss, styles_reach_over_lines) { EXPECT_EQ(webvtt_from_ass("{\\i1}a\\Nb"), "<i>a\nb</i>"); }

TEST(WebVttFromAss, unfinished_override_is_text) { EXPECT_EQ(webvtt_from_ass("a {b"), "a {b"); }

TEST(WebVttFromAss, broken_utf8_is_replaced_and_valid_utf8_kept) {
    EXPECT_EQ(webvtt_from_ass("gr\xC3\xBC\xC3\x9F \xE2\x82\xAC \xF0\x9F\x8E\xAC"), "gr\xC3\xBC\xC3\x9F \xE2\x82\xAC \xF0\x9F\x8E\xAC");
    EXPECT_EQ(webvtt_from_ass("a\xFF" "b"), "a\uFFFD" "b");
    EXPECT_EQ(webvtt_from_ass("\xC3"), "\uFFFD");
    EXPECT_EQ(webvtt_from_ass("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");  // a surrogate
    EXPECT_EQ(webvtt_from_ass("\xE0\x80\x80"), "\uFFFD\uFFFD\uFFFD");  // overlong
}

TEST(WebVttFromAss, control_characters_vanish) { EXPECT_EQ(webvtt_from_ass(std::string("a\x01" "b\0c\x7F\r", 7)), "abc"); }

// ---- through the transcoder ----

std::string clip_with_subtitles(const std::string& name, const std::string& file, const std::string& content,
                                const std::string& codec) {
    const auto path = ClipFolder::instance().path() / file;
    if (FILE* out = std::fopen(path.c_str(), "w")) {
        std::fputs(content.c_str(), out);
        std::fclose(out);
    }
    return make_clip(name, "-f lavfi -i testsrc2=size=160x90:rate=25:duration=6 -i '" + path.string() +
                               "' -map 0:v -map 1:s -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:s " + codec);
}

EncodePlan plan_with_text() {
    EncodePlan plan = simple_plan({25, 1}, 25, 160, 90);
    plan.text.push_back({"en", 1, "en", "English", true, false, false});
    return plan;
}

constexpr const char* srt =
    "1\n00:00:00,500 --> 00:00:01,750\nHello <i>there</i>\n\n2\n00:00:02,000 --> 00:00:03,000\nTwo\nlines & more\n\n"
    "3\n00:00:04,250 --> 00:00:05,000\nLast\n\n";

void expect_srt_cues(const std::vector<TextCue>& cues) {
    ASSERT_EQ(cues.size(), 3U);
    EXPECT_EQ(cues[0].start, (MediaTime{500, 1000}));
    EXPECT_EQ(cues[0].end, (MediaTime{1750, 1000}));
    EXPECT_EQ(cues[0].text, "Hello <i>there</i>");
    EXPECT_EQ(cues[1].start, (MediaTime{2, 1}));
    EXPECT_EQ(cues[1].end, (MediaTime{3, 1}));
    EXPECT_EQ(cues[1].text, "Two\nlines &amp; more");
    EXPECT_EQ(cues[2].start, (MediaTime{4250, 1000}));
    EXPECT_EQ(cues[2].end, (MediaTime{5, 1}));
}

class SubtitleCodec : public ::testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(SubtitleCodec, cues_come_out_with_exact_times) {
    REQUIRE_FFMPEG();
    const auto [codec, extension] = GetParam();
    const std::string path = clip_with_subtitles(std::string("subs_") + codec + extension, "subs.srt", srt, codec);
    ASSERT_FALSE(path.empty());
    CollectingSink sink;
    const auto summary = run_transcode(path, plan_with_text(), sink);
    ASSERT_TRUE(summary) << summary.error().describe();
    EXPECT_TRUE(sink.broken_rules.empty()) << sink.broken_rules.front();
    EXPECT_EQ(sink.text().format.kind, TrackKind::text);
    EXPECT_EQ(sink.text().format.codec, Codec::webvtt);
    EXPECT_EQ(sink.text().format.language, "en");
    EXPECT_EQ(sink.text().ended, 1);
    expect_srt_cues(sink.text().cues);
}

INSTANTIATE_TEST_SUITE_P(Codecs, SubtitleCodec,
                         ::testing::Values(std::pair{"srt", ".mkv"}, std::pair{"ass", ".mkv"}, std::pair{"webvtt", ".mkv"},
                                           std::pair{"mov_text", ".mp4"}),
                         [](const auto& instance) { return std::string(instance.param.first); });

TEST(TranscodeText, origin_moves_cues_and_what_lies_before_it_is_clipped) {
    REQUIRE_FFMPEG();
    const std::string path = clip_with_subtitles("subs_origin.mkv", "subs.srt", srt, "srt");
    EncodePlan plan = plan_with_text();
    plan.origin = {1, 1};
    CollectingSink sink;
    ASSERT_TRUE(run_transcode(path, plan, sink));
    const auto& cues = sink.text().cues;
    ASSERT_EQ(cues.size(), 3U);
    EXPECT_EQ(cues[0].start, (MediaTime{0, 1}));
    EXPECT_EQ(cues[0].end, (MediaTime{750, 1000}));
    EXPECT_EQ(cues[1].start, (MediaTime{1, 1}));
    plan.origin = {2500, 1000};
    CollectingSink later;
    ASSERT_TRUE(run_transcode(path, plan, later));
    ASSERT_EQ(later.text().cues.size(), 2U);
}

TEST(TranscodeText, planned_text_that_is_no_text_stream_is_refused) {
    REQUIRE_FFMPEG();
    const std::string path = clip_with_subtitles("subs_srt.mkv", "subs.srt", srt, "srt");
    EncodePlan plan = plan_with_text();
    plan.text[0].source_stream = 0;
    CollectingSink sink;
    const auto summary = run_transcode(path, plan, sink);
    ASSERT_FALSE(summary);
    EXPECT_EQ(summary.error().code, Errc::unsupported_codec);
}

}  // namespace
}  // namespace streamforge::media
