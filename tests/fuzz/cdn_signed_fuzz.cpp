// libraries: cdn
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <streamforge/cdn/cat.hpp>
#include <streamforge/cdn/cloudflare_stream.hpp>
#include <streamforge/cdn/cloudfront.hpp>
#include <streamforge/cdn/jwt.hpp>
#include <streamforge/cdn/uri_signing.hpp>
#include <streamforge/crypto/encoding.hpp>

#include "cdn/cat/cose.hpp"
#include "cdn/cloudfront/policy_text.hpp"

using namespace streamforge;
using namespace streamforge::cdn;

// Input: a scheme's number, then claims or a policy. They are sealed rightly, so that what reads them behind the signature is reached.
namespace {

void require(bool holds) {
    if (!holds) __builtin_trap();
}

constexpr TimePoint now{std::chrono::seconds(1'795'275'000)};

KeyEntry symmetric() { return {"k1", SymmetricKey::from_text("0123456789abcdef0123456789abcdef").value(), {}, {}, {}}; }
KeyEntry elliptic() {
    static const auto key = crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256).value();
    return {"k1", key, {}, {}, {}};
}
KeyEntry rsa() {
    static const auto key = crypto::PrivateKey::generate(crypto::KeyType::rsa).value();
    return {"k1", key, {}, {}, {}};
}
KeyRing ring(KeyEntry entry) { return KeyRing::make({std::move(entry)}).value(); }

void judge(const UrlVerifier& verifier, const std::string& url) {
    VerifyRequest request;
    request.url = url;
    request.client_ip = "203.0.113.9";
    request.method = "GET";
    request.country = "DE";
    request.now = now;
    const auto grant = verifier.verify(request);
    require(grant ? grant->policy.expires_at > now : denial_of(grant.error()).has_value());
}

std::string jwt_of(std::string_view claims, const KeyEntry& key) {
    const auto token = sign_jwt(claims, key);
    return token ? *token : std::string();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto cat = make_cat_verifier(ring(symmetric())).value();
    static const auto jwt = make_jwt_verifier(ring(symmetric())).value();
    static const auto uri = make_uri_signing_verifier(ring(symmetric())).value();
    static const auto stream = make_cloudflare_stream_verifier(ring(rsa())).value();
    static const auto cloudfront = make_cloudfront_verifier(ring(elliptic())).value();
    if (size == 0 || size > 700) return 0;
    const ByteView body(data + 1, size - 1);
    const std::string_view text(reinterpret_cast<const char*>(body.data()), body.size());
    const std::string url = "https://h.example/vod/m1/a.ts?";
    switch (data[0] % 5) {
        case 0: judge(*cat, url + "CAT=" + crypto::base64_encode(cose::seal(body, symmetric()).value(), crypto::base64_url)); break;
        case 1: judge(*jwt, url + "token=" + jwt_of(text, symmetric())); break;
        case 2: judge(*uri, url + "URISigningPackage=" + jwt_of(text, symmetric())); break;
        case 3: judge(*stream, "https://h.example/" + jwt_of(text, rsa()) + "/manifest/video.m3u8"); break;
        default: {
            const auto key = std::get<crypto::PrivateKey>(elliptic().material);
            const Bytes signature = key.sign(crypto::HashAlgorithm::sha256, body, crypto::EcdsaForm::der).value();
            judge(*cloudfront, url + "Policy=" + crypto::base64_encode(body, cloudfront::base64_variant) + "&Signature=" +
                                   crypto::base64_encode(signature, cloudfront::base64_variant) + "&Key-Pair-Id=k1&Hash-Algorithm=SHA256");
        }
    }
    return 0;
}
