#include <streamforge/packaging/codec_string.hpp>

#include <gtest/gtest.h>

#include "unit/packaging/support/tools.hpp"

namespace streamforge::packaging {
namespace {

using test::hex;

std::string string_of(Codec codec, const Bytes& config, const ColourInfo& colour = {}) {
    TrackFormat format;
    format.codec = codec;
    format.codec_config = config;
    format.video.colour = colour;
    const auto text = codec_string(format);
    return text ? *text : "error: " + std::string(to_string(text.error().code));
}

TEST(CodecString, avc_is_the_three_bytes_of_its_configuration) {
    EXPECT_EQ(string_of(Codec::h264, hex("0164001effe100066742c00ada7901000468ce3880")), "avc1.64001E");
    EXPECT_EQ(string_of(Codec::h264, hex("0142c00affe100066742c00ada7901000468ce3880")), "avc1.42C00A");
}

TEST(CodecString, hevc_reverses_compatibility_flags_and_drops_zero_constraint_bytes) {
    const auto hvcc = [](const std::string& profile) { return hex("01" + profile + "f000fcfdf8f800000f00"); };
    EXPECT_EQ(string_of(Codec::hevc, hvcc("016000000090000000000078")), "hvc1.1.6.L120.90");
    EXPECT_EQ(string_of(Codec::hevc, hvcc("2220000000b0000000000099")), "hvc1.2.4.H153.B0");
    EXPECT_EQ(string_of(Codec::hevc, hvcc("41800000000000000000005d")), "hvc1.A1.1.L93");
    EXPECT_EQ(string_of(Codec::hevc, hvcc("04080000009e280000000078")), "hvc1.4.10.L120.9E.28");
}

TEST(CodecString, av1_is_short_for_default_colour_and_long_for_others) {
    EXPECT_EQ(string_of(Codec::av1, hex("0a0e0000000cc4ff6700be1424482410")), "av01.0.01M.10.0.110.09.18.09.0");
    EXPECT_EQ(string_of(Codec::av1, hex("81080c00")), "av01.0.08M.08");
    EXPECT_EQ(string_of(Codec::av1, hex("810dcc00")), "av01.0.13H.10");
    EXPECT_EQ(string_of(Codec::av1, hex("81084c00"), {9, 16, 9, false}), "av01.0.08M.10.0.110.09.16.09.0")
        << "colour of the container where the stream has none";
    EXPECT_EQ(string_of(Codec::av1, hex("81081c00")), "av01.0.08M.08.1.110.02.02.02.0") << "monochrome";
    EXPECT_EQ(string_of(Codec::av1, hex("81280000")), "av01.1.08M.08.0.000.02.02.02.0") << "4:4:4";
}

TEST(CodecString, vp9_tells_profile_level_and_depth) {
    EXPECT_EQ(string_of(Codec::vp9, hex("01000000 00 1f 82 02 02 02 0000")), "vp09.00.31.08");
    EXPECT_EQ(string_of(Codec::vp9, hex("01000000 02 33 a2 09 10 09 0000")), "vp09.02.51.10.01.09.16.09.00");
}

TEST(CodecString, audio_names_follow_their_sample_entries) {
    EXPECT_EQ(string_of(Codec::aac, hex("1190")), "mp4a.40.2");
    EXPECT_EQ(string_of(Codec::aac, hex("2b118800")), "mp4a.40.5");
    EXPECT_EQ(string_of(Codec::aac, hex("f94640221c0a")), "mp4a.40.42");
    EXPECT_EQ(string_of(Codec::mp3, {}), "mp4a.6B");
    EXPECT_EQ(string_of(Codec::opus, {}), "Opus");
    EXPECT_EQ(string_of(Codec::flac, {}), "fLaC");
    EXPECT_EQ(string_of(Codec::alac, {}), "alac");
    EXPECT_EQ(string_of(Codec::ac3, {}), "ac-3");
    EXPECT_EQ(string_of(Codec::eac3, {}), "ec-3");
    EXPECT_EQ(string_of(Codec::webvtt, {}), "wvtt");
}

TEST(CodecString, damaged_headers_and_unknown_codecs_are_errors) {
    EXPECT_EQ(string_of(Codec::h264, hex("0164")), "error: malformed");
    EXPECT_EQ(string_of(Codec::hevc, hex("0102")), "error: malformed");
    EXPECT_EQ(string_of(Codec::av1, {}), "error: malformed");
    EXPECT_EQ(string_of(Codec::aac, {}), "error: malformed");
    EXPECT_EQ(string_of(Codec::unknown, {}), "error: unsupported_codec");
}

}  // namespace
}  // namespace streamforge::packaging
