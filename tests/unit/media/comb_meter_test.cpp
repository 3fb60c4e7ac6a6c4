#include "media/comb_meter.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <functional>

#include "media/scan_decision.hpp"

namespace streamforge::media {
namespace {

constexpr std::size_t width = 160;
constexpr std::size_t height = 96;

/// A textured picture that moves to the right: brightness at (x, y) at half-frame number `field`.
std::uint8_t scene(std::size_t x, std::size_t y, double field, double speed = 4.0) {
    const auto at = static_cast<std::int64_t>(static_cast<double>(x) - field * speed + 100000.0);
    const std::int64_t column = at / 16 % 5;
    const std::int64_t row = static_cast<std::int64_t>(y) / 12;
    return static_cast<std::uint8_t>(30 + (column * 53 + row * 29) % 190);
}

std::vector<std::uint8_t> weave(const std::function<double(std::size_t y)>& time_of_line) {
    std::vector<std::uint8_t> picture;
    for (std::size_t y = 0; y < height; ++y) {
        for (std::size_t x = 0; x < width; ++x) picture.push_back(scene(x, y, time_of_line(y)));
    }
    return picture;
}

std::vector<FieldVote> votes_of(const std::function<std::vector<std::uint8_t>(int)>& picture, int count) {
    CombMeter meter;
    std::vector<FieldVote> votes;
    for (int i = 0; i < count; ++i) {
        if (const auto vote = meter.push(picture(i), width, height)) votes.push_back(*vote);
    }
    return votes;
}

std::vector<FieldVote> progressive_votes(int count) {
    return votes_of([](int i) { return weave([i](std::size_t) { return 2.0 * i; }); }, count);
}

std::vector<FieldVote> interlaced_votes(int count, bool top_first) {
    return votes_of(
        [top_first](int i) {
            return weave([i, top_first](std::size_t y) { return 2.0 * i + ((y % 2 == 0) == top_first ? 0.0 : 1.0); });
        },
        count);
}

/// Film A A B B B C C D D D, two fields a frame: the field numbers map to film frames.
std::vector<FieldVote> telecine_votes(int count) {
    const auto film_frame = [](int field) {
        constexpr int frames[]{0, 0, 1, 1, 1, 2, 2, 3, 3, 3};
        return field / 10 * 4 + frames[field % 10];
    };
    return votes_of(
        [&](int i) {
            return weave([&, i](std::size_t y) { return 2.5 * film_frame(2 * i + static_cast<int>(y % 2)); });
        },
        count);
}

int count_of(const std::vector<FieldVote>& votes, FieldVote kind) {
    return static_cast<int>(std::count(votes.begin(), votes.end(), kind));
}

TEST(CombMeter, moving_progressive_pictures_vote_progressive) {
    const auto votes = progressive_votes(20);
    EXPECT_EQ(count_of(votes, FieldVote::progressive), 18);
}

TEST(CombMeter, interlaced_pictures_vote_for_their_field_order) {
    EXPECT_EQ(count_of(interlaced_votes(20, true), FieldVote::top_first), 18);
    EXPECT_EQ(count_of(interlaced_votes(20, false), FieldVote::bottom_first), 18);
}

TEST(CombMeter, telecine_shows_film_fields_in_a_cycle_of_five) {
    const auto votes = telecine_votes(32);
    for (std::size_t i = 0; i < votes.size(); ++i) {
        EXPECT_EQ(votes[i] == FieldVote::film, votes[i % 5] == FieldVote::film) << i;
    }
    EXPECT_EQ(count_of(votes, FieldVote::film), 12);
    EXPECT_GE(count_of(votes, FieldVote::progressive), 12);
}

TEST(CombMeter, still_pictures_do_not_vote_even_with_a_blind_pattern) {
    const auto blind = [](int) {
        std::vector<std::uint8_t> picture;
        for (std::size_t y = 0; y < height; ++y) picture.insert(picture.end(), width, y % 2 == 0 ? 20 : 220);
        return picture;
    };
    const auto votes = votes_of(blind, 10);
    EXPECT_EQ(count_of(votes, FieldVote::undetermined), 8);
}

TEST(CombMeter, pictures_shown_twice_vote_for_both_orders_equally) {
    const auto votes = votes_of([](int i) { return weave([i](std::size_t) { return 4.0 * (i / 2); }); }, 32);
    EXPECT_EQ(count_of(votes, FieldVote::top_first), count_of(votes, FieldVote::bottom_first));
    EXPECT_EQ(decide_scan({.flagged = ScanType::progressive, .runs = {votes}}).scan, ScanType::progressive);
}

TEST(CombMeter, change_of_size_and_restart_begin_anew) {
    CombMeter meter;
    const auto picture = weave([](std::size_t) { return 0.0; });
    EXPECT_FALSE(meter.push(picture, width, height));
    EXPECT_FALSE(meter.push(picture, width, height));
    EXPECT_TRUE(meter.push(picture, width, height));
    EXPECT_FALSE(meter.push(picture, width / 2, height));
    meter.restart();
    EXPECT_FALSE(meter.push(picture, width / 2, height));
    EXPECT_FALSE(meter.push({}, width, height)) << "too few samples";
}

TEST(DecideScan, clear_pictures_overrule_a_missing_flag) {
    const auto decision = decide_scan({.flagged = ScanType::progressive, .runs = {interlaced_votes(20, false)}});
    EXPECT_EQ(decision.scan, ScanType::interlaced_bff);
    EXPECT_TRUE(decision.from_content);
}

TEST(DecideScan, flag_that_the_pictures_confirm_is_not_from_content) {
    const auto decision = decide_scan({.flagged = ScanType::interlaced_tff, .runs = {interlaced_votes(20, true)}});
    EXPECT_EQ(decision.scan, ScanType::interlaced_tff);
    EXPECT_FALSE(decision.from_content);
}

TEST(DecideScan, pictures_correct_a_wrong_field_order) {
    const auto decision = decide_scan({.flagged = ScanType::interlaced_tff, .runs = {interlaced_votes(20, false)}});
    EXPECT_EQ(decision.scan, ScanType::interlaced_bff);
    EXPECT_TRUE(decision.from_content);
}

TEST(DecideScan, still_pictures_leave_the_flag_alone) {
    const std::vector<FieldVote> nothing(30, FieldVote::undetermined);
    EXPECT_EQ(decide_scan({.flagged = ScanType::interlaced_tff, .runs = {nothing}}).scan, ScanType::interlaced_tff);
    EXPECT_EQ(decide_scan({.flagged = ScanType::progressive, .runs = {nothing}}).scan, ScanType::progressive);
}

TEST(DecideScan, interlace_flag_falls_only_to_progressive_pictures_seen_all_over) {
    const ScanEvidence near{.flagged = ScanType::interlaced_tff, .runs = {progressive_votes(40)}};
    EXPECT_EQ(decide_scan(near).scan, ScanType::interlaced_tff);
    ScanEvidence spread = near;
    spread.runs_are_spread = true;
    EXPECT_EQ(decide_scan(spread).scan, ScanType::progressive);
    EXPECT_TRUE(decide_scan(spread).from_content);
    spread.runs.push_back(interlaced_votes(12, true));
    EXPECT_EQ(decide_scan(spread).scan, ScanType::interlaced_tff) << "mixed content stays flagged";
}

TEST(DecideScan, few_odd_votes_do_not_make_progressive_video_interlaced) {
    auto votes = progressive_votes(30);
    std::fill_n(votes.begin(), 6, FieldVote::top_first);
    EXPECT_EQ(decide_scan({.flagged = ScanType::progressive, .runs = {votes}}).scan, ScanType::progressive);
}

TEST(DecideScan, telecine_needs_a_rate_that_film_can_hide_in) {
    ScanEvidence evidence{.flagged = ScanType::progressive, .runs = {telecine_votes(32)}, .telecine_possible = true};
    EXPECT_EQ(decide_scan(evidence).scan, ScanType::telecine);
    EXPECT_TRUE(decide_scan(evidence).from_content);
    evidence.telecine_possible = false;
    EXPECT_NE(decide_scan(evidence).scan, ScanType::telecine);
}

TEST(VoteFields, sums_decide_by_their_differences_alone) {
    constexpr std::int64_t pixels = 100000;
    EXPECT_EQ(vote_fields({.current = 0, .previous = 50000, .next = 50000}, pixels), FieldVote::progressive);
    EXPECT_EQ(vote_fields({.current = 300000, .previous = 350000, .next = 350000}, pixels), FieldVote::progressive);
    EXPECT_EQ(vote_fields({.current = 50000, .previous = 50000, .next = 140000}, pixels), FieldVote::top_first);
    EXPECT_EQ(vote_fields({.current = 50000, .previous = 140000, .next = 50000}, pixels), FieldVote::bottom_first);
    EXPECT_EQ(vote_fields({.current = 50000, .previous = 1000, .next = 80000}, pixels), FieldVote::film);
    EXPECT_EQ(vote_fields({.current = 50000, .previous = 50100, .next = 50200}, pixels), FieldVote::undetermined);
    EXPECT_EQ(vote_fields({.current = 50000, .previous = 20000, .next = 20000}, pixels), FieldVote::undetermined);
}

}  // namespace
}  // namespace streamforge::media
