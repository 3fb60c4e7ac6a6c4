#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <functional>
#include <thread>

#include "media/ffmpeg/filter_graph.hpp"
#include "media/ffmpeg/scale_tree.hpp"
#include "media/ffmpeg/transcode_check.hpp"
#include "media/ffmpeg/transcode_progress.hpp"
#include "media/ffmpeg/transcode_queue.hpp"
#include "unit/media/transcode_support.hpp"

namespace streamforge::media {
namespace {

using namespace testing;
using namespace ffmpeg;

VideoRendition rung(std::uint32_t width, std::uint32_t height, Codec codec = Codec::h264) {
    VideoRendition rendition;
    rendition.id = std::to_string(height) + std::string(to_string(codec));
    rendition.width_px = width;
    rendition.height_px = height;
    rendition.codec = codec;
    return rendition;
}

EncodePlan ladder(std::vector<VideoRendition> renditions) {
    EncodePlan plan = simple_plan({25, 1}, 25, 320, 180);
    plan.video = std::move(renditions);
    return plan;
}

std::vector<std::optional<std::size_t>> parents(const std::vector<StagePlan>& stages) {
    std::vector<std::optional<std::size_t>> result;
    for (const auto& stage : stages) result.push_back(stage.parent);
    return result;
}

TEST(PlanStages, each_rung_comes_from_the_largest_within_twice_its_size) {
    const auto stages = plan_stages(ladder({rung(1920, 1080), rung(1280, 720), rung(960, 540), rung(640, 360)}));
    ASSERT_EQ(stages.size(), 4U);
    EXPECT_EQ(parents(stages), (std::vector<std::optional<std::size_t>>{std::nullopt, 0, 0, 1}));
    EXPECT_EQ(*stages[3].rendition, 3U);
}

TEST(PlanStages, far_smaller_rung_comes_from_the_nearest_larger) {
    const auto stages = plan_stages(ladder({rung(1920, 1080), rung(320, 180)}));
    EXPECT_EQ(stages[1].parent, 0U);
}

TEST(PlanStages, second_codec_shares_the_scaled_pictures) {
    const auto stages = plan_stages(ladder({rung(1280, 720), rung(640, 360), rung(1280, 720, Codec::hevc), rung(640, 360, Codec::hevc)}));
    ASSERT_EQ(stages.size(), 4U);
    for (const auto& stage : stages) {
        if (plan_stages(ladder({rung(1, 1)})).empty()) FAIL();
        if (*stage.rendition >= 2) {
            ASSERT_TRUE(stage.parent);
            EXPECT_EQ(stages[*stage.parent].shape, stage.shape) << "scaled twice";
        }
    }
}

TEST(PlanStages, order_in_the_plan_does_not_matter) {
    const auto stages = plan_stages(ladder({rung(640, 360), rung(1280, 720)}));
    EXPECT_EQ(*stages[0].rendition, 1U);
    EXPECT_EQ(stages[1].parent, 0U);
}

TEST(PlanStages, hdr_and_sdr_are_chains_of_their_own_and_tone_mapping_happens_once) {
    EncodePlan plan = ladder({rung(1920, 1080), rung(1280, 720), rung(1920, 1080, Codec::hevc), rung(1280, 720, Codec::hevc)});
    plan.video_source->range = VideoRange::pq;
    plan.video_source->colour = {9, 16, 9, false};
    for (std::size_t i = 2; i < 4; ++i) {
        plan.video[i].range = VideoRange::pq;
        plan.video[i].bit_depth = 10;
    }
    const auto stages = plan_stages(plan);
    ASSERT_EQ(stages.size(), 4U);
    int roots = 0, mapped = 0;
    for (const auto& stage : stages) {
        roots += stage.parent ? 0 : 1;
        mapped += stage.tone_map ? 1 : 0;
        if (stage.parent) {
            EXPECT_EQ(stages[*stage.parent].shape.format, stage.shape.format);
        }
        const bool sdr = plan.video[*stage.rendition].range == VideoRange::sdr;
        EXPECT_EQ(stage.shape.colour.transfer, sdr ? 1 : 16);
    }
    EXPECT_EQ(roots, 2);
    EXPECT_EQ(mapped, 1);
}

TEST(PlanStages, rgb_sources_get_a_matrix_by_their_height) {
    EncodePlan plan = ladder({rung(1280, 720)});
    plan.video_source->colour = {1, 13, 0, true};
    EXPECT_EQ(plan_stages(plan)[0].shape.colour, (ColourInfo{1, 13, 1, false}));
    plan.video = {rung(640, 360)};
    EXPECT_EQ(plan_stages(plan)[0].shape.colour.matrix, 6);
}

TEST(PlanStages, thumbnails_come_from_the_smallest_picture_that_is_wide_enough) {
    const EncodePlan plan = ladder({rung(1920, 1080), rung(1280, 720), rung(640, 360)});
    const auto stages = plan_stages(plan);
    EXPECT_EQ(stage_for_width(stages, plan, 160), 2U);
    EXPECT_EQ(stage_for_width(stages, plan, 1280), 1U);
    EXPECT_EQ(stage_for_width(stages, plan, 1281), 0U);
    EXPECT_EQ(stage_for_width(stages, plan, 4000), 0U);
}

TEST(PlanStages, no_picture_no_stages) {
    EncodePlan plan;
    EXPECT_TRUE(plan_stages(plan).empty());
}

TEST(FilterChain, is_empty_when_nothing_is_to_do) {
    EXPECT_EQ(filter_chain({}, {25, 1}), "");
}

TEST(FilterChain, deinterlaces_all_pictures_by_the_planned_parity) {
    EncodePlan::VideoSource source;
    source.scan = ScanType::interlaced_bff;
    source.frame_rate = {25, 1};
    EXPECT_EQ(filter_chain(source, {25, 1}), "bwdif=mode=send_frame:parity=bff:deint=all");
    source.frame_rate = {50, 1};
    source.scan = ScanType::interlaced_tff;
    EXPECT_EQ(filter_chain(source, {25, 1}), "bwdif=mode=send_field:parity=tff:deint=all");
}

TEST(FilterChain, mirrors_first_and_turns_then) {
    EncodePlan::VideoSource source;
    source.orientation = {true, 270};
    EXPECT_EQ(filter_chain(source, {25, 1}), "hflip,transpose=cclock");
    source.orientation = {false, 180};
    EXPECT_EQ(filter_chain(source, {25, 1}), "hflip,vflip");
}

// ---- plans that cannot be obeyed ----

struct BadPlan {
    const char* name;
    const char* field;
    std::function<void(EncodePlan&)> spoil;
};

class CheckPlan : public ::testing::TestWithParam<BadPlan> {};

TEST_P(CheckPlan, names_the_field_that_is_wrong) {
    EncodePlan plan = simple_plan({25, 1}, 25, 320, 180);
    plan.audio.push_back(audio_rendition(1));
    ASSERT_TRUE(check_plan(plan)) << check_plan(plan).error().describe();
    GetParam().spoil(plan);
    const auto checked = check_plan(plan);
    ASSERT_FALSE(checked);
    EXPECT_TRUE(checked.error().code == Errc::invalid_argument || checked.error().code == Errc::unsupported);
    EXPECT_NE(checked.error().describe().find(std::string("field=") + GetParam().field), std::string::npos)
        << checked.error().describe();
}

INSTANTIATE_TEST_SUITE_P(Plans, CheckPlan,
    ::testing::Values(
        BadPlan{"nothing", "video", [](EncodePlan& p) { p = {}; }},
        BadPlan{"no_source", "video_source", [](EncodePlan& p) { p.video_source.reset(); }},
        BadPlan{"period_zero", "cuts.period", [](EncodePlan& p) { p.cuts.period = {0, 1}; }},
        BadPlan{"period_negative_scale", "cuts.period", [](EncodePlan& p) { p.cuts.period = {-4, -1}; }},
        BadPlan{"period_off_grid", "cuts.period", [](EncodePlan& p) { p.cuts.period = {1001, 1000}; }},
        BadPlan{"timescale", "video_source.timescale", [](EncodePlan& p) { p.video_source->timescale = 0; }},
        BadPlan{"rate_off_ticks", "video_source.frame_rate", [](EncodePlan& p) { p.video_source->frame_rate = {30000, 1001}; }},
        BadPlan{"turn", "video_source.orientation", [](EncodePlan& p) { p.video_source->orientation.clockwise_degrees = 45; }},
        BadPlan{"odd_width", "video[0].width_px", [](EncodePlan& p) { p.video[0].width_px = 321; }},
        BadPlan{"no_height", "video[0].height_px", [](EncodePlan& p) { p.video[0].height_px = 0; }},
        BadPlan{"codec", "video[0].codec", [](EncodePlan& p) { p.video[0].codec = Codec::vp9; }},
        BadPlan{"depth", "video[0].bit_depth", [](EncodePlan& p) { p.video[0].bit_depth = 12; }},
        BadPlan{"h264_ten_bit", "video[0].bit_depth", [](EncodePlan& p) { p.video[0].bit_depth = 10; }},
        BadPlan{"range", "video[0].range", [](EncodePlan& p) { p.video[0].range = VideoRange::pq; }},
        BadPlan{"speed", "video[0].speed", [](EncodePlan& p) { p.video[0].speed = "warp"; }},
        BadPlan{"threads", "video[0].threads", [](EncodePlan& p) { p.video[0].threads = -1; }},
        BadPlan{"crf", "video[0].rate.crf", [](EncodePlan& p) { p.video[0].rate.crf = 99; }},
        BadPlan{"crf_nan", "video[0].rate.crf", [](EncodePlan& p) { p.video[0].rate.crf = std::nan(""); }},
        BadPlan{"no_target", "video[0].rate.target_bps", [](EncodePlan& p) { p.video[0].rate.mode = RateControl::Mode::average; }},
        BadPlan{"audio_codec", "audio[0].codec", [](EncodePlan& p) { p.audio[0].codec = Codec::opus; }},
        BadPlan{"channels", "audio[0].channels", [](EncodePlan& p) { p.audio[0].channels = 3; }},
        BadPlan{"rate", "audio[0].sample_rate_hz", [](EncodePlan& p) { p.audio[0].sample_rate_hz = 47999; }},
        BadPlan{"bitrate", "audio[0].bitrate_bps", [](EncodePlan& p) { p.audio[0].bitrate_bps = 0; }},
        BadPlan{"same_id", "video.id", [](EncodePlan& p) { p.video.push_back(p.video[0]); }},
        BadPlan{"interval", "pictures.storyboard_interval", [](EncodePlan& p) { p.pictures.storyboard = true; p.pictures.storyboard_interval = {0, 1}; }},
        BadPlan{"tile", "pictures.tile_width_px", [](EncodePlan& p) { p.pictures.storyboard = true; p.pictures.tile_width_px = 161; }},
        BadPlan{"columns", "pictures.columns", [](EncodePlan& p) { p.pictures.storyboard = true; p.pictures.columns = 0; }},
        BadPlan{"jpeg", "pictures.jpeg_quality", [](EncodePlan& p) { p.pictures.jpeg_quality = 0; }},
        BadPlan{"poster", "pictures.poster_max_width_px", [](EncodePlan& p) { p.pictures.poster = true; p.pictures.poster_max_width_px = 0; }}),
    [](const auto& instance) { return std::string(instance.param.name); });

// ---- queue and progress ----

TEST(BoundedQueue, gives_items_in_order_and_ends_when_closed) {
    BoundedQueue<int> queue(4);
    for (int i = 0; i < 4; ++i) EXPECT_TRUE(queue.push(i, {}));
    queue.close();
    for (int i = 0; i < 4; ++i) EXPECT_EQ(queue.pop({}), i);
    EXPECT_EQ(queue.pop({}), std::nullopt);
}

TEST(BoundedQueue, full_queue_and_empty_queue_wake_when_stopped) {
    BoundedQueue<int> queue(1);
    ASSERT_TRUE(queue.push(1, {}));
    std::stop_source stop;
    std::jthread stopper([&] { stop.request_stop(); });
    EXPECT_FALSE(queue.push(2, stop.get_token()));
    EXPECT_EQ(queue.pop({}), 1);
    EXPECT_EQ(queue.pop(stop.get_token()), std::nullopt);
}

TEST(BoundedQueue, passes_everything_between_threads) {
    BoundedQueue<int> queue(3);
    long sum = 0;
    std::jthread reader([&] {
        while (const auto item = queue.pop({})) sum += *item;
    });
    for (int i = 0; i < 10000; ++i) ASSERT_TRUE(queue.push(i, {}));
    queue.close();
    reader.join();
    EXPECT_EQ(sum, 10000L * 9999 / 2);
}

TEST(MakeProgress, tells_fraction_speed_and_time_left) {
    const auto progress = make_progress({30, 1}, MediaTime{120, 1}, std::chrono::seconds(10), 0.0);
    EXPECT_DOUBLE_EQ(progress.fraction, 0.25);
    EXPECT_DOUBLE_EQ(progress.speed, 3.0);
    EXPECT_EQ(progress.eta, std::chrono::milliseconds(30000));
}

TEST(MakeProgress, never_goes_back_and_never_passes_one) {
    EXPECT_DOUBLE_EQ(make_progress({1, 1}, MediaTime{100, 1}, std::chrono::seconds(1), 0.5).fraction, 0.5);
    EXPECT_DOUBLE_EQ(make_progress({200, 1}, MediaTime{100, 1}, std::chrono::seconds(1), 0.0).fraction, 1.0);
}

TEST(MakeProgress, unknown_length_and_no_time_are_no_division_by_zero) {
    const auto progress = make_progress({5, 1}, std::nullopt, std::chrono::seconds(0), 0.0);
    EXPECT_EQ(progress.fraction, 0.0);
    EXPECT_EQ(progress.speed, 0.0);
    EXPECT_FALSE(progress.eta);
    EXPECT_EQ(make_progress({0, 1}, MediaTime{0, 1}, std::chrono::seconds(1), 0.0).fraction, 0.0);
}

}  // namespace
}  // namespace streamforge::media
