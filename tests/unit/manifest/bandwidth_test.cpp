#include <streamforge/manifest/bandwidth.hpp>

#include <algorithm>
#include <gtest/gtest.h>
#include <limits>
#include <random>

#include "unit/manifest/sample_presentations.hpp"

namespace streamforge::manifest {
namespace {

__extension__ typedef unsigned __int128 Wide;

std::uint64_t rate(std::uint64_t bytes, std::int64_t ticks, std::int64_t timescale) {
    const Wide bits = Wide{bytes} * 8 * static_cast<std::uint64_t>(timescale);
    return static_cast<std::uint64_t>((bits + static_cast<std::uint64_t>(ticks) - 1) / static_cast<std::uint64_t>(ticks));
}

// The definitions word by word, over all runs.
std::uint64_t brute_peak(const std::vector<SizedSegment>& segments, std::int64_t timescale, std::int64_t target_s) {
    std::uint64_t peak = 0;
    std::uint64_t single = 0;
    bool any = false;
    for (std::size_t i = 0; i < segments.size(); ++i) {
        std::uint64_t bytes = 0;
        std::int64_t ticks = 0;
        for (std::size_t j = i; j < segments.size(); ++j) {
            bytes += segments[j].bytes;
            ticks += segments[j].duration_ticks;
            if (2 * ticks < target_s * timescale || 2 * ticks > 3 * target_s * timescale) continue;
            any = true;
            peak = std::max(peak, rate(bytes, ticks, timescale));
        }
        if (segments[i].duration_ticks > 0) {
            single = std::max(single, rate(segments[i].bytes, segments[i].duration_ticks, timescale));
        }
    }
    return any ? peak : single;
}

std::uint64_t brute_dash(const std::vector<SizedSegment>& segments, std::int64_t timescale, std::int64_t buffer_ticks) {
    std::uint64_t needed = 0;
    for (std::size_t i = 0; i < segments.size(); ++i) {
        std::uint64_t bytes = 0;
        std::int64_t before = 0;
        for (std::size_t j = i; j < segments.size(); ++j) {
            bytes += segments[j].bytes;
            needed = std::max(needed, rate(bytes, buffer_ticks + before, timescale));
            before += segments[j].duration_ticks;
        }
    }
    return needed;
}

class RandomSegments {
public:
    std::vector<SizedSegment> next(std::int64_t timescale) {
        const std::size_t count = 1 + random_() % 40;
        const std::int64_t usual = timescale * static_cast<std::int64_t>(1 + random_() % 8) / 2;
        std::vector<SizedSegment> segments;
        for (std::size_t i = 0; i < count; ++i) {
            std::int64_t ticks = usual;
            switch (random_() % 4) {
                case 0: ticks = 1 + static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(usual)); break;
                case 1: ticks = usual + static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(usual)); break;
                default: break;
            }
            if (i + 1 == count && random_() % 2 == 0) ticks = 1 + static_cast<std::int64_t>(random_() % 100);  // very short last
            segments.push_back({random_() % 5 == 0 ? random_() % 10 : random_() % 3'000'000, ticks});
        }
        return segments;
    }
    std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

private:
    std::mt19937_64 random_{20240917};
};

TEST(PeakBandwidth, equals_brute_force_on_random_sequences) {
    RandomSegments random;
    for (int round = 0; round < 10'000; ++round) {
        const std::int64_t timescale = round % 2 == 0 ? 1000 : 30000;
        const auto segments = random.next(timescale);
        const auto target_s = static_cast<std::int64_t>(1 + random.below(10));
        ASSERT_EQ(peak_bandwidth_bps(segments, timescale, target_s), brute_peak(segments, timescale, target_s)) << round;
    }
}

TEST(DashBandwidth, equals_brute_force_on_random_sequences) {
    RandomSegments random;
    for (int round = 0; round < 10'000; ++round) {
        const std::int64_t timescale = round % 2 == 0 ? 1000 : 30000;
        const auto segments = random.next(timescale);
        const auto buffer = static_cast<std::int64_t>(1 + random.below(8 * static_cast<std::uint64_t>(timescale)));
        ASSERT_EQ(dash_bandwidth_bps(segments, timescale, {buffer, timescale}), brute_dash(segments, timescale, buffer)) << round;
    }
}

