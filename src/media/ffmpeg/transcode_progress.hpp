#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>

#include <streamforge/core/progress.hpp>

#include "media/ffmpeg/transcode_session.hpp"

namespace streamforge::media::ffmpeg {

/// Progress after `elapsed` of work, from how far the slowest track is. Pure. `previous_fraction` is never undercut.
[[nodiscard]] Progress make_progress(MediaTime done, std::optional<MediaTime> total, std::chrono::steady_clock::duration elapsed,
                                     double previous_fraction);

/// Tells the observer how far a session is, from the caller's own thread, until all threads have ended.
class ProgressReporter {
public:
    ProgressReporter(const Session& session, const ProgressObserver& observer)
        : session_(session), observer_(observer), started_(std::chrono::steady_clock::now()) {}

    void thread_starts();
    void thread_ends();
    /// Returns when no thread runs any more; a last report of 1 follows a success.
    void report_until_done();

private:
    void report(bool complete);

    const Session& session_;
    const ProgressObserver& observer_;
    const std::chrono::steady_clock::time_point started_;
    std::mutex mutex_;
    std::condition_variable changed_;
    int running_ = 0;
    double fraction_ = 0.0;
};

}  // namespace streamforge::media::ffmpeg
