// Real and hostile files: our index against ffprobe's packet list, and typed errors for what is broken.
#include <streamforge/packaging/mp4_reader.hpp>

#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>
#include <map>
#include <set>

#include <streamforge/packaging/remux.hpp>

#include "unit/packaging/support/allocation_meter.hpp"
#include "unit/packaging/support/tools.hpp"

namespace streamforge::packaging {
namespace {

using namespace test;
namespace fs = std::filesystem;

const fs::path shared_media = fs::path(STREAMFORGE_SHARED_DIR) / "media";

bool is_mp4(const fs::path& path) {
    static const std::set<std::string> endings{".mp4", ".mov", ".m4v", ".m4b", ".m4a", ".avif"};
    return endings.count(path.extension().string()) > 0;
}

std::vector<fs::path> files_under(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file()) files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

TEST(Mp4Files, packets_of_real_clips_are_those_that_ffprobe_lists) {
    SKIP_WITHOUT_FFMPEG();
    if (!fs::exists(shared_media / "dev")) GTEST_SKIP() << "the shared test media are not here";
    std::size_t compared = 0;
    for (const fs::path& path : files_under(shared_media / "dev")) {
        if (!is_mp4(path)) continue;
        const auto source = open_file(path);
        ASSERT_TRUE(source);
        const auto file = read_mp4(**source);
        ASSERT_TRUE(file) << path << file.error().describe();
        for (const Mp4Track& track : file->tracks) {
            const auto packets = ffprobe_samples(path.string(), "i:" + std::to_string(track.track_id));
            ASSERT_EQ(track.index->size(), packets.size()) << path << " track " << track.track_id;
            auto cursor = track.index->cursor();
            // FFmpeg lowers all decode times of a track with negative composition offsets.
            const std::int64_t lowered = track.index->first_dts() - packets.front().dts;
            ASSERT_GE(lowered, 0) << path;
            Bytes data;
            for (std::size_t i = 0; i < packets.size(); ++i) {
                const IndexedSample sample = cursor.next();
                ASSERT_EQ(sample.dts - lowered, packets[i].dts) << path << " track " << track.track_id << " sample " << i;
                ASSERT_EQ(sample.pts(), packets[i].pts) << path << " track " << track.track_id << " sample " << i;
                ASSERT_EQ(sample.sync, packets[i].sync) << path << " track " << track.track_id << " sample " << i;
                data.resize(sample.size_bytes);
                ASSERT_TRUE((*source)->read_at(sample.offset, data));
                ASSERT_EQ(data, packets[i].data) << path << " track " << track.track_id << " sample " << i;
            }
            ++compared;
        }
    }
    EXPECT_GE(compared, 20u);
}

TEST(Mp4Files, hostile_files_give_their_expected_class) {
    if (!fs::exists(shared_media / "hostile")) GTEST_SKIP() << "the shared test media are not here";
    const std::map<std::string, Errc> expected{
        {"mozilla/short-cenc.mp4", Errc::encrypted},
        {"mp4parse/short-cenc.mp4", Errc::encrypted},
        {"mozilla/0-timescale.mp4", Errc::malformed},
        {"mozilla/bug1079747.mp4", Errc::malformed},
        {"mozilla/_1601video.mp4", Errc::unsupported_codec},
        {"androidx/mp4~sample_vvc.mp4", Errc::unsupported_codec},
        {"androidx/mp4~sample_fragmented_sideloaded_track.mp4", Errc::malformed},
        {"androidx/mp4~sample_malformed_free_box.mp4", Errc::malformed},
        {"androidx/mp4~large_stbl_truncated_after_moov.m4b", Errc::malformed},
        {"mp4parse/chunk_out_of_range.mp4", Errc::malformed},
        {"mp4parse/no_edts.avif", Errc::no_streams},
        {"misc/streamio_broken.mp4", Errc::malformed},
        {"poc/mp4v2_id_000000.mp4", Errc::malformed},
    };
    for (const auto& [name, code] : expected) {
        const auto source = open_file(shared_media / "hostile" / name);
        ASSERT_TRUE(source) << name;
        const auto file = read_mp4(**source);
        ASSERT_FALSE(file) << name;
        EXPECT_EQ(file.error().code, code) << name << ": " << file.error().describe();
    }
}

TEST(Mp4Files, damaged_parts_are_left_out_with_a_warning) {
    if (!fs::exists(shared_media / "hostile")) GTEST_SKIP() << "the shared test media are not here";
    for (const char* name : {"androidx/mp4~sample_mdat_too_long.mp4", "mp4parse/test_case_1185230.mp4",
                             "poc/bento4_mp4decrypt_poc6.mp4", "poc/bento4_mp4dump_poc1.mp4", "mp4parse/no_timescale.mp4"}) {
        const auto source = open_file(shared_media / "hostile" / name);
        ASSERT_TRUE(source) << name;
        const auto file = read_mp4(**source);
        ASSERT_TRUE(file) << name << file.error().describe();
        EXPECT_FALSE(file->warnings.empty()) << name;
    }
}

TEST(Mp4Files, no_file_makes_the_reader_allocate_much_more_than_it_holds) {
    if (!fs::exists(shared_media / "hostile")) GTEST_SKIP() << "the shared test media are not here";
    for (const fs::path& path : files_under(shared_media / "hostile")) {
        const auto source = open_file(path);
        ASSERT_TRUE(source);
        const AllocationMeter meter;
        const auto file = read_mp4(**source);
        EXPECT_LE(meter.largest(), (*source)->size_bytes() + (std::size_t{1} << 17)) << path;
    }
}

TEST(Mp4Files, hostile_files_that_can_be_read_can_be_planned_and_written_or_fail_cleanly) {
    if (!fs::exists(shared_media / "hostile")) GTEST_SKIP() << "the shared test media are not here";
    std::size_t planned = 0;
    for (const fs::path& path : files_under(shared_media / "hostile")) {
        const auto source = open_file(path);
        ASSERT_TRUE(source);
        auto file = read_mp4(**source);
        if (!file) continue;
        const std::vector<RemuxInput> inputs{{path.filename().string(), *std::move(file), {}}};
        for (const AudioPriming priming : {AudioPriming::edit_list, AudioPriming::drop_packets}) {
            const auto plan = plan_remux(inputs, {.period = {2, 1}, .audio_priming = priming});
            if (!plan) continue;
            ++planned;
            for (const RemuxTrack& track : plan->tracks) {
                for (std::size_t i = 0; i < track.segment_count(); ++i) {
                    const auto bytes = materialise(track.segment(i), **source);
                    ASSERT_TRUE(bytes) << path << bytes.error().describe();
                    EXPECT_EQ(bytes->size(), track.facts(i).size_bytes) << path;
                }
            }
        }
    }
    EXPECT_GE(planned, 60u);
}

}  // namespace
}  // namespace streamforge::packaging
