#include "cdn/token_query.hpp"

#include <algorithm>

#include "cdn/url_scan.hpp"
#include "core/try.hpp"

namespace streamforge::cdn {

Result<std::optional<std::string_view>> single_parameter(std::string_view query, std::string_view name) {
    std::optional<std::string_view> found;
    bool twice = false;
    for_each_parameter(query, [&](std::string_view pair, std::string_view candidate, std::string_view value) {
        if (candidate == name && pair.size() > name.size()) {
            twice = found.has_value();
            found = value;
        }
        return !twice;
    });
    if (twice) return make_denial(Denial::malformed_token, "a parameter of the token is there twice").with("parameter", std::string(name));
    return found;
}

Result<std::string_view> required_parameter(std::string_view query, std::string_view name) {
    SF_ASSIGN(const auto value, single_parameter(query, name));
    if (!value) return make_denial(Denial::missing_token, "the URL lacks a parameter of the token").with("parameter", std::string(name));
    return *value;
}

std::string without_parameters(const UrlParts& url, std::span<const std::string_view> names) {
    std::string out(url.origin);
    out.reserve(url.text.size());
    out.append(url.path);
    char separator = '?';
    if (!url.has_query()) return out;
    for_each_parameter(url.query, [&](std::string_view pair, std::string_view name, std::string_view) {
        if (std::ranges::find(names, name) != names.end() && pair.size() > name.size()) return true;
        out.push_back(separator);
        out.append(pair);
        separator = '&';
        return true;
    });
    return out;
}

Result<std::optional<std::string_view>> single_cookie(std::string_view header, std::string_view name) {
    std::optional<std::string_view> found;
    while (!header.empty()) {
        const std::size_t end = std::min(header.find(';'), header.size());
        std::string_view pair = header.substr(0, end);
        header.remove_prefix(std::min(end + 1, header.size()));
        while (!pair.empty() && pair.front() == ' ') pair.remove_prefix(1);
        if (pair.size() <= name.size() || !pair.starts_with(name) || pair[name.size()] != '=') continue;
        if (found) return make_denial(Denial::malformed_token, "a cookie of the token is there twice").with("cookie", std::string(name));
        found = pair.substr(name.size() + 1);
    }
    return found;
}

}  // namespace streamforge::cdn
