#include <streamforge/server/target.hpp>

#include <gtest/gtest.h>

namespace streamforge::server {
namespace {

TEST(Target, honest_forms_are_decoded) {
    const std::tuple<std::string, std::string, std::string> cases[] = {
        {"/", "/", ""},
        {"/a/b.m4s", "/a/b.m4s", ""},
        {"/a%20b", "/a b", ""},
        {"/%C3%A4%2b%25", "/ä+%", ""},
        {"/a+b", "/a+b", ""},
        {"/a/?x=1&y=%2f..", "/a/", "x=1&y=%2f.."},
        {"/a?b?c", "/a", "b?c"},
        {"/...", "/...", ""},
        {"/a..b/.hidden", "/a..b/.hidden", ""},
        {"http://host/a", "/a", ""},
        {"HTTPS://host:8443/a/b?q", "/a/b", "q"},
        {"http://host", "/", ""},
        {"http://host?q", "/", "q"},
        {"*", "*", ""},
    };
    for (const auto& [text, path, query] : cases) {
        const auto target = parse_target(text);
        ASSERT_TRUE(target) << text << ": " << target.error().describe();
        EXPECT_EQ(target->path, path) << text;
        EXPECT_EQ(target->query, query) << text;
    }
}

TEST(Target, ways_around_the_root_are_refused) {
    for (const std::string text :
         {"/..", "/../etc/passwd", "/a/../b", "/a/..", "/.", "/./a", "/%2e%2e/a", "/%2E./a", "/.%2e/a", "/a/%2e", "/..%2fetc", "/a%2f..%2fb",
          "/a%2Fb", "/a%5cb", "/a%5C..", "/a\\b", "/..\\..", "/a%00", "/a%00.m4s", "//etc/passwd", "/a//b", "/a%0d%0ab", "/a%7f", "/%",
          "/a%2", "/a%2g", "/%zz", "/%ff", "/%c0%ae%c0%ae/", "/%e0%80%ae", "", "a", "a/b", "..", "ftp://h/a", "http:/a", "/a b", "/a#b",
          "/a\tb", "/a\x7f", "**"}) {
        const auto target = parse_target(text);
        ASSERT_FALSE(target) << text << " gave " << target->path;
        EXPECT_EQ(target.error().code, Errc::invalid_argument);
    }
}

TEST(Target, double_escapes_are_decoded_once_only) {
    EXPECT_EQ(parse_target("/%252e%252e/a").value().path, "/%2e%2e/a");
    EXPECT_EQ(parse_target("/a%252fb").value().path, "/a%2fb");
}

TEST(Target, length_is_bounded) {
    EXPECT_TRUE(parse_target("/" + std::string(8191, 'a')));
    EXPECT_FALSE(parse_target("/" + std::string(8192, 'a')));
}

TEST(DecodePercent, plus_is_a_space_only_when_asked) {
    EXPECT_EQ(decode_percent("a+b%41"), "a+bA");
    EXPECT_EQ(decode_percent("a+b%41", true), "a bA");
    for (const auto* bad : {"%", "%4", "%4g", "a%", "%%41"}) EXPECT_EQ(decode_percent(bad), std::nullopt) << bad;
}

}  // namespace
}  // namespace streamforge::server
