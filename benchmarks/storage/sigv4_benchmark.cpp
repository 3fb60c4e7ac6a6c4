#include <benchmark/benchmark.h>

#include "storage/s3/sigv4.hpp"

namespace {

using namespace streamforge;
using namespace streamforge::storage;

const Credentials& credentials() {
    static const Credentials all{"AKIDEXAMPLE", Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), Secret(), std::nullopt};
    return all;
}

/// A GET as it goes out: five headers, the day's key known already.
void sign_headers(benchmark::State& state) {
    s3::Signer signer;
    const s3::SigningTime time(std::chrono::system_clock::time_point(std::chrono::seconds(1'700'000'000)));
    for (auto _ : state) {
        http::Headers headers{
            {"range", "bytes=0-8388607"}, {"if-match", "\"0123456789abcdef\""}, {"host", "bucket.s3.eu-central-1.amazonaws.com"}};
        if (!signer.sign_headers("GET", "/movies/m1/video/1080p/segment-00042.m4s", "", headers, s3::unsigned_payload, credentials(),
                                 "eu-central-1", time)) {
            state.SkipWithError("not signed");
        }
        benchmark::DoNotOptimize(headers);
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(sign_headers);

void presign_part(benchmark::State& state) {
    s3::Signer signer;
    const s3::SigningTime time(std::chrono::system_clock::time_point(std::chrono::seconds(1'700'000'000)));
    const http::Headers headers{{"host", "bucket.s3.eu-central-1.amazonaws.com"}};
    for (auto _ : state) {
        benchmark::DoNotOptimize(signer.presign("PUT", "/movies/in/movie.mov", {{"partNumber", "42"}, {"uploadId", "2~abcdefghijklmnop"}},
                                                headers, std::chrono::seconds(3600), credentials(), "eu-central-1", time));
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(presign_part);

}  // namespace
