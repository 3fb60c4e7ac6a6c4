#include <streamforge/packaging/remux.hpp>

#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>
#include <random>

#include "unit/packaging/support/media.hpp"
#include "unit/packaging/support/remux_support.hpp"
#include "unit/packaging/support/tools.hpp"

namespace streamforge::packaging {
namespace {

using namespace test;
namespace fs = std::filesystem;

/// Video and audio with payloads of many sizes, some larger than the read buffer.
Prepared large_input(std::size_t samples_per_chunk, std::uint64_t seed) {
    std::mt19937 random(static_cast<std::mt19937::result_type>(seed));
    BuiltTrack video{tiny_h264_format(), tiny_h264_samples(90, 15, 1), -1, 0};
    for (auto& sample : video.samples) {
        const std::size_t size = random() % 20 == 0 ? 700'000 : random() % 9000;
        for (std::size_t i = 0; i < size; ++i) sample.data.push_back(static_cast<std::uint8_t>(random()));
    }
    BuiltTrack audio{tiny_aac_format(0), tiny_aac_samples(141), 1024, 0};
    for (auto& sample : audio.samples) sample.data.resize(1 + random() % 400, static_cast<std::uint8_t>(random()));
    BuildOptions options;
    options.samples_per_chunk = samples_per_chunk;
    return prepare_input({video, audio}, options);
}

RemuxPlan plan_of(const Prepared& prepared, const RemuxOptions& options) {
    return plan_remux(std::vector<RemuxInput>{prepared.input}, options).value();
}

TEST(RemuxRun, files_are_the_layouts_made_real_whatever_the_interleaving) {
    for (const std::size_t per_chunk : {1U, 2U, 30U, 1000U}) {
        const auto prepared = large_input(per_chunk, per_chunk);
        const auto plan = plan_of(prepared, {.period = {1, 1}});
        MemorySink sink;
        ASSERT_TRUE(run_remux(plan, std::vector{prepared.source}, sink));
        std::size_t expected = 0;
        for (std::size_t t = 0; t < plan.tracks.size(); ++t) {
            const std::string folder = std::to_string(t);
            EXPECT_EQ(sink.files[folder + "/init"].bytes, plan.tracks[t].init_segment());
            for (std::size_t i = 0; i < plan.tracks[t].segment_count(); ++i) {
                const SegmentLayout layout = plan.tracks[t].segment(i);
                const auto& file = sink.files[folder + "/seg-" + std::to_string(layout.facts.number)];
                EXPECT_TRUE(file.finished);
                EXPECT_EQ(file.bytes, *materialise(layout, *prepared.source));
                EXPECT_EQ(file.bytes.size(), layout.facts.size_bytes);
            }
            expected += 1 + plan.tracks[t].segment_count();
        }
        EXPECT_EQ(sink.files.size(), expected);
    }
}

TEST(RemuxRun, single_file_is_header_index_and_all_fragments) {
    const auto prepared = large_input(2, 5);
    const auto plan = plan_of(prepared, {.period = {1, 1}, .single_file = true});
    MemorySink sink;
    ASSERT_TRUE(run_remux(plan, std::vector{prepared.source}, sink));
    for (std::size_t t = 0; t < plan.tracks.size(); ++t) {
        const auto layout = plan.tracks[t].single_file();
        Bytes wanted = plan.tracks[t].init_segment();
        wanted.insert(wanted.end(), layout->sidx.begin(), layout->sidx.end());
        for (std::size_t i = 0; i < plan.tracks[t].segment_count(); ++i) {
            EXPECT_EQ(layout->segments[i].offset, wanted.size());
            const auto bytes = materialise(plan.tracks[t].segment(i), *prepared.source);
            wanted.insert(wanted.end(), bytes->begin(), bytes->end());
        }
        EXPECT_EQ(sink.files[std::to_string(t) + "/file"].bytes, wanted);
        EXPECT_EQ(layout->size_bytes, wanted.size());
    }
    EXPECT_EQ(sink.files.size(), 2u);
}

TEST(RemuxRun, samples_that_lie_backwards_in_the_file_come_out_in_order) {
    const auto prepared = large_input(1, 9);
    // The same index with the first two samples' places exchanged, as editing programs leave them.
    RemuxInput input = prepared.input;
    const SampleIndex& index = *input.file.tracks[0].index;
    SampleIndex::Builder builder;
    for (std::uint64_t i = 0; i < index.size(); ++i) {
        IndexedSample sample = index.sample(i);
        const IndexedSample other = index.sample(i % 2 == 0 ? std::min(i + 1, index.size() - 1) : i - 1);
        sample.offset = other.offset;
        sample.size_bytes = other.size_bytes;
        builder.append(sample);
    }
    input.file.tracks[0].index = std::move(builder).build();
    const auto plan = plan_remux(std::vector<RemuxInput>{input}, {.period = {1, 1}}).value();
    MemorySink sink;
    ASSERT_TRUE(run_remux(plan, std::vector{prepared.source}, sink));
    for (std::size_t i = 0; i < plan.tracks[0].segment_count(); ++i) {
        EXPECT_EQ(sink.files["0/seg-" + std::to_string(i + 1)].bytes, *materialise(plan.tracks[0].segment(i), *prepared.source));
    }
}

TEST(RemuxRun, sink_that_fails_at_any_call_stops_the_run_with_its_error) {
    const auto prepared = large_input(3, 2);
    for (const bool single : {false, true}) {
        const auto plan = plan_of(prepared, {.period = {1, 1}, .single_file = single});
        MemorySink whole;
        ASSERT_TRUE(run_remux(plan, std::vector{prepared.source}, whole));
        for (std::size_t at = 0; at < whole.calls; ++at) {
            MemorySink sink;
            sink.fail_at = at;
            const auto ran = run_remux(plan, std::vector{prepared.source}, sink);
            ASSERT_FALSE(ran) << at;
            EXPECT_EQ(ran.error().code, Errc::no_space);
            EXPECT_EQ(sink.calls, at + 1) << "nothing is asked of a sink that failed";
        }
    }
}

TEST(RemuxRun, input_that_became_shorter_is_malformed) {
    const auto prepared = large_input(3, 3);
    const auto plan = plan_of(prepared, {.period = {1, 1}});
    Bytes bytes(static_cast<std::size_t>(prepared.source->size_bytes()));
    ASSERT_TRUE(prepared.source->read_at(0, bytes));
    bytes.resize(bytes.size() / 2);
    MemorySink sink;
    const auto shorter = bytes_source(std::move(bytes));
    EXPECT_EQ(run_remux(plan, std::vector{shorter}, sink).error().code, Errc::malformed);
    EXPECT_EQ(materialise(plan.tracks[0].segment(plan.tracks[0].segment_count() - 1), *shorter).error().code, Errc::malformed);
}

TEST(RemuxRun, stop_request_ends_the_run) {
    const auto prepared = large_input(3, 4);
    const auto plan = plan_of(prepared, {.period = {1, 1}});
    std::stop_source stop;
    stop.request_stop();
    MemorySink sink;
    EXPECT_EQ(run_remux(plan, std::vector{prepared.source}, sink, {}, stop.get_token()).error().code, Errc::cancelled);
    // Stopped by its own progress report, after the first segments.
    std::stop_source later;
    MemorySink started;
    const auto observer = [&](const Progress&) { later.request_stop(); };
    EXPECT_EQ(run_remux(plan, std::vector{prepared.source}, started, observer, later.get_token()).error().code, Errc::cancelled);
    EXPECT_TRUE(started.files["0/seg-1"].finished);
    EXPECT_FALSE(started.files["0/seg-2"].finished);
}

TEST(RemuxRun, progress_rises_to_the_whole) {
    const auto prepared = large_input(3, 6);
    const auto plan = plan_of(prepared, {.period = {1, 1}});
    MemorySink sink;
    std::vector<double> fractions;
    std::uint64_t bytes = 0;
    ASSERT_TRUE(run_remux(plan, std::vector{prepared.source}, sink, [&](const Progress& progress) {
        fractions.push_back(progress.fraction);
        bytes = progress.bytes_written;
    }));
    EXPECT_TRUE(std::is_sorted(fractions.begin(), fractions.end()));
    EXPECT_EQ(fractions.back(), 1.0);
    std::uint64_t wanted = 0;
    for (const auto& [name, file] : sink.files) wanted += name.find("seg") != std::string::npos ? file.bytes.size() : 0;
    EXPECT_EQ(bytes, wanted);
}

TEST(RemuxRun, plan_without_its_source_is_refused) {
    const auto prepared = large_input(3, 7);
    const auto plan = plan_of(prepared, {.period = {1, 1}});
    MemorySink sink;
    EXPECT_EQ(run_remux(plan, {}, sink).error().code, Errc::invalid_argument);
    EXPECT_EQ(run_remux(plan, std::vector<std::shared_ptr<ByteSource>>{nullptr}, sink).error().code, Errc::invalid_argument);
}

TEST(FolderSink, files_have_their_names_only_when_whole) {
    const TempFolder folder;
    const auto prepared = large_input(3, 8);
    const auto plan = plan_of(prepared, {.period = {1, 1}});
    const auto sink = folder_sink(folder / "out", {"video", "audio"});
    ASSERT_TRUE(run_remux(plan, std::vector{prepared.source}, *sink));
    EXPECT_EQ(read_bytes(folder / "out/video/init.mp4"), plan.tracks[0].init_segment());
    for (std::size_t i = 0; i < plan.tracks[0].segment_count(); ++i) {
        EXPECT_EQ(read_bytes(folder / ("out/video/seg-" + std::to_string(i + 1) + ".m4s")),
                  *materialise(plan.tracks[0].segment(i), *prepared.source));
    }
    for (const auto& entry : fs::recursive_directory_iterator(folder / "out")) {
        EXPECT_NE(entry.path().extension(), ".partial") << entry.path();
    }
}

TEST(FolderSink, stopped_run_leaves_no_partial_file) {
    const TempFolder folder;
    const auto prepared = large_input(3, 8);
    const auto plan = plan_of(prepared, {.period = {1, 1}});
    std::stop_source stop;
    const auto sink = folder_sink(folder / "out", {"video", "audio"});
    ASSERT_FALSE(run_remux(plan, std::vector{prepared.source}, *sink, [&](const Progress&) { stop.request_stop(); }, stop.get_token()));
    std::size_t files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder / "out")) {
        if (!entry.is_regular_file()) continue;
        ++files;
        EXPECT_NE(entry.path().extension(), ".partial") << entry.path();
    }
    EXPECT_EQ(files, 4u) << "two headers and two segments";
}

