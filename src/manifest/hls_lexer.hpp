#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <streamforge/core/bytes.hpp>
#include <streamforge/core/media_time.hpp>
#include <streamforge/manifest/hls_parser.hpp>

namespace streamforge::manifest {

/// Digits only, no sign, within 64 bits.
[[nodiscard]] std::optional<std::uint64_t> parse_decimal(std::string_view text) noexcept;

/// "4.004" exact to nine decimals (further ones are dropped), at most ten years.
[[nodiscard]] std::optional<MediaTime> parse_decimal_seconds(std::string_view text) noexcept;

/// "<length>[@<offset>]".
[[nodiscard]] std::optional<HlsByteRange> parse_hls_byte_range(std::string_view text) noexcept;

/// An attribute list. False: it breaks the syntax; what was read up to there stays. *Source*: RFC 8216 §4.2.
bool parse_attribute_list(std::string_view text, std::size_t max_attributes, std::vector<HlsAttribute>& attributes);

/// True for tags whose value is an attribute list.
[[nodiscard]] bool has_attribute_list(std::string_view tag_name) noexcept;

}  // namespace streamforge::manifest
