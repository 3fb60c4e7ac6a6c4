#pragma once

#include <cstdint>
#include <vector>

#include <streamforge/core/byte_source.hpp>

namespace streamforge::media {

/// What FFmpeg does not tell of an MP4 or QuickTime file.
struct Mp4Facts {
    bool has_moov = false;
    bool fragmented = false;                      ///< `mvex` is there: samples follow in fragments.
    bool has_edit_list = false;                   ///< An edit list that changes when something is shown.
    std::vector<std::uint32_t> protected_tracks;  ///< Track ids whose samples are encrypted.
    std::uint32_t tracks = 0;
};

/// Looks through the box headers of `source`, as far as they can be followed; a file of another kind gives empty facts.
///
/// *Cost*: some hundred small reads; bounded for any input. *Source*: ISO/IEC 14496-12 §4.2, §8.3, §8.5.2, §8.6.6, §8.12.
[[nodiscard]] Mp4Facts read_mp4_facts(const ByteSource& source);

}  // namespace streamforge::media
