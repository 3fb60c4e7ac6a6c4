#include "packaging/codec_config.hpp"

#include <gtest/gtest.h>

#include "packaging/nal_config.hpp"
#include "unit/packaging/support/tools.hpp"

namespace streamforge::packaging {
namespace {

using test::hex;
using test::to_hex;

TrackFormat format_of(Codec codec, const Bytes& config, NalFraming framing = NalFraming::length_prefixed) {
    TrackFormat format;
    format.codec = codec;
    format.kind = TrackKind::video;
    format.codec_config = config;
    format.nal_framing = framing;
    return format;
}

TEST(Avcc, parameter_sets_with_start_codes_give_the_body_that_ffmpeg_writes) {
    const auto config =
        make_avcc(hex("00000001 6764001eace80d87bcde0220000003002000000643e28554 000001 68de0fc40c"));
    ASSERT_TRUE(config) << config.error().describe();
    EXPECT_EQ(to_hex(config->body),
              "0164001effe100186764001eace80d87bcde0220000003002000000643e2855401000568de0fc40cfdf8f800");
    EXPECT_EQ(config->parameter_sets.size(), 2u);
}

TEST(Avcc, repeated_sets_are_written_once) {
    const auto config = make_avcc(hex("000001 6742c00ada79 000001 68ce3880 000001 6742c00ada79 000001 68ce3880"));
    ASSERT_TRUE(config);
    EXPECT_EQ(to_hex(config->body), "0142c00affe100066742c00ada7901000468ce3880");
}

TEST(Avcc, missing_sets_are_malformed) {
    EXPECT_EQ(make_avcc({}).error().code, Errc::malformed);
    EXPECT_EQ(make_avcc(hex("000001 6742c00ada79")).error().code, Errc::malformed);
    EXPECT_EQ(make_avcc(hex("000001 68ce3880")).error().code, Errc::malformed);
}

TEST(Avcc, body_cut_at_any_byte_is_malformed) {
    const Bytes whole = hex("0142c00affe100066742c00ada7901000468ce3880");
    ASSERT_TRUE(parse_avcc(whole));
    EXPECT_EQ(parse_avcc(whole)->nal_length_bytes, 4u);
    constexpr std::size_t before_pps_count = 14;
    for (std::size_t size = 0; size < whole.size(); ++size) {
        if (size == before_pps_count) continue;  // a body without any PPS exists
        EXPECT_FALSE(parse_avcc(ByteView(whole).first(size))) << size;
    }
}

TEST(Hvcc, built_body_is_read_back_with_the_same_sets) {
    const Bytes vps = hex("40010c01ffff02200000030090000003000003005a959409");
    const Bytes sps = hex("42010102200000030090000003000003005aa006c201e1cdb65959529385e02d424402410000030001000003001908");
    const Bytes pps = hex("4401c073c189");
    Bytes stream;
    for (const Bytes& unit : {vps, sps, pps}) {
        stream.insert(stream.end(), {0, 0, 0, 1});
        stream.insert(stream.end(), unit.begin(), unit.end());
    }
    const auto config = make_hvcc(stream);
    ASSERT_TRUE(config) << config.error().describe();
    EXPECT_EQ(to_hex(ByteView(config->body).first(23)), "01022000000090000000" "00005af000fcfdfafa00000f03");
    const auto parsed = parse_hvcc(config->body);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->parameter_sets, (std::vector<Bytes>{vps, sps, pps}));
    for (std::size_t size = 0; size < config->body.size(); ++size) {
        EXPECT_FALSE(parse_hvcc(ByteView(config->body).first(size))) << size;
    }
    EXPECT_EQ(make_hvcc(hex("000001 4401c073c189")).error().code, Errc::malformed);
}

TEST(Av1c, sequence_header_obu_gives_the_body_that_ffmpeg_writes) {
    const auto config = make_codec_config(format_of(Codec::av1, hex("1200 0a0e0000000cc4ff6700be1424482410")));
    ASSERT_TRUE(config) << config.error().describe();
    EXPECT_EQ(to_hex(config->body), "81014c000a0e0000000cc4ff6700be1424482410");
}

TEST(Av1c, finished_body_is_taken_as_it_is) {
    const Bytes body = hex("81014c000a0e0000000cc4ff6700be1424482410");
    EXPECT_EQ(make_codec_config(format_of(Codec::av1, body))->body, body);
}

TEST(Av1c, body_without_a_sequence_header_still_tells_profile_and_depth) {
    const auto header = av1_sequence_header(hex("81214c00"));
    ASSERT_TRUE(header);
    EXPECT_EQ(header->profile, 1u);
    EXPECT_EQ(header->bit_depth, 10u);
    EXPECT_FALSE(av1_sequence_header({}));
    EXPECT_FALSE(av1_sequence_header(hex("1200")));
}

TEST(Dops, opus_head_fields_change_their_byte_order) {
    TrackFormat format = format_of(Codec::opus, hex("0102 3801 80bb0000 0000 00"));
    EXPECT_EQ(to_hex(make_codec_config(format)->body), "0002013800" "00bb80000000");
    format.codec_config = hex("4f70757348656164 0102 3801 80bb0000 0000 00");
    EXPECT_EQ(to_hex(make_codec_config(format)->body), "000201380000bb80000000");
    format.codec_config = hex("0106 3801 80bb0000 0000 01 0402 000401020305");
    EXPECT_EQ(to_hex(make_codec_config(format)->body), "000601380000bb80000001" "0402000401020305");
    format.codec_config.pop_back();
    EXPECT_EQ(make_codec_config(format).error().code, Errc::malformed);
}

TEST(Esds, audio_specific_config_is_wrapped_in_descriptors) {
    const auto config = make_codec_config(format_of(Codec::aac, hex("1190")));
    ASSERT_TRUE(config);
    EXPECT_EQ(to_hex(config->body),
              "00000000" "0380808022" "000000" "0480808014" "4015000000" "0000000000000000" "0580808002" "1190" "068080800102");
}

TEST(CodecConfig, configurations_that_are_missing_or_short_are_malformed) {
    for (const Codec codec : {Codec::h264, Codec::hevc, Codec::av1, Codec::vp9, Codec::aac, Codec::opus, Codec::flac,
                              Codec::alac, Codec::ac3, Codec::eac3}) {
        EXPECT_EQ(make_codec_config(format_of(codec, {})).error().code, Errc::malformed) << to_string(codec);
        EXPECT_EQ(make_codec_config(format_of(codec, hex("01"))).error().code, Errc::malformed) << to_string(codec);
    }
}

TEST(CodecConfig, codecs_without_a_cmaf_form_are_unsupported) {
    EXPECT_EQ(make_codec_config(format_of(Codec::webvtt, {})).error().code, Errc::unsupported_codec);
    EXPECT_EQ(make_codec_config(format_of(Codec::unknown, {})).error().code, Errc::unsupported_codec);
}

}  // namespace
}  // namespace streamforge::packaging
