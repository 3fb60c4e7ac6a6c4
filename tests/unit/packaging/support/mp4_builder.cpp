#include "unit/packaging/support/mp4_builder.hpp"

#include <algorithm>

#include "packaging/codec_config.hpp"
#include "packaging/sample_entry.hpp"

namespace streamforge::packaging::test {
namespace {

struct Chunk {
    std::size_t track = 0;
    std::size_t first = 0;
    std::size_t count = 0;
    std::uint64_t offset = 0;
};

/// Chunks of all tracks in turn, with offsets from `start` on.
std::vector<Chunk> lay_out(const std::vector<BuiltTrack>& tracks, std::size_t per_chunk, std::uint64_t start) {
    std::vector<Chunk> chunks;
    bool any = true;
    for (std::size_t round = 0; any; ++round) {
        any = false;
        for (std::size_t t = 0; t < tracks.size(); ++t) {
            const std::size_t first = round * per_chunk;
            if (first >= tracks[t].samples.size()) continue;
            any = true;
            Chunk chunk{t, first, std::min(per_chunk, tracks[t].samples.size() - first), start};
            for (std::size_t i = 0; i < chunk.count; ++i) start += tracks[t].samples[first + i].data.size();
            chunks.push_back(chunk);
        }
    }
    return chunks;
}

class Builder {
public:
    Builder(const std::vector<BuiltTrack>& tracks, const BuildOptions& options) : tracks_(tracks), options_(options) {}

    Bytes moov(const std::vector<Chunk>& chunks) {
        {
            const auto box = out_.box("moov");
            full("mvhd", 0, [&] {
                out_.zeros(8);
                out_.u32(1000);
                out_.zeros(80);
                out_.u32(static_cast<std::uint32_t>(tracks_.size() + 1));
            });
            for (std::size_t t = 0; t < tracks_.size(); ++t) trak(t, chunks);
        }
        return out_.take();
    }

private:
    template <class Body>
    void full(std::string_view type, std::uint8_t version, Body body) {
        const auto box = out_.full_box(type, version, 0);
        const std::size_t start = out_.size() - 4;
        body();
        if (options_.spoil) options_.spoil(type, start, out_);
    }

    void trak(std::size_t number, const std::vector<Chunk>& chunks) {
        const BuiltTrack& track = tracks_[number];
        const auto box = out_.box("trak");
        full("tkhd", 0, [&] {
            out_.zeros(8);
            out_.u32(static_cast<std::uint32_t>(number + 1));
            out_.zeros(24);
            for (const std::int32_t value : {0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000}) out_.i32(value);
            out_.zeros(8);
        });
        if (track.media_start >= 0) edits(track);
        const auto mdia = out_.box("mdia");
        full("mdhd", 0, [&] {
            out_.zeros(8);
            out_.u32(static_cast<std::uint32_t>(track.format.timescale));
            out_.u32(0);
            out_.u16(0x55C4);
            out_.u16(0);
        });
        full("hdlr", 0, [&] {
            out_.zeros(4);
            out_.fourcc(track.format.kind == TrackKind::video ? "vide" : "soun");
            out_.zeros(13);
        });
        const auto minf = out_.box("minf");
        const auto stbl = out_.box("stbl");
        tables(number, chunks);
    }

    void edits(const BuiltTrack& track) {
        const auto box = out_.box("edts");
        full("elst", 0, [&] {
            out_.u32(track.wait_ms > 0 ? 2 : 1);
            if (track.wait_ms > 0) {
                out_.u32(static_cast<std::uint32_t>(track.wait_ms));
                out_.u32(0xFFFFFFFF);
                out_.u32(0x10000);
            }
            out_.u32(0);
            out_.u32(static_cast<std::uint32_t>(track.media_start));
            out_.u32(0x10000);
        });
    }

    void runs(std::string_view type, std::uint8_t version, const std::vector<std::uint32_t>& values) {
        std::vector<std::pair<std::uint32_t, std::uint32_t>> found;
        for (const std::uint32_t value : values) {
            if (found.empty() || found.back().second != value) found.emplace_back(0, value);
            ++found.back().first;
        }
        full(type, version, [&] {
            out_.u32(static_cast<std::uint32_t>(found.size()));
            for (const auto& [count, value] : found) {
                out_.u32(count);
                out_.u32(value);
            }
        });
    }

