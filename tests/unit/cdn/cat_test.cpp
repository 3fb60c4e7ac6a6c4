#include <streamforge/cdn/cat.hpp>

#include <gtest/gtest.h>

#include "cdn/cat/cat_claims.hpp"
#include "cdn/cat/cose.hpp"
#include "support/cdn_properties.hpp"
#include "support/cdn_vectors.hpp"

namespace streamforge::cdn {
namespace {

using namespace testing;

constexpr auto secret = "0123456789abcdef0123456789abcdef";
KeyMaterial symmetric(std::string_view text = secret) { return SymmetricKey::from_text(text).value(); }
KeyRing ring(KeyMaterial key = symmetric(), std::string id = "k1") { return KeyRing::single(std::move(id), std::move(key)); }

// RFC 8392 appendix A: the claims set, the symmetric key of A.2.2 and the ECDSA key of A.2.3.
constexpr auto rfc_claims =
    "a70175636f61703a2f2f61732e6578616d706c652e636f6d02656572696b77037818636f61703a2f2f6c696768742e6578616d706c652e636f6d041a5612aeb0"
    "051a5610d9f0061a5610d9f007420b71";
constexpr auto rfc_mac_key = "403697de87af64611c1d32a05dab0fe1fcb715a86ab435f1ec99192d79569388";

TEST(CatVectors, rfc_8392_a_4_maced_token) {
    const Bytes token = crypto::hex_decode(std::string("d83dd18443a10104a1044c53796d6d65747269633235365850") + rfc_claims + "48093101ef6d789200").value();
    const auto message = cose::parse(token).value();
    EXPECT_EQ(message.algorithm, cose::hmac_256_64);
    EXPECT_EQ(message.key_id, "Symmetric256");
    EXPECT_EQ(crypto::hex_encode(crypto::bytes_of(message.payload)), rfc_claims);
    EXPECT_TRUE(cose::proof_fits(message, SymmetricKey::from_hex(rfc_mac_key).value()));
    EXPECT_FALSE(cose::proof_fits(message, SymmetricKey::from_hex("00").value()));
}

TEST(CatVectors, rfc_8392_a_3_signed_token) {
    const Bytes token = crypto::hex_decode(std::string("d28443a10126a104524173796d6d657472696345434453413235365850") + rfc_claims +
                                           "58405427c1ff28d23fbad1f29c4c7c6a555e601d6fa29f9179bc3d7438bacaca5acd08c8d4d4f96131680c429a01f85951ecee74"
                                           "3a52b9b63632c57209120e1c9e30")
                            .value();
    const auto message = cose::parse(token).value();
    EXPECT_EQ(message.algorithm, cose::es256);
    const auto base64url = [](std::string_view hex) { return crypto::base64_encode(crypto::hex_decode(hex).value(), crypto::base64_url); };
    const auto key = crypto::PublicKey::from_jwk(R"({"kty":"EC","crv":"P-256","x":")" +
                                                 base64url("143329cce7868e416927599cf65a34f3ce2ffda55a7eca69ed8919a394d42f0f") + R"(","y":")" +
                                                 base64url("60f7f1a780d8a783bfb7a2dd6b2796e8128dbbcef9d3d168db9529971a36e7b9") + R"("})")
                         .value();
    EXPECT_TRUE(cose::proof_fits(message, key));
    const auto claims = cbor::decode(crypto::bytes_of(message.payload)).value();
    EXPECT_EQ(claims.find(cat::label_iss)->data, "coap://as.example.com");
    EXPECT_EQ(claims.find(cat::label_exp)->integer(), 1444064944);
}

