#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <thread>

#include "unit/media/transcode_support.hpp"

namespace streamforge::media {
namespace {

using namespace testing;

std::string small_clip() {
    return make_clip("stop.mp4",
        "-f lavfi -i testsrc2=size=160x90:rate=25:duration=2 -f lavfi -i sine=sample_rate=48000:duration=2 "
        "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac");
}

/// Everything switched on, so that every kind of thread is there to be stopped.
EncodePlan full_plan() {
    EncodePlan plan = simple_plan({25, 1}, 25, 160, 90);
    VideoRendition smaller = plan.video[0];
    smaller.id = "v1";
    smaller.width_px = 96;
    smaller.height_px = 54;
    smaller.speed = "fast";
    smaller.threads = 2;
    plan.video.push_back(smaller);
    plan.audio.push_back(audio_rendition(1));
    plan.measure_quality = true;
    plan.pictures.poster = true;
    plan.pictures.storyboard = true;
    plan.pictures.storyboard_interval = {1, 2};
    plan.pictures.columns = 2;
    plan.pictures.rows = 1;
    plan.pictures.tile_width_px = 64;
    plan.pictures.tile_height_px = 36;
    return plan;
}

std::size_t threads_of_process() {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/task")) ++count;
    return count;
}

/// A joined thread may be listed a moment longer: look again until it is gone, or long past any doubt.
bool no_more_threads_than(std::size_t count) {
    for (int look = 0; look < 20000; ++look) {
        if (threads_of_process() <= count) return true;
        std::this_thread::yield();
    }
    return false;
}

int calls_of_a_whole_run() {
    static const int calls = [] {
        CollectingSink sink;
        const auto summary = run_transcode(small_clip(), full_plan(), sink);
        EXPECT_TRUE(summary) << summary.error().describe();
        return sink.calls();
    }();
    return calls;
}

TEST(TranscodeStop, sink_that_fails_at_any_call_ends_the_run_with_its_error) {
    REQUIRE_FFMPEG();
    const int calls = calls_of_a_whole_run();
    ASSERT_GT(calls, 100);
    const std::size_t before = threads_of_process();
    for (int call = 0; call < calls; call += call < 40 ? 1 : 7) {
        CollectingSink sink;
        sink.fail_at_call = call;
        const auto summary = run_transcode(small_clip(), full_plan(), sink);
        ASSERT_FALSE(summary) << "call " << call;
        EXPECT_EQ(summary.error().code, Errc::no_space) << "call " << call << ": " << summary.error().describe();
        EXPECT_EQ(summary.error().operation, "test.sink");
        EXPECT_TRUE(no_more_threads_than(before)) << "threads left behind after call " << call;
    }
}

TEST(TranscodeStop, cancelled_at_any_call_ends_as_cancelled) {
    REQUIRE_FFMPEG();
    const int calls = calls_of_a_whole_run();
    const std::size_t before = threads_of_process();
    for (int stop_at = 0; stop_at + 8 < calls; stop_at += stop_at < 40 ? 1 : 7) {
        CollectingSink sink;
        std::stop_source stop;
        sink.on_call = [&](int call) {
            if (call == stop_at) stop.request_stop();
        };
        const auto summary = run_transcode(small_clip(), full_plan(), sink, {}, stop.get_token());
        ASSERT_FALSE(summary) << "call " << stop_at;
        EXPECT_EQ(summary.error().code, Errc::cancelled) << summary.error().describe();
        EXPECT_TRUE(no_more_threads_than(before)) << "threads left behind after call " << stop_at;
    }
}

TEST(TranscodeStop, cancelled_before_the_start_does_nothing) {
    REQUIRE_FFMPEG();
    std::stop_source stop;
    stop.request_stop();
    CollectingSink sink;
    const auto summary = run_transcode(small_clip(), full_plan(), sink, {}, stop.get_token());
    ASSERT_FALSE(summary);
    EXPECT_EQ(summary.error().code, Errc::cancelled);
    EXPECT_EQ(sink.calls(), 0);
}

/// Cancels at its n-th read.
class StoppingSource : public ByteSource {
public:
    StoppingSource(std::shared_ptr<ByteSource> inner, int stop_at, std::stop_source stop, bool fail)
        : ByteSource(inner->name()), inner_(std::move(inner)), stop_at_(stop_at), stop_(std::move(stop)), fail_(fail) {}
    [[nodiscard]] int reads() const { return reads_; }

private:
    Result<std::size_t> do_read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
        if (reads_++ == stop_at_) {
            if (fail_) return make_error(Errc::io, "test.read", "the disk is gone");
            stop_.request_stop();
        }
        return inner_->read_at(offset, into);
    }
    std::uint64_t do_size_bytes() const noexcept override { return inner_->size_bytes(); }

