#include "packaging/sample_normaliser.hpp"

#include <gtest/gtest.h>

#include "unit/packaging/support/media.hpp"
#include "unit/packaging/support/tools.hpp"

namespace streamforge::packaging {
namespace {

using namespace test;

std::string normalised(const TrackFormat& format, const Bytes& sample) {
    const auto config = make_codec_config(format);
    if (!config) return "no configuration";
    Bytes out;
    const auto done = SampleNormaliser(format, *config).append(sample, out);
    return done ? to_hex(out) : "error: " + std::string(to_string(done.error().code));
}

TrackFormat annex_b_h264() {
    TrackFormat format = tiny_h264_format();
    format.nal_framing = NalFraming::annex_b;
    format.codec_config = hex("00000001 6742c00ada79 00000001 68ce3880");
    return format;
}

TrackFormat annex_b_hevc() {
    TrackFormat format;
    format.codec = Codec::hevc;
    format.nal_framing = NalFraming::annex_b;
    format.codec_config = hex(
        "00000001 40010c01ffff02200000030090000003000003005a959409"
        "00000001 42010102200000030090000003000003005aa006c201e1cdb65959529385e02d424402410000030001000003001908"
        "00000001 4401c073c189");
    return format;
}

TEST(SampleNormaliser, start_codes_become_lengths) {
    EXPECT_EQ(normalised(annex_b_h264(), hex("00000001 6588 000001 0605ff")), "000000026588" "000000030605ff");
}

TEST(SampleNormaliser, hevc_drops_delimiter_filler_and_known_sets_and_keeps_messages) {
    EXPECT_EQ(normalised(annex_b_hevc(), hex("00000001 460150 00000001 4401c073c189 00000001 4e010586 00000001 4c01ffff "
                                             "00000001 2601af")),
              "000000044e010586" "000000032601af");
}

TEST(SampleNormaliser, sequence_end_marks_stay) {
    EXPECT_EQ(normalised(annex_b_h264(), hex("00000001 6588 00000001 0a")), "000000026588" "000000010a");
}

TEST(SampleNormaliser, sample_of_nothing_but_dropped_units_is_malformed) {
    EXPECT_EQ(normalised(annex_b_h264(), hex("00000001 09f0 00000001 6742c00ada79")), "error: malformed");
    EXPECT_EQ(normalised(annex_b_h264(), hex("1122334455")), "error: malformed") << "no start code at all";
}

TEST(SampleNormaliser, lengths_of_every_size_are_rewritten) {
    for (const auto& [length_byte, sample] :
         {std::pair{0xFC, "02 6588"}, std::pair{0xFD, "0002 6588"}, std::pair{0xFF, "00000002 6588"}}) {
        TrackFormat format = tiny_h264_format();
        format.codec_config[4] = static_cast<std::uint8_t>(length_byte);
        EXPECT_EQ(normalised(format, hex(sample)), "000000026588");
    }
}

TEST(SampleNormaliser, av1_loses_delimiters_and_padding_and_gets_sizes) {
    TrackFormat format;
    format.codec = Codec::av1;
    format.codec_config = hex("0a0e0000000cc4ff6700be1424482410");
    EXPECT_EQ(normalised(format, hex("1200 7a020000 3203aabbcc")), "3203aabbcc");
    EXPECT_EQ(normalised(format, hex("1200 30aabbcc")), "3203aabbcc");
    EXPECT_EQ(normalised(format, hex("1200")), "error: malformed");
    EXPECT_EQ(normalised(format, hex("ff")), "error: malformed");
}

TEST(SampleNormaliser, other_codecs_pass_unchanged) {
    EXPECT_EQ(normalised(tiny_aac_format(), hex("211000")), "211000");
    EXPECT_EQ(normalised(tiny_aac_format(), {}), "");
}

}  // namespace
}  // namespace streamforge::packaging
