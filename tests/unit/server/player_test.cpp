#include <streamforge/server/player.hpp>

#include <gtest/gtest.h>

#include <regex>

namespace streamforge::server {
namespace {

std::string text_of(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

Request ask(std::string path, Headers headers = {}, std::string method = "GET") {
    Request request;
    request.method = std::move(method);
    request.path = std::move(path);
    request.headers = std::move(headers);
    return request;
}

Response media(const Request& request) { return make_response(200, "x/media", request.path); }

TEST(Player, page_is_at_the_root_and_its_files_beside_it) {
    const auto* page = find_player_asset("/");
    ASSERT_NE(page, nullptr);
    EXPECT_EQ(page->content_type, "text/html; charset=utf-8");
    EXPECT_EQ(find_player_asset("/index.html"), nullptr);
    EXPECT_EQ(find_player_asset(""), nullptr);
    const auto html = text_of(page->bytes);
    const std::regex reference("(?:src|href)=\"([^\"]+)\"");
    int found = 0;
    for (std::sregex_iterator at(html.begin(), html.end(), reference), end; at != end; ++at, ++found) {
        const auto target = (*at)[1].str();
        if (target.starts_with("data:")) continue;
        EXPECT_NE(find_player_asset(target), nullptr) << target << " is referred to but not built in";
    }
    EXPECT_GE(found, 2);
}

TEST(Player, engines_are_built_in_or_the_page_can_tell) {
    for (const auto* path : {"/player/vendor/hls.js", "/player/vendor/dash.js", "/player/vendor/shaka-player.js", "/player/vendor/licenses.txt"}) {
        EXPECT_EQ(find_player_asset(path) != nullptr, player_has_engines()) << path;
    }
}

TEST(Player, own_files_name_no_other_host) {
    const std::regex remote("https?://(?!www\\.w3\\.org/)");
    for (const auto& asset : player_assets()) {
        if (asset.path.starts_with("/player/vendor/")) continue;
        EXPECT_FALSE(std::regex_search(text_of(asset.bytes), remote)) << asset.path;
    }
}

TEST(Player, handler_serves_the_page_over_the_media) {
    const auto handler = with_player(media);
    const auto page = handler(ask("/"));
    EXPECT_EQ(page.status, 200);
    EXPECT_EQ(page.headers.get("Content-Type"), "text/html; charset=utf-8");
    const auto policy = page.headers.get("Content-Security-Policy");
    EXPECT_NE(policy.find("default-src 'none'"), std::string::npos);
    EXPECT_EQ(policy.find("http"), std::string::npos);
    EXPECT_EQ(policy.find("unsafe"), std::string::npos);
    for (const auto* path : {"/master.m3u8", "/index.html", "/player/absent", "/player"}) {
        EXPECT_EQ(handler(ask(path)).headers.get("Content-Type"), "x/media") << path;
    }
    EXPECT_EQ(handler(ask("/", {}, "POST")).headers.get("Content-Type"), "x/media");
}

TEST(Player, unchanged_page_is_not_sent_again) {
    const auto handler = with_player(media);
    const auto etag = handler(ask("/")).headers.get("ETag");
    const auto unchanged = handler(ask("/", {{"If-None-Match", etag}}));
    EXPECT_EQ(unchanged.status, 304);
    EXPECT_EQ(unchanged.headers.get("ETag"), etag);
    EXPECT_EQ(handler(ask("/", {{"If-None-Match", "\"old\""}})).status, 200);
    EXPECT_EQ(handler(ask("/", {{"If-Match", "\"old\""}})).status, 412);
}

}  // namespace
}  // namespace streamforge::server
