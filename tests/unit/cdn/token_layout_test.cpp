#include <streamforge/cdn/token_layout.hpp>

#include <gtest/gtest.h>

#include "cdn/layout/layout_message.hpp"
#include "support/cdn_properties.hpp"
#include "support/cdn_vectors.hpp"

namespace streamforge::cdn {
namespace {

using namespace testing;
using crypto::HashAlgorithm;

constexpr auto plain_key = "a secret of some length";

TokenLayout layout_named(const std::string& name, HashAlgorithm hash = HashAlgorithm::sha256) {
    if (name == "fastly-path") return fastly_layout(FastlyLayout::path, hash);
    if (name == "fastly-query") return fastly_layout(FastlyLayout::path_and_query, hash);
    if (name == "fastly-agent") return fastly_layout(FastlyLayout::path_query_user_agent, hash);
    if (name == "nginx" || name == "nginx-client") return nginx_layout(name.ends_with("client"));
    if (name == "gcore" || name == "gcore-client") return gcore_layout(name.ends_with("client"));
    if (name == "keycdn") return keycdn_layout();
    if (name == "cdn77") return cdn77_layout();
    if (name == "cloudflare") return cloudflare_waf_layout();
    if (name == "cloudflare-standard") return cloudflare_waf_layout({.standard_base64 = true});
    if (name == "cloudflare-prefix") return cloudflare_waf_layout({.prefix_bytes = 8});
    EXPECT_EQ(name, "cloudflare-images");
    return cloudflare_images_layout();
}

const std::vector<std::string> all_names{"fastly-path", "fastly-query", "fastly-agent", "nginx", "nginx-client", "gcore",
                                         "keycdn", "cdn77", "cloudflare", "cloudflare-standard", "cloudflare-images"};

SymmetricKey some_key() { return SymmetricKey::from_text(plain_key).value(); }

struct Pair {
    std::unique_ptr<UrlSigner> signer;
    std::unique_ptr<UrlVerifier> verifier;
};

Pair pair_of(const TokenLayout& layout) {
    const auto ring = KeyRing::single("", some_key());
    return {make_layout_signer(layout, ring, test_signer_options()).value(), make_layout_verifier(layout, ring, test_verifier_options()).value()};
}

VerifyRequest request_for(std::string_view url) {
    VerifyRequest request;
    request.url = url;
    request.client_ip = "203.0.113.7";
    request.user_agent = "Agent/1.0 (x)";
    return request;
}

SignPolicy policy_for(const TokenLayout& layout) {
    SignPolicy policy = exact_for();
    const auto signer = make_layout_signer(layout, KeyRing::single("", some_key())).value();
    if (signer->capabilities().client_ip) policy.client_ip = IpNetwork::parse("203.0.113.7").value();
    if (signer->capabilities().data) policy.data = "Agent/1.0 (x)";
    return policy;
}

TEST(TokenLayoutVectors, urls_and_messages_equal_those_written_by_hand) {
    const auto document = read_vectors("token_layouts.json");
    for (const auto& item : document["cases"]) {
        SCOPED_TRACE(text_of(item, "name"));
        const TokenLayout layout = layout_named(text_of(item, "layout"), text_of(item, "hash") == "sha1" ? HashAlgorithm::sha1 : HashAlgorithm::sha256);
        const SymmetricKey key = layout.parse_key(text_of(item, "key")).value();
        SignerOptions options;
        options.clock = fixed_clock(TimePoint(std::chrono::seconds(1'798'761'600 - 3600)));
        SignPolicy policy = policy_of(item);
        policy.data = text_of(item, "data");
        const auto signer = make_layout_signer(layout, KeyRing::single("", key), options).value();
        const std::string url = signer->sign(text_of(item, "url"), policy).value().reveal();
        EXPECT_EQ(url, text_of(item, "signed_url"));

        const std::string plain_url = text_of(item, "url");
        const std::string client = text_of(item, "client_ip");
        const auto parts = parse_url(plain_url).value();
        const std::string time = std::to_string(item["expires"].get<std::int64_t>() - layout.lifetime.count());
        const std::string images_message = text_of(item, "message");
        std::string message;
        layout::append_message(message, layout,
                               {parts.path, parts.query, images_message, time, client, policy.data}, key);
        EXPECT_EQ(message, text_of(item, "message"));

        VerifyRequest request = request_for(url);
        request.user_agent = policy.data;
        request.now = TimePoint(std::chrono::seconds(1'798'761'599));
        const auto verifier = make_layout_verifier(layout, KeyRing::single("", key)).value();
        const auto grant = verifier->verify(request).value();
        EXPECT_EQ(grant.policy.expires_at, policy.expires_at);
        EXPECT_EQ(grant.url, text_of(item, "url"));
        request.now = TimePoint(std::chrono::seconds(1'798'761'600));
        EXPECT_EQ(denial(verifier->verify(request)), Denial::expired);
    }
    EXPECT_GE(document["cases"].size(), 15U);
}

// The example of ngx_http_secure_link_module's documentation.
TEST(TokenLayoutVectors, nginx_documentation_example) {
    SignerOptions options;
    options.clock = fixed_clock(TimePoint(std::chrono::seconds(2'147'480'000)));
    const auto signer = make_layout_signer(nginx_layout(true), KeyRing::single("", SymmetricKey::from_text("secret").value()), options).value();
    SignPolicy policy;
    policy.expires_at = TimePoint(std::chrono::seconds(2'147'483'647));
    policy.client_ip = IpNetwork::parse("127.0.0.1").value();
    EXPECT_EQ(signer->sign("/s/link", policy).value().reveal(), "/s/link?md5=_e4Nc3iduzkWRm01TBBNYw&expires=2147483647");
}

TEST(TokenLayoutVectors, cloudflare_waf_value) {
    SignerOptions options;
    options.clock = fixed_clock(TimePoint(std::chrono::seconds(1'484'063'787)));
    SignPolicy policy;
    policy.expires_at = TimePoint(std::chrono::seconds(1'484'063'787 + 10'800));
    const auto ring = KeyRing::single("", SymmetricKey::from_text("mysecrettoken").value());
    EXPECT_EQ(make_layout_signer(cloudflare_waf_layout(), ring, options).value()->sign("/images/cat.jpg", policy).value().reveal(),
              "/images/cat.jpg?verify=1484063787-XsZ5NmtNBxOd4f4fBOtqVmpWRnDRNkHKVZieqDPKu3U");
    EXPECT_EQ(make_layout_signer(cloudflare_waf_layout({.standard_base64 = true}), ring, options).value()->sign("/images/cat.jpg", policy).value().reveal(),
              "/images/cat.jpg?verify=1484063787-XsZ5NmtNBxOd4f4fBOtqVmpWRnDRNkHKVZieqDPKu3U%3D");
}

TEST(TokenLayout, every_preset_is_valid) {
    for (const auto& name : all_names) EXPECT_TRUE(layout_named(name).validate()) << name;
    EXPECT_TRUE(layout_named("cloudflare-prefix").validate());
}

TEST(TokenLayout, other_path_key_client_and_agent_are_refused) {
    for (const auto& name : all_names) {
        SCOPED_TRACE(name);
        const TokenLayout layout = layout_named(name);
        const Pair pair = pair_of(layout);
        const std::string url = pair.signer->sign("/vod/m1/a.mp4", policy_for(layout)).value().reveal();
        EXPECT_TRUE(pair.verifier->verify(request_for(url)));
        std::string other = url;
        other.replace(other.find("m1"), 2, "m2");
        EXPECT_EQ(denial(pair.verifier->verify(request_for(other))), Denial::wrong_signature);
        EXPECT_EQ(denial(pair.verifier->verify(request_for("/vod/m1/a.mp4"))), Denial::missing_token);
        const auto wrong_key = make_layout_verifier(layout, KeyRing::single("", SymmetricKey::from_text("another").value()), test_verifier_options()).value();
        EXPECT_EQ(denial(wrong_key->verify(request_for(url))), Denial::wrong_signature);
        VerifyRequest stranger = request_for(url);
        stranger.client_ip = "203.0.113.8";
        stranger.user_agent = "Other/1.0";
        const auto& can = pair.signer->capabilities();
        EXPECT_EQ(pair.verifier->verify(stranger).has_value(), !can.client_ip && !can.data);
    }
}

TEST(TokenLayout, old_key_verifies_until_it_is_retired) {
    const auto ring = [](std::optional<TimePoint> until) {
        std::vector<KeyEntry> entries;
        entries.push_back({"old", some_key(), {}, test_now - std::chrono::seconds(1), until});
        entries.push_back({"new", SymmetricKey::from_text("the next secret").value(), {}, {}, {}});
        return KeyRing::make(std::move(entries)).value();
    };
    const TokenLayout layout = fastly_layout();
    const std::string old_url = pair_of(layout).signer->sign("/a", exact_for()).value().reveal();
    const auto verifier = make_layout_verifier(layout, ring(test_now + std::chrono::seconds(1)), test_verifier_options()).value();
    EXPECT_EQ(verifier->verify(request_for(old_url)).value().key_id, "old");
    const std::string new_url = make_layout_signer(layout, ring({}), test_signer_options()).value()->sign("/a", exact_for()).value().reveal();
    EXPECT_EQ(verifier->verify(request_for(new_url)).value().key_id, "new");
    EXPECT_EQ(denial(make_layout_verifier(layout, ring(test_now), test_verifier_options()).value()->verify(request_for(old_url))), Denial::wrong_signature);
}

TEST(TokenLayout, appended_parameter_follows_the_capabilities) {
    for (const auto& name : all_names) {
        SCOPED_TRACE(name);
        const TokenLayout layout = layout_named(name);
        const Pair pair = pair_of(layout);
        const std::string url = pair.signer->sign("/vod/a.m3u8", policy_for(layout)).value().reveal();
        const std::string appended = url + (url.find('?') == std::string::npos ? "?" : "&") + "_HLS_msn=1";
        EXPECT_EQ(pair.verifier->verify(request_for(appended)).has_value(), pair.signer->capabilities().append_query_exact);
    }
}

TEST(TokenLayout, border_between_path_and_time_cannot_be_moved) {
    const Pair pair = pair_of(fastly_layout(FastlyLayout::path));
    const std::string url = pair.signer->sign("/vod/ep11", exact_for()).value().reveal();  // message: /vod/ep111793491500
    const std::string mac = url.substr(url.find('_') + 1);
    EXPECT_EQ(denial(pair.verifier->verify(request_for("/vod/ep1?token=11793491500_" + mac))), Denial::malformed_token);
    EXPECT_EQ(denial(pair.verifier->verify(request_for("/vod/ep111?token=793491500_" + mac))), Denial::malformed_token);
}

TEST(TokenLayout, cdn77_token_opens_the_files_of_its_folder_only) {
    const Pair pair = pair_of(cdn77_layout());
    const auto grant = pair.signer->grant(prefix_for("https://cdn.example.com/vod/m1/"), TokenPlacement::path).value();
    const std::string url = grant.url("https://cdn.example.com/vod/m1/seg-1.ts?x=1").value().reveal();
    EXPECT_EQ(pair.verifier->verify(request_for(url)).value().url, "https://cdn.example.com/vod/m1/seg-1.ts?x=1");
    EXPECT_FALSE(grant.url("https://cdn.example.com/vod/m1/v1/seg-1.ts"));
    EXPECT_EQ(pair.signer->grant(prefix_for("https://cdn.example.com/vod/m1/")).error().code, Errc::unsupported);
}

TEST(TokenLayout, cloudflare_prefix_rule_opens_what_begins_alike) {
    const Pair pair = pair_of(layout_named("cloudflare-prefix"));
    const auto grant = pair.signer->grant(prefix_for("/vod/m1/")).value();
    const std::string url = grant.url("/vod/m1/v/1.ts").value().reveal();
    EXPECT_EQ(pair.verifier->verify(request_for(url)).value().policy.resource, "/vod/m1/");
    EXPECT_EQ(denial(pair.verifier->verify(request_for("/vod/m2/1.ts?" + grant.query()))), Denial::wrong_signature);
    EXPECT_EQ(denial(pair.verifier->verify(request_for("/vod/m?" + grant.query()))), Denial::wrong_scope);
    EXPECT_EQ(denial(pair.verifier->verify(request_for("/vod/m1/a?x=1&" + grant.query()))), Denial::wrong_scope);
    EXPECT_FALSE(grant.url("/vod/m1/a?x=1"));
    EXPECT_EQ(refused_name(pair.signer->grant(prefix_for("/vod/m11/"))), "resource");
    EXPECT_EQ(pair.signer->sign("/vod/m1/a", exact_for()).error().code, Errc::unsupported);
}

TEST(TokenLayout, end_beyond_the_rules_lifetime_is_refused) {
    const Pair pair = pair_of(cloudflare_waf_layout({.rule_lifetime = std::chrono::seconds(600)}));
    EXPECT_TRUE(pair.signer->sign("/a", exact_for(std::chrono::seconds(600))));
    EXPECT_EQ(refused_name(pair.signer->sign("/a", exact_for(std::chrono::seconds(601)))), "expires_in");
}

TEST(TokenLayout, what_the_edge_would_rewrite_is_refused) {
    EXPECT_EQ(refused_name(pair_of(nginx_layout()).signer->sign("/a//b", exact_for())), "url");
    EXPECT_EQ(refused_name(pair_of(nginx_layout()).signer->sign("/a/%2e%2e%2fb", exact_for())), "url");
    EXPECT_EQ(refused_name(pair_of(nginx_layout()).signer->sign("/a%00b", exact_for())), "url");
    EXPECT_EQ(refused_name(pair_of(cloudflare_images_layout()).signer->sign("/a?x=a%20b", exact_for())), "url");
    EXPECT_EQ(refused_name(pair_of(nginx_layout(true)).signer->sign("/a", exact_for())), "client_ip");
    EXPECT_EQ(refused_name(pair_of(layout_named("fastly-agent")).signer->sign("/a", exact_for())), "data");
    EXPECT_EQ(refused_name(pair_of(nginx_layout()).signer->sign("/a?expires=1", exact_for())), "query");
}

TEST(TokenLayout, faulty_definitions_are_refused_by_field) {
    const auto field = [](auto change) {
        TokenLayout layout = fastly_layout();
        change(layout);
        return refused_name(layout.validate());
    };
    EXPECT_EQ(field([](TokenLayout& l) { l.provider.clear(); }), "provider");
    EXPECT_EQ(field([](TokenLayout& l) { l.message.clear(); }), "message");
    EXPECT_EQ(field([](TokenLayout& l) { l.message.push_back({LayoutField::path, {}}); }), "message");
    EXPECT_EQ(field([](TokenLayout& l) { l.message.push_back({LayoutField::secret, {}}); }), "message");
    EXPECT_EQ(field([](TokenLayout& l) { l.message.pop_back(); }), "message");
    EXPECT_EQ(field([](TokenLayout& l) { l.keyed = false; }), "message");
    EXPECT_EQ(field([](TokenLayout& l) { l.message.push_back({LayoutField::mac, {}}); }), "message");
    EXPECT_EQ(field([](TokenLayout& l) { l.prefix_bytes = 3; }), "prefix_bytes");
    EXPECT_EQ(field([](TokenLayout& l) { l.parameters.clear(); }), "parameters");
    EXPECT_EQ(field([](TokenLayout& l) { l.parameters[0].name = "a b"; }), "parameters");
    EXPECT_EQ(field([](TokenLayout& l) { l.parameters[0].value.pop_back(); }), "parameters");
    EXPECT_EQ(field([](TokenLayout& l) { l.parameters[0].value.push_back({LayoutField::secret, {}}); }), "parameters");
    EXPECT_EQ(field([](TokenLayout& l) { l.parameters[0].value.push_back({LayoutField::expires, {}}); }), "parameters");
    EXPECT_EQ(field([](TokenLayout& l) { l.parameters[0].value[1].text = "&"; }), "parameters");
    EXPECT_EQ(field([](TokenLayout& l) { l.path_component = l.parameters[0].value; }), "parameters");
    EXPECT_EQ(field([](TokenLayout& l) { l.lifetime = std::chrono::seconds(1); }), "lifetime");
}

TEST(TokenLayout, weaknesses_are_named) {
    EXPECT_EQ(fastly_layout(FastlyLayout::path).weaknesses().size(), 1U);
    EXPECT_EQ(fastly_layout(FastlyLayout::path, HashAlgorithm::sha1).weaknesses().size(), 2U);
    EXPECT_EQ(nginx_layout().weaknesses().size(), 1U);
    EXPECT_TRUE(cloudflare_images_layout().weaknesses().empty());
}

TEST(TokenLayout, keys_come_as_the_provider_shows_them) {
    EXPECT_EQ(fastly_layout().parse_key("AAECAw==").value().size_bytes(), 4U);
    EXPECT_FALSE(fastly_layout().parse_key("not base64!"));
    EXPECT_EQ(nginx_layout().parse_key("AAECAw==").value().size_bytes(), 8U);
    EXPECT_FALSE(make_layout_signer(nginx_layout(), KeyRing::single("k", crypto::PrivateKey::generate(crypto::KeyType::ed25519).value())));
}

TEST(TokenLayout, what_is_signed_is_accepted_and_no_changed_byte_is) {
    for (const auto& name : all_names) {
        SCOPED_TRACE(name);
        const TokenLayout layout = layout_named(name);
        const Pair pair = pair_of(layout);
        const Capabilities& can = pair.signer->capabilities();
        const SignPolicy base = policy_for(layout);
        RoundTrip test;
        test.signer = pair.signer.get();
        test.verifier = pair.verifier.get();
        test.make = [&](UrlMaker& maker) {
            std::string url = maker.path_below("/");
            if (can.covers_query && name != "cloudflare-images" && maker.below(2) == 0) url += "?" + maker.query();
            SignPolicy policy = base;
            policy.expires_in = std::chrono::seconds(1 + maker.below(1000));
            return std::pair(url, policy);
        };
        test.dress = [](VerifyRequest& request) { request = request_for(request.url); };
        test.covers = [&](const std::string& url, std::size_t at) {
            if (name == "cdn77") return at < url.rfind('/');
            if (!name.starts_with("nginx") && !name.starts_with("gcore")) return true;
            return url.find('%') == std::string::npos;  // two spellings of one escape are one path to nginx
        };
        test.rounds = 20'000;
        expect_round_trips(test);
    }
}

}  // namespace
}  // namespace streamforge::cdn
