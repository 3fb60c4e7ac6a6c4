#include <streamforge/server/range.hpp>

#include <charconv>
#include <optional>

#include "server/text.hpp"

namespace streamforge::server {
namespace {

/// A number of digits only; a value beyond 64 bits is as good as the largest one.
std::optional<std::uint64_t> parse_position(std::string_view text) noexcept {
    if (text.empty()) return std::nullopt;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
    }
    std::uint64_t value = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc::result_out_of_range) return UINT64_MAX;
    return value;
}

RangeOutcome last_bytes(std::uint64_t count, std::uint64_t size) noexcept {
    using Kind = RangeOutcome::Kind;
    if (count == 0 || size == 0) return {Kind::unsatisfiable, {}};
    const auto length = count < size ? count : size;
    return {Kind::part, {size - length, length}};
}

}  // namespace

RangeOutcome resolve_range(std::string_view header, std::uint64_t size_bytes) noexcept {
    using Kind = RangeOutcome::Kind;
    const auto equals = header.find('=');
    if (equals == std::string_view::npos || !equal_ignoring_case(trimmed(header.substr(0, equals)), "bytes")) return {};
    const auto spec = trimmed(header.substr(equals + 1));
    const auto dash = spec.find('-');
    if (dash == std::string_view::npos || spec.find(',') != std::string_view::npos) return {};

    const auto first_text = spec.substr(0, dash);
    const auto last_text = spec.substr(dash + 1);
    const auto first = parse_position(first_text);
    const auto last = parse_position(last_text);
    if ((!first && !first_text.empty()) || (!last && !last_text.empty())) return {};
    if (!first) return last ? last_bytes(*last, size_bytes) : RangeOutcome{};
    if (last && *last < *first) return {};  // invalid, so ignored: RFC 9110 §14.1.1
    if (*first >= size_bytes) return {Kind::unsatisfiable, {}};
    const auto end = last && *last < size_bytes ? *last + 1 : size_bytes;
    return {Kind::part, {*first, end - *first}};
}

}  // namespace streamforge::server
