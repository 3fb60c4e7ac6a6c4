#include <gtest/gtest.h>

#include "unit/media/transcode_support.hpp"

namespace streamforge::media {
namespace {

using namespace testing;

std::string clip(const std::string& rate, const std::string& seconds) {
    return make_clip("rate_" + std::to_string(std::hash<std::string>{}(rate + "_" + seconds)) + ".mp4",
                     "-f lavfi -i testsrc2=size=320x180:rate=" + rate + ":duration=" + seconds +
                         " -f lavfi -i sine=frequency=440:sample_rate=48000:duration=" + seconds +
                         " -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac -shortest");
}

struct RateCase {
    const char* name;
    Rational rate;
    std::int64_t timescale;
    MediaTime period;
    std::int64_t frames;
};

class ConstantRate : public ::testing::TestWithParam<RateCase> {};

TEST_P(ConstantRate, every_cut_is_an_idr_exactly_on_the_grid) {
    REQUIRE_FFMPEG();
    const RateCase& each = GetParam();
    const std::string path = make_clip(std::string("cfr_") + each.name + ".mp4",
        "-f lavfi -i testsrc2=size=320x180:rate=" + each.rate.to_string() + " -frames:v " + std::to_string(each.frames) +
        " -c:v libx264 -preset ultrafast -pix_fmt yuv420p");
    ASSERT_FALSE(path.empty());
    EncodePlan plan = simple_plan(each.rate, each.timescale, 320, 180);
    plan.cuts.period = each.period;
    CollectingSink sink;
    const auto summary = run_transcode(path, plan, sink);
    ASSERT_TRUE(summary) << summary.error().describe();
    EXPECT_TRUE(sink.broken_rules.empty()) << sink.broken_rules.front();
    const auto& track = sink.video();
    expect_sound_video(track, plan.cuts);
    EXPECT_EQ(track.samples.size(), static_cast<std::size_t>(each.frames));
    const std::int64_t frame = each.timescale * each.rate.den / each.rate.num;
    for (const auto& sample : track.samples) EXPECT_EQ(sample.duration, frame);
    EXPECT_EQ(track.total_duration(), frame * each.frames);
    EXPECT_EQ(summary->frames_decoded, static_cast<std::uint64_t>(each.frames));
    EXPECT_EQ(summary->frames_encoded, static_cast<std::uint64_t>(each.frames));
    EXPECT_EQ(summary->frames_dropped, 0U);
    EXPECT_EQ(summary->frames_filled, 0U);
    EXPECT_EQ(summary->video_end, (MediaTime{frame * each.frames, each.timescale}));
    EXPECT_EQ(decode_track(track).size(), static_cast<std::size_t>(each.frames));
}

INSTANTIATE_TEST_SUITE_P(Rates, ConstantRate,
    ::testing::Values(RateCase{"29_97", {30000, 1001}, 30000, {30030, 30000}, 100},
                      RateCase{"25", {25, 1}, 25, {1, 1}, 80}, RateCase{"24", {24, 1}, 24000, {2, 1}, 121},
                      RateCase{"23_976", {24000, 1001}, 24000, {24024, 24000}, 73},
                      RateCase{"59_94", {60000, 1001}, 60000, {60060, 60000}, 150},
                      RateCase{"12_5", {25, 2}, 25, {2, 1}, 60}),
    [](const auto& instance) { return "fps_" + std::string(instance.param.name); });

TEST(Transcode, sound_keeps_its_exact_number_of_samples) {
    REQUIRE_FFMPEG();
    const std::string path = clip("25", "3");
    ASSERT_FALSE(path.empty());
    EncodePlan plan = simple_plan({25, 1}, 25000, 320, 180);
    plan.audio.push_back(audio_rendition(1));
    CollectingSink sink;
    const auto summary = run_transcode(path, plan, sink);
    ASSERT_TRUE(summary) << summary.error().describe();
    const auto& track = sink.audio();
    EXPECT_EQ(track.format.audio.priming_samples, 1024U);
    EXPECT_EQ(track.samples.front().pts, 0);
    EXPECT_EQ(track.total_duration(), 1024 + 3 * 48000);
    EXPECT_EQ(summary->audio_end, (MediaTime{3, 1}));
}

}  // namespace
}  // namespace streamforge::media
