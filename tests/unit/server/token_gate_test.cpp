#include <streamforge/server/token_gate.hpp>

#include <gtest/gtest.h>

#include <streamforge/cdn/local.hpp>

namespace streamforge::server {
namespace {

constexpr std::chrono::sys_seconds now{std::chrono::seconds(1'793'491'200)};
Clock fixed_clock() {
    return [] { return std::chrono::system_clock::time_point(now); };
}

class TokenGate : public ::testing::Test {
protected:
    const cdn::KeyRing ring = cdn::KeyRing::single("k1", cdn::SymmetricKey::from_text("a secret of 20 bytes").value());
    std::unique_ptr<cdn::UrlSigner> signer = cdn::make_local_signer(ring, {}, {.clock = fixed_clock()}).value();
    std::vector<Request> passed;
    Handler gate = with_token_gate(
        [this](const Request& request) {
            passed.push_back(request);
            return make_response(200, "text/plain", "media");
        },
        cdn::make_local_verifier(ring, {}, {.clock = fixed_clock()}).value());

    static cdn::SignPolicy policy(std::string prefix = {}) {
        cdn::SignPolicy made;
        made.expires_in = std::chrono::seconds(60);
        if (!prefix.empty()) {
            made.scope = cdn::Scope::prefix;
            made.resource = std::move(prefix);
        }
        return made;
    }
    Response ask(const std::string& target, Headers headers = {}) {
        Request request;
        request.target = target;
        request.path = "/decoded elsewhere";
        request.headers = std::move(headers);
        request.remote = "127.0.0.1";
        return gate(request);
    }
};

TEST_F(TokenGate, good_request_passes_without_its_token) {
    EXPECT_EQ(ask(signer->sign("/vod/a%20b.mp4?x=1", policy()).value().reveal()).status, 200);
    ASSERT_EQ(passed.size(), 1U);
    EXPECT_EQ(passed[0].path, "/vod/a b.mp4");
    EXPECT_EQ(passed[0].query, "x=1");
    EXPECT_EQ(passed[0].target, "/vod/a%20b.mp4?x=1");
}

TEST_F(TokenGate, token_in_the_path_is_taken_off) {
    const auto grant = signer->grant(policy("/vod/"), cdn::TokenPlacement::path).value();
    EXPECT_EQ(ask(grant.url("/vod/m/seg.m4s").value().reveal()).status, 200);
    EXPECT_EQ(passed.at(0).path, "/vod/m/seg.m4s");
}

TEST_F(TokenGate, cookies_of_several_fields_are_one_list) {
    const auto cookies = signer->sign_cookies("/vod/a", policy("/vod/")).value();
    Headers headers{{"Cookie", "theme=dark"}};
    headers.add("cookie", cookies.cookie_header());
    EXPECT_EQ(ask("/vod/b.mp4", headers).status, 200);
    EXPECT_EQ(ask("/other/b.mp4", headers).status, 403);
}

TEST_F(TokenGate, refusal_names_its_condition_and_is_not_kept) {
    const Response response = ask("/vod/a.mp4");
    EXPECT_EQ(response.status, 403);
    EXPECT_EQ(response.headers.get("Content-Type"), "application/problem+json");
    EXPECT_EQ(response.headers.get("Cache-Control"), "no-store");
    EXPECT_TRUE(passed.empty());
    EXPECT_EQ(ask("/vod/../a.mp4").status, 403);
    const std::string other_client = [&] {
        auto bound = policy();
        bound.client_ip = cdn::IpNetwork::parse("192.0.2.7").value();
        return signer->sign("/a", bound).value().reveal();
    }();
    EXPECT_EQ(ask(other_client).status, 403);
}

TEST_F(TokenGate, request_without_a_spelling_is_judged_by_its_path) {
    Request request;
    const std::string url = signer->sign("/vod/a%20b.mp4", policy()).value().reveal();
    request.path = "/vod/a b.mp4";
    request.query = url.substr(url.find('?') + 1);
    EXPECT_EQ(gate(request).status, 200);
    request.query.back() = request.query.back() == 'A' ? 'B' : 'A';
    EXPECT_EQ(gate(request).status, 403);
}

}  // namespace
}  // namespace streamforge::server
