#include <streamforge/cdn/purge.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <streamforge/http/fault_transport.hpp>

#include "cdn/purge/aws_signature.hpp"
#include "cdn/purge/token_bucket.hpp"
#include "support/cdn_properties.hpp"
#include "support/cdn_vectors.hpp"
#include "support/http/loopback_server.hpp"

namespace streamforge::cdn {
namespace {

using namespace testing;
using namespace std::chrono_literals;
using ::testing::HasSubstr;

constexpr auto zone = "023e105f4ecef8ad9ca31a8372d0c353";

http::Response answer(int status, std::string_view body) {
    http::Response response;
    response.status = status;
    response.body.assign(body.begin(), body.end());
    return response;
}

/// A provider that follows a script, and a world that only pretends to wait.
class Purge : public ::testing::Test {
protected:
    struct Seen {
        std::string method, url, body;
        http::Headers headers;
    };

    std::shared_ptr<http::Transport> provider = http::make_fake_transport([this](const http::Request& request, ByteView body) -> Result<http::Response> {
        seen.push_back({request.method, http::to_string(request.url), std::string(body.begin(), body.end()), request.headers});
        if (script.empty()) return answer(200, R"({"success":true,"status":"ok","id":"p1","result":{"id":"z1"}})");
        auto next = std::move(script.front());
        script.erase(script.begin());
        return next;
    });

    PurgerOptions options() {
        PurgerOptions made;
        made.clock = [this] { return std::chrono::system_clock::time_point(test_now) + now; };
        made.random = seeded_random(1);
        made.sleep = [this](std::chrono::milliseconds pause, const std::stop_token& stop) -> Result<void> {
            if (stop.stop_requested()) return make_error(Errc::cancelled, "test", "stopped");
            slept += pause;
            now += pause;
            return {};
        };
        return made;
    }
    std::unique_ptr<Purger> cloudfront() {
        CloudFrontPurgeOptions made;
        made.distribution_id = "EDFDVBD6EXAMPLE";
        made.identity = [] { return Result<AwsIdentity>(AwsIdentity{"AKIDEXAMPLE", Secret("a secret"), Secret()}); };
        return make_cloudfront_purger(std::move(made), provider, options()).value();
    }
    std::unique_ptr<Purger> cloudflare(CloudflarePlan plan = CloudflarePlan::pro) {
        CloudflarePurgeOptions made;
        made.zone_id = zone;
        made.api_token = Secret("token");
        made.plan = plan;
        return make_cloudflare_purger(std::move(made), provider, options()).value();
    }
    std::unique_ptr<Purger> fastly() {
        FastlyPurgeOptions made;
        made.service_id = "SU1Z0isxPaozGVKXdv0eY";
        made.api_token = Secret("token");
        return make_fastly_purger(std::move(made), provider, options()).value();
    }
    static PurgeRequest urls(std::size_t count, const std::string& head) {
        PurgeRequest request;
        for (std::size_t i = 0; i < count; ++i) request.urls.push_back(head + std::to_string(i));
        return request;
    }

    std::vector<Seen> seen;
    std::vector<Result<http::Response>> script;
    std::chrono::milliseconds slept{0};
    std::chrono::milliseconds now{0};
};

TEST_F(Purge, cloudfront_invalidation_is_the_documented_document) {
    script.emplace_back(answer(201, "<?xml version=\"1.0\"?><Invalidation><Id>I2J0I21PCUYOIK</Id><Status>InProgress</Status></Invalidation>"));
    PurgeRequest request;
    request.urls = {"/vod/a.mp4?x=1&y=2", "/vod/a.mp4?x=1&y=2"};
    request.prefixes = {"/vod/m1/", "/img/*"};
    request.tags = {"film-7"};
    request.reference = "release-1";
    const auto report = cloudfront()->purge(request).value();
    ASSERT_TRUE(report.succeeded());
    EXPECT_EQ(report.outcomes.at(0).id, "I2J0I21PCUYOIK");
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].method, "POST");
    EXPECT_EQ(seen[0].url, "https://cloudfront.amazonaws.com/2020-05-31/distribution/EDFDVBD6EXAMPLE/invalidation");
    EXPECT_EQ(seen[0].body,
              "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<InvalidationBatch xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Paths>"
              "<Quantity>4</Quantity><Items><Path>/vod/a.mp4?x=1&amp;y=2</Path><Path>/vod/m1/*</Path><Path>/img/*</Path><Path>#film-7</Path></Items></Paths>"
              "<CallerReference>release-1</CallerReference></InvalidationBatch>");
    EXPECT_THAT(seen[0].headers.get("Authorization"), HasSubstr("Credential=AKIDEXAMPLE/20261101/us-east-1/cloudfront/aws4_request"));
}

