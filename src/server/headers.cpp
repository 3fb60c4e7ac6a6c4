#include <streamforge/server/headers.hpp>

#include <algorithm>

#include "server/text.hpp"

namespace streamforge::server {
namespace {

auto named(std::string_view name) {
    return [name](const Headers::Field& field) { return equal_ignoring_case(field.first, name); };
}

}  // namespace

std::string Headers::get(std::string_view name) const {
    std::string joined;
    bool first = true;
    for (const auto& [field, value] : fields_) {
        if (!equal_ignoring_case(field, name)) continue;
        if (!first) joined += ", ";
        joined += value;
        first = false;
    }
    return joined;
}

bool Headers::contains(std::string_view name) const noexcept { return std::any_of(fields_.begin(), fields_.end(), named(name)); }

void Headers::set(std::string_view name, std::string value) {
    erase(name);
    add(name, std::move(value));
}

void Headers::add(std::string_view name, std::string value) { fields_.emplace_back(std::string(name), std::move(value)); }

void Headers::erase(std::string_view name) { std::erase_if(fields_, named(name)); }

}  // namespace streamforge::server
