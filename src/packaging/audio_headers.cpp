#include "packaging/audio_headers.hpp"

#include <array>

#include "packaging/bit_reader.hpp"
#include "packaging/box_writer.hpp"

namespace streamforge::packaging {
namespace {

unsigned read_object_type(BitReader& reader) {
    const unsigned type = reader.bits(5);
    constexpr unsigned escape = 31;
    return type == escape ? 32 + reader.bits(6) : type;
}

std::uint32_t read_sample_rate(BitReader& reader) {
    constexpr std::array<std::uint32_t, 13> rates{96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350};
    const unsigned index = reader.bits(4);
    constexpr unsigned explicit_rate = 15;
    if (index == explicit_rate) return reader.bits(24);
    return index < rates.size() ? rates[index] : 0;
}

/// The bits of an AC-3 or E-AC-3 frame that its decoder configuration box repeats.
struct Ac3Frame {
    unsigned stream_type = 0;  ///< E-AC-3: 0 independent, 1 dependent, 2 independent convertible.
    unsigned sample_rate_code = 0;
    unsigned bitstream_id = 0;
    unsigned bitstream_mode = 0;
    unsigned channel_mode = 0;
    bool lfe = false;
    unsigned frame_size_code = 0;  ///< AC-3.
    std::size_t size_bytes = 0;    ///< E-AC-3.
    unsigned blocks = 6;
    std::uint32_t sample_rate_hz = 0;
    unsigned channel_map = 0;  ///< E-AC-3, dependent: 16 bits, first channel location in the highest.
};

constexpr std::uint16_t ac3_sync_word = 0x0B77;

Error broken_frame(const char* codec) {
    return make_error(Errc::malformed, "packaging.ac3", "the packet does not start with a whole frame header").with("codec", codec);
}

Result<Ac3Frame> parse_ac3_frame(ByteView packet) {
    BitReader reader(packet);
    Ac3Frame frame;
    if (reader.bits(16) != ac3_sync_word) return broken_frame("ac3");
    reader.skip(16);  // crc1
    frame.sample_rate_code = reader.bits(2);
    frame.frame_size_code = reader.bits(6);
    frame.bitstream_id = reader.bits(5);
    frame.bitstream_mode = reader.bits(3);
    frame.channel_mode = reader.bits(3);
    if ((frame.channel_mode & 1U) != 0 && frame.channel_mode != 1) reader.skip(2);  // cmixlev
    if ((frame.channel_mode & 4U) != 0) reader.skip(2);                             // surmixlev
    if (frame.channel_mode == 2) reader.skip(2);                                    // dsurmod
    frame.lfe = reader.flag();
    if (!reader.ok() || frame.sample_rate_code == 3 || frame.bitstream_id > 10) return broken_frame("ac3");
    return frame;
}

Result<Ac3Frame> parse_eac3_frame(ByteView packet) {
    constexpr std::array<std::uint32_t, 3> rates{48000, 44100, 32000};
    constexpr std::array<unsigned, 4> blocks{1, 2, 3, 6};
    BitReader reader(packet);
    Ac3Frame frame;
    if (reader.bits(16) != ac3_sync_word) return broken_frame("eac3");
    frame.stream_type = reader.bits(2);
    reader.skip(3);  // substreamid
    frame.size_bytes = (std::size_t{reader.bits(11)} + 1) * 2;
    frame.sample_rate_code = reader.bits(2);
    if (frame.sample_rate_code == 3) {
        const unsigned half = reader.bits(2);
        if (half == 3) return broken_frame("eac3");
        frame.sample_rate_hz = rates[half] / 2;
    } else {
        frame.sample_rate_hz = rates[frame.sample_rate_code];
        frame.blocks = blocks[reader.bits(2)];
    }
    frame.channel_mode = reader.bits(3);
    frame.lfe = reader.flag();
    frame.bitstream_id = reader.bits(5);
    for (int i = 0; i < (frame.channel_mode == 0 ? 2 : 1); ++i) {
        reader.skip(5);  // dialnorm
        if (reader.flag()) reader.skip(8);
    }
    constexpr unsigned dependent = 1;
    if (frame.stream_type == dependent && reader.flag()) frame.channel_map = reader.bits(16);
    if (!reader.ok() || frame.bitstream_id < 11 || frame.bitstream_id > 16) return broken_frame("eac3");
    return frame;
}

/// chan_loc of dec3 (bit 0: Lc/Rc … bit 7: Cvh, bit 8: LFE2) from a dependent substream's chanmap.
unsigned channel_locations(unsigned channel_map) {
    unsigned locations = 0;
    for (unsigned i = 0; i < 8; ++i) {
        if ((channel_map >> (15 - (5 + i)) & 1U) != 0) locations |= 1U << i;
    }
    constexpr unsigned lfe2_bit = 1;
    if ((channel_map >> lfe2_bit & 1U) != 0) locations |= 1U << 8;
    return locations;
}

}  // namespace

Result<AacConfig> parse_aac_config(ByteView config) {
    BitReader reader(config);
    AacConfig aac;
    aac.object_type = read_object_type(reader);
    aac.sample_rate_hz = read_sample_rate(reader);
    aac.channel_configuration = reader.bits(4);
    if (!reader.ok() || aac.object_type == 0) {
        return make_error(Errc::malformed, "packaging.aac_config", "the AudioSpecificConfig is empty or damaged");
    }
    constexpr unsigned low_complexity = 2, sbr = 5;
    if (aac.object_type != low_complexity) return aac;
    // GASpecificConfig of LC, then the backward compatible sign of SBR that old decoders do not read.
    reader.skip(1);
    if (reader.flag()) reader.skip(14);
    const bool extension = reader.flag();
    if (aac.channel_configuration == 0 || extension || reader.bits_left() < 16) return aac;
    constexpr std::uint32_t sync_extension = 0x2B7;
    if (reader.bits(11) != sync_extension || read_object_type(reader) != sbr || !reader.flag()) return aac;
    aac.object_type = sbr;
    read_sample_rate(reader);
    constexpr std::uint32_t ps_extension = 0x548;
    constexpr unsigned ps = 29;
    if (reader.bits_left() >= 12 && reader.bits(11) == ps_extension && reader.flag()) aac.object_type = ps;
    return aac;
}

Result<Bytes> dac3_from_frame(ByteView packet) {
    const auto frame = parse_ac3_frame(packet);
    if (!frame) return frame.error();
    BoxWriter out;
    out.u24(frame->sample_rate_code << 22 | frame->bitstream_id << 17 | frame->bitstream_mode << 14 | frame->channel_mode << 11 |
            (frame->lfe ? 1U << 10 : 0U) | (frame->frame_size_code >> 1) << 5);
    return out.take();
}

Result<Bytes> dec3_from_packet(ByteView packet) {
    const auto main = parse_eac3_frame(packet);
    if (!main) return main.error();
    unsigned dependents = 0;
    unsigned locations = 0;
    std::size_t at = main->size_bytes;
    constexpr std::size_t shortest_header = 8;
    while (at < packet.size() && packet.size() - at >= shortest_header) {
        const auto next = parse_eac3_frame(packet.subspan(at));
        if (!next) break;
        if (next->stream_type == 1) {
            ++dependents;
            locations |= channel_locations(next->channel_map);
        }
        at += next->size_bytes;
    }
    constexpr unsigned samples_per_block = 256;
    const std::uint64_t bps = std::uint64_t{packet.size()} * 8 * main->sample_rate_hz / (main->blocks * samples_per_block);
    BoxWriter out;
    out.u16(static_cast<std::uint16_t>(((bps + 999) / 1000 & 0x1FFFU) << 3));  // one independent substream: num_ind_sub 0
    out.u24(main->sample_rate_code << 22 | main->bitstream_id << 17 | main->channel_mode << 9 | (main->lfe ? 1U << 8 : 0U) |
            (dependents & 0xFU) << 1 | (dependents > 0 ? locations >> 8 & 1U : 0U));
    if (dependents > 0) out.u8(static_cast<std::uint8_t>(locations));
    return out.take();
}

}  // namespace streamforge::packaging