    std::shared_ptr<ByteSource> inner_;
    int stop_at_;
    mutable std::stop_source stop_;
    bool fail_;
    mutable std::atomic<int> reads_{0};
};

std::shared_ptr<ByteSource> opened(const std::string& path) { return open_file(path).value(); }

TEST(TranscodeStop, cancelled_at_any_read_ends_as_cancelled) {
    REQUIRE_FFMPEG();
    const auto counting = std::make_shared<StoppingSource>(opened(small_clip()), -1, std::stop_source{}, false);
    CollectingSink whole;
    ASSERT_TRUE(transcode(counting, full_plan(), whole));
    ASSERT_GT(counting->reads(), 3);
    for (int read = 0; read < counting->reads(); ++read) {
        std::stop_source stop;
        CollectingSink sink;
        const auto source = std::make_shared<StoppingSource>(opened(small_clip()), read, stop, false);
        const auto summary = transcode(source, full_plan(), sink, {}, stop.get_token());
        ASSERT_FALSE(summary) << "read " << read;
        EXPECT_EQ(summary.error().code, Errc::cancelled) << summary.error().describe();
    }
}

TEST(TranscodeStop, failing_read_is_reported_as_such) {
    REQUIRE_FFMPEG();
    const auto counting = std::make_shared<StoppingSource>(opened(small_clip()), -1, std::stop_source{}, false);
    CollectingSink whole;
    ASSERT_TRUE(transcode(counting, full_plan(), whole));
    for (int read = 0; read < counting->reads(); ++read) {
        CollectingSink sink;
        const auto source = std::make_shared<StoppingSource>(opened(small_clip()), read, std::stop_source{}, true);
        const auto summary = transcode(source, full_plan(), sink);
        ASSERT_FALSE(summary) << "read " << read;
        EXPECT_EQ(summary.error().code, Errc::io) << read << ": " << summary.error().describe();
    }
}

class ThrowingSink : public CollectingSink {
public:
    Result<void> on_sample(TrackRef, EncodedSample) override { throw std::runtime_error("a careless sink"); }
};

TEST(TranscodeStop, exception_of_the_sink_becomes_an_error) {
    REQUIRE_FFMPEG();
    ThrowingSink sink;
    const auto summary = run_transcode(small_clip(), full_plan(), sink);
    ASSERT_FALSE(summary);
    EXPECT_EQ(summary.error().code, Errc::internal);
    EXPECT_NE(summary.error().message.find("a careless sink"), std::string::npos);
}

TEST(TranscodeStop, progress_never_goes_back_and_ends_at_one) {
    REQUIRE_FFMPEG();
    std::vector<Progress> told;
    TranscodeOptions options;
    const auto caller = std::this_thread::get_id();
    options.progress = [&](const Progress& progress) {
        EXPECT_EQ(std::this_thread::get_id(), caller);
        told.push_back(progress);
    };
    CollectingSink sink;
    ASSERT_TRUE(run_transcode(small_clip(), full_plan(), sink, options));
    ASSERT_FALSE(told.empty());
    double last = 0.0;
    for (const auto& progress : told) {
        EXPECT_GE(progress.fraction, last);
        EXPECT_EQ(progress.stage, "transcode");
        last = progress.fraction;
    }
    EXPECT_EQ(told.back().fraction, 1.0);
    EXPECT_EQ(told.back().media_done, (MediaTime{2, 1}));
    EXPECT_GT(told.back().speed, 0.0);
}

TEST(TranscodeStop, observer_that_throws_stops_the_run) {
    REQUIRE_FFMPEG();
    TranscodeOptions options;
    options.progress = [](const Progress&) { throw std::runtime_error("a careless observer"); };
    CollectingSink sink;
    const auto summary = run_transcode(small_clip(), full_plan(), sink, options);
    ASSERT_FALSE(summary);
    EXPECT_EQ(summary.error().code, Errc::internal);
}

TEST(TranscodeStop, several_runs_at_once_do_not_disturb_each_other) {
    REQUIRE_FFMPEG();
    CollectingSink alone;
    ASSERT_TRUE(run_transcode(small_clip(), full_plan(), alone));
    std::vector<CollectingSink> sinks(3);
    {
        std::vector<std::jthread> threads;
        for (auto& sink : sinks) {
            threads.emplace_back([&sink] {
                const auto summary = run_transcode(small_clip(), full_plan(), sink);
                EXPECT_TRUE(summary) << summary.error().describe();
            });
        }
    }
    for (const auto& sink : sinks) {
        ASSERT_EQ(sink.video(1).samples.size(), alone.video(1).samples.size());
        EXPECT_EQ(sink.video(1).samples.back().data, alone.video(1).samples.back().data);
    }
}

TEST(TranscodeStop, file_without_anything_decodable_is_malformed) {
    REQUIRE_FFMPEG();
    const std::string path = make_clip("undecodable.mkv",
        "-f lavfi -i testsrc2=size=160x90:rate=25:duration=2 -c:v mpeg4 -bsf:v noise=amount=1");
    ASSERT_FALSE(path.empty());
    EncodePlan plan = simple_plan({25, 1}, 25, 160, 90);
    CollectingSink sink;
    const auto summary = run_transcode(path, plan, sink);
    if (summary) GTEST_SKIP() << "this decoder made pictures even of noise";
    EXPECT_TRUE(summary.error().code == Errc::malformed || summary.error().code == Errc::no_streams) << summary.error().describe();
}

TEST(TranscodeStop, plan_of_another_file_is_refused) {
    REQUIRE_FFMPEG();
    EncodePlan plan = full_plan();
    plan.audio[0].source_stream = 7;
    CollectingSink sink;
    const auto absent = run_transcode(small_clip(), plan, sink);
    ASSERT_FALSE(absent);
    EXPECT_EQ(absent.error().code, Errc::no_streams);
    plan.audio[0].source_stream = 0;
    const auto wrong_kind = run_transcode(small_clip(), plan, sink);
    ASSERT_FALSE(wrong_kind);
    EXPECT_EQ(wrong_kind.error().code, Errc::no_streams);
}

TEST(TranscodeStop, picture_beyond_the_longest_duration_is_refused) {
    REQUIRE_FFMPEG();
    TranscodeOptions options;
    options.policy.max_duration = std::chrono::seconds(10);
    const std::string path = make_clip("far.ts",
        "-f lavfi -i testsrc2=size=160x90:rate=25:duration=1 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -output_ts_offset 1000");
    CollectingSink sink;
    const auto summary = run_transcode(path, simple_plan({25, 1}, 25, 160, 90), sink, options);
    ASSERT_FALSE(summary);
    EXPECT_EQ(summary.error().code, Errc::limit_exceeded);
}

}  // namespace
}  // namespace streamforge::media
