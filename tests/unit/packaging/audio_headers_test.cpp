#include "packaging/audio_headers.hpp"

#include <gtest/gtest.h>

#include "unit/packaging/support/tools.hpp"

namespace streamforge::packaging {
namespace {

using test::hex;
using test::to_hex;

TEST(AacConfig, low_complexity_is_read_with_rate_and_channels) {
    const auto aac = parse_aac_config(hex("1190"));
    ASSERT_TRUE(aac);
    EXPECT_EQ(aac->object_type, 2u);
    EXPECT_EQ(aac->sample_rate_hz, 48000u);
    EXPECT_EQ(aac->channel_configuration, 2u);
}

TEST(AacConfig, spectral_band_replication_is_found_in_both_ways_of_signalling) {
    EXPECT_EQ(parse_aac_config(hex("2b118800"))->object_type, 5u);        // explicit, hierarchical
    EXPECT_EQ(parse_aac_config(hex("131056e598"))->object_type, 5u);      // explicit, backward compatible
    EXPECT_EQ(parse_aac_config(hex("130856e59d4880"))->object_type, 29u);  // with parametric stereo
    EXPECT_EQ(parse_aac_config(hex("eb098800"))->object_type, 29u);
}

TEST(AacConfig, escaped_object_types_and_explicit_rates_are_read) {
    // 31 + 10 = 42 (USAC); rate index 15 with 24 bits.
    const auto usac = parse_aac_config(hex("f94640221c0a"));
    ASSERT_TRUE(usac);
    EXPECT_EQ(usac->object_type, 42u);
    const auto odd_rate = parse_aac_config(hex("178012340 8"));
    ASSERT_TRUE(odd_rate);
    EXPECT_EQ(odd_rate->sample_rate_hz, 0x002468u);
}

TEST(AacConfig, empty_and_null_configurations_are_malformed) {
    EXPECT_EQ(parse_aac_config({}).error().code, Errc::malformed);
    EXPECT_EQ(parse_aac_config(hex("00")).error().code, Errc::malformed);
    EXPECT_EQ(parse_aac_config(hex("0000")).error().code, Errc::malformed);
}

TEST(Ac3, first_frame_gives_the_configuration_that_ffmpeg_writes) {
    EXPECT_EQ(to_hex(*dac3_from_frame(hex("0b770dce5e40ebf8403eff9dffc2107f"))), "503de0");
}

TEST(Ac3, what_does_not_start_with_a_frame_is_malformed) {
    EXPECT_EQ(dac3_from_frame(hex("0b770dce")).error().code, Errc::malformed);
    EXPECT_EQ(dac3_from_frame(hex("ffff0dce5e40ebf8403e")).error().code, Errc::malformed);
    EXPECT_EQ(dac3_from_frame({}).error().code, Errc::malformed);
    EXPECT_EQ(dac3_from_frame(hex("0b770dcede40ebf8403e")).error().code, Errc::malformed) << "reserved sample rate";
}

TEST(Eac3, packet_gives_the_configuration_that_ffmpeg_writes) {
    Bytes packet = hex("0b7701a07f87c00020f8200002004000");
    packet.resize(834);  // 192 kbit/s at 44.1 kHz in six blocks
    EXPECT_EQ(to_hex(*dec3_from_packet(packet)), "0600600f00");
}

TEST(Eac3, dependent_substream_is_counted_with_its_channel_locations) {
    const Bytes independent = hex("0b77 0009 3f87c00020f82000 0200400000000000 00000000");
    // strmtyp 1, frmsiz 9, acmod 2, chanmape with Lrs/Rrs (bit 6 from the left).
    Bytes both = independent;
    const Bytes dependent = hex("0b77 4009 3485c1 0200 00000000000000000000 00000000");
    both.resize(20);
    both.insert(both.end(), dependent.begin(), dependent.end());
    const auto alone = dec3_from_packet(independent);
    const auto with = dec3_from_packet(both);
    ASSERT_TRUE(alone);
    ASSERT_TRUE(with);
    EXPECT_EQ(alone->size(), 5u);
    EXPECT_EQ(with->size(), 6u);
    EXPECT_EQ((*with)[4] >> 1 & 0xF, 1);
}

TEST(Eac3, damage_is_malformed) {
    EXPECT_EQ(dec3_from_packet({}).error().code, Errc::malformed);
    EXPECT_EQ(dec3_from_packet(hex("0b7701")).error().code, Errc::malformed);
    EXPECT_EQ(dec3_from_packet(hex("0b770dce5e40ebf8403eff9dffc2107f")).error().code, Errc::malformed) << "AC-3, not E-AC-3";
}

}  // namespace
}  // namespace streamforge::packaging
