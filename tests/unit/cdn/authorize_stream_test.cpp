#include <streamforge/cdn/authorize_stream.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

#include <streamforge/cdn/provider.hpp>
#include <streamforge/manifest/hls_parser.hpp>
#include <streamforge/manifest/mpd_parser.hpp>

#include "cdn/stream/resolve.hpp"
#include "support/cdn_properties.hpp"
#include "support/cdn_vectors.hpp"

namespace streamforge::cdn {
namespace {

using namespace testing;
using ::testing::HasSubstr;

constexpr std::string_view folder = "https://cdn.example.com/vod/m1/";

std::string golden(const std::string& name) {
    std::ifstream file(std::string(STREAMFORGE_TEST_SOURCE_DIR) + "/golden/manifest/" + name, std::ios::binary);
    EXPECT_TRUE(file) << name;
    return {std::istreambuf_iterator<char>(file), {}};
}

/// The files of a golden presentation, each begun by "== name".
std::vector<ManifestFile> golden_playlists(const std::string& name) {
    std::vector<ManifestFile> files;
    std::istringstream lines(golden(name));
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("== ")) files.push_back({std::string(folder) + line.substr(3), ""});
        else files.back().text += line + "\n";
    }
    return files;
}

StreamRequest hls_request(const std::string& name = "full.m3u8.txt") {
    StreamRequest request;
    request.playlists = golden_playlists(name);
    request.entry = request.playlists.front();
    request.playlists.erase(request.playlists.begin());
    request.policy = exact_for();
    return request;
}

StreamRequest dash_request(const std::string& name = "full.mpd") {
    StreamRequest request;
    request.entry = {std::string(folder) + "manifest.mpd", golden(name)};
    request.policy = exact_for();
    return request;
}

/// A signer and its verifier, by the provider's name.
struct Edge {
    std::unique_ptr<UrlSigner> signer;
    std::unique_ptr<UrlVerifier> verifier;
};

Edge edge_of(std::string_view provider, const ProviderSettings& settings = {}) {
    std::string key = "0123456789abcdef0123456789abcdef";
    if (provider == "cloudfront") key = read_vector_text("keys/p256.pem");
    if (provider == "akamai") key = "52a152a152a152a152a152a152a1";
    if (provider == "google") key = "nZtRohdNF9m3cKM24IcK4w==";
    if (provider == "google-media") key = "DJUcnLguVFKmVCFnWGubG1MZg7fWAnxacMjKDhVZMGI=";
    if (provider == "fastly") key = "MDEyMzQ1Njc4OWFiY2RlZg==";
    const auto ring = KeyRing::single("k1", parse_provider_key(provider, Secret(key)).value());
    return {make_signer(provider, ring, settings, test_signer_options()).value(), make_verifier(provider, ring, settings, test_verifier_options()).value()};
}

/// A player: fetches what the manifests name, the way the method asks for, from an edge that checks each request.
class Viewer {
public:
    Viewer(const Edge& edge, const StreamRequest& stream, const StreamGrant& grant) : edge_(edge), grant_(grant) {
        files_[stream.entry.url] = stream.entry.text;
        for (const auto& file : stream.playlists) files_[file.url] = file.text;
        for (const auto& file : grant.manifests) files_[file.url] = file.text;
        if (grant.cookies) cookies_ = grant.cookies->cookie_header();
    }

    /// How many requests playing everything takes; every one is checked.
    std::size_t watch() {
        open(grant_.entry_url.reveal());
        return seen_.size();
    }
    [[nodiscard]] const std::set<std::string>& seen() const { return seen_; }

private:
    /// What the origin sees of a request that the edge let through.
    std::string pass(const std::string& url) {
        VerifyRequest request;
        request.url = url;
        request.cookies = cookies_;
        request.method = "GET";
        const auto verified = edge_.verifier->verify(request);
        EXPECT_TRUE(verified) << url << "\n" << verified.error().describe();
        return verified ? verified->url : url;
    }

