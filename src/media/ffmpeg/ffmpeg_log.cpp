#include "media/ffmpeg/ffmpeg_log.hpp"

#include <array>
#include <cstdarg>
#include <cstdio>
#include <exception>
#include <mutex>

#include "media/ffmpeg/handles.hpp"

namespace streamforge::media::ffmpeg {
namespace {

thread_local LogCapture* current_capture = nullptr;

void on_log_line(void* /*context*/, int level, const char* format, std::va_list arguments) noexcept {
    if (level > AV_LOG_ERROR || current_capture == nullptr) return;
    std::array<char, 400> line{};
    std::vsnprintf(line.data(), line.size(), format, arguments);
    current_capture->hear(line.data());
}

}  // namespace

void take_ffmpeg_log() noexcept {
    static std::once_flag once;
    std::call_once(once, [] { av_log_set_callback(on_log_line); });
}

LogCapture::LogCapture() noexcept : outer_(current_capture) { current_capture = this; }

LogCapture::~LogCapture() { current_capture = outer_; }

void LogCapture::hear(const char* line) noexcept {
    try {
        std::string text;
        for (const char* at = line; *at != '\0'; ++at) {
            const auto byte = static_cast<unsigned char>(*at);
            if (byte >= 0x20 && byte != 0x7F) text.push_back(*at);
        }
        if (!text.empty()) last_error_ = std::move(text);
    } catch (const std::exception&) {
        last_error_.clear();  // out of memory: a lost log line is the smaller harm
    }
}

}  // namespace streamforge::media::ffmpeg
