#pragma once

#include <string>
#include <string_view>

namespace streamforge::media {

/// The BCP 47 tag for a container's language tag: ISO 639-2 codes become two letters where there are two ("ger" → "de"),
/// tags are brought to their usual case ("PT-br" → "pt-BR"), and what is no tag at all becomes "und".
/// *Source*: RFC 5646 §2.1, §2.1.1, §2.2.1.
[[nodiscard]] std::string bcp47_language(std::string_view tag);

/// The English name of a BCP 47 tag's language, for menus; the tag itself when it has none here; empty for "und".
[[nodiscard]] std::string language_name(std::string_view bcp47);

}  // namespace streamforge::media
