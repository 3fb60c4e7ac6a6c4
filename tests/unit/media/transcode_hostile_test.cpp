#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include <streamforge/media/ladder.hpp>
#include <streamforge/media/probe.hpp>

#include "unit/media/transcode_support.hpp"

namespace streamforge::media {
namespace {

using namespace testing;
namespace fs = std::filesystem;

const fs::path media_folder = fs::path(STREAMFORGE_SHARED_DIR) / "media";

std::vector<fs::path> files_under(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file()) files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
}

/// Small and quick, with everything switched on.
LadderPolicy small_ladder() {
    LadderPolicy policy;
    policy.rungs = {{180, {RateControl::Mode::capped_crf, 30.0, 0, 500000, 500000}, 64000},
                    {90, {RateControl::Mode::capped_crf, 30.0, 0, 200000, 200000}, 64000}};
    policy.speed = "ultrafast";
    policy.encoder_threads = 1;
    policy.segment = {2, 1};
    return policy;
}

/// Stops the run after enough of it was seen: some files are small and hold hours.
Result<TranscodeSummary> transcode_some(const fs::path& path, const EncodePlan& plan, CollectingSink& sink, int calls) {
    std::stop_source stop;
    sink.on_call = [&stop, calls](int call) {
        if (call >= calls) stop.request_stop();
    };
    return run_transcode(path.string(), plan, sink, {}, stop.get_token());
}

void expect_sane(const fs::path& path, const Result<TranscodeSummary>& summary, const EncodePlan& plan, const CollectingSink& sink) {
    constexpr std::array allowed{Errc::cancelled, Errc::malformed, Errc::no_streams, Errc::limit_exceeded, Errc::unsupported_codec,
                                 Errc::encrypted};
    EXPECT_TRUE(sink.broken_rules.empty()) << path << ": " << sink.broken_rules.front();
    if (!summary) {
        EXPECT_NE(std::ranges::find(allowed, summary.error().code), allowed.end()) << path << ": " << summary.error().describe();
        return;
    }
    for (std::size_t i = 0; i < plan.video.size(); ++i) {
        SCOPED_TRACE(path.string() + " " + plan.video[i].id);
        expect_sound_video(sink.video(i), plan.cuts);
    }
    for (std::size_t i = 0; i < plan.audio.size(); ++i) {
        EXPECT_EQ(sink.audio(i).ended, 1) << path;
        const auto& track = sink.audio(i);
        const MediaTime end{track.total_duration() - track.format.audio.priming_samples, track.format.timescale};
        EXPECT_LE(end, summary->audio_end) << path;
    }
}

void transcode_folder(const fs::path& folder, int calls) {
    if (!fs::exists(folder)) GTEST_SKIP() << folder << " is not there";
    int transcoded = 0;
    for (const auto& path : files_under(folder)) {
        if (path.extension() == ".md") continue;
        const auto source = open_file(path);
        ASSERT_TRUE(source);
        const auto info = probe(*source);
        if (!info) continue;
        const auto plan = plan_encode(*info, small_ladder());
        if (!plan) continue;
        CollectingSink sink;
        const auto summary = transcode_some(path, *plan, sink, calls);
        expect_sane(path, summary, *plan, sink);
        transcoded += summary ? 1 : 0;
    }
    EXPECT_GT(transcoded, 5);
}

TEST(TranscodeShared, every_real_clip_becomes_sound_tracks) { transcode_folder(media_folder / "dev", 20000); }

TEST(TranscodeShared, hostile_files_give_tracks_or_typed_errors) { transcode_folder(media_folder / "hostile", 800); }

TEST(TranscodeShared, surround_clip_keeps_both_layouts_to_the_sample) {
    const fs::path path = media_folder / "dev" / "bbb_720p25_h264_aac5.1_5s.mp4";
    if (!fs::exists(path)) GTEST_SKIP() << path << " is not there";
    const auto source = open_file(path);
    const auto info = probe(*source);
    ASSERT_TRUE(info);
    const auto plan = plan_encode(*info, small_ladder());
    ASSERT_TRUE(plan);
    ASSERT_EQ(plan->audio.size(), 2U);
    CollectingSink sink;
    ASSERT_TRUE(run_transcode(path.string(), *plan, sink));
    EXPECT_EQ(sink.audio(0).total_duration(), sink.audio(1).total_duration());
    for (std::size_t i = 0; i < 2; ++i) {
        std::int64_t samples = 0;
        for (const auto& frame : decode_track(sink.audio(i))) samples += frame->nb_samples;
        EXPECT_GE(samples, sink.audio(i).total_duration());
        EXPECT_LT(samples, sink.audio(i).total_duration() + 1024);
    }
}

}  // namespace
}  // namespace streamforge::media
