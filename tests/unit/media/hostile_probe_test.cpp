#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include <streamforge/media/ladder.hpp>

#include "unit/media/probe_support.hpp"

namespace streamforge::media {
namespace {

using namespace probe_testing;

struct HostileFile {
    std::string path;      ///< Below the folder of hostile files.
    std::string expected;  ///< "ok", "warning" or an error's code.
};

std::ostream& operator<<(std::ostream& out, const HostileFile& file) { return out << file.path; }

std::vector<HostileFile> hostile_files() {
    std::ifstream table(std::string(STREAMFORGE_TEST_SOURCE_DIR) + "/unit/media/hostile_probe.csv");
    std::vector<HostileFile> files;
    for (std::string line; std::getline(table, line);) {
        if (line.empty() || line.front() == '#') continue;
        const auto comma = line.rfind(',');
        files.push_back({line.substr(0, comma), line.substr(comma + 1)});
    }
    return files;
}

const std::string hostile_folder = std::string(STREAMFORGE_SHARED_DIR) + "/media/hostile/";

class Hostile : public ::testing::TestWithParam<HostileFile> {};

long peak_memory_mib() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

/// Only the cut-short warning depends on how busy the machine is.
bool warns(const MediaInfo& info) {
    for (const auto& warning : info.warnings) {
        if (warning.find("took too long") == std::string::npos) return true;
    }
    return false;
}

TEST_P(Hostile, gives_the_written_result_within_the_limits) {
    const auto& [path, expected] = GetParam();
    if (!std::filesystem::exists(hostile_folder + path)) GTEST_SKIP() << "no shared media: " << path;
    ProbeOptions options;
    options.policy.max_probe_time = std::chrono::seconds(10);
    const auto source = open_file(hostile_folder + path);
    ASSERT_TRUE(source);
    const auto info = probe(*source, options);
    const std::string found = !info ? std::string(to_string(info.error().code)) : warns(*info) ? "warning" : "ok";
    EXPECT_EQ(found, expected) << (info ? to_json(*info) : info.error().describe());
#ifndef __SANITIZE_ADDRESS__
    EXPECT_LE(peak_memory_mib(), 512);
#endif
    if (!info) return;
    // Whatever was found, planning it and writing it down must be safe too.
    EXPECT_FALSE(to_json(*info).empty());
    const auto plan = plan_encode(*info, {});
    if (!plan) {
        EXPECT_TRUE(plan.error().code == Errc::unsupported_codec || plan.error().code == Errc::no_streams) << plan.error().describe();
        return;
    }
    for (const auto& rendition : plan->video) {
        EXPECT_GE(rendition.width_px, 2U);
        EXPECT_GE(rendition.height_px, 2U);
    }
    EXPECT_TRUE(plan->video_source || !plan->audio.empty());
    EXPECT_GT(plan->cuts.period, (MediaTime{0, 1}));
}

INSTANTIATE_TEST_SUITE_P(Shared, Hostile, ::testing::ValuesIn(hostile_files()), [](const auto& file) {
    std::string name = std::to_string(file.index) + "_" + file.param.path;
    for (char& each : name) {
        if (std::isalnum(static_cast<unsigned char>(each)) == 0) each = '_';
    }
    return name;
});

TEST(HostileTable, names_every_file_that_is_there) {
    if (!std::filesystem::exists(hostile_folder)) GTEST_SKIP() << "no shared media";
    std::set<std::string> known;
    for (const auto& file : hostile_files()) known.insert(file.path);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(hostile_folder)) {
        if (!entry.is_regular_file()) continue;
        const std::string path = entry.path().lexically_relative(hostile_folder).string();
        EXPECT_TRUE(known.contains(path)) << path;
    }
}

}  // namespace
}  // namespace streamforge::media