const TimePoint vector_now{std::chrono::seconds(1'798'700'000)};

TEST(CatVectors, tokens_of_node_cat_verify) {
    const auto document = read_vectors("cat_node.json");
    for (const auto& item : document["cases"]) {
        SCOPED_TRACE(text_of(item, "name"));
        const auto verifier = make_cat_verifier(ring(symmetric(text_of(item, "key")))).value();
        const std::string url = "https://h.example/vod/m1/a.ts?CAT=" + text_of(item, "token");
        const std::string client = text_of(item, "client_ip");
        VerifyRequest request;
        request.url = url;
        request.client_ip = client;
        request.method = "GET";
        request.now = vector_now;
        const auto grant = verifier->verify(request);
        ASSERT_TRUE(grant) << grant.error().describe();
        EXPECT_EQ(grant->policy.expires_at, TimePoint(std::chrono::seconds(1'798'761'600)));
        const std::string elsewhere = "https://other.test/other/b.mp4?CAT=" + text_of(item, "token");
        request.url = elsewhere;
        EXPECT_EQ(denial(verifier->verify(request)), Denial::wrong_scope);
    }
    EXPECT_EQ(document["cases"].size(), 10U);
}

TEST(CatVectors, ours_are_those_that_node_cat_was_asked_about) {
    const auto document = read_vectors("cat_ours.json");
    for (const auto& item : document["cases"]) {
        SCOPED_TRACE(text_of(item, "name"));
        SignerOptions options;
        options.clock = fixed_clock(vector_now);
        const auto signer = make_cat_signer(ring(), {.issuer = "us"}, options).value();
        const std::string url = text_of(item, "url");
        EXPECT_EQ(signer->sign(url, policy_of(item)).value().reveal(), url + "?CAT=" + text_of(item, "token"));
    }
    EXPECT_EQ(document["cases"].size(), 5U);
}

class Cat : public ::testing::Test {
protected:
    std::unique_ptr<UrlSigner> signer = make_cat_signer(ring(), {}, test_signer_options()).value();
    std::unique_ptr<UrlVerifier> verifier = make_cat_verifier(ring(), {}, test_verifier_options()).value();

    static VerifyRequest request_for(std::string_view url) {
        VerifyRequest request;
        request.url = url;
        request.client_ip = "203.0.113.9";
        request.method = "GET";
        request.country = "DE";
        return request;
    }
    /// A token over any claims, rightly sealed.
    static std::string url_with(const Bytes& claims, std::string_view path = "/vod/a.mp4", const KeyMaterial& key = symmetric()) {
        const Bytes sealed = cose::seal(claims, {"k1", key, {}, {}, {}}).value();
        return "https://h.example" + std::string(path) + "?CAT=" + crypto::base64_encode(sealed, crypto::base64_url);
    }
    /// exp, catu {path: {prefix: "/vod/"}}, and one claim more.
    static Bytes claims_with(std::int64_t label, const std::function<void(Bytes&)>& value) {
        Bytes claims;
        cbor::append_map(claims, 3);
        cbor::append_integer(claims, cat::label_exp);
        cbor::append_integer(claims, 1'793'491'500);
        cbor::append_integer(claims, cat::label_catu);
        cbor::append_map(claims, 1);
        cbor::append_integer(claims, cat::part_path);
        cbor::append_map(claims, 1);
        cbor::append_integer(claims, cat::match_prefix);
        cbor::append_text(claims, "/vod/");
        cbor::append_integer(claims, label);
        value(claims);
        return claims;
    }
    /// exp and a `catu` of one part with one text condition.
    static Bytes claims_on_url(std::int64_t part, std::int64_t match, std::string_view value) {
        Bytes claims;
        cbor::append_map(claims, 2);
        cbor::append_integer(claims, cat::label_exp);
        cbor::append_integer(claims, 1'793'491'500);
        cbor::append_integer(claims, cat::label_catu);
        cbor::append_map(claims, 1);
        cbor::append_integer(claims, part);
        cbor::append_map(claims, 1);
        cbor::append_integer(claims, match);
        if (match == cat::match_sha256) {
            cbor::append_bytes(claims, crypto::sha256(value).bytes());
        } else {
            cbor::append_text(claims, value);
        }
        return claims;
    }
};

TEST_F(Cat, signed_policy_comes_back_with_both_kinds_of_key) {
    SignPolicy policy = prefix_for("https://h.example/vod/m1/");
    policy.starts_at = test_now;
    policy.client_ip = IpNetwork::parse("203.0.113.0/24").value();
    policy.session_id = "s-1";
    policy.countries_allowed = {"DE", "FR"};
    const CatOptions cat{.issuer = "us", .audience = "edge", .subject = "viewer", .methods = {"GET", "HEAD"}};
    for (const KeyMaterial& key : {symmetric(), KeyMaterial(test_key("p256.pem"))}) {
        const auto own_signer = make_cat_signer(ring(key), cat, test_signer_options()).value();
        const std::string url = own_signer->sign("https://h.example/vod/m1/a.m4s?x=1", policy).value().reveal();
        const auto grant = make_cat_verifier(ring(key), cat, test_verifier_options()).value()->verify(request_for(url));
        ASSERT_TRUE(grant) << grant.error().describe();
        SignPolicy expected = policy;
        expected.expires_in = std::chrono::seconds(0);
        expected.expires_at = test_now + std::chrono::seconds(300);
        EXPECT_EQ(grant->policy, expected);
        EXPECT_EQ(grant->url, "https://h.example/vod/m1/a.m4s?x=1");
        EXPECT_EQ(grant->key_id, "k1");
    }
}

TEST_F(Cat, token_is_a_tagged_cwt_in_mac0) {
    const std::string url = signer->sign("/a", exact_for()).value().reveal();
    const Bytes token = crypto::base64_decode(url.substr(url.find("CAT=") + 4), crypto::base64_url).value();
    EXPECT_EQ(crypto::hex_encode(ByteView(token).first(8)), "d83dd18443a10105");
    EXPECT_LE(url.size(), 1024U);
}

TEST_F(Cat, every_carrier_is_read) {
    const auto cookies = signer->sign_cookies("/vod/a", prefix_for("/vod/")).value();
    const std::string header = cookies.cookie_header();
    VerifyRequest request = request_for("/vod/b");
    EXPECT_EQ(denial(verifier->verify(request)), Denial::missing_token);
    request.cookies = header;
    EXPECT_TRUE(verifier->verify(request));
    request.cookies = {};
    request.headers = {{"CTA-Common-Access-Token", header.substr(header.find('=') + 1)}};
    EXPECT_TRUE(verifier->verify(request));
    request.url = "/other/b";
    EXPECT_EQ(denial(verifier->verify(request)), Denial::wrong_scope);
}

TEST_F(Cat, every_part_of_a_url_can_be_asked_for) {
    const std::string path = "/vod/m1/film.v2.mp4";
    struct Condition {
        std::int64_t part;
        const char* exact;
    };
    for (const auto& [part, exact] : {Condition{cat::part_scheme, "https"}, {cat::part_host, "h.example"}, {cat::part_port, "443"}, {cat::part_path, "/vod/m1/film.v2.mp4"},
                                      {cat::part_query, ""}, {cat::part_parent_path, "/vod/m1"}, {cat::part_filename, "film.v2.mp4"}, {cat::part_stem, "film.v2"},
                                      {cat::part_extension, ".mp4"}}) {
        EXPECT_TRUE(verifier->verify(request_for(url_with(claims_on_url(part, cat::match_exact, exact), path)))) << part;
        EXPECT_TRUE(verifier->verify(request_for(url_with(claims_on_url(part, cat::match_sha256, exact), path)))) << part;
        EXPECT_EQ(denial(verifier->verify(request_for(url_with(claims_on_url(part, cat::match_exact, "other"), path)))), Denial::wrong_scope) << part;
        EXPECT_EQ(denial(verifier->verify(request_for(url_with(claims_on_url(part, cat::match_sha256, "other"), path)))), Denial::wrong_scope) << part;
    }
    EXPECT_TRUE(verifier->verify(request_for(url_with(claims_on_url(cat::part_path, cat::match_suffix, ".mp4"), path))));
    EXPECT_TRUE(verifier->verify(request_for(url_with(claims_on_url(cat::part_path, cat::match_contains, "/m1/"), path))));
    EXPECT_FALSE(verifier->verify(request_for(url_with(claims_on_url(cat::part_path, cat::match_suffix, ".ts"), path))));
}

TEST_F(Cat, conditions_that_cannot_be_checked_are_refused) {
    EXPECT_EQ(denial(verifier->verify(request_for(url_with(claims_on_url(cat::part_path, 4, ".*"))))), Denial::unsupported_claim);
    EXPECT_EQ(denial(verifier->verify(request_for(url_with(claims_on_url(cat::part_path, -2, "x"))))), Denial::unsupported_claim);
    EXPECT_EQ(denial(verifier->verify(request_for(url_with(claims_on_url(9, 0, "x"))))), Denial::unsupported_claim);
    const auto number = [](std::int64_t value) { return [value](Bytes& out) { cbor::append_integer(out, value); }; };
    for (const std::int64_t label : {8, 309, 319, 321, 323, 999}) {
        EXPECT_EQ(denial(verifier->verify(request_for(url_with(claims_with(label, number(0)))))), Denial::unsupported_claim) << label;
    }
    EXPECT_TRUE(verifier->verify(request_for(url_with(claims_with(cat::label_catreplay, number(0))))));
    EXPECT_EQ(denial(verifier->verify(request_for(url_with(claims_with(cat::label_catreplay, number(1)))))), Denial::unsupported_claim);
    EXPECT_TRUE(verifier->verify(request_for(url_with(claims_with(cat::label_catv, number(1))))));
    EXPECT_EQ(denial(verifier->verify(request_for(url_with(claims_with(cat::label_catv, number(2)))))), Denial::unsupported_claim);
    EXPECT_EQ(denial(verifier->verify(request_for(url_with(claims_with(cat::label_catnip, [](Bytes& out) {
                  cbor::append_array(out, 1);
                  cbor::append_unsigned(out, 64496);  // an autonomous system
              }))))),
              Denial::unsupported_claim);
}

TEST_F(Cat, method_country_and_network_are_checked) {
    const auto texts = [](std::vector<std::string> values) {
        return [values](Bytes& out) {
            cbor::append_array(out, values.size());
            for (const auto& value : values) cbor::append_text(out, value);
        };
    };
    EXPECT_TRUE(verifier->verify(request_for(url_with(claims_with(cat::label_catm, texts({"HEAD", "GET"}))))));
    EXPECT_EQ(denial(verifier->verify(request_for(url_with(claims_with(cat::label_catm, texts({"PUT"})))))), Denial::wrong_scope);
    EXPECT_EQ(denial(verifier->verify(request_for(url_with(claims_with(cat::label_catgeoiso3166, texts({"FR"})))))), Denial::wrong_country);
    EXPECT_EQ(denial(verifier->verify(request_for(url_with(claims_with(cat::label_catgeoiso3166, texts({"US-CA"})))))), Denial::unsupported_claim);
    const auto network = [](std::uint64_t bits, Bytes address) {
        return [bits, address](Bytes& out) {
            cbor::append_array(out, 1);
            cbor::append_tag(out, 52);
            cbor::append_array(out, 2);
            cbor::append_unsigned(out, bits);
            cbor::append_bytes(out, address);
        };
    };
    EXPECT_TRUE(verifier->verify(request_for(url_with(claims_with(cat::label_catnip, network(24, {203, 0, 113}))))));
    EXPECT_EQ(denial(verifier->verify(request_for(url_with(claims_with(cat::label_catnip, network(24, {203, 0, 114})))))), Denial::wrong_client_ip);
    EXPECT_EQ(denial(verifier->verify(request_for(url_with(claims_with(cat::label_catnip, network(99, {203}))) ))), Denial::unsupported_claim);
}

TEST_F(Cat, key_and_algorithm_must_be_the_rings) {
    const std::string url = signer->sign("/a", exact_for()).value().reveal();
    const auto by = [](KeyRing keys) { return make_cat_verifier(std::move(keys), {}, test_verifier_options()).value(); };
    EXPECT_EQ(denial(by(ring(symmetric("another secret of 32 bytes......")))->verify(request_for(url))), Denial::wrong_signature);
    EXPECT_EQ(denial(by(ring(symmetric(), "k2"))->verify(request_for(url))), Denial::unknown_key);
    EXPECT_EQ(denial(by(ring(test_key("p256.pem")))->verify(request_for(url))), Denial::weak_algorithm);
    const auto anonymous = make_cat_signer(ring(symmetric(), ""), {}, test_signer_options()).value();
    EXPECT_TRUE(by(ring(symmetric(), ""))->verify(request_for(anonymous->sign("/a", exact_for()).value().reveal())));
    EXPECT_EQ(refused_name(make_cat_signer(ring(symmetric("short")))), "keys");
    EXPECT_EQ(refused_name(make_cat_signer(ring(test_key("rsa2048.pem")))), "keys");
}

TEST_F(Cat, short_macs_are_refused) {
    const Bytes token = crypto::hex_decode(std::string("d83dd18443a10104a104426b315850") + rfc_claims + "480000000000000000").value();
    const std::string url = "https://h.example/a?CAT=" + crypto::base64_encode(token, crypto::base64_url);
    EXPECT_EQ(denial(verifier->verify(request_for(url))), Denial::weak_algorithm);
}

TEST_F(Cat, tokens_of_another_form_are_malformed) {
    for (const auto* hex : {"", "00", "d83d00", "d83dd10000", "d84018", "d18440a04040", "d18443a10105a1014040", "d18343a10105a040", "d18444a1010500a04040",
                            "d18446a2010503614040a04040", "d18443a10105a1044101f64040"}) {
        const auto bytes = crypto::hex_decode(hex);
        EXPECT_FALSE(bytes && cose::parse(*bytes)) << hex;
    }
    EXPECT_EQ(denial(verifier->verify(request_for("/a?CAT=" + std::string(1025, 'A')))), Denial::malformed_token);
    EXPECT_EQ(denial(verifier->verify(request_for("/a?CAT=AA="))), Denial::malformed_token);
    EXPECT_EQ(denial(verifier->verify(request_for(url_with({0x80})))), Denial::malformed_token);
    Bytes no_end;
    cbor::append_map(no_end, 0);
    EXPECT_EQ(denial(verifier->verify(request_for(url_with(no_end)))), Denial::malformed_token);
}

TEST_F(Cat, what_the_scheme_cannot_say_is_refused) {
    SignPolicy policy = exact_for();
    policy.countries_blocked = {"US"};
    EXPECT_EQ(signer->sign("/a", policy).error().code, Errc::unsupported);
    EXPECT_EQ(refused_name(signer->sign("/a%2fb", exact_for())), "url");
    EXPECT_EQ(refused_name(signer->sign("/a?CAT=x", exact_for())), "query");
    EXPECT_EQ(signer->sign("/" + std::string(2000, 'a'), exact_for()).error().code, Errc::limit_exceeded);
    EXPECT_EQ(refused_name(CatOptions{.methods = {"get"}}.validate()), "methods");
}

TEST_F(Cat, what_is_signed_is_accepted_and_no_changed_byte_is) {
    RoundTrip test;
    test.signer = signer.get();
    test.verifier = verifier.get();
    test.make = [](UrlMaker& maker) { return std::pair("https://h.example" + maker.path_below("/"), exact_for(std::chrono::seconds(1 + maker.below(1000)))); };
    test.dress = [](VerifyRequest& request) { request = request_for(request.url); };
    test.covers = [](const std::string&, std::size_t at) { return at > 4; };  // the scheme is not signed: "http:" would do too
    test.rounds = 20'000;
    expect_round_trips(test);
}

}  // namespace
}  // namespace streamforge::cdn
