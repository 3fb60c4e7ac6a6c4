#include <streamforge/server/player.hpp>

#include <algorithm>

#include <streamforge/server/problem.hpp>

#include "server/conditions.hpp"
#include "server/embedded_player.hpp"

namespace streamforge::server {
namespace {

/// Everything from this host. Blob URLs: media source objects and the engines' workers; data URLs: the engines' empty text tracks.
constexpr std::string_view content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' data: blob:; "
    "connect-src 'self' blob:; worker-src 'self' blob:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

Response serve_asset(const PlayerAsset& asset, const Request& request) {
    Response response;
    response.headers.set("ETag", std::string(asset.etag));
    response.headers.set("Cache-Control", "no-cache");  // asks again after an upgrade; the ETag makes that cheap
    response.headers.set("Content-Security-Policy", std::string(content_security_policy));
    response.headers.set("X-Content-Type-Options", "nosniff");
    response.headers.set("Referrer-Policy", "no-referrer");
    const auto condition = evaluate_conditions(request.headers, {asset.etag, HttpDate()}, HttpDate());
    if (condition == Condition::failed) return make_problem(412, "precondition_failed", "The page is another version.");
    if (condition == Condition::not_modified) {
        response.status = 304;
        return response;
    }
    response.headers.set("Content-Type", std::string(asset.content_type));
    response.body = storage::Body(asset.bytes);
    return response;
}

}  // namespace

std::span<const PlayerAsset> player_assets() noexcept { return embedded_player_assets(); }

const PlayerAsset* find_player_asset(std::string_view path) noexcept {
    const auto assets = player_assets();
    const auto found = std::find_if(assets.begin(), assets.end(), [&](const PlayerAsset& asset) { return asset.path == path; });
    return found == assets.end() ? nullptr : &*found;
}

bool player_has_engines() noexcept { return embedded_engines; }

Handler with_player(Handler media) {
    return [media = std::move(media)](const Request& request) {
        const auto* asset = find_player_asset(request.path);
        const bool reading = request.method == "GET" || request.method == "HEAD";
        return asset != nullptr && reading ? serve_asset(*asset, request) : media(request);
    };
}

}  // namespace streamforge::server