TEST_F(Purge, cloudfront_limits_are_enforced_before_the_call) {
    const auto purger = cloudfront();
    EXPECT_TRUE(purger->plan(urls(3000, "/a")));
    EXPECT_EQ(purger->purge(urls(3001, "/a")).error().code, Errc::limit_exceeded);
    PurgeRequest wildcards;
    for (int i = 0; i < 15; ++i) wildcards.prefixes.push_back("/p" + std::to_string(i) + "/");
    EXPECT_TRUE(purger->plan(wildcards));
    wildcards.prefixes.emplace_back("/one/more/");
    EXPECT_EQ(purger->purge(wildcards).error().code, Errc::limit_exceeded);
    const auto refused = [&](PurgeRequest request) { return refused_name(purger->plan(request)); };
    EXPECT_EQ(refused({.urls = {"vod/a"}}), "urls");
    EXPECT_EQ(refused({.urls = {"/vod/*"}}), "urls");
    EXPECT_EQ(refused({.urls = {"/a b"}}), "urls");
    EXPECT_EQ(refused({.prefixes = {"/a/*/b"}}), "prefixes");
    EXPECT_EQ(refused({.prefixes = {"*"}}), "prefixes");
    EXPECT_EQ(refused({.tags = {std::string(257, 'a')}}), "tags");
    EXPECT_EQ(refused({.tags = {"a*"}}), "tags");
    EXPECT_EQ(refused({}), "everything");
    EXPECT_EQ(refused({.urls = {"/a"}, .everything = true}), "everything");
    EXPECT_EQ(purger->plan({.hosts = {"h.example"}}).error().code, Errc::unsupported);
    EXPECT_EQ(purger->plan({.urls = {"/a"}, .soft = true}).error().code, Errc::unsupported);
    EXPECT_TRUE(seen.empty()) << "nothing was sent";
}

TEST_F(Purge, repetition_keeps_its_reference_and_another_purge_gets_another) {
    script.emplace_back(answer(503, "busy"));
    script.emplace_back(make_error(Errc::network, "test", "broke"));
    script.back().error().retry = Retry::later;
    const auto purger = cloudfront();
    ASSERT_TRUE(purger->purge({.urls = {"/a"}}).value().succeeded());
    ASSERT_EQ(seen.size(), 3U);
    EXPECT_EQ(seen[0].body, seen[1].body);
    EXPECT_EQ(seen[0].body, seen[2].body);
    now += 1s;
    ASSERT_TRUE(purger->purge({.urls = {"/a"}}).value().succeeded());
    EXPECT_NE(seen[3].body, seen[0].body) << "the same wish a second later is a purge of its own";
}

TEST_F(Purge, too_many_invalidations_is_waited_for) {
    script.emplace_back(answer(400, "<Error><Code>TooManyInvalidationsInProgress</Code></Error>"));
    ASSERT_TRUE(cloudfront()->purge({.everything = true}).value().succeeded());
    EXPECT_EQ(seen.size(), 2U);
    EXPECT_THAT(seen[0].body, HasSubstr("<Path>/*</Path>"));
}

