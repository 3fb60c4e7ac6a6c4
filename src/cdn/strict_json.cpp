#include "cdn/strict_json.hpp"

#include <set>
#include <string>
#include <vector>

namespace streamforge::cdn {
namespace {

constexpr std::size_t max_json_bytes = 16 * 1024;
constexpr int max_depth = 8;

}  // namespace

std::optional<nlohmann::json> parse_strict_json(std::string_view text) {
    using Event = nlohmann::json::parse_event_t;
    if (text.size() > max_json_bytes) return std::nullopt;
    bool acceptable = true;
    std::vector<std::set<std::string>> names;
    const auto watch = [&](int depth, Event event, nlohmann::json& parsed) {
        if (depth > max_depth) acceptable = false;
        if (event == Event::object_start) names.emplace_back();
        if (event == Event::object_end && !names.empty()) names.pop_back();
        if (event == Event::key && !names.empty() && !names.back().insert(parsed.get<std::string>()).second) acceptable = false;
        return acceptable;
    };
    nlohmann::json document = nlohmann::json::parse(text.begin(), text.end(), watch, false);
    if (!acceptable || document.is_discarded()) return std::nullopt;
    return document;
}

std::string json_string(std::string_view text) {
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace streamforge::cdn