    void open(std::string url) {
        if (!grant_.query.empty() && url.find(grant_.query) == std::string::npos) url += (url.find('?') == std::string::npos ? "?" : "&") + grant_.query;
        if (!seen_.insert(url).second) return;
        const auto file = files_.find(pass(url));
        if (file == files_.end()) return;  // media
        if (file->second.starts_with("#EXTM3U")) read_hls(url, file->second);
        else read_mpd(url, file->second);
    }

    void read_hls(const std::string& url, const std::string& text) {
        const auto playlist = manifest::parse_hls(text).value();
        std::map<std::string, std::string> variables;
        for (const auto& line : playlist.lines) {
            if (!line.text.starts_with("#EXT-X-DEFINE:QUERYPARAM=")) continue;
            const std::string name = line.text.substr(26, line.text.size() - 27);
            const std::size_t at = url.find(name + "=");
            ASSERT_NE(at, std::string::npos) << "a playlist asks for a parameter that its address lacks: " << name;
            const std::size_t begin = at + name.size() + 1;
            variables[name] = url.substr(begin, std::min(url.find('&', begin), url.size()) - begin);
        }
        std::vector<std::string> named;
        (void)manifest::rewrite_hls_uris(playlist, [&](manifest::HlsUriKind kind, std::string_view uri) -> std::optional<std::string> {
            if (kind != manifest::HlsUriKind::key && kind != manifest::HlsUriKind::other) named.emplace_back(uri);
            return std::nullopt;
        }).value();
        for (std::string uri : named) {
            for (const auto& [name, value] : variables) {
                const std::string reference = "{$" + name + "}";
                if (const std::size_t at = uri.find(reference); at != std::string::npos) uri.replace(at, reference.size(), value);
            }
            open(stream::resolve(url, uri).value());
        }
    }

    void read_mpd(const std::string& url, const std::string& text) {
        const auto mpd = manifest::parse_mpd(text).value();
        const bool annex = text.find("useMPDUrlQuery=\"true\"") != std::string::npos;
        const std::string query = annex ? url.substr(url.find('?') + 1) : std::string();
        const auto fetch = [&](const std::string& uri) {
            open(stream::resolve(url, uri).value() + (query.empty() ? "" : (uri.find('?') == std::string::npos ? "?" : "&") + query));
        };
        for (const auto& representation : manifest::mpd_representations(mpd).value()) {
            if (representation.initialization) fetch(representation.initialization->uri);
            for (const auto& segment : representation.segments) fetch(segment.uri);
        }
    }

    const Edge& edge_;
    const StreamGrant& grant_;
    std::map<std::string, std::string> files_;
    std::string cookies_;
    std::set<std::string> seen_;
};

std::vector<std::string_view> folder_providers() {
    return {"cloudfront", "local", "akamai", "bunny", "google", "google-media", "cat", "jwt", "uri-signing"};
}

TEST(AuthorizeStream, every_request_of_a_player_passes_by_every_method) {
    int combinations = 0;
    for (const std::string_view provider : folder_providers()) {
        const Edge edge = edge_of(provider);
        for (const bool hls : {true, false}) {
            StreamRequest request = hls ? hls_request() : dash_request();
            request.players = {Player::hls_js, Player::dash_js, Player::shaka};
            for (const auto method : {DeliveryMethod::path_token, DeliveryMethod::define_query, DeliveryMethod::annex_i, DeliveryMethod::cookies,
                                      DeliveryMethod::rewritten, DeliveryMethod::player_query}) {
                const auto format = hls ? ManifestFormat::hls : ManifestFormat::dash;
                if (!method_problem(method, format, edge.signer->capabilities(), request.players).empty()) continue;
                SCOPED_TRACE(std::string(provider) + (hls ? " hls " : " dash ") + std::string(to_string(method)));
                request.methods = {method};
                const auto grant = authorize_stream(*edge.signer, request);
                ASSERT_TRUE(grant) << grant.error().describe();
                EXPECT_EQ(grant->method, method);
                EXPECT_GE(Viewer(edge, request, *grant).watch(), 60U);
                ++combinations;
            }
        }
    }
    EXPECT_GE(combinations, 50);
}

