#include <gtest/gtest.h>

#include <streamforge/manifest/mpd_parser.hpp>

namespace streamforge::manifest {
namespace {

// A document around the inside of one Period.
Mpd document(const std::string& period, const std::string& attributes = "mediaPresentationDuration='PT10S'") {
    return parse_mpd("<MPD " + attributes + ">" + period + "</MPD>").value();
}

std::string representation(const std::string& inside) {
    return "<Period><AdaptationSet mimeType='video/mp4'><Representation id='v' bandwidth='1000'>" + inside +
           "</Representation></AdaptationSet></Period>";
}

std::vector<std::string> uris(const std::string& inside) {
    const Mpd mpd = document(representation(inside));
    const auto representations = mpd_representations(mpd);
    if (!representations) return {std::string(to_string(representations.error().code))};
    std::vector<std::string> found;
    for (const auto& segment : representations->at(0).segments) found.push_back(segment.uri);
    return found;
}

using Strings = std::vector<std::string>;

TEST(MpdRepresentations, expand_a_timeline) {
    const Mpd mpd = document(representation(
        "<SegmentTemplate timescale='10' media='$Time$-$Number$' initialization='$RepresentationID$-$Bandwidth$' startNumber='3' "
        "presentationTimeOffset='5'><SegmentTimeline><S t='5' d='20' r='1'/><S d='10'/><S t='70' d='5'/></SegmentTimeline>"
        "</SegmentTemplate>"));
    const auto found = mpd_representations(mpd).value();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].initialization->uri, "v-1000");
    ASSERT_EQ(found[0].segments.size(), 4U);
    EXPECT_EQ(found[0].segments[0].uri, "5-3");
    EXPECT_EQ(found[0].segments[2].uri, "45-5");
    EXPECT_EQ(found[0].segments[2].start, (MediaTime{4, 1}));
    EXPECT_EQ(found[0].segments[3].uri, "70-6");
    EXPECT_EQ(found[0].segments[3].duration, (MediaTime{1, 2}));
    EXPECT_EQ(found[0].mime_type, "video/mp4");
}

TEST(MpdRepresentations, a_negative_repeat_runs_to_the_next_s_or_the_end) {
    EXPECT_EQ(uris("<SegmentTemplate media='$Time$'><SegmentTimeline><S t='0' d='2' r='-1'/><S t='6' d='3' r='-1'/>"
                   "</SegmentTimeline></SegmentTemplate>"),
              (Strings{"0", "2", "4", "6", "9"}));
}

TEST(MpdRepresentations, count_segments_of_equal_duration) {
    EXPECT_EQ(uris("<SegmentTemplate media='$Number%03d$' duration='4'/>"), (Strings{"001", "002", "003"}));
    EXPECT_EQ(uris("<SegmentTemplate media='$Number$' duration='4' startNumber='0' endNumber='1'/>"), (Strings{"0", "1"}));
    EXPECT_EQ(uris("<SegmentTemplate media='$Time$' duration='4'/>"), (Strings{"0", "4", "8"}));
}

TEST(MpdRepresentations, resolve_base_urls_downwards) {
    const Mpd mpd = document("<Period><BaseURL>p/</BaseURL><AdaptationSet><BaseURL>a/x</BaseURL><Representation id='1' bandwidth='1'>"
                             "<BaseURL>file.mp4</BaseURL><SegmentBase indexRange='10-19'><Initialization range='0-9'/></SegmentBase>"
                             "</Representation><Representation id='2' bandwidth='1'><BaseURL>http://o/f</BaseURL></Representation>"
                             "</AdaptationSet></Period>",
                             "type='static'");
    const auto found = mpd_representations(mpd).value();
    EXPECT_EQ(found[0].base_url, "p/a/file.mp4");
    EXPECT_EQ(found[0].index_range, (ByteRange{10, 10}));
    EXPECT_EQ(found[0].initialization->uri, "p/a/file.mp4");
    EXPECT_EQ(found[0].initialization->range, (ByteRange{0, 10}));
    EXPECT_EQ(found[1].segments[0].uri, "http://o/f");
}

TEST(MpdRepresentations, inherit_from_set_and_period) {
    const Mpd mpd = document("<Period><SegmentTemplate timescale='2' duration='8'/><AdaptationSet><SegmentTemplate media='$Number$'/>"
                             "<Representation id='v' bandwidth='1'><SegmentTemplate startNumber='7'/></Representation>"
                             "</AdaptationSet></Period>");
    const auto found = mpd_representations(mpd).value();
    ASSERT_EQ(found[0].segments.size(), 3U);
    EXPECT_EQ(found[0].segments[0].uri, "7");
    EXPECT_EQ(found[0].segments[1].start, (MediaTime{4, 1}));
}

