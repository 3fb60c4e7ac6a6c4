// What signing costs beside the cryptography in it. benchmarks/sign.py puts it in relation to `openssl speed` and to peers.
#include <benchmark/benchmark.h>
#include <cstdint>
#include <string>

#include <streamforge/cdn/authorize_stream.hpp>
#include <streamforge/cdn/cat.hpp>
#include <streamforge/cdn/cloudfront.hpp>
#include <streamforge/cdn/grant_cache.hpp>
#include <streamforge/cdn/local.hpp>
#include <streamforge/cdn/token_layout.hpp>

/// Of the whole process, so that "no allocation" is measured and not believed.
std::uint64_t allocation_count();

namespace streamforge::cdn {
namespace {

constexpr auto url = "https://d111111abcdef8.cloudfront.net/vod/m1/video/1080p/seg_00001.m4s";
constexpr auto prefix = "https://d111111abcdef8.cloudfront.net/vod/m1/";

SignPolicy exact() {
    SignPolicy policy;
    policy.expires_in = std::chrono::minutes(5);
    return policy;
}
SignPolicy folder() {
    SignPolicy policy = exact();
    policy.scope = Scope::prefix;
    policy.resource = prefix;
    return policy;
}

std::unique_ptr<UrlSigner> cloudfront(crypto::KeyType type) {
    static const auto rsa = crypto::PrivateKey::generate(crypto::KeyType::rsa).value();
    static const auto p256 = crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256).value();
    return make_cloudfront_signer(KeyRing::single("K2JCJMDEHXQW5F", type == crypto::KeyType::rsa ? rsa : p256)).value();
}
std::unique_ptr<UrlSigner> hmac_layout() {
    return make_layout_signer(fastly_layout(), KeyRing::single("k", SymmetricKey::from_text("0123456789abcdef0123456789abcdef").value()))
        .value();
}

/// Signs into one buffer, as a back end would that writes a playlist.
void sign_in_a_loop(benchmark::State& state, const UrlSigner& signer, const SignPolicy& policy, const std::string& file = url) {
    std::string out;
    out.reserve(4096);
    for (auto _ : state) {
        out.clear();
        if (!signer.sign_to(out, file, policy)) state.SkipWithError("refused");
        benchmark::DoNotOptimize(out.data());
    }
    state.SetItemsProcessed(state.iterations());
}

void rsa_url(benchmark::State& state) {
    static const auto signer = cloudfront(crypto::KeyType::rsa);
    sign_in_a_loop(state, *signer, exact());
}
BENCHMARK(rsa_url)->ThreadRange(1, 2)->UseRealTime();
BENCHMARK(rsa_url);

void p256_url(benchmark::State& state) {
    static const auto signer = cloudfront(crypto::KeyType::ecdsa_p256);
    sign_in_a_loop(state, *signer, exact());
}
BENCHMARK(p256_url)->ThreadRange(1, 2)->UseRealTime();
BENCHMARK(p256_url);

/// A URL whose signed text has 149 bytes, like the message that `openssl speed` is asked for.
std::string url_of_149_bytes() { return "https://cdn.example.com/vod/" + std::string(149 - 10 - 5, 'a'); }

void hmac_url(benchmark::State& state) {
    static const auto signer = hmac_layout();
    sign_in_a_loop(state, *signer, exact(), url_of_149_bytes());
}
BENCHMARK(hmac_url)->ThreadRange(1, 2)->UseRealTime();
BENCHMARK(hmac_url);

void short_hmac_url(benchmark::State& state) {
    static const auto signer = hmac_layout();
    sign_in_a_loop(state, *signer, exact());
}
BENCHMARK(short_hmac_url);

/// What `hmac_url` cannot do without: one HMAC over a message of its size, with a ready key.
void raw_hmac(benchmark::State& state) {
    const auto key = crypto::HmacKey::make(crypto::HashAlgorithm::sha256, crypto::bytes_of("0123456789abcdef0123456789abcdef")).value();
    const std::string message(149, 'a');
    for (auto _ : state) benchmark::DoNotOptimize(key.mac(message));
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(raw_hmac);

void url_of_a_cached_prefix(benchmark::State& state) {
    static const auto signer = cloudfront(crypto::KeyType::ecdsa_p256);
    const auto grant = signer->grant(folder()).value();
    std::string out;
    out.reserve(4096);
    const std::uint64_t before = allocation_count();
    for (auto _ : state) {
        out.clear();
        if (!grant.append_url(out, url)) state.SkipWithError("refused");
        benchmark::DoNotOptimize(out.data());
    }
    state.counters["allocations"] = static_cast<double>(allocation_count() - before);
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(url_of_a_cached_prefix);

void grant_from_the_cache(benchmark::State& state) {
    GrantCache cache(std::shared_ptr<const UrlSigner>(cloudfront(crypto::KeyType::ecdsa_p256)));
    SignPolicy policy = folder();
    policy.expiry_bucket = std::chrono::minutes(5);
    for (auto _ : state) benchmark::DoNotOptimize(cache.grant(policy).value());
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(grant_from_the_cache);

void verify_hmac_url(benchmark::State& state) {
    const auto ring = KeyRing::single("k", SymmetricKey::from_text("0123456789abcdef0123456789abcdef").value());
    const auto verifier = make_layout_verifier(fastly_layout(), ring).value();
    const std::string signed_url = hmac_layout()->sign(url, exact()).value().reveal();
    VerifyRequest request;
    request.url = signed_url;
    for (auto _ : state) benchmark::DoNotOptimize(verifier->verify(request).value());
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(verify_hmac_url);

void verify_common_access_token(benchmark::State& state) {
    const auto ring = KeyRing::single("k", SymmetricKey::from_text("0123456789abcdef0123456789abcdef").value());
    const auto verifier = make_cat_verifier(ring).value();
    const std::string signed_url = make_cat_signer(ring).value()->sign(url, exact()).value().reveal();
    VerifyRequest request;
    request.url = signed_url;
    for (auto _ : state) benchmark::DoNotOptimize(verifier->verify(request).value());
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(verify_common_access_token);

StreamRequest long_stream(int segments) {
    StreamRequest request;
    request.entry.url = std::string(prefix) + "playlist.m3u8";
    request.entry.text = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:4\n";
    for (int i = 0; i < segments; ++i) request.entry.text += "#EXTINF:4,\nvideo/1080p/seg_" + std::to_string(10000 + i) + ".m4s\n";
    request.entry.text += "#EXT-X-ENDLIST\n";
    request.policy = exact();
    request.players = {Player::hls_js};
    return request;
}

/// A playlist of 10,000 segments under one signature: read, checked, granted.
void authorise_10000_segments(benchmark::State& state) {
    const auto signer = cloudfront(crypto::KeyType::ecdsa_p256);
    StreamRequest request = long_stream(10'000);
    request.methods = {static_cast<DeliveryMethod>(state.range(0))};
    for (auto _ : state) benchmark::DoNotOptimize(authorize_stream(*signer, request).value());
}
BENCHMARK(authorise_10000_segments)
    ->Arg(static_cast<int>(DeliveryMethod::cookies))
    ->Arg(static_cast<int>(DeliveryMethod::define_query))
    ->Arg(static_cast<int>(DeliveryMethod::rewritten))
    ->Unit(benchmark::kMillisecond);

/// Ten thousand URLs of one stream under one signature.
void batch_of_10000_by_wildcard(benchmark::State& state) {
    const auto signer = cloudfront(crypto::KeyType::ecdsa_p256);
    std::vector<std::string> texts;
    for (int i = 0; i < 10'000; ++i) texts.push_back(std::string(prefix) + "video/1080p/seg_" + std::to_string(10000 + i) + ".m4s");
    const std::vector<std::string_view> urls(texts.begin(), texts.end());
    for (auto _ : state) benchmark::DoNotOptimize(signer->sign_batch(urls, folder()).value());
}
BENCHMARK(batch_of_10000_by_wildcard)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace streamforge::cdn