TEST(AuthorizeStream, presentations_in_single_files_work_too) {
    for (const std::string_view provider : {"cloudfront", "local"}) {
        const Edge edge = edge_of(provider);
        for (StreamRequest request : {hls_request("single-file.m3u8.txt"), dash_request("single-file.mpd"), hls_request("audio-only.m3u8.txt")}) {
            request.players = {Player::shaka};
            request.methods = {DeliveryMethod::rewritten};
            const auto grant = authorize_stream(*edge.signer, request).value();
            EXPECT_GT(Viewer(edge, request, grant).watch(), 3U);
        }
    }
}

TEST(AuthorizeStream, signers_without_folders_sign_each_url_of_hls) {
    for (const std::string_view provider : {"fastly", "nginx", "keycdn", "cloudflare"}) {
        SCOPED_TRACE(provider);
        const Edge edge = edge_of(provider);
        StreamRequest request = hls_request();
        const auto grant = authorize_stream(*edge.signer, request).value();
        EXPECT_EQ(grant.method, DeliveryMethod::rewritten);
        EXPECT_TRUE(grant.manifests_are_personal);
        EXPECT_GE(Viewer(edge, request, grant).watch(), 60U);
        const auto refused = authorize_stream(*edge.signer, dash_request());
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, Errc::unsupported);
        EXPECT_THAT(refused.error().describe(), HasSubstr("an MPD names segments by template"));
    }
}

TEST(AuthorizeStream, nothing_outside_of_the_stream_is_granted) {
    for (const std::string_view provider : folder_providers()) {
        SCOPED_TRACE(provider);
        const Edge edge = edge_of(provider);
        StreamRequest request = hls_request();
        request.players = {Player::hls_js};
        request.methods = {DeliveryMethod::player_query};
        const auto grant = authorize_stream(*edge.signer, request).value();
        for (const std::string url : {"https://cdn.example.com/vod/m2/master.m3u8", "https://cdn.example.com/vod/m1", "https://cdn.example.com/vod/m11/x.ts",
                                      "https://cdn.example.com/vod/m1/..%2fm2/a.ts"}) {
            VerifyRequest outside;
            const std::string whole = url + "?" + grant.query;
            outside.url = whole;
            outside.method = "GET";
            EXPECT_FALSE(edge.verifier->verify(outside)) << whole;
        }
    }
}

TEST(AuthorizeStream, cheapest_method_that_fits_is_chosen) {
    const auto chosen = [](std::string_view provider, StreamRequest request, std::vector<Player> players) {
        request.players = std::move(players);
        const auto grant = authorize_stream(*edge_of(provider).signer, request);
        EXPECT_TRUE(grant) << grant.error().describe();
        return grant ? to_string(grant->method) : std::string_view();
    };
    EXPECT_EQ(chosen("local", hls_request(), {Player::cast, Player::ffmpeg, Player::safari}), "path-token");
    EXPECT_EQ(chosen("cloudfront", hls_request(), {Player::hls_js, Player::safari, Player::shaka}), "define-query");
    EXPECT_EQ(chosen("cloudfront", hls_request(), {Player::hls_js, Player::video_js, Player::safari}), "cookies");
    EXPECT_EQ(chosen("cloudfront", hls_request(), {Player::hls_js, Player::cast}), "rewritten");
    EXPECT_EQ(chosen("cloudfront", dash_request(), {Player::dash_js}), "annex-i");
    EXPECT_EQ(chosen("cloudfront", dash_request(), {Player::dash_js, Player::shaka}), "cookies") << "shaka writes '~' as %7E";
    EXPECT_EQ(chosen("cat", dash_request(), {Player::dash_js, Player::shaka}), "annex-i");
    EXPECT_EQ(chosen("akamai", hls_request(), {Player::hls_js}), "cookies") << "an access list holds '*', which no variable may";
    EXPECT_EQ(chosen("cloudfront", dash_request(), {Player::exo_player}), "rewritten");
}

