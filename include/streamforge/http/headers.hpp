#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <streamforge/core/export.hpp>

namespace streamforge::http {

/// Header fields in order; names compare without regard to case.
class STREAMFORGE_EXPORT Headers {
public:
    using Field = std::pair<std::string, std::string>;

    Headers() = default;
    Headers(std::initializer_list<Field> fields) : fields_(fields) {}

    /// Appends a field, even if there is one of that name.
    void add(std::string name, std::string value) { fields_.emplace_back(std::move(name), std::move(value)); }
    /// Replaces all fields of that name by one.
    void set(std::string name, std::string value);
    void remove(std::string_view name);
    /// The first value of that name.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const noexcept;
    /// The first value of that name, or nothing at all as text.
    [[nodiscard]] std::string get(std::string_view name) const { return std::string(find(name).value_or("")); }
    [[nodiscard]] const std::vector<Field>& fields() const noexcept { return fields_; }

private:
    std::vector<Field> fields_;
};

/// Whether two names are the same but for ASCII case.
[[nodiscard]] STREAMFORGE_EXPORT bool equal_names(std::string_view a, std::string_view b) noexcept;

}  // namespace streamforge::http
