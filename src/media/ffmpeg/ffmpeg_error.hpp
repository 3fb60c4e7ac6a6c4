#pragma once

#include <string>

#include <streamforge/core/error.hpp>

namespace streamforge::media::ffmpeg {

/// FFmpeg's words for `code`.
[[nodiscard]] std::string ffmpeg_text(int code);

/// The `Errc` that a negative FFmpeg result stands for when it comes from reading or decoding: broken data is
/// `malformed`. Encoders report their own options with the same codes: set `code` there.
[[nodiscard]] Errc errc_from_ffmpeg(int code) noexcept;

/// An error of `operation` from a negative FFmpeg result; `message` says what was tried, FFmpeg's words are added.
[[nodiscard]] Error ffmpeg_error(int code, std::string operation, std::string message);

}  // namespace streamforge::media::ffmpeg
