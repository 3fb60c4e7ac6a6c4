#include <streamforge/manifest/lint.hpp>

#include <algorithm>
#include <gtest/gtest.h>

#include <streamforge/manifest/mpd_writer.hpp>

#include "unit/manifest/sample_presentations.hpp"

namespace streamforge::manifest {
namespace {

std::string list(const std::vector<Finding>& findings) {
    std::string text;
    for (const auto& finding : findings) text += finding.rule + ":" + std::to_string(finding.line) + " " + finding.message + "\n";
    return text;
}

void expect_rules(const std::string& text, const std::vector<std::string>& rules, const LintOptions& options = {}) {
    const auto findings = lint_mpd(text, options);
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

const std::string good =
    "<MPD xmlns='urn:mpeg:dash:schema:mpd:2011' profiles='urn:mpeg:dash:profile:isoff-live:2011' minBufferTime='PT2S'\n"
    " mediaPresentationDuration='PT8S'>\n<Period id='0'>\n"
    "<AdaptationSet id='1' contentType='video' mimeType='video/mp4' par='16:9' maxWidth='640' maxHeight='360' maxFrameRate='30'"
    " segmentAlignment='true'>\n"
    "<SegmentTemplate media='$RepresentationID$-$Number$' initialization='i'><SegmentTimeline>\n<S t='0' d='4' r='1'/>\n"
    "</SegmentTimeline></SegmentTemplate>\n"
    "<Representation id='v1' bandwidth='1000' codecs='avc1.640028' width='640' height='360' frameRate='30000/1001' sar='1:1'/>\n"
    "<Representation id='v2' bandwidth='500' codecs='avc1.640028' width='320' height='180' frameRate='30' sar='1:1'/>\n"
    "</AdaptationSet>\n"
    "<AdaptationSet id='2' contentType='audio' mimeType='audio/mp4' lang='en'>\n"
    "<Representation id='a' bandwidth='100' codecs='mp4a.40.2' audioSamplingRate='48000'>"
    "<AudioChannelConfiguration schemeIdUri='x' value='2'/><SegmentTemplate media='a-$Number$' duration='4'/></Representation>\n"
    "</AdaptationSet>\n"
    "<AdaptationSet id='3' contentType='image' mimeType='image/jpeg'><SegmentTemplate media='t-$Number$' duration='4'/>\n"
    "<Representation id='t' bandwidth='10' width='100' height='100'>"
    "<EssentialProperty schemeIdUri='http://dashif.org/guidelines/thumbnail_tile' value='5x5'/></Representation></AdaptationSet>\n"
    "</Period></MPD>\n";

TEST(LintMpd, finds_nothing_in_what_we_write) {
    for (const auto& presentation :
         {testing::full_presentation(), testing::classic_presentation(), testing::single_file_presentation(),
          testing::hdr_presentation(), testing::audio_only_presentation()}) {
        EXPECT_EQ(list(lint_mpd(write_mpd(presentation).value())), "");
    }
}

TEST(LintMpd, finds_each_broken_rule) {
    expect_rules(good, {});
    struct Case {
        const char* from;
        const char* to;
        std::vector<std::string> rules;
    };
    const Case cases[] = {
        {"</MPD>", "", {"dash.parse"}},
        {"urn:mpeg:dash:schema:mpd:2011", "urn:other", {"dash.namespace"}},
        {" minBufferTime='PT2S'", "", {"dash.min-buffer-time"}},
        {"minBufferTime='PT2S'", "minBufferTime='2s'", {"dash.duration-form"}},
        {" profiles='urn:mpeg:dash:profile:isoff-live:2011'", "", {"dash.profiles"}},
        {" mediaPresentationDuration='PT8S'", " minimumUpdatePeriod='PT2S' mediaPresentationDuration='PT8S'",
         {"dash.static-forbidden"}},
        {"mediaPresentationDuration='PT8S'", "mediaPresentationDuration='PT20S'", {"dash.short"}},
        {"id='2' contentType", "id='1' contentType", {"dash.unique-id"}},
        {"id='v2'", "id='v1'", {"dash.unique-id"}},
        {"id='v2'", "id='v 2'", {"dash.representation.id"}},
        {"bandwidth='500'", "bandwidth='0'", {"dash.bandwidth"}},
        {"mimeType='audio/mp4' ", "", {"dash.mime-type"}},
        {"codecs='mp4a.40.2' ", "", {"dash.codecs"}},
        {" lang='en'", "", {"dash.audio-set"}},
        {" audioSamplingRate='48000'", "", {"dash.audio"}},
        {"<AudioChannelConfiguration schemeIdUri='x' value='2'/>", "", {"dash.audio"}},
        {" par='16:9'", "", {"dash.video-set"}},
        {"par='16:9'", "par='16/9'", {"dash.ratio"}},
        {"sar='1:1'", "sar='1'", {"dash.ratio"}},
        {"maxWidth='640'", "maxWidth='600'", {"dash.range"}},
        {"maxWidth='640'", "maxWidth='640' minBandwidth='600'", {"dash.range"}},
        {"maxFrameRate='30'", "maxFrameRate='25'", {"dash.range"}},
        {"frameRate='30000/1001'", "frameRate='29.97'", {"dash.frame-rate"}},
        {" width='320'", "", {"dash.video"}},
        {" segmentAlignment='true'", "", {"dash.segment-alignment"}},
        {"initialization='i'", "initialization='i$Number$'", {"dash.template.initialization", "dash.segments"}},
        {"initialization='i'", "initialization='i' duration='4'", {"dash.template.timing"}},
        {"media='a-$Number$' duration='4'", "media='a-$Number$'", {"dash.template.timing", "dash.segments"}},
        {"d='4' r='1'", "d='0' r='1'", {"dash.timeline", "dash.segments"}},
        {"<S t='0' d='4' r='1'/>", "<S t='0' d='4'/><S t='5' d='3'/>", {"dash.timeline.gap"}},
        {"<S t='0' d='4' r='1'/>", "<S t='0' d='4'/><S t='3' d='5'/>", {"dash.timeline"}},
        {"value='5x5'", "value='5'", {"dash.thumbnail-tile"}},
        {" width='100'", "", {"dash.thumbnail-tile"}},
        {"<SegmentTemplate media='$R", "<ContentProtection schemeIdUri='urn:uuid:x'/><SegmentTemplate media='$R", {"dash.protection"}},
        {"<SegmentTemplate media='$R", "<ContentProtection schemeIdUri='urn:mpeg:dash:mp4protection:2011'/><SegmentTemplate media='$R",
         {"dash.protection"}},
        {"<AudioChannelConfiguration", "<ContentProtection schemeIdUri='x'/><AudioChannelConfiguration", {"dash.protection"}},
        {"isoff-live", "isoff-on-demand", {"dash.on-demand"}},
    };
    for (const auto& [from, to, rules] : cases) expect_rules(replaced(good, from, to), rules);
}

TEST(LintMpd, needs_periods_sets_and_representations) {
    const std::string start = "<MPD xmlns='urn:mpeg:dash:schema:mpd:2011' profiles='x' minBufferTime='PT2S'";
    expect_rules(start + " mediaPresentationDuration='PT1S'/>", {"dash.period"});
    expect_rules(start + "><Period/></MPD>", {"dash.static-duration", "dash.adaptation-set"});
    expect_rules(start + "><Period duration='PT1S'><AdaptationSet/></Period></MPD>", {"dash.representation"});
}

TEST(LintMpd, dynamic_documents_follow_other_rules) {
    LintOptions options;
    options.vod = false;
    const std::string dynamic = replaced(good, "profiles=", "type='dynamic' profiles=");
    expect_rules(dynamic, {"dash.dynamic-required"}, options);
    expect_rules(replaced(dynamic, "profiles=", "availabilityStartTime='x' publishTime='y' profiles="), {}, options);
    expect_rules(replaced(dynamic, "profiles=", "availabilityStartTime='x' publishTime='y' profiles="), {"dash.static"});
}

TEST(LintMpd, findings_carry_their_line) {
    const auto findings = lint_mpd(replaced(good, "d='4' r='1'", "d='x'"));
    ASSERT_FALSE(findings.empty());
    EXPECT_EQ(findings[0].line, 6U);
}

}  // namespace
}  // namespace streamforge::manifest
