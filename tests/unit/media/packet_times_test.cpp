#include "media/ffmpeg/packet_times.hpp"

#include <gtest/gtest.h>

namespace streamforge::media::ffmpeg {
namespace {

constexpr std::int64_t none = AV_NOPTS_VALUE;

PacketTimes times_of(const std::vector<std::pair<std::int64_t, std::int64_t>>& shown_and_decoded) {
    PacketTimes times;
    for (const auto& [shown, decoded] : shown_and_decoded) {
        const PacketPtr packet(av_packet_alloc());
        packet->pts = shown;
        packet->dts = decoded;
        times.note(*packet);
    }
    return times;
}

TEST(PacketTimes, pictures_that_later_packets_may_precede_are_left_out) {
    // I P B B P, cut after the second P: its B pictures are still to come.
    auto times = times_of({{0, -2}, {3, -1}, {1, 0}, {2, 1}, {6, 2}});
    EXPECT_EQ(times.complete_times(), (std::vector<std::int64_t>{0, 1, 2}));
    times.ended = true;
    EXPECT_EQ(times.complete_times(), (std::vector<std::int64_t>{0, 1, 2, 3, 6}));
}

TEST(PacketTimes, without_decoding_times_the_deepest_reordering_is_left_out) {
    PacketTimes times;
    for (std::int64_t i = 0; i < 20; ++i) times.shown.push_back(i);
    EXPECT_EQ(times.complete_times(), (std::vector<std::int64_t>{0, 1, 2, 3}));
    times.shown.resize(10);
    EXPECT_TRUE(times.complete_times().empty());
}

TEST(PacketTimes, decoding_times_stand_in_for_scarcer_presentation_times) {
    const auto times = times_of({{none, 0}, {none, 1}, {5, 2}});
    EXPECT_EQ(times.times(), (std::vector<std::int64_t>{0, 1, 2}));
    EXPECT_EQ(times.first_time(), 5);
    EXPECT_TRUE(times.timed());
    EXPECT_EQ(times_of({{none, 4}}).first_time(), 4);
}

TEST(PacketTimes, packets_outside_the_edit_list_and_untimed_ones_do_not_pretend) {
    PacketTimes times;
    const PacketPtr packet(av_packet_alloc());
    packet->pts = -40;
    packet->flags = AV_PKT_FLAG_DISCARD;
    times.note(*packet);
    EXPECT_EQ(times.packets, 0U);
    EXPECT_FALSE(times.first_time());
    EXPECT_FALSE(times_of({{none, none}, {none, none}, {0, none}}).timed());
    EXPECT_FALSE(PacketTimes{}.timed());
}

}  // namespace
}  // namespace streamforge::media::ffmpeg
