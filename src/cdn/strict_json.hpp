#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

namespace streamforge::cdn {

/// A JSON document from a token: at most 16 KiB, at most 8 levels deep, no member name twice in one object. Nothing otherwise.
[[nodiscard]] std::optional<nlohmann::json> parse_strict_json(std::string_view text);

/// Text as a JSON string with its quotes; '/' and '&' stay as they are.
[[nodiscard]] std::string json_string(std::string_view text);

}  // namespace streamforge::cdn
