#include "packaging/video_headers.hpp"

#include <gtest/gtest.h>

#include "packaging/codec_config.hpp"
#include "unit/packaging/support/tools.hpp"

namespace streamforge::packaging {
namespace {

using test::hex;

// x264, High, interlaced, JVT scaling matrices, 854×480.
const char* const h264_high_interlaced = "6764001eace80d87bcde0220000003002000000643e28554";
// x265, Main 10, 854×480, BT.2020 PQ, default scaling lists.
const char* const hevc_main_10 =
    "42010102200000030090000003000003005aa006c201e1cdb65959529385e02d424402410000030001000003001908";
// SVT-AV1, Main 10 bit, 640×360, BT.2020 HLG: the OBU without header and size.
const char* const av1_main_10 = "0000000cc4ff6700be1424482410";

TEST(H264Sps, interlaced_high_profile_gives_size_and_format) {
    const auto sps = parse_h264_sps(hex(h264_high_interlaced));
    ASSERT_TRUE(sps) << sps.error().describe();
    EXPECT_EQ(sps->profile, 100);
    EXPECT_EQ(sps->level, 30);
    EXPECT_TRUE(sps->is_high());
    EXPECT_EQ(sps->chroma_format, 1u);
    EXPECT_EQ(sps->bit_depth_luma, 8u);
    EXPECT_EQ(sps->width_px, 854u);
    EXPECT_EQ(sps->height_px, 480u);
}

TEST(H264Sps, baseline_without_chroma_fields_has_their_defaults) {
    const auto sps = parse_h264_sps(hex("6742c00ada79"));
    ASSERT_TRUE(sps);
    EXPECT_FALSE(sps->is_high());
    EXPECT_EQ(sps->width_px, 16u);
    EXPECT_EQ(sps->height_px, 16u);
    EXPECT_EQ(sps->colour, ColourInfo{});
}

TEST(HevcSps, main_10_gives_profile_size_and_colour) {
    const auto sps = parse_hevc_sps(hex(hevc_main_10));
    ASSERT_TRUE(sps) << sps.error().describe();
    EXPECT_EQ(sps->general_profile[0], 0x02);
    EXPECT_EQ(sps->general_profile[11], 90);
    EXPECT_EQ(sps->bit_depth_luma, 10u);
    EXPECT_EQ(sps->bit_depth_chroma, 10u);
    EXPECT_EQ(sps->width_px, 854u);
    EXPECT_EQ(sps->height_px, 480u);
    EXPECT_EQ(sps->colour, (ColourInfo{9, 16, 9, false}));
}

TEST(Av1SequenceHeader, main_10_gives_level_size_and_colour) {
    const auto header = parse_av1_sequence_header(hex(av1_main_10));
    ASSERT_TRUE(header) << header.error().describe();
    EXPECT_EQ(header->profile, 0u);
    EXPECT_EQ(header->level, 1u);
    EXPECT_EQ(header->bit_depth, 10u);
    EXPECT_EQ(header->max_width_px, 640u);
    EXPECT_EQ(header->max_height_px, 360u);
    EXPECT_EQ(header->colour_primaries, 9u);
    EXPECT_EQ(header->transfer, 18u);
    EXPECT_EQ(header->matrix, 9u);
}

TEST(VideoHeaders, headers_cut_at_any_byte_are_refused_or_lose_only_the_colour) {
    const Bytes h264 = hex(h264_high_interlaced);
    const Bytes hevc = hex(hevc_main_10);
    const Bytes av1 = hex(av1_main_10);
    for (std::size_t size = 0; size < h264.size(); ++size) {
        const auto sps = parse_h264_sps(ByteView(h264).first(size));
        EXPECT_EQ(sps ? sps->width_px : 854u, 854u);
    }
    for (std::size_t size = 0; size < hevc.size(); ++size) {
        const auto sps = parse_hevc_sps(ByteView(hevc).first(size));
        EXPECT_EQ(sps ? sps->width_px : 854u, 854u);
    }
    for (std::size_t size = 0; size + 1 < av1.size(); ++size) {
        EXPECT_EQ(parse_av1_sequence_header(ByteView(av1).first(size)).error().code, Errc::malformed) << size;
    }
    EXPECT_FALSE(parse_h264_sps({}));
    EXPECT_FALSE(parse_hevc_sps({}));
}

TEST(VideoHeaders, another_kind_of_unit_is_refused) {
    EXPECT_EQ(parse_h264_sps(hex("68ee3c80")).error().code, Errc::malformed);
    EXPECT_EQ(parse_hevc_sps(hex("4401c173")).error().code, Errc::malformed);
}

TEST(H264Sps, scaling_list_delta_of_any_size_does_not_overflow) {
    const Bytes nal = hex("67641eacff8039d50090610000efefefefefefefefefefefefefefefefefef5300906100ecff0003"
                          "0020501b3100006030008000000000ffffff1a5553000003ff00630020501b0030306008");
    EXPECT_EQ(parse_h264_sps(nal).error().code, Errc::malformed);
}

TEST(H264Sps, chroma_and_depth_out_of_range_are_refused) {
    // chroma_format_idc 7 after sps_id 0: bits 1 0001000 …
    EXPECT_EQ(parse_h264_sps(hex("6764001e88ffffffffffffff")).error().code, Errc::malformed);
}

}  // namespace
}  // namespace streamforge::packaging
