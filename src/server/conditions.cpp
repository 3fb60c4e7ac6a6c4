#include "server/conditions.hpp"

#include "server/text.hpp"

namespace streamforge::server {
namespace {

enum class Comparison : std::uint8_t { strong, weak };

/// Takes the next entity tag (with a W/ prefix, if any) off the list; empty at the end or at what is no tag.
std::string_view next_tag(std::string_view& list) {
    while (!list.empty() && (list.front() == ' ' || list.front() == '\t' || list.front() == ',')) list.remove_prefix(1);
    const std::size_t quote = list.starts_with("W/") ? 2 : 0;
    if (list.size() <= quote || list[quote] != '"') return {};
    const auto end = list.find('"', quote + 1);
    if (end == std::string_view::npos) return {};
    const auto tag = list.substr(0, end + 1);
    list.remove_prefix(end + 1);
    return tag;
}

bool same_tag(std::string_view a, std::string_view b, Comparison comparison) {
    const bool weak = a.starts_with("W/") || b.starts_with("W/");
    if (comparison == Comparison::strong && weak) return false;
    if (a.starts_with("W/")) a.remove_prefix(2);
    if (b.starts_with("W/")) b.remove_prefix(2);
    return a == b;
}

bool lists(std::string_view list, std::string_view etag, Comparison comparison) {
    if (trimmed(list) == "*") return true;
    while (true) {
        const auto tag = next_tag(list);
        if (tag.empty()) return false;
        if (same_tag(tag, etag, comparison)) return true;
    }
}

}  // namespace

Condition evaluate_conditions(const Headers& headers, const Validators& current, HttpDate now) {
    if (headers.contains("If-Match")) {
        if (!lists(headers.get("If-Match"), current.etag, Comparison::strong)) return Condition::failed;
    } else if (const auto date = parse_http_date(headers.get("If-Unmodified-Since"), now)) {
        if (current.last_modified > *date) return Condition::failed;
    }
    if (headers.contains("If-None-Match")) {
        return lists(headers.get("If-None-Match"), current.etag, Comparison::weak) ? Condition::not_modified : Condition::proceed;
    }
    if (const auto date = parse_http_date(headers.get("If-Modified-Since"), now)) {
        if (current.last_modified <= *date) return Condition::not_modified;
    }
    return Condition::proceed;
}

bool range_applies(const Headers& headers, const Validators& current, HttpDate now) {
    const auto condition = headers.get("If-Range");
    if (condition.empty()) return true;
    if (const auto date = parse_http_date(condition, now)) {
        // A date is a strong validator only when the object has not changed for a while before it was sent (§8.8.2.2).
        return *date == current.last_modified && now - current.last_modified >= std::chrono::seconds(60);
    }
    return same_tag(trimmed(condition), current.etag, Comparison::strong);
}

}  // namespace streamforge::server
