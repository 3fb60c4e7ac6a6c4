#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <streamforge/core/export.hpp>

namespace streamforge::server {

/// Header fields in order; names are compared without regard to case.
class STREAMFORGE_EXPORT Headers {
public:
    using Field = std::pair<std::string, std::string>;

    Headers() = default;
    Headers(std::initializer_list<Field> fields) : fields_(fields) {}

    /// The values of all fields of that name, joined by ", " as RFC 9110 §5.3 allows; empty when there is none.
    [[nodiscard]] std::string get(std::string_view name) const;
    [[nodiscard]] bool contains(std::string_view name) const noexcept;
    /// Replaces every field of that name.
    void set(std::string_view name, std::string value);
    /// Adds one more field.
    void add(std::string_view name, std::string value);
    void erase(std::string_view name);

    [[nodiscard]] auto begin() const noexcept { return fields_.begin(); }
    [[nodiscard]] auto end() const noexcept { return fields_.end(); }
    [[nodiscard]] std::size_t size() const noexcept { return fields_.size(); }

private:
    std::vector<Field> fields_;
};

}  // namespace streamforge::server