TEST(AuthorizeStream, reasons_are_given_for_what_was_not_chosen) {
    StreamRequest request = hls_request();
    request.players = {Player::cast};
    const auto grant = authorize_stream(*edge_of("cloudfront").signer, request).value();
    ASSERT_EQ(grant.rejected.size(), 3U);
    EXPECT_THAT(grant.rejected[0].reason, HasSubstr("cloudfront has no path tokens"));
    EXPECT_THAT(grant.rejected[1].reason, HasSubstr("cast cannot substitute EXT-X-DEFINE"));
    EXPECT_THAT(grant.rejected[2].reason, HasSubstr("cast has no cookies"));
    request.methods = {DeliveryMethod::cookies};
    const auto refused = authorize_stream(*edge_of("cloudfront").signer, request);
    EXPECT_EQ(refused.error().code, Errc::unsupported);
    EXPECT_THAT(refused.error().describe(), HasSubstr("cookies=cast has no cookies"));
}

TEST(AuthorizeStream, shared_manifests_hold_no_token_and_personal_ones_say_so) {
    StreamRequest request = hls_request();
    request.players = {Player::hls_js};
    request.methods = {DeliveryMethod::define_query};
    const auto shared = authorize_stream(*edge_of("cloudfront").signer, request).value();
    EXPECT_FALSE(shared.manifests_are_personal);
    ASSERT_EQ(shared.manifests.size(), request.playlists.size() + 1);
    const std::string query = shared.entry_url.reveal().substr(shared.entry_url.reveal().find('?') + 1);
    const std::string signature = query.substr(query.find("Signature=") + 10, 40);
    for (const auto& file : shared.manifests) {
        EXPECT_EQ(file.text.find(signature), std::string::npos) << file.url;
        EXPECT_THAT(file.text, HasSubstr("#EXT-X-VERSION:11\n#EXT-X-DEFINE:QUERYPARAM=\"Policy\"\n"));
    }
    request.methods = {DeliveryMethod::rewritten};
    const auto personal = authorize_stream(*edge_of("cloudfront").signer, request).value();
    EXPECT_TRUE(personal.manifests_are_personal);
    EXPECT_THAT(personal.manifests.front().text, HasSubstr("Signature="));
    EXPECT_THAT(personal.notes.back(), HasSubstr("private, no-store"));
}

TEST(AuthorizeStream, printing_a_grant_shows_no_token) {
    StreamRequest request = hls_request();
    const auto grant = authorize_stream(*edge_of("local").signer, request).value();
    std::ostringstream shown;
    shown << grant.entry_url;
    EXPECT_EQ(shown.str().find("1.k1."), std::string::npos) << shown.str();
}

TEST(AuthorizeStream, manifests_that_leave_the_folder_are_told_apart) {
    StreamRequest request = hls_request();
    request.entry.text = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n/other/v.m3u8\n";
    request.playlists = {{"https://cdn.example.com/other/v.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\na.ts\n#EXT-X-ENDLIST\n"}};
    request.players = {Player::hls_js};
    const auto refused = authorize_stream(*edge_of("bunny").signer, [&] { auto only = request; only.methods = {DeliveryMethod::path_token}; return only; }());
    EXPECT_EQ(refused.error().code, Errc::unsupported);
    EXPECT_THAT(refused.error().describe(), HasSubstr("would lose the path's token"));
    // The folder that holds both is the host's root: cloudfront's tokens name the host, so that is allowed.
    const Edge edge = edge_of("cloudfront");
    const auto grant = authorize_stream(*edge.signer, request).value();
    EXPECT_EQ(Viewer(edge, request, grant).watch(), 3U);
    request.entry.text = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nhttps://elsewhere.example.com/v.m3u8\n";
    EXPECT_EQ(authorize_stream(*edge.signer, request).error().code, Errc::invalid_argument);
}