TEST_F(Purge, cloudflare_sends_one_kind_per_call_in_batches) {
    PurgeRequest request = urls(250, "https://h.example/");
    for (int i = 0; i < 101; ++i) request.tags.push_back("t" + std::to_string(i));
    request.hosts = {"h.example"};
    request.prefixes = {"h.example/vod"};
    const auto report = cloudflare()->purge(request).value();
    ASSERT_TRUE(report.succeeded());
    std::vector<std::string> kinds;
    for (const auto& call : seen) {
        const auto json = nlohmann::json::parse(call.body);
        ASSERT_EQ(json.size(), 1U) << "exactly one kind";
        kinds.push_back(json.begin().key() + " " + std::to_string(json.begin().value().size()));
        EXPECT_EQ(call.url, std::string("https://api.cloudflare.com/client/v4/zones/") + zone + "/purge_cache");
        EXPECT_EQ(call.headers.get("Authorization"), "Bearer token");
    }
    EXPECT_EQ(kinds, (std::vector<std::string>{"files 100", "files 100", "files 50", "prefixes 1", "tags 100", "tags 1", "hosts 1"}));
    EXPECT_EQ(report.outcomes.front().id, "z1");
    EXPECT_EQ(cloudflare(CloudflarePlan::enterprise)->plan(urls(500, "https://h.example/")).value().size(), 1U);
}

