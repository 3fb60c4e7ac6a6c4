#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace streamforge::cdn::uri_signing {

/// A `cdniuc` of the form that we write: literal pieces with anything between them.
class UriContainer {
public:
    /// Of text in which each '*' stands for anything, or (without `wildcards`) for itself.
    [[nodiscard]] static UriContainer of(std::string_view text, bool wildcards);
    /// From "regex:^…$" of escaped text and ".*". Nothing for any other expression.
    [[nodiscard]] static std::optional<UriContainer> parse(std::string_view claim);

    [[nodiscard]] std::string claim() const;
    [[nodiscard]] bool matches(std::string_view url) const noexcept;
    [[nodiscard]] bool is_exact() const noexcept { return pieces_.size() == 1; }
    /// "https://h/vod/" when the expression is that and ".*" behind it.
    [[nodiscard]] std::optional<std::string> prefix() const;
    /// With '*' for ".*".
    [[nodiscard]] std::string pattern() const;

private:
    std::vector<std::string> pieces_;
};

}  // namespace streamforge::cdn::uri_signing
