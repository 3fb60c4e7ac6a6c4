#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include <streamforge/cdn/url.hpp>

#include "cdn/url_scan.hpp"

namespace streamforge::cdn {

/// One or more of [A-Za-z0-9._-].
[[nodiscard]] inline bool is_pathway_id(std::string_view id) {
    return !id.empty() && std::ranges::all_of(id, [](unsigned char c) { return is_unreserved(c) && c != '~'; });
}

/// A host, perhaps with a port, as it stands in a URL, and nothing else.
[[nodiscard]] inline bool is_host_name(std::string_view host) {
    const std::string url = "https://" + std::string(host) + "/";
    const auto parts = parse_url(url);
    return parts && parts->origin.size() + 1 == url.size();
}

}  // namespace streamforge::cdn
