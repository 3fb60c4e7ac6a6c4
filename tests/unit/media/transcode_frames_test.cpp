#include "media/ffmpeg/timeline_frames.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace streamforge::media::ffmpeg {
namespace {

using ::testing::ElementsAre;
using Action = FrameTimeline::Step::Action;

FrameTimeline::Settings constant(std::int64_t timescale, std::int64_t frame, MediaTime period) {
    FrameTimeline::Settings settings;
    settings.timescale = timescale;
    settings.frame_ticks = frame;
    settings.cuts.period = period;
    settings.usual_ticks = std::max<std::int64_t>(timescale / 25, 1);
    return settings;
}

FrameTimeline::Settings variable(std::int64_t timescale, MediaTime period) { return constant(timescale, 0, period); }

/// Pushes all times and ends; returns every slot, checking that they touch.
std::vector<FrameSlot> run(FrameTimeline& timeline, const std::vector<MediaTime>& times,
                           std::optional<std::int64_t> hold_until = std::nullopt) {
    std::vector<FrameSlot> slots;
    for (const auto& time : times) {
        const auto step = timeline.push(time, std::nullopt);
        slots.insert(slots.end(), step.slots.begin(), step.slots.end());
    }
    const auto last = timeline.finish(hold_until);
    slots.insert(slots.end(), last.begin(), last.end());
    std::int64_t expected = 0;
    for (const auto& slot : slots) {
        EXPECT_EQ(slot.pts, expected);
        EXPECT_GT(slot.duration, 0);
        expected = slot.pts + slot.duration;
    }
    return slots;
}

std::vector<std::int64_t> starts(const std::vector<FrameSlot>& slots) {
    std::vector<std::int64_t> result;
    for (const auto& slot : slots) result.push_back(slot.pts);
    return result;
}

std::vector<std::int64_t> cut_starts(const std::vector<FrameSlot>& slots) {
    std::vector<std::int64_t> result;
    for (const auto& slot : slots) {
        if (slot.starts_segment) result.push_back(slot.pts);
    }
    return result;
}

TEST(FrameTimeline, exact_times_keep_their_places) {
    FrameTimeline timeline(constant(25, 1, {1, 1}));
    std::vector<MediaTime> times;
    for (int i = 0; i < 60; ++i) times.push_back({i, 25});
    const auto slots = run(timeline, times);
    ASSERT_EQ(slots.size(), 60U);
    EXPECT_THAT(cut_starts(slots), ElementsAre(0, 25, 50));
    EXPECT_EQ(timeline.natural_end(), 60);
}

TEST(FrameTimeline, milliseconds_of_matroska_fall_on_the_ntsc_grid) {
    FrameTimeline timeline(constant(30000, 1001, {30030, 30000}));
    std::vector<MediaTime> times;
    for (int i = 0; i < 300; ++i) times.push_back(MediaTime{std::int64_t{i} * 1001, 30000}.rescaled(1000, Rounding::nearest));
    const auto slots = run(timeline, times);
    ASSERT_EQ(slots.size(), 300U);
    for (std::size_t i = 0; i < slots.size(); ++i) EXPECT_EQ(slots[i].pts, static_cast<std::int64_t>(i) * 1001);
    EXPECT_EQ(cut_starts(slots).size(), 10U);
}

TEST(FrameTimeline, jitter_below_three_quarters_of_a_frame_neither_drops_nor_doubles) {
    std::mt19937 random(7);
    std::uniform_int_distribution<int> jitter(-700, 700);
    FrameTimeline timeline(constant(25000, 1000, {1, 1}));
    std::vector<MediaTime> times;
    for (int i = 0; i < 500; ++i) times.push_back({i * 1000 + (i == 0 ? 0 : jitter(random)), 25000});
    EXPECT_EQ(run(timeline, times).size(), 500U);
}

TEST(FrameTimeline, one_missing_frame_is_a_longer_duration) {
    FrameTimeline timeline(constant(25, 1, {4, 1}));
    const auto slots = run(timeline, {{0, 25}, {1, 25}, {3, 25}, {4, 25}});
    EXPECT_THAT(starts(slots), ElementsAre(0, 1, 3, 4));
    EXPECT_EQ(slots[1].duration, 2);
    EXPECT_FALSE(slots[2].repeat);
}

TEST(FrameTimeline, two_frames_on_one_instant_drop_the_second) {
    FrameTimeline timeline(constant(25, 1, {4, 1}));
    EXPECT_EQ(timeline.push({0, 25}, {}).action, Action::hold_new);
    EXPECT_EQ(timeline.push({1, 25}, {}).action, Action::hold_new);
    EXPECT_EQ(timeline.push({1, 25}, {}).action, Action::drop_new);
    EXPECT_EQ(timeline.push({0, 25}, {}).action, Action::drop_new);
    EXPECT_EQ(timeline.push({2, 25}, {}).action, Action::hold_new);
}

TEST(FrameTimeline, twice_the_planned_rate_drops_every_second_frame) {
    FrameTimeline timeline(constant(25, 1, {4, 1}));
    int dropped = 0;
    for (int i = 0; i < 100; ++i) dropped += timeline.push({i, 50}, {}).action == Action::drop_new ? 1 : 0;
    EXPECT_NEAR(dropped, 50, 1);
}

TEST(FrameTimeline, hole_over_cuts_repeats_the_picture_exactly_at_each) {
    FrameTimeline timeline(constant(25, 1, {1, 1}));
    const auto slots = run(timeline, {{0, 25}, {10, 25}, {80, 25}, {81, 25}});
    EXPECT_THAT(starts(slots), ElementsAre(0, 10, 25, 50, 75, 80, 81));
    EXPECT_THAT(cut_starts(slots), ElementsAre(0, 25, 50, 75));
    EXPECT_TRUE(slots[2].repeat && slots[3].repeat && slots[4].repeat);
    EXPECT_FALSE(slots[5].repeat);
}

TEST(FrameTimeline, frame_right_on_the_cut_after_a_hole_needs_no_repeat) {
    FrameTimeline timeline(constant(25, 1, {1, 1}));
    const auto slots = run(timeline, {{0, 25}, {25, 25}});
    EXPECT_THAT(starts(slots), ElementsAre(0, 25));
    EXPECT_TRUE(slots[1].starts_segment);
    EXPECT_FALSE(slots[1].repeat);
}

TEST(FrameTimeline, late_start_shows_the_first_picture_from_zero) {
    FrameTimeline timeline(constant(25, 1, {1, 1}));
    const auto slots = run(timeline, {{60, 25}, {61, 25}});
    EXPECT_THAT(starts(slots), ElementsAre(0, 25, 50, 61));
    EXPECT_EQ(timeline.missing_start(), 60);
}

TEST(FrameTimeline, start_takes_the_nearest_place_on_the_grid) {
    FrameTimeline early(constant(25000, 1000, {1, 1}));
    EXPECT_THAT(starts(run(early, {{480, 25000}, {1480, 25000}, {2480, 25000}})), ElementsAre(0, 1000, 2000));
    FrameTimeline late(constant(25000, 1000, {1, 1}));
    EXPECT_THAT(starts(run(late, {{520, 25000}, {1520, 25000}, {2520, 25000}})), ElementsAre(0, 2000, 3000)) << "never half a frame off";
}

TEST(FrameTimeline, steady_offset_of_half_a_frame_is_no_jitter_even_when_a_tick_is_a_frame) {
    FrameTimeline timeline(constant(25, 1, {1, 1}));
    std::vector<MediaTime> times;
    for (int i = 0; i < 50; ++i) times.push_back({21 + 40 * i, 1000});
    const auto slots = run(timeline, times);
    ASSERT_EQ(slots.size(), 50U);
    // The first takes the nearer place, which is the second here, and is shown from 0.
    EXPECT_EQ(slots[0].duration, 2);
    for (std::size_t i = 1; i < slots.size(); ++i) EXPECT_EQ(slots[i].duration, 1) << i;
}

TEST(FrameTimeline, of_pictures_before_zero_the_last_one_shows_at_zero) {
    FrameTimeline timeline(constant(25, 1, {1, 1}));
    EXPECT_EQ(timeline.push({-3, 25}, {}).action, Action::hold_new);
    EXPECT_EQ(timeline.push({-2, 25}, {}).action, Action::replace_held);
    EXPECT_EQ(timeline.push({-1, 25}, {}).action, Action::replace_held);
    EXPECT_EQ(timeline.push({0, 25}, {}).action, Action::replace_held);
    const auto step = timeline.push({1, 25}, {});
    ASSERT_EQ(step.slots.size(), 1U);
    EXPECT_EQ(step.slots[0].pts, 0);
    EXPECT_EQ(step.slots[0].duration, 1);
}

TEST(FrameTimeline, single_picture_lasts_one_frame) {
    FrameTimeline timeline(constant(30000, 1001, {30030, 30000}));
    const auto slots = run(timeline, {{0, 1}});
    ASSERT_EQ(slots.size(), 1U);
    EXPECT_EQ(slots[0], (FrameSlot{0, 1001, 0, true, false}));
}

TEST(FrameTimeline, nothing_pushed_gives_nothing) {
    FrameTimeline timeline(constant(25, 1, {1, 1}));
    EXPECT_TRUE(timeline.finish().empty());
    EXPECT_EQ(timeline.natural_end(), 0);
}

TEST(FrameTimeline, held_to_a_later_end_repeats_once_per_segment) {
    FrameTimeline timeline(constant(25, 1, {1, 1}));
    const auto slots = run(timeline, {{0, 25}, {1, 25}}, 70);
    EXPECT_THAT(starts(slots), ElementsAre(0, 1, 25, 50));
    EXPECT_EQ(slots.back().pts + slots.back().duration, 70);
}

TEST(FrameTimeline, hold_end_is_rounded_up_to_the_grid) {
    FrameTimeline timeline(constant(30000, 1001, {30030, 30000}));
    const auto slots = run(timeline, {{0, 1}}, 30031);
    EXPECT_EQ(slots.back().pts + slots.back().duration, 31 * 1001);
}

TEST(FrameTimeline, hold_end_before_the_natural_end_is_ignored) {
    FrameTimeline timeline(constant(25, 1, {1, 1}));
    const auto slots = run(timeline, {{0, 25}, {1, 25}}, 1);
    EXPECT_EQ(slots.back().pts + slots.back().duration, 2);
}

TEST(FrameTimeline, variable_rate_keeps_times_and_cuts_at_the_first_frame_after) {
    FrameTimeline timeline(variable(90000, {1, 1}));
    const auto slots = run(timeline, {{0, 1000}, {400, 1000}, {980, 1000}, {1013, 1000}, {1900, 1000}, {2010, 1000}});
    EXPECT_THAT(starts(slots), ElementsAre(0, 36000, 88200, 91170, 171000, 180900));
    EXPECT_THAT(cut_starts(slots), ElementsAre(0, 91170, 180900));
}

TEST(FrameTimeline, variable_rate_hole_past_a_cut_is_filled_there) {
    FrameTimeline timeline(variable(1000, {1, 1}));
    const auto slots = run(timeline, {{0, 1000}, {900, 1000}, {3100, 1000}});
    EXPECT_THAT(starts(slots), ElementsAre(0, 900, 1000, 2000, 3100));
    EXPECT_THAT(cut_starts(slots), ElementsAre(0, 1000, 2000, 3100));
}

TEST(FrameTimeline, variable_rate_last_frame_takes_its_own_duration_first) {
    FrameTimeline timeline(variable(1000, {1, 1}));
    (void)timeline.push({0, 1000}, {});
    (void)timeline.push({40, 1000}, MediaTime{33, 1000});
    EXPECT_EQ(timeline.natural_end(), 73);
}

TEST(FrameTimeline, variable_rate_last_frame_falls_back_to_the_last_interval) {
    FrameTimeline timeline(variable(1000, {1, 1}));
    (void)timeline.push({0, 1000}, {});
    (void)timeline.push({40, 1000}, {});
    EXPECT_EQ(timeline.natural_end(), 80);
}

TEST(FrameTimeline, stated_end_is_believed_only_just_after_the_last_picture) {
    FrameTimeline near_end(variable(1000, {1, 1}));
    (void)near_end.push({0, 1000}, MediaTime{1, 1000});
    near_end.set_stated_end({67, 1000});
    EXPECT_EQ(near_end.natural_end(), 67);
    FrameTimeline far_end(variable(1000, {1, 1}));
    (void)far_end.push({0, 1000}, MediaTime{40, 1000});
    far_end.set_stated_end({5000, 1000});
    EXPECT_EQ(far_end.natural_end(), 40);
}

TEST(FrameTimeline, every_segment_has_a_first_frame_for_any_times) {
    std::mt19937 random(3);
    for (int round = 0; round < 200; ++round) {
        const bool fixed = round % 2 == 0;
        FrameTimeline timeline(fixed ? constant(24000, 1001, {24024, 24000}) : variable(24000, {1, 1}));
        std::vector<MediaTime> times;
        std::int64_t now = static_cast<std::int64_t>(random() % 5000) - 2500;
        for (int i = 0; i < 50; ++i) {
            times.push_back({now, 1000});
            now += static_cast<std::int64_t>(random() % (random() % 7 == 0 ? 4000 : 60)) - 5;
        }
        const auto slots = run(timeline, times);
        std::int64_t segment = -1;
        for (const auto& slot : slots) {
            EXPECT_TRUE(slot.segment == segment || slot.segment == segment + 1) << "a segment is missing";
            EXPECT_EQ(slot.starts_segment, slot.segment != segment);
            segment = slot.segment;
            if (!fixed) continue;
            EXPECT_EQ(slot.pts % 1001, 0);
            if (slot.starts_segment) {
                EXPECT_EQ(slot.pts, slot.segment * 24024);
            }
        }
    }
}

}  // namespace
}  // namespace streamforge::media::ffmpeg
