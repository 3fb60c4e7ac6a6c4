// The pure parts of packaging: index, plan, segment layout, writer. Whole-process figures are in ../package.py.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include <streamforge/packaging/cmaf_writer.hpp>
#include <streamforge/packaging/remux.hpp>

#include "packaging/box_writer.hpp"
#include "packaging/codec_config.hpp"
#include "packaging/sample_entry.hpp"

namespace {

using namespace streamforge;
using namespace streamforge::packaging;

constexpr std::uint32_t frame_rate = 30, gop_frames = 60;

TrackFormat video_format() {
    TrackFormat format;
    format.codec = Codec::h264;
    format.timescale = 15360;
    format.codec_config = {1, 0x42, 0xC0, 0x0A, 0xFF, 0xE1, 0, 6, 0x67, 0x42, 0xC0, 0x0A, 0xDA, 0x79, 1, 0, 4, 0x68, 0xCE, 0x38, 0x80};
    format.video.width_px = format.video.height_px = 16;
    return format;
}

/// A movie of which only the header exists: media bytes read as zeros.
class HollowMovie final : public ByteSource {
public:
    HollowMovie(Bytes head, std::uint64_t size) : ByteSource("<hollow>"), head_(std::move(head)), size_(size) {}

private:
    Result<std::size_t> do_read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), size_ - std::min(size_, offset)));
        std::memset(into.data(), 0, count);
        if (offset < head_.size()) {
            std::memcpy(into.data(), head_.data() + offset, std::min<std::size_t>(count, head_.size() - static_cast<std::size_t>(offset)));
        }
        return count;
    }
    std::uint64_t do_size_bytes() const noexcept override { return size_; }

    Bytes head_;
    std::uint64_t size_;
};

