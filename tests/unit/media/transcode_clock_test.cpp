#include <gtest/gtest.h>

#include "media/ffmpeg/timeline_epochs.hpp"
#include "media/ffmpeg/timeline_samples.hpp"

namespace streamforge::media::ffmpeg {
namespace {

constexpr MediaTime frame{40, 1000};

MediaTime mended(TimestampEpochs& epochs, int stream, std::int64_t ms) {
    const MediaTime time{ms, 1000};
    return time + epochs.shift(stream, time, frame);
}

TEST(TimestampEpochs, steady_clock_is_left_alone) {
    TimestampEpochs epochs;
    for (int i = 0; i < 100; ++i) EXPECT_EQ(mended(epochs, 0, i * 40), (MediaTime{i * 40, 1000}));
    EXPECT_EQ(epochs.jumps(), 0U);
}

TEST(TimestampEpochs, gap_of_ten_seconds_is_a_gap_and_not_a_jump) {
    TimestampEpochs epochs;
    (void)mended(epochs, 0, 0);
    EXPECT_EQ(mended(epochs, 0, 10040), (MediaTime{10040, 1000}));
    EXPECT_EQ(epochs.jumps(), 0U);
}

TEST(TimestampEpochs, forward_jump_goes_on_where_the_stream_was) {
    TimestampEpochs epochs;
    (void)mended(epochs, 0, 0);
    EXPECT_EQ(mended(epochs, 0, 1000000), (MediaTime{40, 1000}));
    EXPECT_EQ(mended(epochs, 0, 1000040), (MediaTime{80, 1000}));
    EXPECT_EQ(epochs.jumps(), 1U);
}

TEST(TimestampEpochs, restart_of_the_clock_goes_on_where_the_stream_was) {
    TimestampEpochs epochs;
    for (int i = 0; i < 500; ++i) (void)mended(epochs, 0, i * 40);
    EXPECT_EQ(mended(epochs, 0, 0), (MediaTime{20000, 1000}));
}

TEST(TimestampEpochs, wrap_of_33_bits_is_mended_exactly) {
    TimestampEpochs epochs;
    const std::int64_t wrap = std::int64_t{1} << 33;
    const MediaTime before{wrap - 3600, 90000};
    (void)epochs.shift(0, before, {3600, 90000});
    const MediaTime after{0, 90000};
    EXPECT_EQ(after + epochs.shift(0, after, {3600, 90000}), (MediaTime{wrap, 90000}));
}

TEST(TimestampEpochs, sound_and_picture_keep_their_relation_over_a_splice) {
    TimestampEpochs epochs;
    (void)mended(epochs, 0, 5000);
    (void)mended(epochs, 1, 4900);
    // The picture jumps first; the sound of the new clip lies 15 ms before its picture.
    EXPECT_EQ(mended(epochs, 0, 900000), (MediaTime{5040, 1000}));
    EXPECT_EQ(mended(epochs, 1, 899985), (MediaTime{5025, 1000}));
    EXPECT_EQ(epochs.jumps(), 1U);
}

TEST(TimestampEpochs, packets_of_the_old_clock_after_a_splice_keep_the_old_shift) {
    TimestampEpochs epochs;
    (void)mended(epochs, 0, 5000);
    (void)mended(epochs, 1, 4900);
    (void)mended(epochs, 0, 900000);
    EXPECT_EQ(mended(epochs, 1, 4940), (MediaTime{4940, 1000}));
    EXPECT_EQ(mended(epochs, 1, 899950), (MediaTime{4990, 1000}));
    EXPECT_EQ(epochs.jumps(), 1U);
}

TEST(TimestampEpochs, stream_that_begins_after_a_splice_is_on_the_new_clock) {
    TimestampEpochs epochs;
    (void)mended(epochs, 0, 0);
    (void)mended(epochs, 0, 500000);
    EXPECT_EQ(mended(epochs, 1, 500020), (MediaTime{60, 1000}));
}

TEST(TimestampEpochs, two_readers_of_the_same_packets_decide_the_same) {
    TimestampEpochs a;
    TimestampEpochs b;
    std::int64_t clock = 0;
    for (int i = 0; i < 3000; ++i) {
        if (i % 500 == 499) clock += (i % 1000 == 999 ? -1 : 1) * 70000;
        const int stream = i % 3;
        EXPECT_EQ(mended(a, stream, clock), mended(b, stream, clock));
        clock += 13;
    }
    EXPECT_GT(a.jumps(), 0U);
}

TEST(SampleTimeline, sound_that_follows_itself_is_taken_whole) {
    SampleTimeline timeline(48000);
    for (int i = 0; i < 10; ++i) EXPECT_EQ(timeline.place({i * 1024, 48000}, 1024), (SampleStep{0, 0, 1024}));
    EXPECT_EQ(timeline.position(), 10240);
    EXPECT_EQ(timeline.corrections(), 0U);
}

TEST(SampleTimeline, late_start_is_filled_exactly_even_within_the_tolerance) {
    SampleTimeline timeline(48000);
    EXPECT_EQ(timeline.place({480, 48000}, 1024), (SampleStep{480, 0, 1024}));
    EXPECT_EQ(timeline.position(), 1504);
    EXPECT_EQ(timeline.corrections(), 0U);
}

TEST(SampleTimeline, early_start_is_cut_exactly_also_over_several_blocks) {
    SampleTimeline timeline(48000);
    EXPECT_EQ(timeline.place({-1500, 48000}, 1024), (SampleStep{0, 1024, 0}));
    EXPECT_EQ(timeline.place({-476, 48000}, 1024), (SampleStep{0, 476, 548}));
    EXPECT_EQ(timeline.place({548, 48000}, 1024), (SampleStep{0, 0, 1024}));
}

TEST(SampleTimeline, rounding_of_the_container_is_not_corrected) {
    SampleTimeline timeline(44100);
    std::int64_t position = 0;
    for (int i = 0; i < 1000; ++i) {
        const auto rounded = MediaTime{position, 44100}.rescaled(1000, Rounding::nearest);
        EXPECT_EQ(timeline.place(rounded, 1152), (SampleStep{0, 0, 1152}));
        position += 1152;
    }
    EXPECT_EQ(timeline.position(), position);
}

TEST(SampleTimeline, gap_is_filled_to_the_sample) {
    SampleTimeline timeline(48000);
    (void)timeline.place({0, 1}, 48000);
    EXPECT_EQ(timeline.place({2, 1}, 1000), (SampleStep{48000, 0, 1000}));
    EXPECT_EQ(timeline.corrections(), 1U);
}

TEST(SampleTimeline, overlap_is_cut_to_the_sample) {
    SampleTimeline timeline(48000);
    (void)timeline.place({0, 1}, 48000);
    EXPECT_EQ(timeline.place({40000, 48000}, 10000), (SampleStep{0, 8000, 2000}));
    EXPECT_EQ(timeline.place({30000, 48000}, 10000), (SampleStep{0, 10000, 0}));
    EXPECT_EQ(timeline.position(), 50000);
}

TEST(SampleTimeline, slow_drift_never_grows_past_the_tolerance) {
    SampleTimeline timeline(48000);
    const std::int64_t tolerance = 1440;
    for (std::int64_t i = 0; i < 20000; ++i) {
        const std::int64_t due = i * 1025;  // the clock runs 0.1 % slow against the samples
        (void)timeline.place({due, 48000}, 1024);
        EXPECT_LE(std::abs(timeline.position() - (due + 1024)), tolerance);
    }
    EXPECT_GT(timeline.corrections(), 0U);
}

TEST(SampleTimeline, change_of_rate_keeps_the_instant) {
    SampleTimeline timeline(44100);
    (void)timeline.place({0, 1}, 44100);
    timeline.change_rate(48000);
    EXPECT_EQ(timeline.position(), 48000);
    EXPECT_EQ(timeline.place({1, 1}, 1024), (SampleStep{0, 0, 1024}));
}

TEST(SampleTimeline, blocks_without_time_follow) {
    SampleTimeline timeline(48000);
    EXPECT_EQ(timeline.follow(100), (SampleStep{0, 0, 100}));
    EXPECT_EQ(timeline.end(), (MediaTime{100, 48000}));
}

}  // namespace
}  // namespace streamforge::media::ffmpeg
