#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <streamforge/cdn/multi_cdn.hpp>
#include <streamforge/cdn/sign_policy.hpp>
#include <streamforge/cdn/signed_url.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>

namespace streamforge::cdn {

/// A pathway made from another by other hosts and parameters.
struct PathwayClone {
    std::string base_id;
    std::string id;
    std::string host;                        ///< Empty: the base's.
    std::vector<TokenParameter> parameters;  ///< Put on every URI of the clone: its CDN's token.

    friend bool operator==(const PathwayClone&, const PathwayClone&) = default;
};

/// What a steering server answers: which pathway a player should use.
///
/// *Source*: HLS Content Steering Specification 1.2b1; ETSI TS 103 998 (DASH uses the same document).
struct SteeringDocument {
    std::chrono::seconds ttl{300};      ///< When the player asks again.
    std::string reload_uri;             ///< Empty: the same address.
    std::vector<std::string> priority;  ///< Pathway ids, best first.
    std::vector<PathwayClone> clones;

    /// *Errors*: `invalid_argument`, with the context `field`.
    [[nodiscard]] STREAMFORGE_EXPORT Result<void> validate() const;
    friend bool operator==(const SteeringDocument&, const SteeringDocument&) = default;
};

/// As JSON. *Errors*: as `SteeringDocument::validate`.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::string> write_steering(const SteeringDocument& document);
/// *Errors*: `malformed` (also above 64 KiB), `unsupported` (another VERSION).
[[nodiscard]] STREAMFORGE_EXPORT Result<SteeringDocument> parse_steering(std::string_view json);

/// What a player tells a steering server in its query.
struct SteeringQuery {
    std::vector<std::string> pathways;  ///< In use: one for HLS, several for DASH.
    std::optional<std::uint64_t> throughput_bps;
};
/// From `_HLS_pathway` and `_HLS_throughput`, or `_DASH_pathway` and `_DASH_throughput`. Anything else is ignored.
/// *Errors*: `malformed` when these cannot be read.
[[nodiscard]] STREAMFORGE_EXPORT Result<SteeringQuery> parse_steering_query(std::string_view query);

struct SteeringRequest {
    std::string session;  ///< Decides, with the weights, which CDN comes first.
    std::string region;
    std::string base_id;      ///< The pathway that the manifest itself names; the others become clones of it.
    std::string path_prefix;  ///< The stream's folder on every CDN: "/vod/m1/".
    SignPolicy policy;        ///< Lifetime and the like. Scope and resource are set here.
    std::chrono::seconds ttl{300};
    std::string reload_uri;
};

/// The document for one session: CDNs by rank, each clone with a token of its own CDN.
/// *Errors*: `not_found` (the base is no member), `unavailable` (no CDN is left), `unsupported` (a member's tokens cannot be clone
/// parameters), and those of the signers.
[[nodiscard]] STREAMFORGE_EXPORT Result<SteeringDocument> steer(const CdnSelector& selector, const SteeringRequest& request);

}  // namespace streamforge::cdn
