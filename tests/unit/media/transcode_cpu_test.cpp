#include "media/ffmpeg/transcode_cpu.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>

#include "unit/media/transcode_support.hpp"

namespace streamforge::media {
namespace {

using namespace testing;
using ffmpeg::StageCpu;

/// Works until the calling thread has used `seconds` of processor time.
void burn(double seconds) {
    timespec start{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start);
    for (;;) {
        timespec now{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
        const double used = static_cast<double>(now.tv_sec - start.tv_sec) + static_cast<double>(now.tv_nsec - start.tv_nsec) * 1e-9;
        if (used > seconds) return;
    }
}

TEST(StageCpu, counts_its_thread_and_the_threads_started_inside_but_no_others) {
    const StageCpu stage("busy");
    const StageCpu other("idle");
    double counted = 0.0;
    double idle = 0.0;
    stage.run_inside([&] {
        std::atomic<bool> done{false};
        std::atomic<bool> measured{false};
        std::thread inherited([&] {
            burn(0.1);
            done = true;
            while (!measured) std::this_thread::yield();
        });
        burn(0.1);
        while (!done) std::this_thread::yield();
        counted = stage.seconds();
        measured = true;
        inherited.join();
    });
    other.run_inside([&] { idle = other.seconds(); });
    EXPECT_GE(counted, 0.15);
    EXPECT_LT(idle, 0.1);
}

TEST(StageCpu, exception_inside_comes_out) {
    EXPECT_THROW(StageCpu("x").run_inside([] { throw std::runtime_error("no"); }), std::runtime_error);
}

TEST(TranscodeCpu, stages_are_told_apart) {
    REQUIRE_FFMPEG();
    const std::string path = make_clip("cpu.mkv",
        "-f lavfi -i testsrc2=size=640x360:rate=25:duration=3 -c:v libx264 -preset ultrafast -pix_fmt yuv420p");
    EncodePlan plan = simple_plan({25, 1}, 25, 640, 360);
    plan.video[0].speed = "medium";
    plan.video[0].threads = 2;
    plan.measure_quality = true;
    CollectingSink sink;
    const auto summary = run_transcode(path, plan, sink);
    ASSERT_TRUE(summary) << summary.error().describe();
    std::map<std::string, double> stages(summary->cpu_seconds.begin(), summary->cpu_seconds.end());
    ASSERT_EQ(stages.size(), 3U);
    EXPECT_TRUE(stages.contains("decode") && stages.contains("verify v0"));
    EXPECT_GT(stages.at("encode v0"), stages.at("decode"));
}

}  // namespace
}  // namespace streamforge::media
