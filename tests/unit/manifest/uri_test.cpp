#include "manifest/uri.hpp"

#include <gtest/gtest.h>

namespace streamforge::manifest {
namespace {

TEST(SafePath, accepts_paths_inside_the_folder) {
    for (const char* path : {"a", "a/b.mp4", "video/1080p/seg 1.m4s", "a..b/c", "...", "é/ü"}) EXPECT_TRUE(is_safe_path(path)) << path;
}

TEST(SafePath, refuses_paths_that_leave_it) {
    for (const char* path : {"", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/./b", "a\\b", "a\nb"}) {
        EXPECT_FALSE(is_safe_path(path)) << path;
    }
}

TEST(PercentEncode, keeps_plain_characters_and_decodes_back) {
    EXPECT_EQ(percent_encode_path("video/1080p/seg_00001.m4s"), "video/1080p/seg_00001.m4s");
    EXPECT_EQ(percent_encode_path("a b/é?#%:\"'"), "a%20b/%C3%A9%3F%23%25%3A%22%27");
    std::string all;
    for (int i = 1; i < 256; ++i) all += static_cast<char>(i);
    EXPECT_EQ(percent_decode(percent_encode_path(all)), all);
}

TEST(PercentDecode, leaves_bad_escapes) { EXPECT_EQ(percent_decode("%4%zz%41%"), "%4%zzA%"); }

TEST(RelativePath, stays_short) {
    EXPECT_EQ(relative_path("video/1080p/playlist.m3u8", "video/1080p/seg_1.m4s"), "seg_1.m4s");
    EXPECT_EQ(relative_path("master.m3u8", "video/1080p/playlist.m3u8"), "video/1080p/playlist.m3u8");
    EXPECT_EQ(relative_path("hls/master.m3u8", "video/a.m3u8"), "../video/a.m3u8");
    EXPECT_EQ(relative_path("a/b/c.m3u8", "a/d.mp4"), "../d.mp4");
    EXPECT_EQ(relative_path("video", "video/a"), "video/a");
}

TEST(ResolveReference, follows_the_examples_of_rfc_3986) {
    const std::string base = "http://a/b/c/d;p?q";
    const std::pair<const char*, const char*> cases[] = {
        {"g:h", "g:h"},           {"g", "http://a/b/c/g"},     {"./g", "http://a/b/c/g"},   {"g/", "http://a/b/c/g/"},
        {"/g", "http://a/g"},     {"//g", "http://g"},         {"?y", "http://a/b/c/d;p?y"}, {"g?y", "http://a/b/c/g?y"},
        {"g#s", "http://a/b/c/g#s"}, {"", "http://a/b/c/d;p?q"}, {".", "http://a/b/c/"},      {"./", "http://a/b/c/"},
        {"..", "http://a/b/"},    {"../g", "http://a/b/g"},    {"../..", "http://a/"},      {"../../g", "http://a/g"},
        {"../../../g", "http://a/g"}, {"/./g", "http://a/g"},  {"/../g", "http://a/g"},     {"g.", "http://a/b/c/g."},
        {"./../g", "http://a/b/g"}, {"g/./h", "http://a/b/c/g/h"}, {"g/../h", "http://a/b/c/h"}, {"g?y/../x", "http://a/b/c/g?y/../x"},
    };
    for (const auto& [reference, expected] : cases) EXPECT_EQ(resolve_reference(base, reference), expected) << reference;
}

TEST(ResolveReference, empty_reference_keeps_the_query) {
    EXPECT_EQ(resolve_reference("video/1080p.mp4?token=x#part", ""), "video/1080p.mp4?token=x");
}

TEST(ResolveReference, works_without_a_host) {
    EXPECT_EQ(resolve_reference("video/1080p/playlist.m3u8", "seg.m4s"), "video/1080p/seg.m4s");
    EXPECT_EQ(resolve_reference("a/b", "../../../x"), "../../x");
    EXPECT_EQ(resolve_reference("", "x/y"), "x/y");
    EXPECT_EQ(resolve_reference("http://host", "x"), "http://host/x");
}

}  // namespace
}  // namespace streamforge::manifest
