#include <benchmark/benchmark.h>

#include <streamforge/core/random.hpp>
#include <streamforge/crypto/checksum.hpp>
#include <streamforge/crypto/hash.hpp>

namespace {

using namespace streamforge;

Bytes some_bytes(std::int64_t size) {
    Bytes bytes(static_cast<std::size_t>(size));
    seeded_random(1)(bytes);
    return bytes;
}

void crc64nvme(benchmark::State& state) {
    const auto bytes = some_bytes(state.range(0));
    std::uint64_t sum = 0;
    for (auto _ : state) benchmark::DoNotOptimize(sum = crypto::crc64nvme(bytes, sum));
    state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(crc64nvme)->Arg(4096)->Arg(64 << 10)->Arg(8 << 20);

void crc32c(benchmark::State& state) {
    const auto bytes = some_bytes(state.range(0));
    std::uint32_t sum = 0;
    for (auto _ : state) benchmark::DoNotOptimize(sum = crypto::crc32c(bytes, sum));
    state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(crc32c)->Arg(4096)->Arg(64 << 10)->Arg(8 << 20);

void sha256(benchmark::State& state) {
    const auto bytes = some_bytes(state.range(0));
    for (auto _ : state) benchmark::DoNotOptimize(crypto::sha256_hex(bytes));
    state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(sha256)->Arg(64 << 10);

void combine_ten_thousand_parts(benchmark::State& state) {
    for (auto _ : state) {
        std::uint64_t whole = 0;
        for (std::uint64_t part = 0; part < 10'000; ++part) whole = crypto::crc64nvme_combine(whole, part * 0x9e3779b97f4a7c15U, 8 << 20);
        benchmark::DoNotOptimize(whole);
    }
}
BENCHMARK(combine_ten_thousand_parts)->Unit(benchmark::kMillisecond);

}  // namespace
