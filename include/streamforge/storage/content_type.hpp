#pragma once

#include <string_view>

#include <streamforge/core/export.hpp>

namespace streamforge::storage {

/// The media type that the extension of `key` stands for ("application/vnd.apple.mpegurl" for "a/master.m3u8"), without
/// regard to case; "application/octet-stream" when it is unknown. *Source*: RFC 8216 §10, ISO/IEC 23009-1 Annex C,
/// ISO/IEC 23000-19 §7.3.3.1, the IANA registry.
[[nodiscard]] STREAMFORGE_EXPORT std::string_view content_type_for(std::string_view key) noexcept;

}  // namespace streamforge::storage
