#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <streamforge/core/result.hpp>

namespace streamforge::crypto {

/// The members of one JSON object as views into its text: keys are read without copying them anywhere that is not wiped.
///
/// Strict RFC 8259, depth at most 16, member names at most once. *Lifetime*: of the text.
class FlatJson {
public:
    /// *Errors*: `malformed`.
    [[nodiscard]] static Result<FlatJson> parse(std::string_view text);

    /// The text of a member's value, strings with their quotes.
    [[nodiscard]] std::optional<std::string_view> find_member(std::string_view name) const;
    /// A string value. None when it is missing, not a string, or holds an escape (no JWK member needs one).
    [[nodiscard]] std::optional<std::string_view> find_string(std::string_view name) const;

private:
    std::vector<std::pair<std::string_view, std::string_view>> members_;
};

}  // namespace streamforge::crypto
