#include "manifest/uri_template.hpp"

#include <charconv>
#include <cstddef>

#include "core/try.hpp"
#include "manifest/uri.hpp"

namespace streamforge::manifest {
namespace {

constexpr std::size_t max_width = 20;  // digits of the largest 64-bit number

Error bad_template(std::string_view text, std::string message) {
    return make_error(Errc::malformed, "manifest.template", std::move(message)).with("template", std::string(text));
}

// "Number%05d" → name "Number", width 5.
struct Identifier {
    std::string_view name;
    std::size_t width = 1;
};

Result<Identifier> parse_identifier(std::string_view text, std::string_view between) {
    Identifier identifier{between, 1};
    const std::size_t percent = between.find('%');
    if (percent == std::string_view::npos) return identifier;
    identifier.name = between.substr(0, percent);
    const std::string_view format = between.substr(percent);
    if (format.size() < 4 || format[1] != '0' || format.back() != 'd') {
        return bad_template(text, "a width must have the form %0<digits>d");
    }
    const char* begin = format.data() + 2;
    const char* end = format.data() + format.size() - 1;
    const auto [stop, error] = std::from_chars(begin, end, identifier.width);
    if (error != std::errc() || stop != end || identifier.width == 0 || identifier.width > max_width) {
        return bad_template(text, "a width must be 1 to 20");
    }
    return identifier;
}

std::string padded(std::uint64_t value, std::size_t width) {
    std::string digits = std::to_string(value);
    if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
    return digits;
}

Result<std::string> identifier_value(std::string_view text, const Identifier& identifier, const TemplateValues& values) {
    if (identifier.name == "RepresentationID") return std::string(values.representation_id);
    std::optional<std::uint64_t> number;
    if (identifier.name == "Number") number = values.number;
    if (identifier.name == "Time") number = values.time;
    if (identifier.name == "Bandwidth") number = values.bandwidth;
    if (!number) return bad_template(text, "identifier $" + std::string(identifier.name) + "$ is unknown or has no value here");
    return padded(*number, identifier.width);
}

// Calls on_plain(text) and on_identifier(text between dollars) in order.
template <class Plain, class Found>
Result<void> walk(std::string_view text, Plain on_plain, Found on_identifier) {
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t open = text.find('$', at);
        on_plain(text.substr(at, open == std::string_view::npos ? open : open - at));
        if (open == std::string_view::npos) return {};
        const std::size_t close = text.find('$', open + 1);
        if (close == std::string_view::npos) return bad_template(text, "a '$' is not closed");
        SF_TRY(on_identifier(text.substr(open + 1, close - open - 1)));
        at = close + 1;
    }
    return {};
}

}  // namespace

Result<std::string> expand_template(std::string_view text, const TemplateValues& values) {
    std::string expanded;
    const auto on_identifier = [&](std::string_view between) -> Result<void> {
        if (between.empty()) {
            expanded += '$';
            return {};
        }
        SF_ASSIGN(const Identifier identifier, parse_identifier(text, between));
        SF_ASSIGN(const std::string value, identifier_value(text, identifier, values));
        expanded += value;
        return {};
    };
    SF_TRY(walk(
        text, [&](std::string_view plain) { expanded += plain; }, on_identifier));
    return expanded;
}

Result<std::string> percent_encode_template(std::string_view text) {
    std::string encoded;
    const auto on_identifier = [&](std::string_view between) -> Result<void> {
        if (!between.empty()) SF_TRY(parse_identifier(text, between));
        encoded += '$';
        encoded += between;
        encoded += '$';
        return {};
    };
    SF_TRY(walk(
        text, [&](std::string_view plain) { encoded += percent_encode_path(plain); }, on_identifier));
    return encoded;
}

bool names_each_segment(std::string_view text) noexcept {
    for (const std::string_view name : {"$Number$", "$Number%", "$Time$", "$Time%"}) {
        if (text.find(name) != std::string_view::npos) return true;
    }
    return false;
}

}  // namespace streamforge::manifest
