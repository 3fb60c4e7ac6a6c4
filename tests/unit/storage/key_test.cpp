#include <gtest/gtest.h>

#include <streamforge/storage/content_type.hpp>
#include <streamforge/storage/key.hpp>

#include "storage/utf8.hpp"

namespace streamforge::storage {
namespace {

TEST(Key, ordinary_keys_are_valid) {
    for (const auto* key : {"a", "a/b", "master.m3u8", "v/1080p/00001.m4s", "...", "a..", ".hidden/x", "ä/日本", "a b+c%2f"}) {
        EXPECT_TRUE(validate_key(key)) << key;
    }
}

TEST(Key, each_rule_refuses_and_says_why) {
    const std::pair<std::string, std::string> cases[] = {
        {"", "empty"},          {"/a", "begins with a slash"}, {"a/", "ends with a slash"}, {"a//b", "empty segment"},
        {".", "'..'"},          {"..", "'..'"},                {"a/../b", "'..'"},          {"a/./b", "'..'"},
        {"a/..", "'..'"},       {"a\x01", "control"},          {"a\x7f", "control"},        {std::string("a\0b", 3), "control"},
        {"\xc0\xaf", "UTF-8"},  {"\xed\xa0\x80", "UTF-8"},     {std::string(1025, 'a'), "1024"},
    };
    for (const auto& [key, rule] : cases) {
        const auto result = validate_key(key);
        ASSERT_FALSE(result) << key;
        EXPECT_EQ(result.error().code, Errc::invalid_argument);
        EXPECT_NE(result.error().message.find(rule), std::string::npos) << result.error().message;
    }
    EXPECT_TRUE(validate_key(std::string(1024, 'a')));
}

TEST(Key, a_prefix_may_end_anywhere_but_not_escape) {
    for (const auto* prefix : {"", "a", "a/", "a/b", "a/.", "a/..", ".."}) EXPECT_TRUE(validate_prefix(prefix)) << prefix;
    for (const auto* prefix : {"/", "/a", "a//", "../", "a/../", "./a", "a\n"}) EXPECT_FALSE(validate_prefix(prefix)) << prefix;
}

TEST(Key, joining_puts_one_slash_between) {
    EXPECT_EQ(join_key("", "a"), "a");
    EXPECT_EQ(join_key("p", "a"), "p/a");
    EXPECT_EQ(join_key("p/", "a"), "p/a");
    EXPECT_EQ(join_key("p/", "/a"), "p/a");
}

TEST(Utf8, edges_of_each_length_are_told_apart) {
    for (const auto* good : {"", "a", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf",
                             "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "a\xc3\xa4z"}) {
        EXPECT_TRUE(is_utf8(good)) << good;
    }
    for (const auto* bad : {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x41", "\xe0\x9f\xbf", "\xe0\xa0", "\xed\xa0\x80",
                            "\xf0\x8f\xbf\xbf", "\xf0\x90\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff"}) {
        EXPECT_FALSE(is_utf8(bad)) << bad;
    }
}

TEST(ContentType, follows_the_last_extension_without_case) {
    EXPECT_EQ(content_type_for("a/master.m3u8"), "application/vnd.apple.mpegurl");
    EXPECT_EQ(content_type_for("MANIFEST.MPD"), "application/dash+xml");
    EXPECT_EQ(content_type_for("v/1.m4s"), "video/iso.segment");
    EXPECT_EQ(content_type_for("init.mp4"), "video/mp4");
    EXPECT_EQ(content_type_for("en.vtt"), "text/vtt; charset=utf-8");
    EXPECT_EQ(content_type_for("archive.tar.json"), "application/json");
}

TEST(ContentType, without_a_known_extension_is_octet_stream) {
    for (const auto* key : {"", "name", "name.", "a.m4s/b", ".hidden", "x.unknown", "m3u8"}) {
        EXPECT_EQ(content_type_for(key), "application/octet-stream") << key;
    }
}

}  // namespace
}  // namespace streamforge::storage
