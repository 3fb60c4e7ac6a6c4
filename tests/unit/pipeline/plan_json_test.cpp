#include <streamforge/pipeline/plan.hpp>

#include <gtest/gtest.h>

namespace streamforge::pipeline {
namespace {

Plan sample_plan() {
    Plan plan;
    plan.input_name = "clip \"1\".mov";
    plan.input_bytes = 123456;
    plan.input_duration = MediaTime{30030, 1000};
    plan.encode.video_source = media::EncodePlan::VideoSource{
        .stream = 1,
        .scan = media::ScanType::interlaced_tff,
        .orientation = {.mirrored = true, .clockwise_degrees = 90},
        .colour = {9, 16, 9, true},
        .range = VideoRange::pq,
        .frame_rate = {30000, 1001},
        .timescale = 30000,
    };
    plan.encode.video = {{.id = "1080p",
                          .width_px = 1920,
                          .height_px = 1080,
                          .rate = {.crf = 22.5, .max_bps = 5'500'000, .buffer_bits = 11'000'000},
                          .speed = "veryfast",
                          .threads = 2},
                         {.id = "720p_hevc", .codec = Codec::hevc, .width_px = 1280, .height_px = 720, .range = VideoRange::pq,
                          .bit_depth = 10, .rate = {.mode = media::RateControl::Mode::average, .target_bps = 2'500'000}}};
    plan.encode.audio = {{.id = "en-2ch-128k", .source_stream = 2, .language = "en", .label = "English", .is_default = true}};
    plan.encode.text = {{.id = "fr", .source_stream = 4, .language = "fr", .label = "Français", .is_forced = true}};
    plan.encode.cuts.period = {120120, 30000};
    plan.encode.origin = {1400, 1000};
    plan.encode.notes = {"The source is interlaced."};
    plan.single_file = true;
    return plan;
}

TEST(PlanJson, what_is_written_is_read_back_the_same) {
    const Plan plan = sample_plan();
    const auto read = plan_from_json(to_json(plan));
    ASSERT_TRUE(read) << read.error().describe();
    EXPECT_EQ(to_json(*read), to_json(plan));
    EXPECT_EQ(read->encode.video, plan.encode.video);
    EXPECT_EQ(read->encode.audio, plan.encode.audio);
    EXPECT_EQ(read->encode.text, plan.encode.text);
    EXPECT_EQ(read->encode.cuts.period, plan.encode.cuts.period);
    EXPECT_EQ(read->encode.video_source->scan, media::ScanType::interlaced_tff);
    EXPECT_EQ(read->encode.video_source->frame_rate, (Rational{30000, 1001}));
}

TEST(PlanJson, error_names_the_place) {
    std::string text = to_json(sample_plan(), -1);
    const auto at = text.find("\"1920\"");
    EXPECT_EQ(at, std::string::npos);
    const auto width = text.find("\"width_px\":1920");
    ASSERT_NE(width, std::string::npos);
    text.replace(width, 15, "\"width_px\":-1");
    const auto read = plan_from_json(text);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, Errc::malformed);
    EXPECT_EQ(read.error().message, "not a plan: /video/0/width_px: is out of range");
}

TEST(PlanJson, refuses_other_documents) {
    EXPECT_EQ(plan_from_json("{").error().message, "not a plan: invalid JSON");
    EXPECT_EQ(plan_from_json("[]").error().message, "not a plan: the document is not an object");
    EXPECT_EQ(plan_from_json("{}").error().message, "not a plan: /format: is missing");
    EXPECT_EQ(plan_from_json(R"({"format":2})").error().message, "not a plan: /format: is 2, this version reads 1");
}

TEST(PlanJson, refuses_times_that_are_no_fraction) {
    std::string text = to_json(sample_plan(), -1);
    const auto segment = text.find("\"120120/30000\"");
    ASSERT_NE(segment, std::string::npos);
    for (const std::string bad : {"\"4s\"", "\"1/0\"", "\"/3\"", "\"0/30000\"", "4"}) {
        std::string changed = text;
        changed.replace(segment, 14, bad);
        EXPECT_FALSE(plan_from_json(changed)) << bad;
    }
}

}  // namespace
}  // namespace streamforge::pipeline
