#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <streamforge/manifest/presentation.hpp>

namespace streamforge::manifest {

/// One EXT-X-MEDIA tag, but for the URI. Decided for all renditions together, because the tags of a group depend on each other
/// and groups of one type must have the same members.
struct HlsMediaEntry {
    std::size_t rendition = 0;  ///< Index in the presentation's audio or text.
    std::string group;
    std::string name;  ///< Clean and unique in the group.
    std::string language;
    std::string characteristics;  ///< Empty: none.
    bool is_default = false;
    bool autoselect = false;
    bool forced = false;
};

/// Entries of all groups, group by group. A group that lacks a member of another one gets it from there (a surround group
/// gets the stereo French where there is no other). *Source*: RFC 8216 §4.3.4.1.1.
[[nodiscard]] std::vector<HlsMediaEntry> audio_entries(const Presentation& presentation);

/// One entry for each text rendition, in order; all in the group "text".
[[nodiscard]] std::vector<HlsMediaEntry> text_entries(const Presentation& presentation);

}  // namespace streamforge::manifest
