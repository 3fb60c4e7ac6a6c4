#include "manifest/codecs.hpp"

#include <gtest/gtest.h>

namespace streamforge::manifest {
namespace {

TEST(SplitCodecs, trims_each_part) {
    EXPECT_EQ(split_codecs("avc1.640028, mp4a.40.2 ,wvtt"),
              (std::vector<std::string_view>{"avc1.640028", "mp4a.40.2", "wvtt"}));
    EXPECT_TRUE(split_codecs("").empty());
    EXPECT_EQ(split_codecs("a,,b").size(), 3U);
}

TEST(CodecClass, goes_by_the_sample_entry) {
    EXPECT_EQ(codec_class("hvc1.2.4.L153.B0"), CodecClass::video);
    EXPECT_EQ(codec_class("Opus"), CodecClass::audio);
    EXPECT_EQ(codec_class("stpp.ttml.im1t"), CodecClass::text);
    EXPECT_EQ(codec_class("zzzz"), CodecClass::unknown);
    EXPECT_EQ(codec_class(""), CodecClass::unknown);
}

TEST(HasVideoCodec, looks_at_every_part) {
    EXPECT_TRUE(has_video_codec("mp4a.40.2,av01.0.08M.08"));
    EXPECT_FALSE(has_video_codec("mp4a.40.2,ac-3"));
}

}  // namespace
}  // namespace streamforge::manifest
