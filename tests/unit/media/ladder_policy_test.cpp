#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <functional>

#include <streamforge/media/input_policy.hpp>
#include <streamforge/media/ladder.hpp>

namespace streamforge::media {
namespace {

using ::testing::HasSubstr;

template <class Policy>
struct BadField {
    const char* field;
    std::function<void(Policy&)> spoil;
};

template <class Policy>
void expect_refused(const std::vector<BadField<Policy>>& cases) {
    for (const auto& each : cases) {
        Policy policy;
        ASSERT_TRUE(policy.validate());
        each.spoil(policy);
        const auto checked = policy.validate();
        ASSERT_FALSE(checked) << each.field;
        EXPECT_EQ(checked.error().code, Errc::invalid_argument) << each.field;
        EXPECT_THAT(checked.error().message, HasSubstr(each.field));
        EXPECT_EQ(checked.error().context.at(0).second, each.field);
    }
}

TEST(LadderPolicy, bad_fields_are_refused_by_name) {
    const auto rung = [](Rung value) { return [value](LadderPolicy& policy) { policy.rungs = {value}; }; };
    expect_refused<LadderPolicy>({
        {"preset", [](auto& policy) { policy.preset = "cinema"; }},
        {"codecs", [](auto& policy) { policy.codecs.clear(); }},
        {"codecs", [](auto& policy) { policy.codecs = {Codec::vp9}; }},
        {"codecs", [](auto& policy) { policy.codecs = {Codec::h264, Codec::hevc, Codec::h264}; }},
        {"speed", [](auto& policy) { policy.speed = "placebo"; }},
        {"segment", [](auto& policy) { policy.segment = {1, 2}; }},
        {"segment", [](auto& policy) { policy.segment = {31, 1}; }},
        {"segment", [](auto& policy) { policy.segment = {4, 0}; }},
        {"max_short_side_px", [](auto& policy) { policy.max_short_side_px = 8; }},
        {"encoder_threads", [](auto& policy) { policy.encoder_threads = -1; }},
        {"pictures.tile_width_px", [](auto& policy) { policy.pictures.tile_width_px = 161; }},
        {"pictures.tile_height_px", [](auto& policy) { policy.pictures.tile_height_px = 0; }},
        {"pictures.columns", [](auto& policy) { policy.pictures.columns = 0; }},
        {"pictures.rows", [](auto& policy) { policy.pictures = {.tile_height_px = 4096, .rows = 20}; }},
        {"pictures.jpeg_quality", [](auto& policy) { policy.pictures.jpeg_quality = 101; }},
        {"pictures.storyboard_interval", [](auto& policy) { policy.pictures.storyboard_interval = {0, 1}; }},
        {"pictures.poster_max_width_px", [](auto& policy) { policy.pictures.poster_max_width_px = 1; }},
        {"rungs.short_side_px", rung({8, {.max_bps = 1, .buffer_bits = 1}, 128000})},
        {"rungs.audio_bps", rung({240, {}, 1000})},
        {"rungs.rate.buffer_bits", rung({240, {.max_bps = 500000}, 128000})},
        {"rungs.rate.crf", rung({240, {.crf = 60}, 128000})},
        {"rungs.rate.target_bps", rung({240, {.mode = RateControl::Mode::average}, 128000})},
        {"rungs.rate.max_bps",
         rung({240, {.mode = RateControl::Mode::average, .target_bps = 500000, .max_bps = 400000, .buffer_bits = 1}, 128000})},
    });
}

TEST(LadderPolicy, preset_does_not_matter_beside_own_rungs) {
    LadderPolicy policy;
    policy.preset = "";
    EXPECT_FALSE(policy.validate());
    policy.rungs = {{360, {.max_bps = 800000, .buffer_bits = 800000}, 96000}};
    EXPECT_TRUE(policy.validate());
}

TEST(PresetRungs, are_valid_and_fall_steadily) {
    for (const char* name : {"default", "classic"}) {
        const auto rungs = preset_rungs(name);
        ASSERT_TRUE(rungs) << name;
        LadderPolicy policy;
        policy.rungs = *rungs;
        EXPECT_TRUE(policy.validate()) << name;
        for (std::size_t i = 1; i < rungs->size(); ++i) {
            EXPECT_LT((*rungs)[i].short_side_px, (*rungs)[i - 1].short_side_px);
            EXPECT_LT((*rungs)[i].rate.max_bps, (*rungs)[i - 1].rate.max_bps);
            EXPECT_LE((*rungs)[i].audio_bps, (*rungs)[i - 1].audio_bps);
        }
    }
}

TEST(PresetRungs, unknown_name_is_answered_with_the_known_ones) {
    const auto rungs = preset_rungs("youtube");
    ASSERT_FALSE(rungs);
    EXPECT_THAT(rungs.error().message, HasSubstr("default"));
    EXPECT_THAT(rungs.error().message, HasSubstr("classic"));
}

TEST(InputPolicy, bad_fields_are_refused_by_name) {
    expect_refused<InputPolicy>({
        {"formats", [](auto& policy) { policy.formats = {"mov", ""}; }},
        {"formats", [](auto& policy) { policy.formats = {"mov webm"}; }},
        {"max_streams", [](auto& policy) { policy.max_streams = 0; }},
        {"max_pixels", [](auto& policy) { policy.max_pixels = 1ULL << 40; }},
        {"max_sample_rate_hz", [](auto& policy) { policy.max_sample_rate_hz = 0; }},
        {"max_channels", [](auto& policy) { policy.max_channels = 0; }},
        {"max_duration", [](auto& policy) { policy.max_duration = std::chrono::seconds(0); }},
        {"max_input_bytes", [](auto& policy) { policy.max_input_bytes = 0; }},
        {"probe_bytes", [](auto& policy) { policy.probe_bytes = 10; }},
        {"decoder_threads", [](auto& policy) { policy.decoder_threads = -1; }},
        {"max_probe_time", [](auto& policy) { policy.max_probe_time = std::chrono::milliseconds(-1); }},
    });
}

}  // namespace
}  // namespace streamforge::media