    void tables(std::size_t number, const std::vector<Chunk>& chunks) {
        const BuiltTrack& track = tracks_[number];
        full("stsd", 0, [&] {
            out_.u32(1);
            write_sample_entry(out_, track.format, make_codec_config(track.format).value(), std::nullopt);
        });
        std::vector<std::uint32_t> durations;
        std::vector<std::uint32_t> compositions;
        std::vector<std::uint32_t> sync;
        for (std::size_t i = 0; i < track.samples.size(); ++i) {
            const EncodedSample& sample = track.samples[i];
            const bool last = i + 1 == track.samples.size();
            durations.push_back(static_cast<std::uint32_t>(last ? sample.duration : track.samples[i + 1].dts - sample.dts));
            compositions.push_back(static_cast<std::uint32_t>(sample.pts - sample.dts));
            if (sample.sync) sync.push_back(static_cast<std::uint32_t>(i + 1));
        }
        runs("stts", 0, durations);
        if (std::any_of(compositions.begin(), compositions.end(), [](auto value) { return value != 0; })) {
            runs("ctts", 1, compositions);
        }
        if (sync.size() != track.samples.size()) {
            full("stss", 0, [&] {
                out_.u32(static_cast<std::uint32_t>(sync.size()));
                for (const std::uint32_t value : sync) out_.u32(value);
            });
        }
        sizes(track);
        offsets(number, chunks);
    }

    void sizes(const BuiltTrack& track) {
        const unsigned bits = options_.compact_size_bits;
        full(bits == 0 ? "stsz" : "stz2", 0, [&] {
            out_.u32(bits);
            out_.u32(static_cast<std::uint32_t>(track.samples.size()));
            std::uint8_t half = 0;
            for (std::size_t i = 0; i < track.samples.size(); ++i) {
                const auto size = static_cast<std::uint32_t>(track.samples[i].data.size());
                if (bits == 0) out_.u32(size);
                if (bits == 16) out_.u16(static_cast<std::uint16_t>(size));
                if (bits == 8) out_.u8(static_cast<std::uint8_t>(size));
                if (bits != 4) continue;
                half = static_cast<std::uint8_t>(half << 4 | size);
                if (i % 2 == 1) out_.u8(half);
                if (i % 2 == 0 && i + 1 == track.samples.size()) out_.u8(static_cast<std::uint8_t>(half << 4));
            }
        });
    }

    void offsets(std::size_t number, const std::vector<Chunk>& chunks) {
        std::vector<Chunk> own;
        for (const Chunk& chunk : chunks) {
            if (chunk.track == number) own.push_back(chunk);
        }
        full("stsc", 0, [&] {
            std::vector<std::pair<std::uint32_t, std::uint32_t>> map;
            for (std::size_t i = 0; i < own.size(); ++i) {
                const auto count = static_cast<std::uint32_t>(own[i].count);
                if (map.empty() || map.back().second != count) map.emplace_back(static_cast<std::uint32_t>(i + 1), count);
            }
            out_.u32(static_cast<std::uint32_t>(map.size()));
            for (const auto& [first, count] : map) {
                out_.u32(first);
                out_.u32(count);
                out_.u32(1);
            }
        });
        full(options_.long_offsets ? "co64" : "stco", 0, [&] {
            out_.u32(static_cast<std::uint32_t>(own.size()));
            for (const Chunk& chunk : own) {
                if (options_.long_offsets) {
                    out_.u64(chunk.offset);
                } else {
                    out_.u32(static_cast<std::uint32_t>(chunk.offset));
                }
            }
        });
    }

    const std::vector<BuiltTrack>& tracks_;
    const BuildOptions& options_;
    BoxWriter out_;
};

}  // namespace

Bytes build_mp4(const std::vector<BuiltTrack>& tracks, const BuildOptions& options) {
    BoxWriter out;
    {
        const auto ftyp = out.box("ftyp");
        out.fourcc("isom");
        out.u32(0);
        out.fourcc("isom");
    }
    // The offsets do not change the size of moov, so a first round measures it.
    const std::size_t moov_size = Builder(tracks, options).moov(lay_out(tracks, options.samples_per_chunk, 0)).size();
    const std::uint64_t data_at = out.size() + (options.moov_first ? moov_size : 0) + 8;
    const auto chunks = lay_out(tracks, options.samples_per_chunk, data_at);
    if (options.moov_first) out.bytes(Builder(tracks, options).moov(chunks));
    {
        const auto mdat = out.box("mdat");
        for (const Chunk& chunk : chunks) {
            for (std::size_t i = 0; i < chunk.count; ++i) out.bytes(tracks[chunk.track].samples[chunk.first + i].data);
        }
    }
    if (!options.moov_first) out.bytes(Builder(tracks, options).moov(chunks));
    return out.take();
}

}  // namespace streamforge::packaging::test
