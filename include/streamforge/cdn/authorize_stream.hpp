#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <streamforge/cdn/capabilities.hpp>
#include <streamforge/cdn/prefix_grant.hpp>
#include <streamforge/cdn/sign_policy.hpp>
#include <streamforge/cdn/signed_url.hpp>
#include <streamforge/cdn/url_signer.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>

namespace streamforge::cdn {

/// What plays the stream. Players differ in whether they keep cookies, substitute EXT-X-DEFINE, read DASH Annex I, or let a page
/// change their requests.
enum class Player : std::uint8_t {
    hls_js,
    dash_js,
    shaka,
    video_js,    ///< VHS.
    safari,      ///< The browser's own HLS.
    av_player,   ///< Apple's framework in apps, AirPlay receivers.
    exo_player,  ///< Media3.
    cast,        ///< Receivers that know none of your cookies.
    ffmpeg,
};

/// How the token reaches every request of a stream.
enum class DeliveryMethod : std::uint8_t {
    path_token,    ///< A component of the path, which relative URLs inherit. Manifests stay as they are.
    define_query,  ///< HLS: EXT-X-DEFINE QUERYPARAM. One edit for all viewers; the token is in the entry URL.
    annex_i,       ///< DASH: UrlQueryInfo of ISO/IEC 23009-1 Annex I. One edit for all viewers.
    cookies,       ///< Manifests stay as they are.
    rewritten,     ///< Manifests made for one viewer, the token on every URL.
    player_query,  ///< The page tells its player to add a query. Manifests stay as they are.
};

[[nodiscard]] STREAMFORGE_EXPORT std::string_view to_string(Player player) noexcept;
[[nodiscard]] STREAMFORGE_EXPORT std::string_view to_string(DeliveryMethod method) noexcept;
/// *Errors*: `invalid_argument`.
[[nodiscard]] STREAMFORGE_EXPORT Result<Player> player_from_string(std::string_view name);
[[nodiscard]] STREAMFORGE_EXPORT Result<DeliveryMethod> method_from_string(std::string_view name);

/// A manifest and where it lies.
struct ManifestFile {
    std::string url;  ///< Absolute.
    std::string text;
};

struct StreamRequest {
    ManifestFile entry;  ///< HLS multivariant or media playlist, or MPD.
    /// HLS: the media playlists that the entry names. Needed to rewrite them, to edit them, and to check what they name.
    std::vector<ManifestFile> playlists;
    /// Lifetime, client and the like. Scope and resource are set here.
    SignPolicy policy;
    /// All that must be served.
    std::vector<Player> players{Player::hls_js, Player::dash_js, Player::shaka, Player::video_js, Player::safari};
    /// Tried in this order. Empty: path_token, define_query or annex_i, cookies, rewritten, player_query.
    std::vector<DeliveryMethod> methods;
    CookieAttributes cookies;

    /// *Errors*: `invalid_argument`, with the context `field`.
    [[nodiscard]] STREAMFORGE_EXPORT Result<void> validate() const;
};

/// Why a method was not chosen.
struct Rejection {
    DeliveryMethod method = DeliveryMethod::path_token;
    std::string reason;
};

/// Everything that a back end hands to its page, player or edge.
struct StreamGrant {
    DeliveryMethod method = DeliveryMethod::path_token;
    SignedUrl entry_url;                  ///< What the player opens.
    std::optional<CookieSet> cookies;     ///< For `cookies`.
    std::vector<ManifestFile> manifests;  ///< For `define_query`, `annex_i` and `rewritten`: what to serve at each URL.
    std::string query;                    ///< For `player_query`: what to add to each request.
    bool manifests_are_personal = false;  ///< They hold the viewer's token: not for caches.
    std::vector<std::string> notes;       ///< What the operator should know.
    std::vector<Rejection> rejected;      ///< Methods that were tried before.
};

enum class ManifestFormat : std::uint8_t { hls, dash };

/// Why a method cannot serve these players with such a signer; empty when it can. Pure.
[[nodiscard]] STREAMFORGE_EXPORT std::string method_problem(DeliveryMethod method, ManifestFormat format, const Capabilities& can,
                                                            std::span<const Player> players);

/// Grants one viewer a whole stream: the entry manifest and everything that it names, by the first method that all players and
/// the signer can do.
///
/// All that the manifests name for playing must lie under one folder of the entry's host; keys and other services may lie elsewhere
/// and are left alone. Signers without prefixes sign each URL of HLS playlists by itself.
/// *Errors*: `unsupported` with each method's reason when none works; `invalid_argument` for URLs outside; `malformed` for manifests;
/// and those of the signer. *Cost*: one signature, or one per URL without prefixes.
[[nodiscard]] STREAMFORGE_EXPORT Result<StreamGrant> authorize_stream(const UrlSigner& signer, const StreamRequest& request);

}  // namespace streamforge::cdn
