#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <streamforge/manifest/presentation.hpp>

namespace streamforge::manifest {

/// What an EXT-X-MEDIA tag says of a rendition beside its URI, decided for all renditions together because NAME, DEFAULT and
/// AUTOSELECT depend on the others of the group.
struct HlsMediaEntry {
    std::string group;
    std::string name;             ///< Clean and unique in the group.
    std::string language;
    std::string characteristics;  ///< Empty: none.
    bool is_default = false;
    bool autoselect = false;
    bool forced = false;
};

/// One entry for each audio rendition, in order.
[[nodiscard]] std::vector<HlsMediaEntry> audio_entries(const std::vector<AudioRendition>& renditions);

/// One entry for each text rendition, in order; all in the group "text".
[[nodiscard]] std::vector<HlsMediaEntry> text_entries(const std::vector<TextRendition>& renditions);

}  // namespace streamforge::manifest
