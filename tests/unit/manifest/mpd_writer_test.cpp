#include <streamforge/manifest/mpd_writer.hpp>

#include <gtest/gtest.h>

#include <streamforge/manifest/mpd_parser.hpp>

#include "manifest/dash_bandwidth.hpp"
#include "unit/manifest/golden.hpp"
#include "unit/manifest/sample_presentations.hpp"

namespace streamforge::manifest {
namespace {

using testing::full_presentation;

Mpd written(const Presentation& presentation, const MpdOptions& options = {}) {
    return parse_mpd(write_mpd(presentation, options).value()).value();
}

std::vector<const XmlElement*> sets(const Mpd& mpd, const std::string& type) {
    std::vector<const XmlElement*> found;
    for (const auto& child : mpd.root.child("Period")->children) {
        if (child.name == "AdaptationSet" && *child.attribute("contentType") == type) found.push_back(&child);
    }
    return found;
}

std::string attribute(const XmlElement& element, std::string_view name) {
    const std::string* value = element.attribute(name);
    return value == nullptr ? "<none>" : *value;
}

std::vector<std::string> values(const XmlElement& element, std::string_view child) {
    std::vector<std::string> found;
    for (const auto& entry : element.children) {
        if (entry.name == child) found.push_back(attribute(entry, "value"));
    }
    return found;
}

TEST(WriteMpd, names_every_segment_file_with_its_times) {
    const Presentation presentation = full_presentation();
    const Mpd mpd = written(presentation);
    const auto representations = mpd_representations(mpd).value();
    ASSERT_EQ(representations.size(), 3U + 3U + 3U + 1U);
    const TrackFacts& track = presentation.video[1].track;
    ASSERT_EQ(representations[1].id, track.id);
    EXPECT_EQ(representations[1].initialization->uri, track.files.init);
    ASSERT_EQ(representations[1].segments.size(), track.segments.size());
    for (std::size_t i = 0; i < track.segments.size(); ++i) {
        EXPECT_EQ(representations[1].segments[i].uri, segment_path(track, i).value());
        EXPECT_EQ(representations[1].segments[i].start, track.segments[i].start);
        EXPECT_EQ(representations[1].segments[i].duration, track.segments[i].duration);
    }
    EXPECT_EQ(representations.back().segments.size(), presentation.thumbnails->sheets.size());
    EXPECT_EQ(representations.back().segments[1].uri, "thumbnails/sheet_2.jpg");
}

TEST(WriteMpd, shares_the_template_when_representations_agree) {
    const Mpd mpd = written(full_presentation());
    const XmlElement& video = *sets(mpd, "video")[0];
    ASSERT_NE(video.child("SegmentTemplate"), nullptr);
    EXPECT_EQ(attribute(*video.child("SegmentTemplate"), "media"), "video/$RepresentationID$/seg_$Number%05d$.m4s");
    EXPECT_EQ(video.child("Representation")->child("SegmentTemplate"), nullptr);
}

TEST(WriteMpd, writes_templates_apart_when_they_differ) {
    Presentation presentation = full_presentation();
    presentation.video[1].track.files.media = "other/seg_$Number%05d$.m4s";
    Mpd mpd = written(presentation);
    EXPECT_EQ(sets(mpd, "video")[0]->child("SegmentTemplate"), nullptr);
    EXPECT_NE(sets(mpd, "video")[0]->child("Representation")->child("SegmentTemplate"), nullptr);

    presentation = full_presentation();
    presentation.video[1].track.segments.back().duration = {1001, 30000};
    mpd = written(presentation);
    EXPECT_EQ(sets(mpd, "video")[0]->child("SegmentTemplate"), nullptr);
    EXPECT_EQ(attribute(*sets(mpd, "video")[0], "segmentAlignment"), "<none>");
}

TEST(WriteMpd, says_t_only_at_the_start_and_behind_gaps) {
    Presentation presentation = testing::hdr_presentation();
    auto& segments = presentation.video[1].track.segments;
    for (std::size_t i = 4; i < segments.size(); ++i) segments[i].start = segments[i].start + MediaTime{30030, 30000};
    const Mpd mpd = written(presentation);
    const XmlElement& timeline = *sets(mpd, "video")[1]->child("SegmentTemplate")->child("SegmentTimeline");
    ASSERT_EQ(timeline.children.size(), 3U);
    EXPECT_EQ(attribute(timeline.children[0], "t"), "0");
    EXPECT_EQ(attribute(timeline.children[0], "r"), "3");
    EXPECT_EQ(attribute(timeline.children[1], "t"), "510510");
    EXPECT_EQ(attribute(timeline.children[1], "r"), "2");
    EXPECT_EQ(attribute(timeline.children[2], "t"), "<none>");
    EXPECT_EQ(attribute(timeline.children[2], "r"), "<none>");
}

TEST(WriteMpd, single_files_follow_the_on_demand_profile) {
    const Presentation presentation = testing::single_file_presentation();
    const Mpd mpd = written(presentation);
    EXPECT_EQ(attribute(mpd.root, "profiles"), "urn:mpeg:dash:profile:isoff-on-demand:2011");
    const auto representations = mpd_representations(mpd).value();
    EXPECT_EQ(representations[0].base_url, "video/1080p.mp4");
    EXPECT_EQ(representations[0].index_range, presentation.video[0].track.files.index_range);
    EXPECT_EQ(representations[0].initialization->range, presentation.video[0].track.files.init_range);
    EXPECT_EQ(attribute(*sets(mpd, "video")[0], "subsegmentStartsWithSAP"), "1");
}

TEST(WriteMpd, lists_ranges_where_there_is_no_index) {
    Presentation presentation = testing::single_file_presentation();
    for (auto& rendition : presentation.video) rendition.track.files.index_range.reset();
    for (auto& rendition : presentation.audio) rendition.track.files.index_range.reset();
    const std::string text = write_mpd(presentation).value();
    const Mpd mpd = parse_mpd(text).value();
    EXPECT_EQ(attribute(mpd.root, "profiles"), "urn:mpeg:dash:profile:isoff-main:2011");
    const auto representations = mpd_representations(mpd).value();
    for (std::size_t i = 0; i < representations[0].segments.size(); ++i) {
        EXPECT_EQ(representations[0].segments[i].uri, "video/1080p.mp4");
        EXPECT_EQ(representations[0].segments[i].range, presentation.video[0].track.segments[i].range);
        EXPECT_EQ(representations[0].segments[i].start, presentation.video[0].track.segments[i].start);
    }
    if (!testing::expect_valid_by_schema(text)) GTEST_SKIP() << "no xmllint, or no DASH schema";
}

TEST(WriteMpd, lists_explicit_paths) {
    Presentation presentation = testing::hdr_presentation();
    TrackFacts& track = presentation.video[0].track;
    for (std::size_t i = 0; i < track.segments.size(); ++i) track.files.segment_paths.push_back("by hash/" + std::to_string(i * i));
    const std::string text = write_mpd(presentation).value();
    const Mpd mpd = parse_mpd(text).value();
    const auto representations = mpd_representations(mpd).value();
    EXPECT_EQ(representations[0].segments[3].uri, "by%20hash/9");
    EXPECT_EQ(representations[0].initialization->uri, track.files.init);
    if (!testing::expect_valid_by_schema(text)) GTEST_SKIP() << "no xmllint, or no DASH schema";
}

TEST(WriteMpd, bandwidth_follows_the_buffer) {
    const Presentation presentation = full_presentation();
    MpdOptions options;
    options.min_buffer_time = MediaTime{1, 1};
    const auto small = mpd_representations(written(presentation, options)).value()[0].bandwidth_bps;
    options.min_buffer_time = MediaTime{20, 1};
    const auto large = mpd_representations(written(presentation, options)).value()[0].bandwidth_bps;
    EXPECT_GT(small, large);
    EXPECT_EQ(large, track_dash_bandwidth(presentation.video[0].track, {20, 1}));
    options.min_buffer_time = MediaTime{0, 1};
    EXPECT_EQ(write_mpd(presentation, options).error().code, Errc::invalid_argument);
}

TEST(WriteMpd, default_buffer_is_the_longest_segment) {
    const Mpd mpd = written(testing::hdr_presentation());
    EXPECT_EQ(attribute(mpd.root, "minBufferTime"), "PT4.004S");
    EXPECT_EQ(attribute(mpd.root, "mediaPresentationDuration"), "PT29.029S");
}

TEST(WriteMpd, groups_video_by_codec_and_range) {
    const Mpd mpd = written(testing::hdr_presentation());
    const auto video = sets(mpd, "video");
    ASSERT_EQ(video.size(), 2U);
    EXPECT_EQ(values(*video[0], "EssentialProperty"), (std::vector<std::string>{"9", "16", "9"}));
    EXPECT_TRUE(values(*video[1], "EssentialProperty").empty());
}

TEST(WriteMpd, hlg_is_supplemental_and_unspecified_colours_are_bt2020) {
    Presentation presentation = testing::hdr_presentation();
    presentation.video[0].range = VideoRange::hlg;
    presentation.video[0].colour = {};
    const Mpd mpd = written(presentation);
    EXPECT_EQ(values(*sets(mpd, "video")[0], "SupplementalProperty"), (std::vector<std::string>{"9", "18", "9"}));
}

TEST(WriteMpd, bit_rates_of_one_language_share_a_set) {
    const Mpd mpd = written(testing::classic_presentation());
    ASSERT_EQ(sets(mpd, "audio").size(), 1U);
    EXPECT_EQ(sets(mpd, "audio")[0]->children.back().name, "Representation");
    EXPECT_EQ(mpd_representations(mpd).value().size(), 6U);
}

TEST(WriteMpd, audio_states_role_purpose_and_channels) {
    Presentation presentation = full_presentation();
    presentation.audio[1].purpose = AudioPurpose::described_video;
    presentation.audio[2].purpose = AudioPurpose::commentary;
    presentation.audio[2].channels = 8;
    const Mpd mpd = written(presentation);
    const auto audio = sets(mpd, "audio");
    EXPECT_EQ(values(*audio[0], "Role"), (std::vector<std::string>{"main"}));
    EXPECT_EQ(values(*audio[1], "Accessibility"), (std::vector<std::string>{"1"}));
    EXPECT_EQ(values(*audio[2], "Role"), (std::vector<std::string>{"commentary"}));
    EXPECT_EQ(values(*audio[2]->child("Representation"), "AudioChannelConfiguration"), (std::vector<std::string>{"12"}));
    presentation.audio[2].channels = 7;
    EXPECT_TRUE(values(*sets(written(presentation), "audio")[2]->child("Representation"), "AudioChannelConfiguration").empty());
}

TEST(WriteMpd, without_a_default_the_first_audio_is_main) {
    Presentation presentation = full_presentation();
    presentation.audio[0].is_default = false;
    EXPECT_EQ(values(*sets(written(presentation), "audio")[0], "Role"), (std::vector<std::string>{"main"}));
}

TEST(WriteMpd, text_is_one_file_with_its_role) {
    Presentation presentation = full_presentation();
    const Mpd mpd = written(presentation);
    const auto text = sets(mpd, "text");
    ASSERT_EQ(text.size(), 3U);
    EXPECT_EQ(values(*text[0], "Role"), (std::vector<std::string>{"subtitle", "main"}));
    EXPECT_EQ(values(*text[1], "Role"), (std::vector<std::string>{"caption"}));
    EXPECT_EQ(values(*text[2], "Role"), (std::vector<std::string>{"forced-subtitle"}));
    EXPECT_EQ(text[0]->child("Label")->text, "English");
    EXPECT_EQ(text[1]->child("Label")->text, "English (SDH)");
    EXPECT_EQ(text[2]->child("Label")->text, "fr");
    presentation.text[0].whole_file.clear();
    EXPECT_EQ(sets(written(presentation), "text").size(), 2U);
}

TEST(WriteMpd, markup_in_labels_is_escaped) {
    Presentation presentation = full_presentation();
    presentation.audio[0].label = "<A> & \"B\" \x01\xFF";
    const std::string text = write_mpd(presentation).value();
    EXPECT_NE(text.find("<Label>&lt;A&gt; &amp; &quot;B&quot; \xEF\xBF\xBD</Label>"), std::string::npos);
    EXPECT_EQ(sets(parse_mpd(text).value(), "audio")[0]->child("Label")->text, "<A> & \"B\" \xEF\xBF\xBD");
    if (!testing::expect_valid_by_schema(text)) GTEST_SKIP() << "no xmllint, or no DASH schema";
}

TEST(WriteMpd, aspect_and_rate_are_exact) {
    Presentation presentation = testing::hdr_presentation();
    presentation.video[1].width_px = 1440;
    presentation.video[1].sample_aspect = {8, 6};
    presentation.video[1].frame_rate = {60000, 2002};
    const Mpd mpd = written(presentation);
    const XmlElement& set = *sets(mpd, "video")[1];
    EXPECT_EQ(attribute(set, "par"), "16:9");
    EXPECT_EQ(attribute(*set.child("Representation"), "sar"), "4:3");
    EXPECT_EQ(attribute(*set.child("Representation"), "frameRate"), "30000/1001");
}

TEST(WriteMpd, odd_thumbnail_intervals_fit_the_schema) {
    Presentation presentation = full_presentation();
    presentation.thumbnails->interval = {100'000'000'001, 10'000'000'000};
    const std::string text = write_mpd(presentation).value();
    const Mpd mpd = parse_mpd(text).value();
    EXPECT_EQ(attribute(*sets(mpd, "image")[0]->child("SegmentTemplate"), "timescale"), "90000");
    if (!testing::expect_valid_by_schema(text)) GTEST_SKIP() << "no xmllint, or no DASH schema";
}

TEST(WriteMpd, refuses_a_presentation_with_nothing_to_play) {
    EXPECT_EQ(write_mpd(Presentation{}).error().code, Errc::invalid_argument);
}

}  // namespace
}  // namespace streamforge::manifest
