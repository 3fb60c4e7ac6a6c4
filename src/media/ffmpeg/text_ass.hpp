#pragma once

#include <string>
#include <string_view>

namespace streamforge::media::ffmpeg {

/// The text field of an ASS event line as libavcodec gives it ("ReadOrder,Layer,Style,Name,…,Effect,Text").
[[nodiscard]] std::string_view ass_event_text(std::string_view event) noexcept;

/// ASS event text as WebVTT cue text: bold, italic and underline kept as tags, everything else of the styling and all
/// drawings left out, `&`, `<` and `>` escaped, no empty lines, valid UTF-8. Empty when nothing visible remains.
///
/// *Source*: WebVTT §3.3 (cue text), §4.2.2 (cue payload must not hold a blank line or "-->").
[[nodiscard]] std::string webvtt_from_ass(std::string_view text);

}  // namespace streamforge::media::ffmpeg
