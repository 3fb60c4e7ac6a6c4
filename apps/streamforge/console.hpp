#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>

#include <streamforge/core/error.hpp>
#include <streamforge/core/progress.hpp>

namespace streamforge::app {

/// How a command speaks: results on standard output; progress, warnings and errors on standard error. With `json` every
/// line of standard output is one JSON object (docs/schema/cli.md) and standard error stays empty but for crashes.
///
/// *Thread safety*: all calls.
class Console {
public:
    Console();

    void set_json(bool json) noexcept { json_ = json; }
    [[nodiscard]] bool json() const noexcept { return json_; }

    /// A result line (text mode) or a JSON document (json mode); a newline is added.
    void out(std::string_view text);
    void warn(std::string_view text);
    /// Prints the error for people or machines and gives the exit code of its family.
    [[nodiscard]] int fail(const Error& error);
    /// A bar that is redrawn on a terminal, a plain line each tenth otherwise, a JSON line in json mode.
    void progress(const Progress& progress);
    /// Ends a bar, so that further lines start on a fresh one.
    void end_progress();

    /// `text` in bold, red, … when standard error is a terminal and NO_COLOR is not set.
    [[nodiscard]] std::string styled(std::string_view text, std::string_view sgr) const;

private:
    void draw_bar(const Progress& progress);
    void clear_bar_locked();

    std::mutex mutex_;
    bool json_ = false;
    bool terminal_ = false;
    bool colour_ = false;
    bool bar_drawn_ = false;
    int last_tenth_ = -1;
    std::string last_stage_;
    std::chrono::steady_clock::time_point last_drawn_;
};

/// "1:02:03" or "0:07".
[[nodiscard]] std::string clock_text(std::chrono::seconds span);
/// "12.3 MB" (decimal units).
[[nodiscard]] std::string bytes_text(std::uint64_t bytes);
/// "2.51 Mb/s".
[[nodiscard]] std::string bitrate_text(std::uint64_t bits_per_second);

}  // namespace streamforge::app
