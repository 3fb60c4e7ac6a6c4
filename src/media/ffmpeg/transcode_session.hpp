#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <streamforge/core/media_time.hpp>
#include <streamforge/media/transcode.hpp>

namespace streamforge::media::ffmpeg {

/// What the stages of one transcode share: the plan, the sink, the way to stop, and the tally.
///
/// *Thread safety*: all calls. *Lifetime*: outlives every stage.
class Session {
public:
    Session(const EncodePlan& plan, TranscodeSink& sink, const TranscodeOptions& options, const std::stop_token& caller);
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    [[nodiscard]] const EncodePlan& plan() const noexcept { return plan_; }
    [[nodiscard]] TranscodeSink& sink() const noexcept { return sink_; }
    [[nodiscard]] const InputPolicy& policy() const noexcept { return options_.policy; }

    // ---- stopping ----
    /// Stops every stage: the caller asked, or some stage failed.
    [[nodiscard]] std::stop_token stop() const noexcept { return halt_.get_token(); }
    [[nodiscard]] bool stopped() const noexcept { return halt_.stop_requested(); }
    /// Stops everything for `error`; the first one is kept.
    void fail(Error error);
    [[nodiscard]] std::optional<Error> error() const;
    /// What a stage returns when it finds itself stopped; never reported over the reason.
    [[nodiscard]] static Error stopped_error();

    // ---- where the tracks end, for stages that lengthen one to meet another ----
    void publish_end(TrackKind kind, MediaTime end);
    /// Waits until all tracks of `kind` have told their own end. Nothing when stopped.
    [[nodiscard]] std::optional<MediaTime> wait_for_end(TrackKind kind);

    // ---- tally ----
    void count_decoded() noexcept { frames_decoded_.fetch_add(1, std::memory_order_relaxed); }
    void count_placed(bool repeat) noexcept;
    void count_dropped() noexcept { frames_dropped_.fetch_add(1, std::memory_order_relaxed); }
    void count_decode_error() noexcept { decode_errors_.fetch_add(1, std::memory_order_relaxed); }
    void set_decoded_something() noexcept { decoded_something_.store(true, std::memory_order_relaxed); }
    [[nodiscard]] bool decoded_something() const noexcept { return decoded_something_.load(std::memory_order_relaxed); }
    /// A sentence for the report and the log; each is kept once.
    void warn(std::string sentence);
    void log(LogLevel level, std::string_view message) const;
    void add_cpu(const std::string& stage, double seconds);
    void track_ends(TrackKind kind, MediaTime end);
    [[nodiscard]] TranscodeSummary summary() const;

    // ---- progress ----
    /// Registers a track that progress waits for; returns its place.
    [[nodiscard]] std::size_t add_progress_track(std::int64_t timescale);
    void advance(std::size_t track, std::int64_t ticks) noexcept;
    /// Presentation time done in the slowest track.
    [[nodiscard]] MediaTime media_done() const;
    /// The expected length, for progress; the first known value of each kind counts, the longest wins.
    void expect_length(MediaTime length);
    [[nodiscard]] std::optional<MediaTime> expected_length() const;

private:
    struct Track {
        std::int64_t timescale = 1;
        std::atomic<std::int64_t> ticks{0};
    };

    const EncodePlan& plan_;
    TranscodeSink& sink_;
    const TranscodeOptions& options_;
    std::stop_source halt_;

    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    std::optional<Error> error_;
    std::map<TrackKind, MediaTime> natural_ends_;
    std::map<TrackKind, MediaTime> final_ends_;
    std::vector<std::string> warnings_;
    std::vector<std::pair<std::string, double>> cpu_seconds_;
    std::vector<std::unique_ptr<Track>> tracks_;
    std::optional<MediaTime> expected_length_;

    std::atomic<std::uint64_t> frames_decoded_{0};
    std::atomic<std::uint64_t> frames_placed_{0};
    std::atomic<std::uint64_t> frames_dropped_{0};
    std::atomic<std::uint64_t> frames_filled_{0};
    std::atomic<std::uint64_t> decode_errors_{0};
    std::atomic<bool> decoded_something_{false};

    // Last, so that it is gone before anything it touches.
    struct CallerStops {
        Session* session;
        void operator()() const { session->fail(stopped_error()); }
    };
    std::stop_callback<CallerStops> on_caller_stop_;
};

}  // namespace streamforge::media::ffmpeg
