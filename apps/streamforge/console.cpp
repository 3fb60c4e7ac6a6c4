#include "console.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/ioctl.h>
#include <unistd.h>

namespace streamforge::app {
namespace {

using ordered_json = nlohmann::ordered_json;

constexpr auto redraw_interval = std::chrono::milliseconds(100);

std::string dump(const ordered_json& value) { return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace); }

void write_line(std::FILE* stream, std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stream);
    std::fputc('\n', stream);
    std::fflush(stream);
}

/// Messages quote names from files: control characters must not reach the terminal.
std::string printable(std::string_view text) {
    std::string clean;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        clean += (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f ? '?' : c;
    }
    return clean;
}

int terminal_columns() {
    winsize size{};
    constexpr int fallback = 80;
    if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return fallback;
    return size.ws_col;
}

std::string bar_of(double fraction, int cells) {
    std::string bar;
    const int full = static_cast<int>(fraction * cells);
    for (int i = 0; i < cells; ++i) bar += i < full ? "█" : "░";
    return bar;
}

ordered_json error_json(const Error& error) {
    ordered_json context = ordered_json::object();
    for (const auto& [key, value] : error.context) context[key] = value;
    return {{"code", std::string(to_string(error.code))},
            {"message", error.message},
            {"operation", error.operation},
            {"retryable", error.retry == Retry::later},
            {"context", context}};
}

}  // namespace

Console::Console() : terminal_(::isatty(STDERR_FILENO) == 1) {
    const char* no_colour = std::getenv("NO_COLOR");
    const char* term = std::getenv("TERM");
    const bool dumb = term != nullptr && std::string_view(term) == "dumb";
    colour_ = terminal_ && !dumb && (no_colour == nullptr || *no_colour == '\0');
}

void Console::out(std::string_view text) {
    const std::lock_guard lock(mutex_);
    clear_bar_locked();
    write_line(stdout, json_ ? std::string(text) : printable(text));
}

void Console::warn(std::string_view text) {
    const std::lock_guard lock(mutex_);
    clear_bar_locked();
    if (json_) {
        write_line(stdout, dump({{"event", "warning"}, {"message", text}}));
    } else {
        write_line(stderr, styled("warning: ", "33") + printable(text));
    }
}

int Console::fail(const Error& error) {
    const std::lock_guard lock(mutex_);
    clear_bar_locked();
    if (json_) {
        write_line(stdout, dump({{"event", "error"}, {"error", error_json(error)}}));
        return exit_code(error.code);
    }
    std::string text = styled("error: ", "1;31") + printable(error.message);
    text += styled(fmt::format(" [{}]", to_string(error.code)), "2");
    for (const auto& [key, value] : error.context) text += fmt::format("\n  {}: {}", key, printable(value));
    write_line(stderr, text);
    return exit_code(error.code);
}

void Console::progress(const Progress& progress) {
    const std::lock_guard lock(mutex_);
    if (json_) {
        ordered_json line{{"event", "progress"},           {"stage", progress.stage},
                          {"fraction", progress.fraction}, {"media_seconds", progress.media_done.approximate_seconds()},
                          {"speed", progress.speed},       {"eta_seconds", nullptr}};
        if (progress.eta) line["eta_seconds"] = static_cast<double>(progress.eta->count()) / 1000.0;
        const auto now = std::chrono::steady_clock::now();
        if (progress.fraction < 1.0 && progress.stage == last_stage_ && now - last_drawn_ < redraw_interval * 5) return;
        last_drawn_ = now;
        last_stage_ = progress.stage;
        write_line(stdout, dump(line));
        return;
    }
    if (terminal_) {
        draw_bar(progress);
        return;
    }
    const int tenth = static_cast<int>(progress.fraction * 10);
    if (tenth == last_tenth_ && progress.stage == last_stage_) return;
    last_tenth_ = tenth;
    last_stage_ = progress.stage;
    write_line(stderr, fmt::format("{} {:.0f}%{}", progress.stage, progress.fraction * 100,
                                   progress.speed > 0 ? fmt::format(" ({:.2f}x)", progress.speed) : ""));
}

void Console::draw_bar(const Progress& progress) {
    const auto now = std::chrono::steady_clock::now();
    if (bar_drawn_ && progress.fraction < 1.0 && now - last_drawn_ < redraw_interval) return;
    last_drawn_ = now;
    std::string facts = fmt::format(" {:3.0f}%", progress.fraction * 100);
    if (progress.speed > 0) facts += fmt::format("  {:.2f}x", progress.speed);
    if (progress.eta) facts += "  ETA " + clock_text(std::chrono::duration_cast<std::chrono::seconds>(*progress.eta));
    const std::string head = fmt::format("{:<10} ", progress.stage);
    const int cells = std::clamp(terminal_columns() - static_cast<int>(head.size() + facts.size()) - 2, 5, 40);
    const std::string line = "\r\033[K" + head + styled(bar_of(progress.fraction, cells), "36") + facts;
    std::fwrite(line.data(), 1, line.size(), stderr);
    std::fflush(stderr);
    bar_drawn_ = true;
}

void Console::end_progress() {
    const std::lock_guard lock(mutex_);
    clear_bar_locked();
}

void Console::clear_bar_locked() {
    if (!bar_drawn_) return;
    std::fputs("\r\033[K", stderr);
    std::fflush(stderr);
    bar_drawn_ = false;
}

std::string Console::styled(std::string_view text, std::string_view sgr) const {
    if (!colour_) return std::string(text);
    return fmt::format("\033[{}m{}\033[0m", sgr, text);
}

std::string clock_text(std::chrono::seconds span) {
    const auto total = span.count();
    if (total >= 3600) return fmt::format("{}:{:02}:{:02}", total / 3600, total / 60 % 60, total % 60);
    return fmt::format("{}:{:02}", total / 60, total % 60);
}

std::string bytes_text(std::uint64_t bytes) {
    constexpr std::array units{"B", "kB", "MB", "GB", "TB"};
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 1000 && unit + 1 < units.size()) {
        value /= 1000;
        ++unit;
    }
    return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", value, units.at(unit));
}

std::string bitrate_text(std::uint64_t bits_per_second) {
    const auto rate = static_cast<double>(bits_per_second);
    if (rate >= 1e6) return fmt::format("{:.2f} Mb/s", rate / 1e6);
    return fmt::format("{:.0f} kb/s", rate / 1e3);
}

}  // namespace streamforge::app
