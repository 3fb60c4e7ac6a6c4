#include <benchmark/benchmark.h>

#include <string>

#include <streamforge/manifest/bandwidth.hpp>
#include <streamforge/manifest/hls_parser.hpp>
#include <streamforge/manifest/hls_writer.hpp>
#include <streamforge/manifest/lint.hpp>
#include <streamforge/manifest/mpd_parser.hpp>
#include <streamforge/manifest/mpd_writer.hpp>

namespace {

using namespace streamforge;
using namespace streamforge::manifest;

/// One video rendition of `count` segments, all of different length, so that no S of the timeline repeats.
Presentation presentation_of(std::int64_t count) {
    VideoRendition rendition;
    rendition.track.id = "v";
    rendition.track.codecs = "avc1.640028";
    rendition.track.codec = Codec::h264;
    rendition.track.files.playlist = "v/playlist.m3u8";
    rendition.track.files.init = "v/init.mp4";
    rendition.track.files.media = "v/seg_$Number%05d$.m4s";
    rendition.width_px = 1920;
    rendition.height_px = 1080;
    rendition.frame_rate = {25, 1};
    MediaTime at{0, 90000};
    for (std::int64_t i = 0; i < count; ++i) {
        SegmentFacts segment;
        segment.start = at;
        segment.duration = {360000 + (i % 2) * 3600, 90000};
        segment.bytes = 1'000'000 + static_cast<std::uint64_t>(i * 7919 % 500'000);
        rendition.track.segments.push_back(segment);
        at = segment.end();
    }
    Presentation presentation;
    presentation.video.push_back(std::move(rendition));
    return presentation;
}

void write_hls_of(benchmark::State& state) {
    const Presentation presentation = presentation_of(state.range(0));
    for (auto _ : state) benchmark::DoNotOptimize(write_hls(presentation).value());
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(write_hls_of)->Arg(1'000)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

void write_mpd_of(benchmark::State& state) {
    const Presentation presentation = presentation_of(state.range(0));
    for (auto _ : state) benchmark::DoNotOptimize(write_mpd(presentation).value());
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(write_mpd_of)->Arg(1'000)->Arg(5'000)->Arg(50'000)->Unit(benchmark::kMillisecond);

void peak_bandwidth_of(benchmark::State& state) {
    const Presentation presentation = presentation_of(state.range(0));
    for (auto _ : state) benchmark::DoNotOptimize(hls_bandwidth(presentation.video[0].track.segments, 4));
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(peak_bandwidth_of)->Arg(1'000)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

void parse_playlist_of(benchmark::State& state) {
    const HlsFiles files = write_hls(presentation_of(state.range(0))).value();
    for (auto _ : state) benchmark::DoNotOptimize(parse_hls(files.media[0].text).value());
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(parse_playlist_of)->Arg(1'000)->Arg(10'000)->Unit(benchmark::kMillisecond);

void parse_mpd_of(benchmark::State& state) {
    const std::string text = write_mpd(presentation_of(state.range(0))).value();
    for (auto _ : state) benchmark::DoNotOptimize(parse_mpd(text).value());
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(parse_mpd_of)->Arg(1'000)->Arg(5'000)->Unit(benchmark::kMillisecond);

}  // namespace
