#include <streamforge/cdn/steering.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <streamforge/cdn/provider.hpp>

#include "support/cdn_properties.hpp"
#include "support/cdn_vectors.hpp"

namespace streamforge::cdn {
namespace {

using namespace testing;

TEST(SteeringDocument, is_written_as_the_specification_says_and_read_back) {
    SteeringDocument document;
    document.ttl = std::chrono::seconds(60);
    document.reload_uri = "https://steer.example.com/?s=1";
    document.priority = {"b", "a"};
    document.clones = {{"a", "b", "b.example.com", {{"tok", "x~1"}, {"exp", "2"}}}};
    const std::string text = write_steering(document).value();
    EXPECT_EQ(text, R"({"VERSION":1,"TTL":60,"RELOAD-URI":"https://steer.example.com/?s=1","PATHWAY-PRIORITY":["b","a"],)"
                    R"("PATHWAY-CLONES":[{"BASE-ID":"a","ID":"b","URI-REPLACEMENT":{"HOST":"b.example.com","PARAMS":{"tok":"x~1","exp":"2"}}}]})");
    SteeringDocument back = parse_steering(text).value();
    std::ranges::sort(back.clones.front().parameters, {}, &TokenParameter::name);
    std::ranges::sort(document.clones.front().parameters, {}, &TokenParameter::name);
    EXPECT_EQ(back, document);
}

TEST(SteeringDocument, what_it_must_not_be_is_refused) {
    for (const auto* text : {"", "[]", "{", "{}", R"({"VERSION":1})", R"({"VERSION":"1","PATHWAY-PRIORITY":["a"]})", R"({"VERSION":1,"TTL":"x","PATHWAY-PRIORITY":["a"]})",
                             R"({"VERSION":1,"TTL":0,"PATHWAY-PRIORITY":["a"]})", R"({"VERSION":1,"PATHWAY-PRIORITY":[]})", R"({"VERSION":1,"PATHWAY-PRIORITY":[1]})",
                             R"({"VERSION":1,"PATHWAY-PRIORITY":["a b"]})", R"({"VERSION":1,"PATHWAY-PRIORITY":["a"],"PATHWAY-CLONES":{}})",
                             R"({"VERSION":1,"PATHWAY-PRIORITY":["a"],"PATHWAY-CLONES":[{}]})",
                             R"({"VERSION":1,"PATHWAY-PRIORITY":["a"],"PATHWAY-CLONES":[{"BASE-ID":"a","ID":"a","URI-REPLACEMENT":{}}]})",
                             R"({"VERSION":1,"PATHWAY-PRIORITY":["a"],"PATHWAY-CLONES":[{"BASE-ID":"a","ID":"b","URI-REPLACEMENT":{"PARAMS":{"x":1}}}]})",
                             R"({"VERSION":1,"PATHWAY-PRIORITY":["a"],"PATHWAY-CLONES":[{"BASE-ID":"a","ID":"b","URI-REPLACEMENT":{"HOST":"a/b"}}]})"}) {
        const auto document = parse_steering(text);
        ASSERT_FALSE(document) << text;
        EXPECT_EQ(document.error().code, Errc::malformed) << text;
    }
    EXPECT_EQ(parse_steering(R"({"VERSION":2,"PATHWAY-PRIORITY":["a"]})").error().code, Errc::unsupported);
    EXPECT_EQ(parse_steering(std::string(70'000, ' ')).error().code, Errc::malformed);
    EXPECT_TRUE(parse_steering(R"({"VERSION":1,"PATHWAY-PRIORITY":["a"],"SOMETHING-NEW":[1]})"));
    EXPECT_EQ(refused_name(write_steering({})), "priority");
}

TEST(SteeringQuery, both_formats_are_read) {
    const auto hls = parse_steering_query("_HLS_pathway=a&_HLS_throughput=5000000&x=1").value();
    EXPECT_EQ(hls.pathways, (std::vector<std::string>{"a"}));
    EXPECT_EQ(hls.throughput_bps, 5'000'000U);
    const auto dash = parse_steering_query("_DASH_pathway=%22a,b%22&_DASH_throughput=4000,3000").value();
    EXPECT_EQ(dash.pathways, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(dash.throughput_bps, 4000U);
    EXPECT_TRUE(parse_steering_query("").value().pathways.empty());
    EXPECT_EQ(parse_steering_query("_HLS_throughput=fast").error().code, Errc::malformed);
    EXPECT_EQ(parse_steering_query("_HLS_pathway=a%20b").error().code, Errc::malformed);
}

class Steer : public ::testing::Test {
protected:
    static std::shared_ptr<const UrlSigner> signer(std::string_view provider) {
        const std::string key = provider == "cloudfront" ? read_vector_text("keys/p256.pem") : "0123456789abcdef0123456789abcdef";
        return make_signer(provider, KeyRing::single("k1", parse_provider_key(provider, Secret(key)).value()), {}, test_signer_options()).value();
    }
    static CdnMember member(std::string id, std::string_view provider) {
        CdnMember made;
        made.id = std::move(id);
        made.host = made.id + ".example.com";
        if (!provider.empty()) made.signer = signer(provider);
        return made;
    }
    static SteeringRequest request() {
        SteeringRequest asked;
        asked.session = "viewer-1";
        asked.base_id = "origin";
        asked.path_prefix = "/vod/m1/";
        asked.policy = exact_for();
        return asked;
    }
};

TEST_F(Steer, each_clone_has_a_token_of_its_own_cdn) {
    const auto selector = CdnSelector::make({member("origin", ""), member("cf", "cloudfront"), member("own", "local"), member("open", "")}).value();
    const auto document = steer(*selector, request()).value();
    EXPECT_EQ(document.priority, selector->rank("viewer-1"));
    ASSERT_EQ(document.clones.size(), 3U);
    for (const PathwayClone& clone : document.clones) {
        EXPECT_EQ(clone.base_id, "origin");
        EXPECT_EQ(clone.host, clone.id + ".example.com");
        std::string url = "https://" + clone.host + "/vod/m1/v/seg_1.m4s";
        char separator = '?';
        for (const auto& parameter : clone.parameters) {
            url += std::exchange(separator, '&') + parameter.name + "=" + parameter.value;
        }
        VerifyRequest asked;
        asked.url = url;
        if (clone.id == "open") {
            EXPECT_TRUE(clone.parameters.empty());
            continue;
        }
        const std::string_view provider = clone.id == "cf" ? "cloudfront" : "local";
        const std::string key = clone.id == "cf" ? read_vector_text("keys/p256.pem") : "0123456789abcdef0123456789abcdef";
        const auto verifier = make_verifier(provider, KeyRing::single("k1", parse_provider_key(provider, Secret(key)).value()), {}, test_verifier_options()).value();
        EXPECT_TRUE(verifier->verify(asked)) << url;
        const std::string other = std::string(url).replace(url.find("/m1/"), 4, "/m2/");
        asked.url = other;
        EXPECT_FALSE(verifier->verify(asked)) << "the token is for this stream";
    }
    EXPECT_TRUE(parse_steering(write_steering(document).value()));
}

TEST_F(Steer, what_cannot_be_steered_is_said) {
    const auto selector = CdnSelector::make({member("origin", ""), member("ak", "bunny")}).value();
    auto asked = request();
    const auto document = steer(*selector, asked);
    ASSERT_FALSE(document);
    EXPECT_EQ(document.error().code, Errc::unsupported) << "bunny's values are percent-encoded";
    asked.base_id = "nobody";
    EXPECT_EQ(steer(*selector, asked).error().code, Errc::not_found);
    ASSERT_TRUE(selector->set_drained("origin", true));
    ASSERT_TRUE(selector->set_drained("ak", true));
    asked.base_id = "origin";
    EXPECT_EQ(steer(*selector, asked).error().code, Errc::unavailable);
}

}  // namespace
}  // namespace streamforge::cdn
