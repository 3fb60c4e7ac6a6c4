#include <streamforge/http/url.hpp>

#include <gtest/gtest.h>

namespace streamforge::http {
namespace {

TEST(Url, parts_are_kept_byte_for_byte) {
    const auto url = parse_url("https://Bucket.Example.org:8443/a%2Fb//../c+d?x=%20&y").value();
    EXPECT_EQ(url.scheme, "https");
    EXPECT_EQ(url.host, "bucket.example.org");
    EXPECT_EQ(url.port, 8443);
    EXPECT_EQ(url.path, "/a%2Fb//../c+d");
    EXPECT_EQ(url.query, "x=%20&y");
    EXPECT_EQ(to_string(url), "https://bucket.example.org:8443/a%2Fb//../c+d?x=%20&y");
}

TEST(Url, default_ports_are_left_out_of_the_authority) {
    EXPECT_EQ(parse_url("https://a:443/")->authority(), "a");
    EXPECT_EQ(parse_url("http://a:80/")->authority(), "a");
    EXPECT_EQ(parse_url("http://a:443/")->authority(), "a:443");
    EXPECT_EQ(parse_url("http://[::1]:9000")->authority(), "[::1]:9000");
    EXPECT_EQ(parse_url("http://[::1]")->authority(), "[::1]");
}

TEST(Url, a_missing_path_is_the_root) {
    EXPECT_EQ(parse_url("http://a")->path, "/");
    EXPECT_EQ(parse_url("http://a?x=1")->path, "/");
    EXPECT_EQ(parse_url("http://a?x=1")->query, "x=1");
}

TEST(Url, what_is_no_plain_http_url_is_refused) {
    for (const auto* text : {"", "a", "ftp://a/", "http://", "http:///x", "http://user:pw@a/", "http://a/#f", "http://a:0/", "http://a:99999/",
                             "http://a:x/", "http://a/b c", "http://a/\n", "http://a b/", "http://a/ä", "http://[::1/", "http://[zz]/", "file:///x"}) {
        const auto url = parse_url(text);
        ASSERT_FALSE(url) << text;
        EXPECT_EQ(url.error().code, Errc::invalid_argument);
        EXPECT_TRUE(url.error().context.empty()) << "a URL may hold a signature";
    }
}

TEST(PercentEncoding, keeps_the_unreserved_and_what_it_is_told) {
    EXPECT_EQ(percent_encode("aZ09-_.~"), "aZ09-_.~");
    EXPECT_EQ(percent_encode("a b/c+ä&="), "a%20b%2Fc%2B%C3%A4%26%3D");
    EXPECT_EQ(percent_encode("a/b c", "/"), "a/b%20c");
}

TEST(PercentEncoding, decoding_undoes_encoding_for_every_byte) {
    std::string all;
    for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
    EXPECT_EQ(percent_decode(percent_encode(all)).value(), all);
    EXPECT_EQ(percent_decode("a+b%2b", true).value(), "a b+");
    EXPECT_EQ(percent_decode("a+b%2b").value(), "a+b+");
    for (const auto* broken : {"%", "%4", "%zz", "a%4g"}) EXPECT_FALSE(percent_decode(broken)) << broken;
}

}  // namespace
}  // namespace streamforge::http
