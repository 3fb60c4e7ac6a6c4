#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include <streamforge/cdn/jwt.hpp>

namespace streamforge::cdn::jwt {

inline constexpr std::size_t min_symmetric_bytes = 32;  ///< RFC 7518 §3.2.

/// "HS256", "RS256", "ES256", "EdDSA", by the kind of key.
[[nodiscard]] std::string_view algorithm_of(const KeyMaterial& material) noexcept;

/// *Errors*: `invalid_argument` for a symmetric key that is too short.
[[nodiscard]] Result<void> check_keys(const KeySet& keys);

/// "header.payload.signature" over texts that are taken as they are.
[[nodiscard]] Result<std::string> encode(std::string_view header_json, std::string_view claims_json, const KeyEntry& key);

/// The header that `sign_jwt` writes.
[[nodiscard]] std::string header_for(const KeyEntry& key);

/// Claims whose signature was checked, with the times taken out.
struct Decoded {
    nlohmann::json claims;
    VerifiedJwt verified;
};
[[nodiscard]] Result<Decoded> decode(std::string_view token, const KeySet& keys, TimePoint now);

/// A string claim; empty when it is missing. None when it has another type.
[[nodiscard]] std::optional<std::string> string_claim(const nlohmann::json& claims, const std::string& name);

}  // namespace streamforge::cdn::jwt
