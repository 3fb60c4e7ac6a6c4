#pragma once

#include <string>

namespace streamforge::media::ffmpeg {

/// Takes FFmpeg's log away from stderr. FFmpeg has one log callback per process; the first use of this module sets it,
/// once, and never touches it again: a host that wants FFmpeg's lines sets its own callback afterwards.
void take_ffmpeg_log() noexcept;

/// While it lives, keeps FFmpeg's last error line of this thread: the reason behind a bare error code. The line may quote
/// the input, so it is untrusted. Captures nest; the innermost hears.
class LogCapture {
public:
    LogCapture() noexcept;
    ~LogCapture();
    LogCapture(const LogCapture&) = delete;
    LogCapture& operator=(const LogCapture&) = delete;

    /// Without line ends and control characters, at most a few hundred bytes; empty when nothing was said.
    [[nodiscard]] const std::string& last_error() const noexcept { return last_error_; }
    /// Called by the log callback.
    void hear(const char* line) noexcept;

private:
    LogCapture* outer_;
    std::string last_error_;
};

}  // namespace streamforge::media::ffmpeg
