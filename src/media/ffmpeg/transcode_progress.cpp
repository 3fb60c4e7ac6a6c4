#include "media/ffmpeg/transcode_progress.hpp"

#include <algorithm>
#include <cmath>

namespace streamforge::media::ffmpeg {
namespace {

constexpr std::chrono::milliseconds interval{200};

}  // namespace

Progress make_progress(MediaTime done, std::optional<MediaTime> total, std::chrono::steady_clock::duration elapsed,
                       double previous_fraction) {
    Progress progress;
    progress.stage = "transcode";
    progress.media_done = done;
    progress.media_total = total;
    const double done_s = std::max(done.approximate_seconds(), 0.0);
    const double elapsed_s = std::chrono::duration<double>(elapsed).count();
    if (elapsed_s > 0.0) progress.speed = done_s / elapsed_s;
    double fraction = 0.0;
    if (total && total->ticks > 0) {
        const double total_s = total->approximate_seconds();
        fraction = std::clamp(done_s / total_s, 0.0, 1.0);
        if (progress.speed > 0.0) {
            const double left_ms = std::max(total_s - done_s, 0.0) / progress.speed * 1000.0;
            constexpr double longest_ms = 1e12;
            progress.eta = std::chrono::milliseconds(std::llround(std::min(left_ms, longest_ms)));
        }
    }
    progress.fraction = std::max(fraction, previous_fraction);
    return progress;
}

void ProgressReporter::thread_starts() {
    const std::lock_guard lock(mutex_);
    ++running_;
}

void ProgressReporter::thread_ends() {
    // Notified under the lock: the reporter may be gone right after it.
    const std::lock_guard lock(mutex_);
    --running_;
    changed_.notify_all();
}

void ProgressReporter::report(bool complete) {
    if (!observer_) return;
    const auto elapsed = std::chrono::steady_clock::now() - started_;
    Progress progress = make_progress(session_.media_done(), session_.expected_length(), elapsed, fraction_);
    if (complete) {
        progress.fraction = 1.0;
        progress.media_total = progress.media_done;
        progress.eta = std::chrono::milliseconds(0);
    }
    fraction_ = progress.fraction;
    observer_(progress);
}

void ProgressReporter::report_until_done() {
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, interval, [&] { return running_ == 0; })) {
        lock.unlock();
        if (!session_.stopped()) report(false);
        lock.lock();
    }
    lock.unlock();
    if (!session_.error()) report(true);
}

}  // namespace streamforge::media::ffmpeg
