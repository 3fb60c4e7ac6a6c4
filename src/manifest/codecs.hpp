#pragma once

#include <string_view>
#include <vector>

namespace streamforge::manifest {

/// Parts of a CODECS list without spaces.
[[nodiscard]] std::vector<std::string_view> split_codecs(std::string_view codecs);

enum class CodecClass : unsigned char { video, audio, text, unknown };

/// By the sample entry's name in front of the first '.'.
[[nodiscard]] CodecClass codec_class(std::string_view codec) noexcept;

/// True when any of the list is video.
[[nodiscard]] bool has_video_codec(std::string_view codecs);

}  // namespace streamforge::manifest