std::uint32_t frame_bytes(std::uint32_t frame) { return frame % gop_frames == 0 ? 60'000 : 3'000 + frame * 2654435761U % 9'000; }

/// Video of `hours`, each frame its own chunk with room for sound between, as FFmpeg writes it.
std::shared_ptr<ByteSource> long_movie(std::uint32_t hours) {
    const std::uint32_t frames = hours * 3600 * frame_rate;
    const TrackFormat format = video_format();
    BoxWriter out;
    std::uint64_t offset = std::uint64_t{64} << 20;
    {
        const auto moov = out.box("moov");
        {
            const auto mvhd = out.full_box("mvhd", 0, 0);
            out.zeros(8);
            out.u32(1000);
            out.zeros(84);
        }
        const auto trak = out.box("trak");
        {
            const auto tkhd = out.full_box("tkhd", 0, 7);
            out.zeros(8);
            out.u32(1);
            out.zeros(68);
        }
        const auto mdia = out.box("mdia");
        {
            const auto mdhd = out.full_box("mdhd", 0, 0);
            out.zeros(8);
            out.u32(15360);
            out.zeros(8);
        }
        {
            const auto hdlr = out.full_box("hdlr", 0, 0);
            out.u32(0);
            out.fourcc("vide");
            out.zeros(13);
        }
        const auto minf = out.box("minf");
        const auto stbl = out.box("stbl");
        {
            const auto stsd = out.full_box("stsd", 0, 0);
            out.u32(1);
            write_sample_entry(out, format, make_codec_config(format).value(), std::nullopt);
        }
        {
            const auto stts = out.full_box("stts", 0, 0);
            out.u32(1);
            out.u32(frames);
            out.u32(512);
        }
        {
            const auto ctts = out.full_box("ctts", 0, 0);
            out.u32(frames);
            constexpr std::uint32_t offsets[]{1024, 2048, 1024, 0};
            for (std::uint32_t i = 0; i < frames; ++i) {
                out.u32(1);
                out.u32(offsets[i % 4]);
            }
        }
        {
            const auto stss = out.full_box("stss", 0, 0);
            out.u32(frames / gop_frames);
            for (std::uint32_t i = 0; i < frames / gop_frames; ++i) out.u32(i * gop_frames + 1);
        }
        {
            const auto stsc = out.full_box("stsc", 0, 0);
            out.u32(1);
            for (int i = 0; i < 3; ++i) out.u32(1);
        }
        {
            const auto stsz = out.full_box("stsz", 0, 0);
            out.u32(0);
            out.u32(frames);
            for (std::uint32_t i = 0; i < frames; ++i) out.u32(frame_bytes(i));
        }
        const auto co64 = out.full_box("co64", 0, 0);
        out.u32(frames);
        for (std::uint32_t i = 0; i < frames; ++i) {
            out.u64(offset);
            offset += frame_bytes(i) + 300 + i % 200;
        }
    }
    { const auto gap = out.box("free"); }
    Bytes head = out.take();
    // The rest of the file is one mdat.
    const std::uint64_t mdat = offset + 16 - head.size();
    BoxWriter data;
    data.u32(1);
    data.fourcc("mdat");
    data.u64(mdat);
    const Bytes data_head = data.take();
    head.insert(head.end(), data_head.begin(), data_head.end());
    return std::make_shared<HollowMovie>(std::move(head), offset + 16);
}

void read_index(benchmark::State& state) {
    const auto movie = long_movie(static_cast<std::uint32_t>(state.range(0)));
    double bytes_per_sample = 0;
    std::uint64_t samples = 0;
    for (auto _ : state) {
        const auto file = read_mp4(*movie).value();
        samples = file.tracks.at(0).index->size();
        bytes_per_sample = static_cast<double>(file.tracks[0].index->memory_bytes()) / static_cast<double>(samples);
    }
    state.counters["samples/s"] = benchmark::Counter(static_cast<double>(samples), benchmark::Counter::kIsIterationInvariantRate);
    state.counters["bytes/sample"] = bytes_per_sample;
}
BENCHMARK(read_index)->Arg(1)->Arg(2)->Arg(12)->Unit(benchmark::kMillisecond);

std::vector<RemuxInput> indexed(const ByteSource& movie) { return {{"movie", read_mp4(movie).value(), {}}}; }

void plan(benchmark::State& state) {
    const auto movie = long_movie(static_cast<std::uint32_t>(state.range(0)));
    const auto inputs = indexed(*movie);
    for (auto _ : state) benchmark::DoNotOptimize(plan_remux(inputs, {.period = {6, 1}}).value().tracks.size());
}
BENCHMARK(plan)->Arg(1)->Arg(12)->Unit(benchmark::kMillisecond);

/// Header and range list of one segment of 6 s, 180 frames, wherever it lies.
void segment_layout(benchmark::State& state) {
    const auto movie = long_movie(static_cast<std::uint32_t>(state.range(0)));
    const auto made = plan_remux(indexed(*movie), {.period = {6, 1}}).value();
    const RemuxTrack& track = made.tracks.at(0);
    std::size_t index = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(track.segment(index).header.size());
        index = (index + 7) % track.segment_count();
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(segment_layout)->Arg(1)->Arg(10)->Unit(benchmark::kMicrosecond);

/// Start codes to lengths, cut and written; against a plain copy of the same bytes.
void write_annex_b(benchmark::State& state) {
    TrackFormat format = video_format();
    format.nal_framing = NalFraming::annex_b;
    format.codec_config = {0, 0, 0, 1, 0x67, 0x42, 0xC0, 0x0A, 0xDA, 0x79, 0, 0, 0, 1, 0x68, 0xCE, 0x38, 0x80};
    constexpr std::size_t payload = 12'000;
    Bytes data{0, 0, 0, 1, 0x65};
    for (std::size_t i = 0; i < payload; ++i) data.push_back(static_cast<std::uint8_t>(2 + i * 31 % 250));
    std::size_t written = 0;
    for (auto _ : state) {
        auto writer = CmafTrackWriter::create(format, CutList{{6, 1}}, {}, [&](MediaSegment segment) -> Result<void> {
                          written += segment.bytes.size();
                          return {};
                      }).value();
        for (std::int64_t i = 0; i < 360; ++i) writer.push({i * 512, i * 512, 512, i % gop_frames == 0, data}).value();
        writer.finish().value();
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(written));
}
BENCHMARK(write_annex_b)->Unit(benchmark::kMillisecond);

void plain_copy(benchmark::State& state) {
    const Bytes data(12'005, 7);
    std::size_t copied = 0;
    for (auto _ : state) {
        Bytes all;
        for (int i = 0; i < 360; ++i) all.insert(all.end(), data.begin(), data.end());
        benchmark::DoNotOptimize(all.data());
        copied += all.size();
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(copied));
}
BENCHMARK(plain_copy)->Unit(benchmark::kMillisecond);

}  // namespace
