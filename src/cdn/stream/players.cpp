#include <algorithm>
#include <array>

#include <streamforge/cdn/authorize_stream.hpp>

namespace streamforge::cdn {
namespace {

/// What each player can do. *Source*: the players' issue trackers and manuals; see docs.
struct PlayerFacts {
    Player player;
    std::string_view name;
    bool hls, dash;
    bool cookies;       ///< Sends cookies of the media's host.
    bool define_query;  ///< Substitutes EXT-X-DEFINE QUERYPARAM.
    bool annex_i;       ///< Reads UrlQueryInfo.
    bool request_hook;  ///< A page can add a query to each request.
};

constexpr std::array<PlayerFacts, 9> facts{{
    {Player::hls_js, "hls.js", true, false, true, true, false, true},
    {Player::dash_js, "dash.js", false, true, true, false, true, true},
    {Player::shaka, "shaka", true, true, true, true, true, true},
    {Player::video_js, "video.js", true, true, true, false, false, true},
    {Player::safari, "safari", true, false, true, true, false, false},
    {Player::av_player, "avplayer", true, false, false, true, false, false},
    {Player::exo_player, "exoplayer", true, true, false, false, false, false},
    {Player::cast, "cast", true, true, false, false, false, false},
    {Player::ffmpeg, "ffmpeg", true, true, false, false, false, false},
}};

struct MethodName {
    DeliveryMethod method;
    std::string_view name;
};
constexpr std::array<MethodName, 6> method_names{{{DeliveryMethod::path_token, "path-token"},
                                                  {DeliveryMethod::define_query, "define-query"},
                                                  {DeliveryMethod::annex_i, "annex-i"},
                                                  {DeliveryMethod::cookies, "cookies"},
                                                  {DeliveryMethod::rewritten, "rewritten"},
                                                  {DeliveryMethod::player_query, "player-query"}}};

const PlayerFacts& facts_of(Player player) { return *std::ranges::find(facts, player, &PlayerFacts::player); }

/// Names of the players of this format that lack something; empty when none does.
std::string lacking(std::span<const Player> players, ManifestFormat format, bool PlayerFacts::*ability) {
    std::string names;
    for (const Player player : players) {
        const PlayerFacts& each = facts_of(player);
        const bool concerned = format == ManifestFormat::hls ? each.hls : each.dash;
        if (concerned && !(each.*ability)) names += (names.empty() ? "" : ", ") + std::string(each.name);
    }
    return names;
}

std::string not_by(const std::string& names, std::string_view what) {
    return names.empty() ? std::string() : names + " " + std::string(what);
}

}  // namespace

std::string_view to_string(Player player) noexcept { return facts_of(player).name; }

std::string_view to_string(DeliveryMethod method) noexcept { return std::ranges::find(method_names, method, &MethodName::method)->name; }

Result<Player> player_from_string(std::string_view name) {
    const auto found = std::ranges::find(facts, name, &PlayerFacts::name);
    if (found != facts.end()) return found->player;
    return make_error(Errc::invalid_argument, "cdn.player", "there is no player of this name").with("player", std::string(name));
}

Result<DeliveryMethod> method_from_string(std::string_view name) {
    const auto found = std::ranges::find(method_names, name, &MethodName::name);
    if (found != method_names.end()) return found->method;
    return make_error(Errc::invalid_argument, "cdn.method", "there is no delivery method of this name").with("method", std::string(name));
}

std::string method_problem(DeliveryMethod method, ManifestFormat format, const Capabilities& can, std::span<const Player> players) {
    const bool is_hls = format == ManifestFormat::hls;
    const bool whole_folder = can.prefix;
    switch (method) {
        case DeliveryMethod::path_token:
            if (!can.path_token || !whole_folder) return can.provider + " has no path tokens for a folder";
            return {};
        case DeliveryMethod::define_query:
            if (!is_hls) return "EXT-X-DEFINE is HLS";
            if (!can.query_token || !whole_folder) return can.provider + " has no query tokens for a folder";
            if (!can.query_values_clean) return can.provider + "'s tokens hold characters that a variable cannot carry";
            return not_by(lacking(players, format, &PlayerFacts::define_query), "cannot substitute EXT-X-DEFINE QUERYPARAM");
        case DeliveryMethod::annex_i:
            if (is_hls) return "Annex I is DASH";
            if (!can.query_token || !whole_folder) return can.provider + " has no query tokens for a folder";
            if (!can.query_values_plain && std::ranges::find(players, Player::shaka) != players.end()) {
                return "shaka escapes characters of " + can.provider + "'s tokens when it copies the MPD's query";
            }
            return not_by(lacking(players, format, &PlayerFacts::annex_i), "cannot read UrlQueryInfo (Annex I)");
        case DeliveryMethod::cookies:
            if (!can.cookies || !whole_folder) return can.provider + " has no cookies for a folder";
            return not_by(lacking(players, format, &PlayerFacts::cookies), "has no cookies of the page's viewer");
        case DeliveryMethod::rewritten:
            if (!is_hls && !whole_folder) return can.provider + " signs single URLs only, and an MPD names segments by template";
            if (!is_hls && !can.query_token) return can.provider + "'s tokens cannot stand in an MPD's templates";
            if (!can.query_token && !whole_folder && !can.exact) return can.provider + " cannot sign what the manifests name";
            return {};
        case DeliveryMethod::player_query:
            if (!can.query_token || !whole_folder) return can.provider + " has no query tokens for a folder";
            return not_by(lacking(players, format, &PlayerFacts::request_hook), "cannot be told to add a query");
    }
    return "unknown method";
}

}  // namespace streamforge::cdn
