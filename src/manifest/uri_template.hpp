#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <streamforge/core/result.hpp>

namespace streamforge::manifest {

/// What the identifiers of a template stand for; an identifier without a value is an error.
struct TemplateValues {
    std::string_view representation_id = {};
    std::optional<std::uint64_t> number = {};
    std::optional<std::uint64_t> time = {};
    std::optional<std::uint64_t> bandwidth = {};
};

/// The template with its identifiers replaced. *Errors*: `malformed`. *Source*: ISO/IEC 23009-1 clause 5.3.9.4.4.
[[nodiscard]] Result<std::string> expand_template(std::string_view text, const TemplateValues& values);

/// The template with its plain parts percent-encoded and its identifiers kept. *Errors*: `malformed`.
[[nodiscard]] Result<std::string> percent_encode_template(std::string_view text);

/// True when the template has `$Number$` or `$Time$` in some form.
[[nodiscard]] bool names_each_segment(std::string_view text) noexcept;

}  // namespace streamforge::manifest
