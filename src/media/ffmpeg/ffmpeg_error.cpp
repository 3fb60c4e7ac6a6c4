#include "media/ffmpeg/ffmpeg_error.hpp"

#include <array>

#include "media/ffmpeg/handles.hpp"

namespace streamforge::media::ffmpeg {

std::string ffmpeg_text(int code) {
    if (code == AVERROR_PATCHWELCOME) return "Not supported by FFmpeg";  // its own words ask for patches
    std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
    av_strerror(code, text.data(), text.size());
    return text.data();
}

Errc errc_from_ffmpeg(int code) noexcept {
    switch (code) {
        case AVERROR_INVALIDDATA:
        case AVERROR_EOF:
        case AVERROR_BUFFER_TOO_SMALL:
        case AVERROR(EINVAL):
        case AVERROR(ERANGE): return Errc::malformed;
        case AVERROR_STREAM_NOT_FOUND: return Errc::no_streams;
        case AVERROR_DECODER_NOT_FOUND:
        case AVERROR_ENCODER_NOT_FOUND:
        case AVERROR_DEMUXER_NOT_FOUND:
        case AVERROR_PATCHWELCOME:
        case AVERROR(ENOSYS): return Errc::unsupported_codec;
        case AVERROR(ENOMEM): return Errc::limit_exceeded;
        case AVERROR_EXIT: return Errc::cancelled;
        case AVERROR(ETIMEDOUT): return Errc::timed_out;
        case AVERROR(EIO): return Errc::io;
        case AVERROR(EACCES):
        case AVERROR(EPERM):
        case AVERROR_PROTOCOL_NOT_FOUND: return Errc::malformed;  // the file asks for another file
        default: return Errc::internal;
    }
}

Error ffmpeg_error(int code, std::string operation, std::string message) {
    auto error = make_error(errc_from_ffmpeg(code), std::move(operation), std::move(message));
    error.message += ": " + ffmpeg_text(code);
    error.native_domain = NativeDomain::ffmpeg;
    error.native_code = code;
    return error;
}

}  // namespace streamforge::media::ffmpeg