TEST(DashBandwidth, takes_a_buffer_on_another_timescale_exactly) {
    const std::vector<SizedSegment> segments{{1000, 3003}};
    EXPECT_EQ(dash_bandwidth_bps(segments, 30000, {1, 3}), 24000U);
    EXPECT_EQ(dash_bandwidth_bps(segments, 30000, {1, 7}), 56000U);
}

// The rule itself: at B every segment is complete when it starts to play, and at B − 1 some segment is not.
TEST(DashBandwidth, is_the_least_rate_that_never_starves) {
    RandomSegments random;
    const std::int64_t timescale = 1000;
    const std::int64_t buffer = 2000;
    const auto starves = [&](const std::vector<SizedSegment>& segments, std::uint64_t bps) {
        for (std::size_t first = 0; first < segments.size(); ++first) {
            Wide arrived = 0;   // bits × 1000
            Wide due = static_cast<std::uint64_t>(buffer);
            for (std::size_t i = first; i < segments.size(); ++i) {
                arrived += Wide{segments[i].bytes} * 8 * static_cast<std::uint64_t>(timescale);
                if (arrived > due * bps) return true;
                due += static_cast<std::uint64_t>(segments[i].duration_ticks);
            }
        }
        return false;
    };
    for (int round = 0; round < 500; ++round) {
        const auto segments = random.next(timescale);
        const std::uint64_t bps = dash_bandwidth_bps(segments, timescale, {buffer, timescale});
        ASSERT_FALSE(starves(segments, bps));
        if (bps > 0) {
            ASSERT_TRUE(starves(segments, bps - 1));
        }
    }
}

TEST(PeakBandwidth, of_one_segment_is_its_rate) {
    const std::vector<SizedSegment> segments{{1'000'000, 4000}};
    EXPECT_EQ(peak_bandwidth_bps(segments, 1000, 4), 2'000'000U);
    EXPECT_EQ(average_bandwidth_bps(segments, 1000), 2'000'000U);
}

