#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <streamforge/core/export.hpp>
#include <streamforge/core/media_time.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/manifest/presentation.hpp>

namespace streamforge::manifest {

/// A cue, shown during [start, end).
struct WebVttCue {
    MediaTime start;
    MediaTime end;
    /// WebVTT cue text (escaped where needed, `<b> <i> <u>` allowed), lines joined by '\n'. Blank lines, which would end the
    /// cue, and "-->" are taken out when written.
    std::string text;
    std::string settings;  ///< "line:0 align:start"; may be empty.
};

/// Plain text as WebVTT cue text: `&`, `<` and `>` escaped.
[[nodiscard]] STREAMFORGE_EXPORT std::string escape_cue_text(std::string_view plain);

/// One WebVTT file with all cues in order of start. Cues without length or text are left out.
[[nodiscard]] STREAMFORGE_EXPORT std::string write_webvtt(std::span<const WebVttCue> cues);

/// The cues as HLS segments `[boundaries[i], boundaries[i+1])`, each a WebVTT file with an X-TIMESTAMP-MAP to media time 0.
///
/// A cue that overlaps a boundary stands in both segments with its full times, as RFC 8216 §3.5 asks. Segments without cues
/// are files too. Cues outside all segments are left out.
/// *Errors*: `invalid_argument` when boundaries do not grow or are fewer than two.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::vector<std::string>> segment_webvtt(std::span<const WebVttCue> cues,
                                                                                 std::span<const MediaTime> boundaries);

/// WebVTT index of thumbnails: one cue for each tile, its text `sheet.jpg#xywh=x,y,w,h` relative to `Thumbnails::webvtt`. The
/// last cue ends at `duration`. *Errors*: `invalid_argument` for a bad template.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::string> write_thumbnails_webvtt(const Thumbnails& thumbnails, const MediaTime& duration);

}  // namespace streamforge::manifest
