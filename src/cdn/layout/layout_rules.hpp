#pragma once

#include <streamforge/cdn/token_layout.hpp>

namespace streamforge::cdn::layout {

[[nodiscard]] bool holds(const std::vector<LayoutPart>& parts, LayoutField field) noexcept;
/// In the message, or in any part of the token.
[[nodiscard]] bool uses(const TokenLayout& layout, LayoutField field) noexcept;

/// The field that decides what a token covers: path, decoded_path, folder, prefix, path_and_query or url_before_mac.
[[nodiscard]] LayoutField subject_of(const TokenLayout& layout) noexcept;

[[nodiscard]] Capabilities capabilities_of(const TokenLayout& layout);

/// How long the MAC's text is.
[[nodiscard]] std::size_t mac_text_length(const TokenLayout& layout) noexcept;
void append_mac_text(std::string& out, ByteView mac, MacText text);

}  // namespace streamforge::cdn::layout