TEST_F(Purge, cloudflare_keeps_to_the_rate_of_the_plan) {
    const auto purger = cloudflare(CloudflarePlan::free);
    for (int i = 0; i < 25; ++i) ASSERT_TRUE(purger->purge({.everything = true}).value().succeeded());
    EXPECT_EQ(slept, 0ms) << "the bucket holds 25";
    ASSERT_TRUE(purger->purge({.everything = true}).value().succeeded());
    EXPECT_EQ(slept, 12'000ms) << "then 5 a minute";
}

TEST_F(Purge, cloudflare_429_is_honoured) {
    auto busy = answer(429, "{}");
    busy.headers.set("Retry-After", "3");
    script.emplace_back(busy);
    ASSERT_TRUE(cloudflare()->purge({.tags = {"a"}}).value().succeeded());
    EXPECT_GE(slept, 3s);
    EXPECT_EQ(seen.size(), 2U);
}

TEST_F(Purge, failed_call_does_not_stop_the_others) {
    script.emplace_back(answer(400, R"({"success":false,"errors":[{"code":1012}]})"));
    PurgeRequest request = urls(150, "https://h.example/");
    const auto report = cloudflare()->purge(request).value();
    EXPECT_FALSE(report.succeeded());
    ASSERT_EQ(report.outcomes.size(), 2U);
    EXPECT_EQ(report.outcomes[0].error->code, Errc::invalid_argument);
    EXPECT_EQ(report.outcomes[0].error->native_code, 400);
    EXPECT_THAT(report.outcomes[0].error->remote_text, HasSubstr("1012"));
    EXPECT_EQ(report.outcomes[0].error->describe().find("1012"), std::string::npos) << "the remote's words are not for logs";
    EXPECT_TRUE(report.outcomes[1].succeeded());
}

TEST_F(Purge, wrong_credentials_are_not_tried_again) {
    for (const auto& [status, code] : std::vector<std::pair<int, Errc>>{{401, Errc::unauthenticated}, {403, Errc::permission_denied}, {404, Errc::not_found}}) {
        seen.clear();
        script.emplace_back(answer(status, "no"));
        const auto report = fastly()->purge({.everything = true}).value();
        EXPECT_EQ(report.outcomes.at(0).error->code, code);
        EXPECT_EQ(seen.size(), 1U);
    }
}

TEST_F(Purge, cloudflare_answer_that_is_no_success_is_a_failure) {
    for (const auto* text : {"", "[]", "{}", R"({"success":false})", R"({"success":"true"})"}) {
        script.emplace_back(answer(200, text));
        EXPECT_FALSE(cloudflare()->purge({.everything = true}).value().succeeded()) << text;
    }
    const auto refused = [&](PurgeRequest request) { return refused_name(cloudflare()->plan(request)); };
    EXPECT_EQ(refused({.urls = {"/a"}}), "urls");
    EXPECT_EQ(refused({.prefixes = {"https://h.example/a"}}), "prefixes");
    EXPECT_EQ(refused({.prefixes = {"h.example/a*"}}), "prefixes");
    EXPECT_EQ(refused({.hosts = {"h.example/a"}}), "hosts");
}

TEST_F(Purge, fastly_calls_are_the_documented_ones) {
    PurgeRequest request;
    request.urls = {"https://h.example/vod/a.mp4?x=1"};
    for (int i = 0; i < 257; ++i) request.tags.push_back("k" + std::to_string(i));
    request.soft = true;
    const auto report = fastly()->purge(request).value();
    ASSERT_TRUE(report.succeeded());
    ASSERT_EQ(seen.size(), 3U);
    EXPECT_EQ(seen[0].url, "https://api.fastly.com/purge/h.example/vod/a.mp4?x=1");
    EXPECT_EQ(seen[1].url, "https://api.fastly.com/service/SU1Z0isxPaozGVKXdv0eY/purge");
    EXPECT_EQ(nlohmann::json::parse(seen[1].body)["surrogate_keys"].size(), 256U);
    EXPECT_EQ(nlohmann::json::parse(seen[2].body)["surrogate_keys"].size(), 1U);
    for (const auto& call : seen) {
        EXPECT_EQ(call.headers.get("Fastly-Soft-Purge"), "1");
        EXPECT_EQ(call.headers.get("Fastly-Key"), "token");
    }
    ASSERT_TRUE(fastly()->purge({.everything = true}).value().succeeded());
    EXPECT_EQ(seen.back().url, "https://api.fastly.com/service/SU1Z0isxPaozGVKXdv0eY/purge_all");
    EXPECT_EQ(fastly()->plan({.everything = true, .soft = true}).error().code, Errc::unsupported);
    EXPECT_EQ(fastly()->plan({.prefixes = {"/a/"}}).error().code, Errc::unsupported);
}

TEST_F(Purge, plan_shows_no_credentials) {
    for (const auto& purger : {cloudfront(), cloudflare(), fastly()}) {
        for (const PurgeCall& call : purger->plan({.everything = true}).value()) {
            for (const auto& [name, value] : call.headers) EXPECT_EQ(value.find("token"), std::string::npos) << name;
            EXPECT_EQ(call.body.find("secret"), std::string::npos);
        }
    }
    EXPECT_TRUE(seen.empty());
}

TEST_F(Purge, stop_is_heard) {
    std::stop_source source;
    source.request_stop();
    script.emplace_back(answer(503, ""));
    EXPECT_EQ(fastly()->purge({.everything = true}, source.get_token()).error().code, Errc::cancelled);
}

TEST(PurgeOverHttp, each_provider_is_asked_in_http_as_it_documents) {
    std::vector<std::string> heads;
    const ::streamforge::testing::LoopbackServer server([&](::streamforge::testing::Connection& connection, int) {
        heads.push_back(connection.read_request());
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 41\r\nConnection: close\r\n\r\n{\"success\":true,\"status\":\"ok\",\"id\":\"p-1\"} ");
    });
    const std::string endpoint = "http://127.0.0.1:" + std::to_string(server.port());
    const auto transport = http::make_curl_transport({.proxy = "none"}).value();
    CloudFrontPurgeOptions cloudfront;
    cloudfront.distribution_id = "E1";
    cloudfront.identity = [] { return Result<AwsIdentity>(AwsIdentity{"AKID", Secret("s"), Secret("t")}); };
    cloudfront.endpoint = endpoint;
    EXPECT_TRUE(make_cloudfront_purger(std::move(cloudfront), transport).value()->purge({.urls = {"/a"}}).value().succeeded());
    CloudflarePurgeOptions cloudflare;
    cloudflare.zone_id = zone;
    cloudflare.api_token = Secret("t");
    cloudflare.endpoint = endpoint;
    EXPECT_TRUE(make_cloudflare_purger(std::move(cloudflare), transport).value()->purge({.tags = {"a"}}).value().succeeded());
    FastlyPurgeOptions fastly;
    fastly.service_id = "S1";
    fastly.api_token = Secret("t");
    fastly.endpoint = endpoint;
    EXPECT_EQ(make_fastly_purger(std::move(fastly), transport).value()->purge({.tags = {"a"}}).value().outcomes.at(0).id, "p-1");
    ASSERT_EQ(heads.size(), 3U);
    EXPECT_THAT(heads[0], HasSubstr("POST /2020-05-31/distribution/E1/invalidation HTTP/1.1\r\n"));
    EXPECT_THAT(heads[0], HasSubstr("x-amz-security-token: t\r\n"));
    EXPECT_THAT(heads[1], HasSubstr("{\"tags\":[\"a\"]}"));
    EXPECT_THAT(heads[2], HasSubstr("{\"surrogate_keys\":[\"a\"]}"));
}

TEST(PurgeSignature, equals_botocores_at_every_step) {
    const auto document = read_vectors("purge_botocore.json");
    for (const auto& item : document["cases"]) {
        SCOPED_TRACE(text_of(item, "name"));
        http::Request request;
        request.method = "POST";
        request.url = http::parse_url("https://cloudfront.amazonaws.com/2020-05-31/distribution/EDFDVBD6EXAMPLE/invalidation").value();
        request.headers.set("Content-Type", "application/xml");
        const AwsIdentity identity{"AKIDEXAMPLE", Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), Secret(text_of(item, "session_token"))};
        const auto made = purge::sign_for_aws(request, text_of(item, "body"), identity, "us-east-1", "cloudfront", *time_of(item, "now")).value();
        EXPECT_EQ(made.canonical_request, text_of(item, "canonical_request"));
        EXPECT_EQ(made.string_to_sign, text_of(item, "string_to_sign"));
        EXPECT_EQ(made.authorization, text_of(item, "authorization"));
        EXPECT_EQ(request.headers.get("Authorization"), made.authorization);
    }
    EXPECT_EQ(document["cases"].size(), 4U);
    http::Request request;
    EXPECT_EQ(purge::sign_for_aws(request, "", {}, "r", "s", test_now).error().code, Errc::unauthenticated);
}

