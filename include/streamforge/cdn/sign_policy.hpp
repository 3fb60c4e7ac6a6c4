#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <streamforge/cdn/ip_network.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>

namespace streamforge::cdn {

/// Times of tokens are whole seconds since 1970.
using TimePoint = std::chrono::sys_seconds;

/// What one signature covers.
enum class Scope : std::uint8_t {
    exact,    ///< The one URL that is signed.
    prefix,   ///< Every URL below a folder.
    pattern,  ///< Every URL that matches a wildcard pattern in the provider's own syntax.
};

/// "This viewer may fetch this, from then until then": the same object goes into signing and comes out of verification.
struct SignPolicy {
    Scope scope = Scope::exact;
    /// Prefix: "https://cdn.example.com/vod/m1/" or "/vod/m1/", with its final slash. Pattern: "https://cdn.example.com/vod/*.ts".
    /// Exact: empty.
    std::string resource;
    /// End of validity, exclusive. Either this or `expires_in`.
    std::optional<TimePoint> expires_at;
    /// From the signer's clock; 0: `expires_at` is used.
    std::chrono::seconds expires_in{0};
    /// Rounds the end up to a multiple of this, so that URLs stay equal for a while and caches work. 0: off.
    std::chrono::seconds expiry_bucket{0};
    /// Start of validity. Empty: at once.
    std::optional<TimePoint> starts_at;
    /// Only clients in this network. Off by default: addresses change on mobile networks and behind relays.
    std::optional<IpNetwork> client_ip;
    /// Names the viewing session, for revocation and concurrency rules at the edge. Printable ASCII.
    std::string session_id;
    /// Opaque text for rules at the edge. Printable ASCII.
    std::string data;
    /// ISO 3166-1 alpha-2 codes, upper case; at most one of the two lists.
    std::vector<std::string> countries_allowed;
    std::vector<std::string> countries_blocked;
    /// Permits a pattern whose host holds a wildcard.
    bool allow_host_wildcard = false;
    /// Permits the pattern "*", i.e. everything that trusts the key.
    bool allow_everything = false;

    /// Checks what needs no clock and no URL. *Errors*: `invalid_argument`, with the context `field`.
    [[nodiscard]] STREAMFORGE_EXPORT Result<void> validate() const;

    friend bool operator==(const SignPolicy&, const SignPolicy&) = default;
};

}  // namespace streamforge::cdn
