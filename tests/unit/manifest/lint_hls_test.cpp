#include <streamforge/manifest/lint.hpp>

#include <algorithm>
#include <gtest/gtest.h>

#include <streamforge/manifest/hls_writer.hpp>

#include "unit/manifest/sample_presentations.hpp"

namespace streamforge::manifest {
namespace {

std::string list(const std::vector<Finding>& findings) {
    std::string text;
    for (const auto& finding : findings) {
        text += finding.rule + ":" + std::to_string(finding.line) + " " + std::string(to_string(finding.severity)) + " " +
                finding.message + "\n";
    }
    return text;
}

// What a change of a good text makes of the findings: exactly these rules, in order.
void expect_rules(const std::vector<Finding>& findings, const std::vector<std::string>& rules, const std::string& text) {
    std::vector<std::string> found;
    for (const auto& finding : findings) {
        if (std::find(found.begin(), found.end(), finding.rule) == found.end()) found.push_back(finding.rule);
    }
    EXPECT_EQ(found, rules) << list(findings) << text;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

const std::string good_media =
    "#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:4\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n"
    "#EXT-X-MAP:URI=\"init.mp4\"\n#EXTINF:4.004000,\n1.m4s\n#EXTINF:2.0,\n2.m4s\n#EXT-X-ENDLIST\n";

const std::string good_master =
    "#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-INDEPENDENT-SEGMENTS\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"English\",LANGUAGE=\"en\",DEFAULT=YES,AUTOSELECT=YES,CHANNELS=\"2\",URI=\"a.m3u8\"\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"French\",LANGUAGE=\"fr\",DEFAULT=NO,AUTOSELECT=YES,CHANNELS=\"2\",URI=\"f.m3u8\"\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=1000,AVERAGE-BANDWIDTH=900,CODECS=\"avc1.640028,mp4a.40.2\",RESOLUTION=640x360,"
    "FRAME-RATE=29.970,VIDEO-RANGE=SDR,AUDIO=\"a\",CLOSED-CAPTIONS=NONE\nv.m3u8\n"
    "#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=100,AVERAGE-BANDWIDTH=90,CODECS=\"avc1.640028\",RESOLUTION=640x360,VIDEO-RANGE=SDR,"
    "URI=\"i.m3u8\"\n";

TEST(LintHls, finds_nothing_in_what_we_write) {
    for (const auto& presentation :
         {testing::full_presentation(), testing::classic_presentation(), testing::single_file_presentation(),
          testing::hdr_presentation(), testing::audio_only_presentation()}) {
        const HlsFiles files = write_hls(presentation).value();
        EXPECT_EQ(list(lint_hls_master(files.master.text)), "");
        for (const auto& file : files.media) EXPECT_EQ(list(lint_hls_media(file.text)), "") << file.path;
    }
}

TEST(LintHlsMedia, finds_each_broken_rule) {
    EXPECT_EQ(list(lint_hls_media(good_media)), "");
    struct Case {
        const char* from;
        const char* to;
        std::vector<std::string> rules;
    };
    const Case cases[] = {
        {"#EXTM3U", "#EXTM3", {"hls.parse"}},
        {"#EXT-X-TARGETDURATION:4\n", "", {"hls.target-duration"}},
        {"#EXTINF:4.004000,", "#EXTINF:4.499,", {}},
        {"#EXTINF:4.004000,", "#EXTINF:4.5,", {"hls.extinf.above-target"}},
        {"#EXTINF:4.004000,", "#EXTINF:4.6,", {"hls.extinf.above-target", "apple.7.7"}},
        {"#EXTINF:2.0,", "#EXTINF:0,", {"hls.extinf.zero"}},
        {"#EXTINF:2.0,", "#EXTINF:x,", {"hls.syntax", "hls.extinf.zero"}},
        {"#EXT-X-ENDLIST\n", "", {"hls.end-list"}},
        {"#EXT-X-PLAYLIST-TYPE:VOD\n", "", {"apple.8.6"}},
        {"TYPE:VOD", "TYPE:NONE", {"hls.playlist-type", "apple.8.6"}},
        {"#EXT-X-VERSION:6", "#EXT-X-VERSION:5", {"hls.version", "hls.extinf.above-target"}},
        {"#EXT-X-MAP:URI=\"init.mp4\"\n", "", {"apple.8.20"}},
        {"#EXT-X-ENDLIST", "#EXT-X-MEDIA-SEQUENCE:5\n#EXT-X-ENDLIST", {"hls.duplicate-tag", "hls.tag-order"}},
        {"#EXT-X-ENDLIST", "#EXT-X-OUR-OWN:1\n#EXT-X-ENDLIST", {"hls.unknown-tag"}},
        {"1.m4s", "#EXT-X-BYTERANGE:0@5\n1.m4s", {"hls.byte-range"}},
        {"1.m4s\n#EXTINF:2.0,\n2.m4s", "#EXT-X-BYTERANGE:9@5\n1.m4s\n#EXTINF:2.0,\n#EXT-X-BYTERANGE:9@13\n1.m4s",
         {"hls.byte-range.overlap"}},
        {"#EXT-X-MAP", "#EXT-X-KEY:URI=\"k\"\n#EXT-X-MAP", {"hls.key.method"}},
        {"#EXT-X-MAP", "#EXT-X-KEY:METHOD=AES-128\n#EXT-X-MAP", {"hls.key.uri"}},
        {"#EXT-X-MAP", "#EXT-X-KEY:METHOD=SAMPLE-AES-CTR,URI=\"k\"\n#EXT-X-MAP", {"apple.13.11"}},
        {"#EXT-X-MAP", "#EXT-X-KEY:METHOD=SAMPLE-AES,URI=\"k\",IV=0x1,KEYFORMAT=\"com.apple.streamingkeydelivery\"\n#EXT-X-MAP",
         {"apple.13.4"}},
        {"#EXT-X-MAP", "#EXT-X-KEY:METHOD=AES-128,URI=\"k\",KEYFORMAT=\"com.apple.streamingkeydelivery\"\n#EXT-X-MAP",
         {"apple.13.2"}},
        {"#EXT-X-MAP", "#EXT-X-I-FRAMES-ONLY\n#EXT-X-MAP", {"hls.i-frame.byte-range"}},
    };
    for (const auto& [from, to, rules] : cases) {
        const std::string text = replaced(good_media, from, to);
        expect_rules(lint_hls_media(text), rules, text);
    }
}

TEST(LintHlsMedia, an_old_version_takes_the_target_as_a_maximum) {
    const std::string text = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:4\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXTINF:4.2,\na.ts\n"
                             "#EXT-X-ENDLIST\n";
    const auto findings = lint_hls_media(text);
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].severity, Severity::warning);
    EXPECT_TRUE(passes(findings));
    const auto worse = lint_hls_media(replaced(text, "4.2", "4.7"));
    EXPECT_FALSE(passes(worse));
}

TEST(LintHlsMedia, live_playlists_follow_other_rules) {
    LintOptions options;
    options.vod = false;
    const std::string live = replaced(replaced(good_media, "#EXT-X-ENDLIST\n", ""), "#EXT-X-PLAYLIST-TYPE:VOD\n", "");
    expect_rules(lint_hls_media(live, options), {"apple.8.11"}, live);
    options.apple = false;
    expect_rules(lint_hls_media(live, options), {}, live);
}

TEST(LintHlsMedia, an_empty_playlist_is_an_error) {
    const std::string text = "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-ENDLIST\n";
    expect_rules(lint_hls_media(text), {"hls.no-segments"}, text);
    expect_rules(lint_hls_media(good_master), {"hls.kind"}, good_master);
}

TEST(LintHlsMaster, finds_each_broken_rule) {
    EXPECT_EQ(list(lint_hls_master(good_master)), "");
    struct Case {
        const char* from;
        const char* to;
        std::vector<std::string> rules;
    };
    const Case cases[] = {
        {"#EXTM3U", "EXTM3U", {"hls.parse"}},
        {"#EXT-X-INDEPENDENT-SEGMENTS\n", "", {"apple.9.12"}},
        {"BANDWIDTH=1000,", "", {"hls.bandwidth"}},
        {"BANDWIDTH=1000,", "BANDWIDTH=\"1000\",", {"hls.attribute-form"}},
        {",AVERAGE-BANDWIDTH=900", "", {"apple.9.14"}},
        {"AVERAGE-BANDWIDTH=900", "AVERAGE-BANDWIDTH=1001", {"hls.average-above-peak"}},
        {"CODECS=\"avc1.640028,mp4a.40.2\",", "", {"apple.9.1"}},
        {"avc1.640028,mp4a", "avc3.640028,mp4a", {"hls.codecs.in-band"}},
        {"mp4a.40.2", "flac", {"hls.codecs.case"}},
        {"mp4a.40.2", "zzzz", {"hls.codecs.unknown"}},
        {"RESOLUTION=640x360,FRAME", "FRAME", {"apple.9.2"}},
        {"RESOLUTION=640x360", "RESOLUTION=640*360", {"hls.resolution"}},
        {"FRAME-RATE=29.970,", "", {"apple.9.15"}},
        {"FRAME-RATE=29.970", "FRAME-RATE=29.9701", {"hls.frame-rate"}},
        {"VIDEO-RANGE=SDR,AUDIO", "AUDIO", {"apple.9.16"}},
        {"VIDEO-RANGE=SDR,AUDIO", "VIDEO-RANGE=HDR,AUDIO", {"hls.video-range"}},
        {"AUDIO=\"a\",CLOSED", "AUDIO=\"b\",CLOSED", {"hls.group.unused", "hls.group"}},
        {"AUDIO=\"a\",CLOSED", "AUDIO=a,CLOSED", {"hls.attribute-form"}},
        {"v.m3u8\n", "v.m3u8\n#EXTINF:4,\n", {"hls.mixed"}},
        {"CLOSED-CAPTIONS=NONE\nv.m3u8\n",
         "CLOSED-CAPTIONS=NONE\nv.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=1,AVERAGE-BANDWIDTH=1,CODECS=\"mp4a.40.2\"\na.m3u8\n",
         {"hls.closed-captions"}},
        {"BANDWIDTH=100,", "BANDWIDTH=100,SCORE=2,", {"apple.9.19"}},
        {"NAME=\"French\"", "NAME=\"English\"", {"hls.media.unique-name"}},
        {"NAME=\"French\",", "", {"hls.media.required"}},
        {"DEFAULT=NO,AUTOSELECT=YES", "DEFAULT=YES,AUTOSELECT=YES", {"hls.media.default"}},
        {"DEFAULT=NO", "DEFAULT=MAYBE", {"hls.media.flag"}},
        {"DEFAULT=YES,AUTOSELECT=YES", "DEFAULT=YES,AUTOSELECT=NO", {"hls.media.autoselect"}},
        {"LANGUAGE=\"fr\"", "LANGUAGE=\"en\"", {"hls.media.autoselect-distinct"}},
        {"LANGUAGE=\"fr\",", "", {"apple.8.10"}},
        {"LANGUAGE=\"fr\"", "FORCED=NO,LANGUAGE=\"fr\"", {"hls.media.forced"}},
        {",CHANNELS=\"2\",URI=\"f.m3u8\"", ",URI=\"f.m3u8\"", {"hls.media.channels"}},
        {"TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"French\"", "TYPE=SPEECH,GROUP-ID=\"a\",NAME=\"French\"",
         {"hls.media.type", "hls.group.unused"}},
        {"GROUP-ID=\"a\",NAME=\"French\"", "GROUP-ID=\"b\",NAME=\"French\"", {"hls.group.members", "hls.group.unused"}},
        {"#EXT-X-VERSION:6\n", "#EXT-X-VERSION:6\n#EXT-X-DEFINE:NAME=\"a\",VALUE=\"b\"\n", {"hls.version"}},
        {",URI=\"i.m3u8\"", "", {"hls.syntax"}},
        {"#EXT-X-INDEPENDENT-SEGMENTS\n",
         "#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"s\",NAME=\"n\",LANGUAGE=\"en\"\n",
         {"hls.media.uri", "hls.group.unused"}},
        {"#EXT-X-INDEPENDENT-SEGMENTS\n",
         "#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID=\"s\",NAME=\"n\",LANGUAGE=\"en\",URI=\"x\"\n",
         {"hls.media.uri", "hls.media.instream-id", "hls.group.unused"}},
    };
    for (const auto& [from, to, rules] : cases) {
        const std::string text = replaced(good_master, from, to);
        expect_rules(lint_hls_master(text), rules, text);
    }
}

TEST(LintHlsMaster, without_variants_is_an_error) {
    const std::string text = "#EXTM3U\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-SESSION-DATA:DATA-ID=\"a\",VALUE=\"b\"\n";
    expect_rules(lint_hls_master(text), {"hls.no-variants"}, text);
    expect_rules(lint_hls_master(good_media), {"hls.kind"}, good_media);
}

TEST(LintHlsMaster, video_without_i_frames_is_a_warning) {
    const std::string text = good_master.substr(0, good_master.find("#EXT-X-I-FRAME"));
    expect_rules(lint_hls_master(text), {"apple.6.1"}, text);
    LintOptions options;
    options.apple = false;
    expect_rules(lint_hls_master(text, options), {}, text);
}

TEST(LintHls, lists_a_bounded_number_of_findings) {
    std::string text = good_media;
    for (int i = 0; i < 20'000; ++i) text += "stray\n";
    const auto findings = lint_hls_media(text);
    EXPECT_EQ(findings.size(), 10'001U);
    EXPECT_FALSE(passes(findings));
    const auto last = std::find_if(findings.begin(), findings.end(), [](const Finding& f) { return f.rule == "lint.too-many"; });
    EXPECT_NE(last, findings.end());
}

TEST(LintHls, findings_carry_their_line) {
    const auto findings = lint_hls_media(replaced(good_media, "#EXTINF:2.0,", "#EXTINF:9.0,"));
    ASSERT_FALSE(findings.empty());
    EXPECT_EQ(findings[0].line, 10U);
}

}  // namespace
}  // namespace streamforge::manifest