TEST(PurgeTokenBucket, bursts_then_drips) {
    auto now = std::chrono::system_clock::time_point(test_now);
    purge::TokenBucket bucket(2, 4, [&] { return now; });
    for (int i = 0; i < 4; ++i) EXPECT_EQ(bucket.take(1), 0ms);
    EXPECT_EQ(bucket.take(1), 500ms);
    EXPECT_EQ(bucket.take(1), 1000ms) << "those who wait queue up";
    now += 10s;
    EXPECT_EQ(bucket.take(4), 0ms);
    now -= 5s;
    EXPECT_EQ(bucket.take(1), 500ms) << "a clock that jumps back gives nothing";
}

TEST(PurgerOptions, wrong_ones_are_refused_by_name) {
    const auto transport = http::make_fake_transport([](const http::Request&, ByteView) { return Result<http::Response>(http::Response{}); });
    const auto fastly = [&](std::string service, std::string_view token, std::string endpoint = "https://api.fastly.com") {
        return refused_name(make_fastly_purger({std::move(service), Secret(std::string(token)), std::move(endpoint)}, transport));
    };
    EXPECT_EQ(fastly("", "t"), "service_id");
    EXPECT_EQ(fastly("a/b", "t"), "service_id");
    EXPECT_EQ(fastly("S", ""), "api_token");
    EXPECT_EQ(fastly("S", "t", "https://h.example/"), "endpoint");
    EXPECT_EQ(refused_name(make_fastly_purger({"S", Secret("t")}, nullptr)), "transport");
    EXPECT_EQ(refused_name(make_cloudflare_purger({"zone", Secret("t")}, transport)), "zone_id");
    EXPECT_EQ(refused_name(make_cloudfront_purger({.distribution_id = "e1"}, transport)), "distribution_id");
    EXPECT_EQ(refused_name(make_cloudfront_purger({.distribution_id = "E1"}, transport)), "identity");
    PurgerOptions options;
    options.deadline = 0ms;
    EXPECT_EQ(refused_name(make_fastly_purger({"S", Secret("t")}, transport, options)), "deadline");
}

}  // namespace
}  // namespace streamforge::cdn
