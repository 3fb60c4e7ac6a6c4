#include <streamforge/cdn/url.hpp>

#include <gtest/gtest.h>
#include <vector>

#include "cdn/url_scan.hpp"

namespace streamforge::cdn {
namespace {

std::string refused_part(std::string_view url) {
    const auto parsed = parse_url(url);
    EXPECT_FALSE(parsed) << url;
    if (parsed) return "";
    EXPECT_EQ(parsed.error().code, Errc::invalid_argument);
    for (const auto& [key, value] : parsed.error().context) {
        if (key == "part") return value;
    }
    return "";
}

TEST(Url, absolute_url_splits_into_its_parts) {
    const auto url = parse_url("https://cdn.example.com:8443/vod/m1/master.m3u8?a=1&b=/x?y").value();
    EXPECT_EQ(url.scheme, "https");
    EXPECT_EQ(url.origin, "https://cdn.example.com:8443");
    EXPECT_EQ(url.host, "cdn.example.com");
    EXPECT_EQ(url.path, "/vod/m1/master.m3u8");
    EXPECT_EQ(url.query, "a=1&b=/x?y");
    EXPECT_EQ(url.path_and_query(), "/vod/m1/master.m3u8?a=1&b=/x?y");
    EXPECT_TRUE(url.is_absolute());
}

TEST(Url, path_alone_is_accepted) {
    const auto url = parse_url("/vod/a.ts").value();
    EXPECT_FALSE(url.is_absolute());
    EXPECT_EQ(url.path, "/vod/a.ts");
    EXPECT_FALSE(url.has_query());
    EXPECT_EQ(url.path_and_query(), "/vod/a.ts");
}

TEST(Url, every_character_of_rfc_3986_is_accepted) {
    EXPECT_TRUE(parse_url("https://h/AZaz09-._~!$&'()*+,;=:@/%20%e2%82%ac"));
    EXPECT_TRUE(parse_url("https://h/?AZaz09-._~!$&'()*+,;=:@/?[]%20"));
    EXPECT_TRUE(parse_url("http://[2001:db8::1]:8080/a"));
    EXPECT_TRUE(parse_url("https://192.0.2.1/a"));
    EXPECT_TRUE(parse_url("https://h/..a/.b/c../...."));
}

TEST(Url, what_clients_would_rewrite_is_refused_by_name) {
    EXPECT_EQ(refused_part("https://h/a#frag"), "fragment");
    EXPECT_EQ(refused_part("https://h/a?b#frag"), "fragment");
    EXPECT_EQ(refused_part("https://h#frag"), "fragment");
    EXPECT_EQ(refused_part("https://user@h/a"), "userinfo");
    EXPECT_EQ(refused_part("https://user:pw@h/a"), "userinfo");
    EXPECT_EQ(refused_part("https://CDN.example.com/a"), "host");
    EXPECT_EQ(refused_part("https:///a"), "host");
    EXPECT_EQ(refused_part("https://h_x/a"), "host");
    EXPECT_EQ(refused_part("https://[::1/a"), "host");
    EXPECT_EQ(refused_part("https://[::1]x/a"), "host");
    EXPECT_EQ(refused_part("https://h:443/a"), "port");
    EXPECT_EQ(refused_part("http://h:80/a"), "port");
    EXPECT_EQ(refused_part("https://h:/a"), "port");
    EXPECT_EQ(refused_part("https://h:065/a"), "port");
    EXPECT_EQ(refused_part("https://h:70000/a"), "port");
    EXPECT_EQ(refused_part("https://h:1:2/a"), "port");
    EXPECT_EQ(refused_part("https://h"), "path");
    EXPECT_EQ(refused_part("https://h?a=1"), "path");
    EXPECT_EQ(refused_part("https://h/a?"), "query");
    EXPECT_EQ(refused_part(""), "url");
    EXPECT_EQ(refused_part("https://h/" + std::string(17'000, 'a')), "url");
    for (const auto* url : {"ftp://h/a", "HTTPS://h/a", "h/a", "//h/a", "data:,x"}) EXPECT_EQ(refused_part(url), "scheme") << url;
}

TEST(Url, characters_that_no_url_holds_are_refused) {
    for (int c = 0; c < 256; ++c) {
        const auto byte = static_cast<char>(c);
        const bool allowed = std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/").find(byte) !=
                             std::string_view::npos;
        const std::string in_path = std::string("https://h/a") + byte + "xyz";
        EXPECT_EQ(parse_url(in_path).has_value(), allowed || byte == '?') << c;
        const std::string in_query = std::string("https://h/a?q") + byte + "xyz";
        EXPECT_EQ(parse_url(in_query).has_value(), allowed || byte == '?' || byte == '[' || byte == ']') << c;
    }
}

TEST(Url, percent_signs_need_two_digits) {
    for (const auto* url : {"/a%", "/a%2", "/a%2g", "/a%%20", "/a?%", "/a?%f", "/a?%zz"}) EXPECT_FALSE(parse_url(url)) << url;
}

TEST(Url, dot_segments_are_refused_in_every_spelling) {
    for (const auto* url : {"/.", "/..", "/a/./b", "/a/../b", "/a/..", "/a/%2e/b", "/a/%2E%2e/b", "/a/.%2e", "/a/%2e.?x", "https://h/../a"}) {
        EXPECT_EQ(refused_part(url), "path") << url;
    }
    EXPECT_TRUE(parse_url("/a/..b/.c/%2ed"));
    EXPECT_TRUE(parse_url("/a?b=/../c"));
}

TEST(Url, backslash_is_explained) {
    EXPECT_NE(parse_url("https://h/a\\b").error().message.find("backslash"), std::string::npos);
    EXPECT_NE(parse_url("https://h\\a").error().message.find("backslash"), std::string::npos);
}

TEST(EncodePath, escapes_only_what_must_be) {
    EXPECT_EQ(encode_path("/my film/caf\xc3\xa9 100%.mp4"), "/my%20film/caf%C3%A9%20100%25.mp4");
    EXPECT_EQ(encode_path("/already%20escaped/a?b#c"), "/already%20escaped/a%3Fb%23c");
    EXPECT_TRUE(parse_url(encode_path("/every \\ \" < > ^ ` { | } \x01 \xff")));
}

TEST(EncodeQueryValue, leaves_only_unreserved_characters) {
    EXPECT_EQ(encode_query_value("a b&c=d/e?~-._"), "a%20b%26c%3Dd%2Fe%3F~-._");
}

/// The same as `scan_path`, one character at a time.
std::size_t path_end_of(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        if (is_path_character(static_cast<unsigned char>(text[at]))) {
            ++at;
        } else if (is_escape(text, at)) {
            at += 3;
        } else {
            break;
        }
    }
    return at;
}

TEST(UrlScan, character_of_any_kind_at_any_place_ends_the_path_or_not) {
    for (std::size_t length = 1; length < 70; ++length) {
        for (std::size_t place = 0; place < length; ++place) {
            for (const std::string_view put : {"=", "~", "_", "-", "9", "z", "Z", "%41", "%4", "%", "?", " ", "\xff", "[", "`", "{", "@", ":", "\""}) {
                std::string text(length, 'a');
                text.replace(place, put.size(), put);
                // In a block of its own, so that a read past its end is seen.
                const std::vector<char> alone(text.begin(), text.end());
                EXPECT_EQ(scan_path({alone.data(), alone.size()}), path_end_of(text)) << text;
            }
        }
    }
}

TEST(UrlScan, dot_segment_at_any_place_is_seen) {
    for (std::size_t length = 1; length < 70; ++length) {
        for (std::size_t place = 0; place < length; ++place) {
            for (const std::string_view put : {"/.", "/..", "/%2e", "/%2E.", "/.%2e"}) {
                const std::string head(place, 'a');
                const std::string tail(length - place, 'b');
                for (const auto& text : {head + std::string(put), head + std::string(put) + "/" + tail}) {
                    const std::vector<char> alone(text.begin(), text.end());
                    EXPECT_TRUE(has_dot_segment({alone.data(), alone.size()})) << text;
                }
                EXPECT_FALSE(has_dot_segment(head + std::string(put) + tail)) << head << put << tail;
            }
        }
    }
}

TEST(UrlScan, encoded_slashes_are_seen) {
    for (const auto* path : {"/a%2fb", "/a%2Fb", "/a%5cb", "/a%5C"}) EXPECT_TRUE(has_encoded_slash(path)) << path;
    for (const auto* path : {"/a%20b", "/a", "/%2", "/a%25f"}) EXPECT_FALSE(has_encoded_slash(path)) << path;
}

TEST(UrlScan, percent_decode_resolves_escapes) {
    EXPECT_EQ(percent_decode("%45xpires"), "Expires");
    EXPECT_EQ(percent_decode("100%"), "100%");
    EXPECT_EQ(percent_decode("%c3%A9+"), "\xc3\xa9+");
}

}  // namespace
}  // namespace streamforge::cdn