TEST(MpdRepresentations, read_lists) {
    EXPECT_EQ(uris("<SegmentList duration='5'><SegmentURL media='a'/><SegmentURL media='b' mediaRange='5-9'/></SegmentList>"),
              (Strings{"a", "b"}));
    EXPECT_EQ(uris("<SegmentList><SegmentTimeline><S d='1' r='1000000000000'/></SegmentTimeline><SegmentURL media='a'/></SegmentList>"),
              (Strings{"a"}));
}

TEST(MpdRepresentations, refuse_bad_numbers_and_templates) {
    const Strings malformed{"malformed"};
    for (const char* inside : {
             "<SegmentTemplate media='$Number$'/>",
             "<SegmentTemplate duration='4'/>",
             "<SegmentTemplate media='same' duration='4'/>",
             "<SegmentTemplate media='$Number' duration='4'/>",
             "<SegmentTemplate media='$Number$' initialization='$Number$' duration='4'/>",
             "<SegmentTemplate media='$Number$' duration='-4'/>",
             "<SegmentTemplate media='$Number$' duration='4' timescale='0'/>",
             "<SegmentTemplate media='$Number$' duration='4' timescale='99999999999'/>",
             "<SegmentTemplate media='$Number$' duration='1' startNumber='99999999999999999999'/>",
             "<SegmentTemplate media='$Number$'><SegmentTimeline><S d='0'/></SegmentTimeline></SegmentTemplate>",
             "<SegmentTemplate media='$Number$'><SegmentTimeline><S t='x' d='1'/></SegmentTimeline></SegmentTemplate>",
             "<SegmentTemplate media='$Number$'><SegmentTimeline><S t='20' d='1' r='-1'/></SegmentTimeline></SegmentTemplate>",
             "<SegmentTemplate media='$Number$'><SegmentTimeline><S t='1152921504606846976' d='9' r='9'/></SegmentTimeline>"
             "</SegmentTemplate>",
             "<SegmentBase indexRange='9-1'/>",
             "<SegmentBase><Initialization range='a'/></SegmentBase>",
             "<SegmentList><SegmentURL mediaRange='0-18446744073709551615'/></SegmentList>",
         }) {
        EXPECT_EQ(uris(inside), malformed) << inside;
    }
}

TEST(MpdRepresentations, keep_to_their_limits) {
    const Strings limited{"limit_exceeded"};
    EXPECT_EQ(uris("<SegmentTemplate media='$Number$' duration='1' endNumber='9999999999'/>"), limited);
    EXPECT_EQ(uris("<SegmentTemplate timescale='4294967295' media='$Number$' duration='1'/>"), limited);
    EXPECT_EQ(uris("<SegmentTemplate media='$Number$'><SegmentTimeline><S d='1' r='1152921504606846974'/></SegmentTimeline>"
                   "</SegmentTemplate>"),
              limited);
    EXPECT_EQ(uris("<SegmentTemplate duration='1' media='$Number$" + std::string(3000, 'x') + "'/>"), limited);
    const Mpd mpd = document(representation("<SegmentTemplate media='$Number$' duration='1'/>"));
    ParseLimits limits;
    limits.max_segments = 9;
    EXPECT_EQ(mpd_representations(mpd, limits).error().code, Errc::limit_exceeded);
    limits.max_segments = 10;
    EXPECT_TRUE(mpd_representations(mpd, limits));
}

TEST(MpdRepresentations, of_a_dynamic_mpd_are_unsupported) {
    const Mpd mpd = document(representation(""), "type='dynamic'");
    EXPECT_EQ(mpd_representations(mpd).error().code, Errc::unsupported);
}

TEST(MpdRepresentations, a_period_lasts_until_the_next_begins) {
    const auto period = [](const std::string& id, const std::string& attributes) {
        return "<Period " + attributes + "><AdaptationSet><Representation id='" + id +
               "' bandwidth='1'><SegmentTemplate media='$Number$' duration='2'/></Representation></AdaptationSet></Period>";
    };
    const Mpd mpd = document(period("a", "") + period("b", "start='PT6S' duration='PT1S'") + period("c", ""));
    const auto found = mpd_representations(mpd).value();
    EXPECT_EQ(found[0].segments.size(), 3U);
    EXPECT_EQ(found[1].segments.size(), 1U);
    EXPECT_EQ(found[2].segments.size(), 2U);  // 7 s to 10 s
    EXPECT_EQ(found[2].period, 2U);
}

}  // namespace
}  // namespace streamforge::manifest
