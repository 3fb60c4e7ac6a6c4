#include "packaging/bit_reader.hpp"
#include "packaging/video_headers.hpp"

namespace streamforge::packaging {
namespace {

std::uint32_t uvlc(BitReader& reader) {
    unsigned zeros = 0;
    while (reader.ok() && !reader.flag()) ++zeros;
    if (zeros >= 32) return 0xFFFFFFFF;
    return reader.bits(zeros) + (std::uint32_t{1} << zeros) - 1;
}

struct Timing {
    bool decoder_model = false;
    unsigned buffer_delay_bits = 0;
};

Timing read_timing(BitReader& reader) {
    Timing timing;
    reader.skip(64);  // num_units_in_display_tick, time_scale
    if (reader.flag()) uvlc(reader);
    timing.decoder_model = reader.flag();
    if (timing.decoder_model) {
        timing.buffer_delay_bits = reader.bits(5) + 1;
        reader.skip(32 + 5 + 5);
    }
    return timing;
}

void read_operating_points(BitReader& reader, Av1SequenceHeader& header) {
    Timing timing;
    if (reader.flag()) timing = read_timing(reader);
    const bool initial_display_delay = reader.flag();
    const std::uint32_t count = reader.bits(5) + 1;
    for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
        reader.skip(12);  // operating_point_idc
        const std::uint32_t level = reader.bits(5);
        const std::uint32_t tier = level > 7 ? reader.bits(1) : 0;
        if (i == 0) {
            header.level = level;
            header.tier = tier;
        }
        if (timing.decoder_model && reader.flag()) reader.skip(std::size_t{2} * timing.buffer_delay_bits + 1);
        if (initial_display_delay && reader.flag()) reader.skip(4);
    }
}

void skip_tools(BitReader& reader, bool reduced) {
    reader.skip(3);  // superblocks of 128, filter intra, intra edge filter
    if (reduced) return;
    reader.skip(4);  // interintra, masked compound, warped motion, dual filter
    const bool order_hint = reader.flag();
    if (order_hint) reader.skip(2);  // jnt_comp, ref_frame_mvs
    const bool screen_content_per_frame = reader.flag();
    const bool screen_content = screen_content_per_frame || reader.flag();
    if (screen_content && !reader.flag()) reader.skip(1);  // seq_force_integer_mv
    if (order_hint) reader.skip(3);
}

void read_colour(BitReader& reader, Av1SequenceHeader& header) {
    const bool high = reader.flag();
    const bool twelve = header.profile == 2 && high && reader.flag();
    header.bit_depth = twelve ? 12 : high ? 10 : 8;
    header.monochrome = header.profile != 1 && reader.flag();
    if (reader.flag()) {
        header.colour_primaries = reader.bits(8);
        header.transfer = reader.bits(8);
        header.matrix = reader.bits(8);
    }
    if (header.monochrome) {
        header.full_range = reader.flag();
        return;
    }
    constexpr std::uint32_t bt709 = 1, srgb = 13, identity = 0;
    if (header.colour_primaries == bt709 && header.transfer == srgb && header.matrix == identity) {
        header.full_range = true;
        header.subsampling_x = header.subsampling_y = false;
        return;
    }
    header.full_range = reader.flag();
    if (header.profile == 1) {
        header.subsampling_x = header.subsampling_y = false;
    } else if (header.profile == 2) {
        header.subsampling_x = header.bit_depth != 12 || reader.flag();
        header.subsampling_y = header.bit_depth == 12 && header.subsampling_x && reader.flag();
    }
    if (header.subsampling_x && header.subsampling_y) header.chroma_sample_position = reader.bits(2);
}

}  // namespace

Result<Av1SequenceHeader> parse_av1_sequence_header(ByteView payload) {
    BitReader reader(payload);
    Av1SequenceHeader header;
    header.profile = reader.bits(3);
    reader.skip(1);  // still_picture
    const bool reduced = reader.flag();
    if (reduced) {
        header.level = reader.bits(5);
    } else {
        read_operating_points(reader, header);
    }
    const unsigned width_bits = reader.bits(4) + 1;
    const unsigned height_bits = reader.bits(4) + 1;
    header.max_width_px = reader.bits(width_bits) + 1;
    header.max_height_px = reader.bits(height_bits) + 1;
    if (!reduced && reader.flag()) reader.skip(4 + 3);  // frame ids
    skip_tools(reader, reduced);
    reader.skip(3);  // superres, cdef, restoration
    read_colour(reader, header);
    if (!reader.ok() || header.profile > 2) {
        return make_error(Errc::malformed, "packaging.av1_sequence_header", "the AV1 sequence header is damaged or cut off");
    }
    return header;
}

}  // namespace streamforge::packaging