TEST(FolderSink, file_system_errors_are_typed) {
    const TempFolder folder;
    write_bytes(folder / "taken", Bytes{1});
    const auto prepared = large_input(3, 8);
    const auto plan = plan_of(prepared, {.period = {1, 1}});
    const auto blocked = folder_sink(folder / "taken", {"video", "audio"});
    EXPECT_FALSE(run_remux(plan, std::vector{prepared.source}, *blocked));
    const auto nameless = folder_sink(folder / "out", {"video"});
    EXPECT_EQ(run_remux(plan, std::vector{prepared.source}, *nameless).error().code, Errc::invalid_argument);
}

/// Real clips: whatever is packaged decodes to the source's own pictures and sound.
class RemuxClips : public testing::TestWithParam<const char*> {};

TEST_P(RemuxClips, packaged_tracks_decode_like_the_source) {
    SKIP_WITHOUT_FFMPEG();
    const fs::path path = fs::path(STREAMFORGE_SHARED_DIR) / "media/dev" / GetParam();
    if (!fs::exists(path)) GTEST_SKIP() << "the shared test media are not here";
    const auto prepared = prepare_file(path.string());
    const TempFolder folder;
    const auto plan = plan_of(prepared, {.period = {2, 1}});
    for (const RemuxTrack& track : plan.tracks) {
        const std::string joined = folder / "joined.mp4";
        write_bytes(joined, joined_track(track, *prepared.source));
        const std::string stream = track.format().kind == TrackKind::video ? "v:0" : "a:0";
        const std::string source_stream = "i:" + std::to_string(prepared.input.file.tracks[track.input_track()].track_id);
        std::string source_complaints;
        std::string complaints;
        const auto wanted = decoded_hashes(path.string(), source_stream, source_complaints);
        const auto got = decoded_hashes(joined, stream, complaints);
        ASSERT_FALSE(wanted.empty());
        // An edit list may let the packaged track begin later or end earlier than the file's samples.
        const auto at = std::search(wanted.begin(), wanted.end(), got.begin(), got.end());
        EXPECT_NE(at, wanted.end()) << stream;
        EXPECT_GE(got.size() + 12, wanted.size()) << stream;
        EXPECT_TRUE(complaints.empty() || !source_complaints.empty()) << complaints;
    }
}

INSTANTIATE_TEST_SUITE_P(Dev, RemuxClips,
                         testing::Values("bbb_480p24_h264_aac5.1_30s.mp4", "train_camera_360p30_h264_aac_10s.mp4",
                                         "cars_overhead_432p12.5_h264_aac_30s.mp4", "bbb_720p25_h264_aac5.1_5s.mp4",
                                         "phone_hlg10_hevc_rot90_editlist_1080p_2.5s.mp4",
                                         "phone_hdr10_pq_av1_vertical_720x1280_4s.mp4", "webcam_vfr_480p_h264_7.5s.mov",
                                         "two_audio_ac3_5.1_plus_aac.mp4", "audio_only_aac_15s.mp4", "bt601_vfr_colr_428p.mov",
                                         "iphone_rot90_720p_h264_0.5s.mov"),
                         [](const auto& clip) {
                             std::string name = clip.param;
                             std::replace_if(name.begin(), name.end(), [](char letter) { return std::isalnum(letter) == 0; }, '_');
                             return name;
                         });

}  // namespace
}  // namespace streamforge::packaging