TEST(AuthorizeStream, keys_on_other_hosts_are_left_alone) {
    StreamRequest request;
    request.entry = {std::string(folder) + "v.m3u8",
                     "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-KEY:METHOD=AES-128,URI=\"https://keys.example.com/k1\"\n#EXTINF:4,\na.ts\n"
                     "#EXT-X-KEY:METHOD=AES-128,URI=\"k2\"\n#EXTINF:4,\nb.ts\n#EXT-X-ENDLIST\n"};
    request.policy = exact_for();
    request.players = {Player::ffmpeg};
    const auto grant = authorize_stream(*edge_of("cloudfront").signer, request).value();
    EXPECT_THAT(grant.manifests.front().text, HasSubstr("URI=\"https://keys.example.com/k1\""));
    EXPECT_THAT(grant.manifests.front().text, HasSubstr("URI=\"k2?Policy=")) << "a key behind the same edge needs the token";
}

TEST(AuthorizeStream, missing_playlists_are_noted_or_asked_for) {
    StreamRequest request = hls_request();
    request.playlists.clear();
    request.players = {Player::cast};
    const auto path = authorize_stream(*edge_of("local").signer, request).value();
    EXPECT_THAT(path.notes.back(), HasSubstr("was not checked"));
    const auto refused = authorize_stream(*edge_of("cloudfront").signer, request);
    EXPECT_THAT(refused.error().describe(), HasSubstr("the media playlists that the entry names were not given"));
}

TEST(AuthorizeStream, what_cannot_be_meant_is_refused_by_field) {
    const auto signer = std::move(edge_of("local").signer);
    const auto refused = [&](const std::function<void(StreamRequest&)>& change) {
        StreamRequest request = hls_request();
        change(request);
        return refused_name(authorize_stream(*signer, request));
    };
    EXPECT_EQ(refused([](auto& r) { r.entry.url = "/vod/m1/master.m3u8"; }), "entry");
    EXPECT_EQ(refused([](auto& r) { r.players.clear(); }), "players");
    EXPECT_EQ(refused([](auto& r) { r.policy.scope = Scope::prefix; }), "policy");
    EXPECT_EQ(refused([](auto& r) { r.policy.expires_in = std::chrono::seconds(0); }), "expires_in");
    EXPECT_EQ(refused([](auto& r) { r.cookies.path = "x"; }), "path");
    StreamRequest broken = hls_request();
    broken.entry.text = "no playlist";
    EXPECT_EQ(authorize_stream(*signer, broken).error().code, Errc::malformed);
    broken.entry.text = "<html/>";
    EXPECT_EQ(authorize_stream(*signer, broken).error().code, Errc::malformed);
}

TEST(AuthorizeStream, names_of_players_and_methods_are_read_back) {
    for (int i = 0; i < 9; ++i) EXPECT_EQ(player_from_string(to_string(static_cast<Player>(i))).value(), static_cast<Player>(i));
    for (int i = 0; i < 6; ++i) EXPECT_EQ(method_from_string(to_string(static_cast<DeliveryMethod>(i))).value(), static_cast<DeliveryMethod>(i));
    EXPECT_EQ(player_from_string("vlc").error().code, Errc::invalid_argument);
    EXPECT_EQ(method_from_string("magic").error().code, Errc::invalid_argument);
}

TEST(Resolve, references_resolve_as_rfc_3986_says) {
    const std::string base = "https://h/a/b/c?x";
    const auto to = [&](std::string_view reference) { return stream::resolve(base, reference).value(); };
    EXPECT_EQ(to("d"), "https://h/a/b/d");
    EXPECT_EQ(to("./d"), "https://h/a/b/d");
    EXPECT_EQ(to("../d?q"), "https://h/a/d?q");
    EXPECT_EQ(to("../../../d"), "https://h/d");
    EXPECT_EQ(to("/d/./e/.."), "https://h/d/");
    EXPECT_EQ(to("//k/d"), "https://k/d");
    EXPECT_EQ(to("?q"), "https://h/a/b/c?q");
    EXPECT_EQ(to(""), base);
    EXPECT_EQ(to("data:x"), "data:x");
    EXPECT_EQ(stream::common_folder("https://h/a/b/", "https://h/a/bc/"), "https://h/a/");
}

}  // namespace
}  // namespace streamforge::cdn
