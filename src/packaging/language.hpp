#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace streamforge::packaging {

/// The packed ISO 639-2/T code of `mdhd` for a BCP 47 tag; "und" when the language has none.
[[nodiscard]] std::uint16_t pack_language(std::string_view bcp47) noexcept;

/// BCP 47 of a packed code (the two-letter form where one exists); "und" for anything else, Macintosh codes included.
[[nodiscard]] std::string unpack_language(std::uint16_t packed);

}  // namespace streamforge::packaging
