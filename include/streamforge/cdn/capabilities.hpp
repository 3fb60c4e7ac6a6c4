#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace streamforge::cdn {

/// What a provider's scheme can do. A policy that asks for what is `false` here fails with `Errc::unsupported` before anything
/// is signed.
struct Capabilities {
    std::string provider;                      ///< "cloudfront", "akamai", …
    bool exact = true;                         ///< One URL.
    bool prefix = false;                       ///< One signature for a folder.
    bool prefix_direct_children_only = false;  ///< … without its sub-folders.
    bool pattern = false;                      ///< Wildcards.
    bool cookies = false;                      ///< The token can travel in cookies.
    bool query_token = true;                   ///< The token can travel in the query.
    bool path_token = false;                   ///< The token can be a part of the path, so that relative URLs inherit it.
    bool start_time = false;
    bool client_ip = false;  ///< IPv4.
    bool client_ipv6 = false;
    bool client_network = false;  ///< Networks, not single addresses only.
    bool session_id = false;
    bool data = false;
    bool countries = false;
    bool expiry_in_token = true;  ///< false: the edge adds its own lifetime to the time of signing.
    bool covers_host = false;     ///< A token for one host is refused on another.
    bool covers_query = false;    ///< The URL's own query cannot be changed under an exact token.
    /// Whether a player may add parameters (CMCD, _HLS_msn) behind a signed URL, by scope.
    bool append_query_exact = false;
    bool append_query_prefix = false;
    /// Every value of the query form is made of [A-Za-z0-9._~-], as EXT-X-DEFINE QUERYPARAM needs it.
    bool query_values_clean = false;
    /// … and of [A-Za-z0-9._-] only, which even players that write queries anew leave alone.
    bool query_values_plain = false;
    /// How patterns are written: whether '?' is a wildcard beside '*', whether they are matched against the query too, and what
    /// separates several in one resource (0: only one is possible).
    bool pattern_question_mark = false;
    bool pattern_covers_query = false;
    char pattern_separator = 0;
    /// Parameters of the scheme: a URL that has one already is not signed.
    std::vector<std::string> reserved_parameters;
    /// The provider refuses tokens that live longer. Empty: no limit known.
    std::optional<std::chrono::seconds> max_lifetime;
};

}  // namespace streamforge::cdn
