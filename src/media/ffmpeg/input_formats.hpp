#pragma once

#include <string>
#include <string_view>

#include <streamforge/media/input_policy.hpp>

namespace streamforge::media::ffmpeg {

/// FFmpeg's `format_whitelist` for `policy`: its own list, or the built-in one.
[[nodiscard]] std::string format_whitelist(const InputPolicy& policy);

/// A harmless name that keeps only the extension of `source_name` ("media.264"), which lets FFmpeg tell apart raw streams;
/// "media" when the extension is not a few plain letters and digits. Nothing is ever opened by it.
[[nodiscard]] std::string name_hint(std::string_view source_name);

}  // namespace streamforge::media::ffmpeg
