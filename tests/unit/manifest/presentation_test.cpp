#include <streamforge/manifest/presentation.hpp>

#include <functional>
#include <gtest/gtest.h>

#include "unit/manifest/sample_presentations.hpp"

namespace streamforge::manifest {
namespace {

using testing::full_presentation;

void expect_refused(const std::function<void(Presentation&)>& change, const std::string& words) {
    Presentation presentation = full_presentation();
    change(presentation);
    const auto result = presentation.validate();
    ASSERT_FALSE(result) << words;
    EXPECT_EQ(result.error().code, Errc::invalid_argument);
    EXPECT_NE(result.error().message.find(words), std::string::npos) << result.error().describe();
}

TEST(Presentation, refuses_ids_that_manifests_cannot_hold) {
    expect_refused([](Presentation& p) { p.video[0].track.id = ""; }, "id must be letters");
    expect_refused([](Presentation& p) { p.video[0].track.id = "10 80"; }, "id must be letters");
    expect_refused([](Presentation& p) { p.audio[0].track.id = "720p"; }, "id must be unique");
    expect_refused([](Presentation& p) { p.thumbnails->id = "720p"; }, "id must be unique");
}

TEST(Presentation, refuses_paths_that_leave_the_folder) {
    expect_refused([](Presentation& p) { p.video[0].track.files.playlist = "../x.m3u8"; }, "files.playlist");
    expect_refused([](Presentation& p) { p.video[0].track.files.playlist = ""; }, "files.playlist");
    expect_refused([](Presentation& p) { p.video[0].track.files.init = "/etc/init.mp4"; }, "files.init");
    expect_refused([](Presentation& p) { p.video[0].track.files.media = "a/../../$Number$"; }, "files.media");
    expect_refused([](Presentation& p) { p.text[0].whole_file = "a//b"; }, "whole_file");
    expect_refused([](Presentation& p) { p.poster->path = ""; }, "path");
    expect_refused([](Presentation& p) { p.thumbnails->media = "/x$Number$"; }, "media");
}

TEST(Presentation, refuses_templates_that_name_one_file_for_all) {
    expect_refused([](Presentation& p) { p.video[0].track.files.media = "video/seg.m4s"; }, "$Number$");
    expect_refused([](Presentation& p) { p.video[0].track.files.media = "video/$Numbr$.m4s"; }, "files.media");
    expect_refused([](Presentation& p) { p.thumbnails->media = "sheet.jpg"; }, "$Number$");
    expect_refused([](Presentation& p) { p.video[0].track.files.segment_paths = {"a"}; }, "segment_paths");
}

TEST(Presentation, refuses_segments_that_cannot_be) {
    expect_refused([](Presentation& p) { p.video[0].track.segments.clear(); }, "segments must not be empty");
    expect_refused([](Presentation& p) { p.video[0].track.segments[2].duration.ticks = 0; }, "segments[2].duration");
    expect_refused([](Presentation& p) { p.video[0].track.segments[0].start.ticks = -1; }, "segments[0].start");
    expect_refused([](Presentation& p) { p.video[0].track.segments[1].start.ticks -= 1; }, "segments[1] starts before");
    expect_refused([](Presentation& p) { p.video[0].track.segments[1].duration.timescale = 0; }, "timescale");
    expect_refused([](Presentation& p) { p.video[0].track.segments[1].range = ByteRange{0, 1}; }, "range");
    expect_refused([](Presentation& p) { p.video[0].track.segments[1].key_frame = ByteRange{0, 1ULL << 40}; }, "key_frame");
    expect_refused([](Presentation& p) { p.video[0].track.segments[1].key_frame = ByteRange{UINT64_MAX, 2}; }, "key_frame");
}

TEST(Presentation, refuses_ranges_that_do_not_hold_the_segment) {
    Presentation presentation = testing::single_file_presentation();
    presentation.video[0].track.segments[3].range->length += 1;
    EXPECT_FALSE(presentation.validate());
    presentation = testing::single_file_presentation();
    presentation.video[0].track.segments[3].range->offset = UINT64_MAX;
    EXPECT_FALSE(presentation.validate());
    presentation = testing::single_file_presentation();
    presentation.video[0].track.segments[3].key_frame->offset = 0;
    EXPECT_FALSE(presentation.validate());
}

TEST(Presentation, refuses_facts_that_manifests_must_state) {
    expect_refused([](Presentation& p) { p.video[0].track.codecs.clear(); }, "codecs");
    expect_refused([](Presentation& p) { p.video[0].track.codecs = "avc1\",X=\"y"; }, "codecs");
    expect_refused([](Presentation& p) { p.video[0].width_px = 0; }, "width_px");
    expect_refused([](Presentation& p) { p.video[0].sample_aspect = {0, 1}; }, "sample_aspect");
    expect_refused([](Presentation& p) { p.video[0].frame_rate = {30, 0}; }, "frame_rate");
    expect_refused([](Presentation& p) { p.video[0].track.timescale = 0; }, "timescale");
    expect_refused([](Presentation& p) { p.video[0].track.timescale = 1LL << 32; }, "timescale");
    expect_refused([](Presentation& p) { p.video[0].audio_groups = {"nobody"}; }, "audio_groups");
    expect_refused([](Presentation& p) { p.audio[0].group = "a b"; }, "group");
    expect_refused([](Presentation& p) { p.audio[0].channels = 0; }, "channels");
    expect_refused([](Presentation& p) { p.audio[0].sample_rate_hz = 0; }, "sample_rate_hz");
    expect_refused([](Presentation& p) { p.thumbnails->columns = 0; }, "columns");
    expect_refused([](Presentation& p) { p.thumbnails->interval = {0, 1}; }, "interval");
    expect_refused([](Presentation& p) { p.thumbnails->sheets.clear(); }, "sheets");
    expect_refused([](Presentation& p) { p.thumbnails->sheets[0].tiles = 5; }, "tiles");
}

TEST(Presentation, duration_is_the_longest_audio_or_video) {
    Presentation presentation = full_presentation();
    EXPECT_EQ(presentation.duration(), presentation.audio[0].track.end());
    presentation.text[0].track.segments.back().duration = {1000, 1};
    EXPECT_EQ(presentation.duration(), presentation.audio[0].track.end());
    presentation.video.clear();
    presentation.audio.clear();
    EXPECT_EQ(presentation.duration(), presentation.text[0].track.end());
    EXPECT_EQ(Presentation{}.duration(), MediaTime{});
}

TEST(Presentation, target_duration_covers_every_playlist) {
    Presentation presentation = full_presentation();
    EXPECT_EQ(presentation.target_duration_s(), 4);
    presentation.text[0].track.segments.back().duration = {6499, 1000};
    EXPECT_EQ(presentation.target_duration_s(), 6);
    presentation.video[0].track.segments[1].key_frame.reset();
    EXPECT_EQ(presentation.target_duration_s(), 8);
    EXPECT_EQ(Presentation{}.target_duration_s(), 1);
}

TEST(SegmentPath, expands_number_and_time) {
    TrackFacts track = testing::video_track("v", "avc1.640028", 1000);
    EXPECT_EQ(segment_path(track, 1).value(), "video/v/seg_00002.m4s");
    track.files.media = "video/$RepresentationID$/$Time$.m4s";
    EXPECT_EQ(segment_path(track, 1).value(), "video/v/120120.m4s");
    track.files.start_number = 0;
    track.files.media = "$Number$";
    EXPECT_EQ(segment_path(track, 0).value(), "0");
    EXPECT_FALSE(segment_path(track, 99));
    track.files.segment_paths = {"x"};
    EXPECT_EQ(segment_path(track, 0).value(), "x");
    EXPECT_FALSE(segment_path(track, 1));
}

TEST(SheetPath, counts_from_the_start_number) {
    Thumbnails thumbnails = *full_presentation().thumbnails;
    EXPECT_EQ(sheet_path(thumbnails, 1).value(), "thumbnails/sheet_2.jpg");
    EXPECT_FALSE(sheet_path(thumbnails, 2));
}

TEST(TrackFacts, total_counts_the_init_segment) {
    TrackFacts track = testing::text_track("t", "en");
    std::uint64_t sum = 0;
    for (const auto& segment : track.segments) sum += segment.bytes;
    EXPECT_EQ(track.total_bytes(), sum);
    track.init_bytes = 5;
    EXPECT_EQ(track.total_bytes(), sum + 5);
}

}  // namespace
}  // namespace streamforge::manifest