TEST(PeakBandwidth, ignores_a_very_short_segment_alone) {
    // 40 ms at 20 Mb/s: no player would notice, and no run of half a target duration is that dense.
    const std::vector<SizedSegment> segments{{500'000, 4000}, {500'000, 4000}, {100'000, 40}};
    EXPECT_EQ(peak_bandwidth_bps(segments, 1000, 4), rate(600'000, 4040, 1000));
}

TEST(PeakBandwidth, without_a_fitting_run_takes_the_densest_segment) {
    const std::vector<SizedSegment> segments{{1000, 1000}, {3000, 1000}};
    EXPECT_EQ(peak_bandwidth_bps(segments, 1000, 10), 24000U);
    EXPECT_EQ(peak_bandwidth_bps(segments, 1000, 0), 24000U);
}

TEST(PeakBandwidth, counts_a_run_of_exactly_half_and_one_and_a_half) {
    EXPECT_EQ(peak_bandwidth_bps(std::vector<SizedSegment>{{1000, 2000}, {9000, 2001}}, 1000, 4), rate(9000, 2001, 1000));
    EXPECT_EQ(peak_bandwidth_bps(std::vector<SizedSegment>{{1000, 1999}, {1000, 4001}, {0, 6001}}, 1000, 4),
              rate(2000, 6000, 1000));
}

TEST(Bandwidths, of_nothing_are_zero) {
    EXPECT_EQ(peak_bandwidth_bps({}, 1000, 4), 0U);
    EXPECT_EQ(average_bandwidth_bps({}, 1000), 0U);
    EXPECT_EQ(dash_bandwidth_bps({}, 1000, {1, 1}), 0U);
    EXPECT_EQ(hls_bandwidth({}, 4).peak_bps, 0U);
    EXPECT_EQ(i_frame_bandwidth({}, 4).peak_bps, 0U);
}

TEST(Bandwidths, saturate_instead_of_overflowing) {
    constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    const std::vector<SizedSegment> huge{{most, 1}, {most, 1}};
    EXPECT_EQ(peak_bandwidth_bps(huge, 1000, 1), most);
    EXPECT_EQ(average_bandwidth_bps(huge, 1000), most);
    EXPECT_EQ(dash_bandwidth_bps(huge, 1000, {1, 1}), most);
    const std::vector<SizedSegment> dense{{std::uint64_t{1} << 61, 1}};
    EXPECT_EQ(average_bandwidth_bps(dense, 1'000'000), most);
    EXPECT_EQ(dash_bandwidth_bps(dense, 1'000'000, {0, 1}), most);
}

TEST(Bandwidths, of_segments_without_length_are_finite) {
    const std::vector<SizedSegment> segments{{1000, 0}, {1000, 1000}};
    EXPECT_EQ(peak_bandwidth_bps(segments, 1000, 1), 16000U);
    EXPECT_EQ(average_bandwidth_bps(std::vector<SizedSegment>{{1000, 0}}, 1000), 0U);
}

TEST(PeakBandwidth, of_many_tiny_segments_in_one_window_ends_soon) {
    // A hundred thousand starts fit each end of a window; only a linear method gets through.
    std::vector<SizedSegment> segments(200'000, {100, 1});
    segments[77'777].bytes = 5'000;
    EXPECT_EQ(peak_bandwidth_bps(segments, 200'000, 1), rate(99'999 * 100 + 5'000, 100'000, 200'000));
    EXPECT_EQ(dash_bandwidth_bps(segments, 200'000, {1, 200'000}), rate(5'000, 1, 200'000));
}

TEST(ExtinfMicroseconds, never_drift) {
    // 24 hours of 281 AAC frames at 44.1 kHz each.
    std::vector<SegmentFacts> segments(14'000);
    for (std::size_t i = 0; i < segments.size(); ++i) {
        segments[i].start = {static_cast<std::int64_t>(i) * 281 * 1024, 44100};
        segments[i].duration = {281 * 1024, 44100};
    }
    const auto durations = extinf_microseconds(segments);
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < durations.size(); ++i) {
        sum += durations[i];
        const std::int64_t truth = segments[i].end().rescaled(1'000'000, Rounding::nearest).ticks;
        ASSERT_EQ(sum, truth);
    }
}

TEST(ExtinfMicroseconds, count_a_gap_to_the_segment_before_it) {
    std::vector<SegmentFacts> segments(2);
    segments[0].start = {1, 1};
    segments[0].duration = {4, 1};
    segments[1].start = {6, 1};
    segments[1].duration = {3, 1};
    EXPECT_EQ(extinf_microseconds(segments), (std::vector<std::int64_t>{5'000'000, 3'000'000}));
}

TEST(IFrameMicroseconds, reach_to_the_next_key_frame) {
    auto track = testing::video_track("v", "avc1.640028", 1'000'000);
    track.segments[1].key_frame.reset();
    const auto durations = i_frame_microseconds(track.segments);
    ASSERT_EQ(durations.size(), track.segments.size() - 1);
    EXPECT_EQ(durations[0], 8'008'000);
    EXPECT_EQ(durations.back(), 1'001'000);
}

TEST(HlsBandwidth, peak_is_never_below_the_average) {
    // 2.9 s and 6.4 s with a target duration of 6 s: the dense first segment fits no window.
    std::vector<SegmentFacts> segments(2);
    segments[0].duration = {29, 10};
    segments[0].bytes = 9'000'000;
    segments[1].start = {29, 10};
    segments[1].duration = {64, 10};
    segments[1].bytes = 1'000;
    const HlsBandwidth bandwidth = hls_bandwidth(segments, 6);
    EXPECT_GE(bandwidth.peak_bps, bandwidth.average_bps);
    EXPECT_GT(bandwidth.average_bps, 7'000'000U);
}

TEST(IFrameBandwidth, measures_the_key_frames_only) {
    const auto track = testing::video_track("v", "avc1.640028", 5'000'000);
    const auto frames = i_frame_bandwidth(track.segments, 4);
    const auto all = hls_bandwidth(track.segments, 4);
    EXPECT_GT(frames.peak_bps, 0U);
    EXPECT_NEAR(static_cast<double>(frames.average_bps), static_cast<double>(all.average_bps) / 8, 10.0);
}

}  // namespace
}  // namespace streamforge::manifest
