#include "cdn/stream/resolve.hpp"

#include <algorithm>

#include <streamforge/cdn/url.hpp>

#include "core/try.hpp"

namespace streamforge::cdn::stream {
namespace {

/// RFC 3986 §5.2.4.
std::string without_dot_segments(std::string_view path) {
    std::string out;
    while (!path.empty()) {
        const std::size_t end = std::min(path.find('/', 1), path.size());
        const std::string_view segment = path.substr(0, end);
        const bool last = end == path.size();
        if (segment == "/..") {
            out.resize(out.empty() ? 0 : out.rfind('/'));
            if (last) out.push_back('/');
        } else if (segment == "/.") {
            if (last) out.push_back('/');
        } else {
            out.append(segment);
        }
        path.remove_prefix(end);
    }
    return out.empty() ? "/" : out;
}

}  // namespace

bool has_scheme(std::string_view reference) noexcept {
    const std::size_t colon = reference.find(':');
    if (colon == std::string_view::npos || colon == 0) return false;
    const auto is_scheme = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
    };
    return std::ranges::all_of(reference.substr(0, colon), is_scheme);
}

Result<std::string> resolve(std::string_view base_url, std::string_view reference) {
    if (has_scheme(reference)) return std::string(reference);
    SF_ASSIGN(const UrlParts base, parse_url(base_url));
    if (!base.is_absolute()) return make_error(Errc::invalid_argument, "cdn.resolve", "the base is not an absolute URL");
    if (reference.starts_with("//")) return std::string(base.scheme) + ":" + std::string(reference);
    if (reference.empty()) return std::string(base_url);
    const std::size_t question = std::min(reference.find('?'), reference.size());
    const std::string_view path = reference.substr(0, question);
    const std::string_view query = reference.substr(question);
    std::string whole(base.origin);
    if (path.empty()) return whole + std::string(base.path) + std::string(query);
    std::string merged =
        path.front() == '/' ? std::string(path) : std::string(base.path.substr(0, base.path.rfind('/') + 1)) + std::string(path);
    return whole + without_dot_segments(merged) + std::string(query);
}

std::string folder_of(std::string_view url) {
    const std::string_view path_end = url.substr(0, std::min(url.find('?'), url.size()));
    return std::string(path_end.substr(0, path_end.rfind('/') + 1));
}

std::string common_folder(std::string_view a, std::string_view b) {
    const std::size_t size = static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
    return std::string(a.substr(0, a.substr(0, size).rfind('/') + 1));
}

}  // namespace streamforge::cdn::stream
