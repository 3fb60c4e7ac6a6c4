#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <streamforge/cdn/bunny.hpp>

namespace streamforge::cdn::bunny {

/// Signed parameters, plain, in ascending order of their names.
using Parameters = std::vector<std::pair<std::string, std::string>>;

inline constexpr std::string_view path_name = "token_path";
inline constexpr std::string_view ignore_name = "token_ignore_params";
inline constexpr std::string_view allowed_name = "token_countries";
inline constexpr std::string_view blocked_name = "token_countries_blocked";
inline constexpr std::string_view limit_name = "limit";

/// "HS256-[1-]…" over path, time, client and parameters.
[[nodiscard]] std::string make_token(const crypto::HmacKey& key, std::string_view path, std::string_view time,
                                     const std::optional<IpNetwork>& client, const Parameters& parameters);

/// "&name=value…", percent-encoded.
void append_parameters(std::string& out, const Parameters& parameters);

/// A query's parameters, plain and sorted. Nothing when one is there twice, lacks its '=', or is spelled in another way than
/// `append_parameters` would.
[[nodiscard]] std::optional<Parameters> read_parameters(std::string_view query);

[[nodiscard]] const std::string* find(const Parameters& parameters, std::string_view name);

/// "DE,FR" and back. Nothing for an empty or malformed list.
[[nodiscard]] std::string join_countries(const std::vector<std::string>& countries);
[[nodiscard]] std::optional<std::vector<std::string>> split_countries(std::string_view text);

}  // namespace streamforge::cdn::bunny
