// libraries: server storage
// libraries: server storage
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <streamforge/server/range.hpp>
#include <streamforge/server/target.hpp>
#include <streamforge/storage/key.hpp>

#include "server/conditions.hpp"
#include "server/http_date.hpp"

namespace {

using namespace streamforge;
using namespace streamforge::server;

void require(bool promise) {
    if (!promise) std::abort();
}

/// A path that was accepted names a key, or is the root, or a folder's name with its slash: it can leave nothing.
void check_target(std::string_view text) {
    const auto target = parse_target(text);
    if (!target || target->path == "*") return;
    require(target->path.starts_with('/'));
    auto key = std::string_view(target->path).substr(1);
    if (key.ends_with('/')) key.remove_suffix(1);
    require(key.empty() || key.size() > storage::max_key_bytes || storage::validate_key(key).has_value());
}

void check_range(std::string_view text, std::uint64_t size) {
    const auto outcome = resolve_range(text, size);
    if (outcome.kind != RangeOutcome::Kind::part) return;
    require(outcome.range.length > 0 && outcome.range.offset < size && outcome.range.length <= size - outcome.range.offset);
}

void check_date(std::string_view text) {
    const auto date = parse_http_date(text, HttpDate());
    if (date) require(parse_http_date(format_http_date(*date), HttpDate()) == date);
}

void check_conditions(const std::string& text) {
    const Validators current{"\"abc\"", HttpDate()};
    for (const auto* name : {"If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range"}) {
        const Headers headers{{name, text}};
        (void)evaluate_conditions(headers, current, HttpDate());
        (void)range_applies(headers, current, HttpDate());
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    check_target(text);
    check_date(text);
    check_conditions(text);
    for (const std::uint64_t length : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1000}, UINT64_MAX}) {
        check_range(text, length);
        check_range("bytes=" + text, length);
    }
    return 0;
}
