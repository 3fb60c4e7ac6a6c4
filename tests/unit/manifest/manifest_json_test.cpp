#include <streamforge/manifest/manifest_json.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "unit/manifest/sample_presentations.hpp"

namespace streamforge::manifest {
namespace {

using Json = nlohmann::json;

Json written(const Presentation& presentation, const ManifestJsonExtra& extra = {}) {
    return Json::parse(write_manifest_json(presentation, extra).value());
}

TEST(ManifestJson, tells_exact_durations_and_sizes) {
    const Presentation presentation = testing::full_presentation();
    const Json json = written(presentation);
    EXPECT_EQ(json["schema"], "streamforge.manifest/1");
    EXPECT_EQ(json["video"][0]["duration"]["exact"], "29029/1000");
    EXPECT_DOUBLE_EQ(json["video"][0]["duration"]["seconds"].get<double>(), 29.029);
    EXPECT_EQ(json["video"][0]["bytes"], presentation.video[0].track.total_bytes());
    std::uint64_t sum = presentation.poster->bytes;
    for (const char* kind : {"video", "audio", "text"}) {
        for (const auto& entry : json[kind]) sum += entry["bytes"].get<std::uint64_t>() + entry.value("whole_file_bytes", 0U);
    }
    for (const auto& sheet : json["thumbnails"]["sheets"]) sum += sheet["bytes"].get<std::uint64_t>();
    EXPECT_EQ(json["bytes"], sum);
}

TEST(ManifestJson, lists_segments_only_when_asked) {
    const Presentation presentation = testing::single_file_presentation();
    EXPECT_FALSE(written(presentation)["video"][0].contains("segments"));
    ManifestJsonExtra extra;
    extra.segments = true;
    const Json json = written(presentation, extra);
    ASSERT_EQ(json["video"][0]["segments"].size(), 8U);
    EXPECT_EQ(json["video"][0]["segments"][1]["offset"], presentation.video[0].track.segments[1].range->offset);
    EXPECT_EQ(json["video"][0]["segments"][1]["start"], "120120/30000");
}

TEST(ManifestJson, holds_the_callers_members) {
    ManifestJsonExtra extra;
    extra.members = {{"quality", "{\"ssim\": 0.98}"}};
    EXPECT_DOUBLE_EQ(written(testing::full_presentation(), extra)["extra"]["quality"]["ssim"].get<double>(), 0.98);
    extra.members = {{"bad", "{"}};
    EXPECT_EQ(write_manifest_json(testing::full_presentation(), extra).error().code, Errc::invalid_argument);
}

TEST(ManifestJson, hostile_labels_stay_text) {
    Presentation presentation = testing::full_presentation();
    presentation.audio[0].label = "\xFF\"}\n";
    ManifestJsonExtra extra;
    extra.source_name = "bad \xFF name";
    const Json json = written(presentation, extra);
    EXPECT_EQ(json["audio"][0]["label"], "\xEF\xBF\xBD\"}");
    EXPECT_EQ(json["source"], "bad \xEF\xBF\xBD name");
}

TEST(ManifestJson, absent_things_are_left_out) {
    ManifestJsonExtra extra;
    extra.dash_path.clear();
    extra.indent = -1;
    const std::string text = write_manifest_json(testing::audio_only_presentation(), extra).value();
    EXPECT_EQ(text.find('\n'), text.size() - 1);
    const Json json = Json::parse(text);
    for (const char* name : {"dash", "poster", "thumbnails", "extra", "generator", "created"}) EXPECT_FALSE(json.contains(name));
    EXPECT_TRUE(json["video"].empty());
}

TEST(ManifestJson, refuses_a_bad_presentation) {
    Presentation presentation = testing::full_presentation();
    presentation.video[0].track.segments.clear();
    EXPECT_FALSE(write_manifest_json(presentation));
}

}  // namespace
}  // namespace streamforge::manifest
