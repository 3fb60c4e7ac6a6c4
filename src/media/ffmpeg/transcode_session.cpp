#include "media/ffmpeg/transcode_session.hpp"

#include <algorithm>

namespace streamforge::media::ffmpeg {

Session::Session(const EncodePlan& plan, TranscodeSink& sink, const TranscodeOptions& options, const std::stop_token& caller)
    : plan_(plan), sink_(sink), options_(options), on_caller_stop_(caller, CallerStops{this}) {}

Error Session::stopped_error() { return make_error(Errc::cancelled, "media.transcode", "stopped by the caller"); }

void Session::fail(Error error) {
    {
        const std::lock_guard lock(mutex_);
        if (!error_) error_ = std::move(error);
    }
    halt_.request_stop();
}

std::optional<Error> Session::error() const {
    const std::lock_guard lock(mutex_);
    return error_;
}

void Session::publish_end(TrackKind kind, MediaTime end) {
    {
        const std::lock_guard lock(mutex_);
        natural_ends_[kind] = end;
    }
    changed_.notify_all();
}

std::optional<MediaTime> Session::wait_for_end(TrackKind kind) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait(lock, halt_.get_token(), [&] { return natural_ends_.contains(kind); })) return std::nullopt;
    return natural_ends_.at(kind);
}

void Session::count_placed(bool repeat) noexcept {
    frames_placed_.fetch_add(1, std::memory_order_relaxed);
    if (repeat) frames_filled_.fetch_add(1, std::memory_order_relaxed);
}

void Session::warn(std::string sentence) {
    constexpr std::size_t enough = 100;
    {
        const std::lock_guard lock(mutex_);
        if (warnings_.size() >= enough || std::ranges::find(warnings_, sentence) != warnings_.end()) return;
        warnings_.push_back(sentence);
    }
    log(LogLevel::warning, sentence);
}

void Session::log(LogLevel level, std::string_view message) const {
    if (options_.log) options_.log(level, "media.transcode", message);
}

void Session::add_cpu(const std::string& stage, double seconds) {
    const std::lock_guard lock(mutex_);
    const auto known = std::ranges::find(cpu_seconds_, stage, &std::pair<std::string, double>::first);
    if (known != cpu_seconds_.end()) {
        known->second += seconds;
    } else {
        cpu_seconds_.emplace_back(stage, seconds);
    }
}

void Session::track_ends(TrackKind kind, MediaTime end) {
    const std::lock_guard lock(mutex_);
    const auto known = final_ends_.find(kind);
    if (known == final_ends_.end() || known->second < end) final_ends_[kind] = end;
}

TranscodeSummary Session::summary() const {
    const std::lock_guard lock(mutex_);
    TranscodeSummary result;
    result.frames_decoded = frames_decoded_.load();
    result.frames_encoded = frames_placed_.load();
    result.frames_dropped = frames_dropped_.load();
    result.frames_filled = frames_filled_.load();
    result.decode_errors = decode_errors_.load();
    if (const auto end = final_ends_.find(TrackKind::video); end != final_ends_.end()) result.video_end = end->second;
    if (const auto end = final_ends_.find(TrackKind::audio); end != final_ends_.end()) result.audio_end = end->second;
    result.warnings = warnings_;
    result.cpu_seconds = cpu_seconds_;
    std::ranges::sort(result.cpu_seconds);
    return result;
}

std::size_t Session::add_progress_track(std::int64_t timescale) {
    const std::lock_guard lock(mutex_);
    tracks_.push_back(std::make_unique<Track>());
    tracks_.back()->timescale = timescale;
    return tracks_.size() - 1;
}

void Session::advance(std::size_t track, std::int64_t ticks) noexcept { tracks_[track]->ticks.store(ticks, std::memory_order_relaxed); }

MediaTime Session::media_done() const {
    const std::lock_guard lock(mutex_);
    std::optional<MediaTime> slowest;
    for (const auto& track : tracks_) {
        const MediaTime done{track->ticks.load(std::memory_order_relaxed), track->timescale};
        if (!slowest || done < *slowest) slowest = done;
    }
    return slowest.value_or(MediaTime{});
}

void Session::expect_length(MediaTime length) {
    const std::lock_guard lock(mutex_);
    if (!expected_length_ || *expected_length_ < length) expected_length_ = length;
}

std::optional<MediaTime> Session::expected_length() const {
    const std::lock_guard lock(mutex_);
    return expected_length_;
}

}  // namespace streamforge::media::ffmpeg
