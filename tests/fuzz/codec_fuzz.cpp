// libraries: packaging core
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <streamforge/packaging/cmaf_writer.hpp>
#include <streamforge/packaging/codec_string.hpp>

using namespace streamforge;
using namespace streamforge::packaging;

namespace {

void require(bool holds) {
    if (!holds) __builtin_trap();
}

/// Takes a piece of the input whose length is its first two bytes.
ByteView take(ByteView& rest) {
    if (rest.size() < 2) return {};
    const std::size_t length = std::min<std::size_t>(rest[0] << 8 | rest[1], rest.size() - 2);
    const ByteView piece = rest.subspan(2, length);
    rest = rest.subspan(2 + length);
    return piece;
}

}  // namespace

// The first byte chooses codec and framing; then the codec's configuration and samples, each with its length before it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1) return 0;
    ByteView rest(data, size);
    TrackFormat format;
    format.codec = static_cast<Codec>(rest[0] % 13);
    format.nal_framing = (rest[0] & 0x80) != 0 ? NalFraming::annex_b : NalFraming::length_prefixed;
    format.kind = format.codec <= Codec::vp9 ? TrackKind::video : TrackKind::audio;
    format.timescale = 30;
    format.video.width_px = format.video.height_px = 16;
    format.audio = {48000, 2, 0};
    rest = rest.subspan(1);
    const ByteView config = take(rest);
    format.codec_config.assign(config.begin(), config.end());
    const auto text = codec_string(format);
    require(!text || !text->empty());

    std::uint64_t segments = 0;
    auto writer = CmafTrackWriter::create(format, CutList{{1, 10}}, {}, [&](MediaSegment segment) -> Result<void> {
        require(segment.bytes.size() == segment.size_bytes && segment.number == static_cast<std::int64_t>(++segments));
        require(segment.key_frame.offset + segment.key_frame.length <= segment.bytes.size());
        return {};
    });
    if (!writer) return 0;
    for (std::int64_t i = 0; rest.size() >= 2; ++i) {
        const ByteView sample = take(rest);
        if (!writer->push({i, i, 1, i % 2 == 0, Bytes(sample.begin(), sample.end())})) break;
    }
    static_cast<void>(writer->finish());
    static_cast<void>(writer->init_segment());
    return 0;
}
