#include "manifest/hls_version.hpp"

#include <gtest/gtest.h>

namespace streamforge::manifest {
namespace {

int needed(const std::string& lines) { return needed_version(parse_hls("#EXTM3U\n" + lines).value()).version; }

TEST(NeededVersion, follows_the_table_of_the_rfc) {
    EXPECT_EQ(needed("#EXTINF:4,\na\n"), 1);
    EXPECT_EQ(needed("#EXT-X-KEY:METHOD=AES-128,URI=\"k\"\n"), 1);
    EXPECT_EQ(needed("#EXT-X-KEY:METHOD=AES-128,URI=\"k\",IV=0x1\n"), 2);
    EXPECT_EQ(needed("#EXTINF:4.0,\na\n"), 3);
    EXPECT_EQ(needed("#EXTINF:4,Title 1.5\na\n"), 1);
    EXPECT_EQ(needed("#EXT-X-BYTERANGE:1@1\n"), 4);
    EXPECT_EQ(needed("#EXT-X-I-FRAMES-ONLY\n"), 4);
    EXPECT_EQ(needed("#EXT-X-KEY:METHOD=SAMPLE-AES,URI=\"k\"\n"), 5);
    EXPECT_EQ(needed("#EXT-X-KEY:METHOD=AES-128,URI=\"k\",KEYFORMAT=\"identity\"\n"), 5);
    EXPECT_EQ(needed("#EXT-X-I-FRAMES-ONLY\n#EXT-X-MAP:URI=\"i\"\n"), 5);
    EXPECT_EQ(needed("#EXT-X-MAP:URI=\"i\"\n"), 6);
    EXPECT_EQ(needed("#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,INSTREAM-ID=\"CC1\"\n"), 1);
    EXPECT_EQ(needed("#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,INSTREAM-ID=\"SERVICE3\"\n"), 7);
    EXPECT_EQ(needed("#EXT-X-DEFINE:NAME=\"a\",VALUE=\"b\"\n"), 8);
    EXPECT_EQ(needed("#EXT-X-SKIP:SKIPPED-SEGMENTS=3\n"), 9);
    EXPECT_EQ(needed("#EXT-X-SKIP:SKIPPED-SEGMENTS=3,RECENTLY-REMOVED-DATERANGES=\"x\"\n"), 10);
    EXPECT_EQ(needed("#EXT-X-DEFINE:QUERYPARAM=\"a\"\n"), 11);
    EXPECT_EQ(needed("#EXT-X-STREAM-INF:BANDWIDTH=1,REQ-VIDEO-LAYOUT=\"CH-STEREO\"\na\n"), 12);
    EXPECT_EQ(needed("#EXT-X-MEDIA:TYPE=AUDIO,INSTREAM-ID=\"1\"\n"), 13);
}

TEST(NeededVersion, names_the_tag_that_asks) {
    const auto version = needed_version(parse_hls("#EXTM3U\n#EXTINF:4.5,\na\n#EXT-X-BYTERANGE:1@1\n#EXTINF:4.5,\na\n").value());
    EXPECT_EQ(version.because, "EXT-X-BYTERANGE");
    EXPECT_EQ(version.line, 4U);
}

}  // namespace
}  // namespace streamforge::manifest
