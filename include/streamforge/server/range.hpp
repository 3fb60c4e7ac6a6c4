#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <streamforge/core/bytes.hpp>
#include <streamforge/core/export.hpp>

namespace streamforge::server {

/// What a Range header means for a representation.
struct RangeOutcome {
    enum class Kind : std::uint8_t {
        whole,          ///< Send everything: no range, one that is not understood, or several.
        part,           ///< Send `range` with 206.
        unsatisfiable,  ///< Answer 416.
    };
    Kind kind = Kind::whole;
    ByteRange range;

    friend bool operator==(const RangeOutcome&, const RangeOutcome&) = default;
};

/// Resolves a Range header against a representation of `size_bytes`. A set of several ranges is answered as the whole
/// representation, which RFC 9110 §14.2 allows and which keeps a request from costing more than the object.
/// *Source*: RFC 9110 §14.1.2, §14.2.
[[nodiscard]] STREAMFORGE_EXPORT RangeOutcome resolve_range(std::string_view header, std::uint64_t size_bytes) noexcept;

}  // namespace streamforge::server
