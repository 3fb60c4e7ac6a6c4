#include "server/response_head.hpp"

#include <gtest/gtest.h>

namespace streamforge::server {
namespace {

const HttpDate epoch{};

TEST(ResponseHead, has_status_date_fields_and_length) {
    auto response = make_response(206, "video/mp4", "hello");
    EXPECT_EQ(write_head(response, {BodyFraming::length, false, true, epoch}),
              "HTTP/1.1 206 Partial Content\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Type: video/mp4\r\nContent-Length: 5\r\n\r\n");
}

TEST(ResponseHead, connection_is_named_where_it_differs_from_the_default) {
    const auto response = make_response(200, "a/b", "");
    const auto head = [&](bool http_1_0, bool keep_alive) { return write_head(response, {BodyFraming::length, http_1_0, keep_alive, epoch}); };
    EXPECT_EQ(head(false, true).find("Connection"), std::string::npos);
    EXPECT_NE(head(false, false).find("Connection: close\r\n"), std::string::npos);
    EXPECT_NE(head(true, true).find("Connection: keep-alive\r\n"), std::string::npos);
    EXPECT_NE(head(true, false).find("Connection: close\r\n"), std::string::npos);
}

TEST(ResponseHead, values_cannot_break_out_of_their_line) {
    Response response;
    response.headers.add("X-A", std::string("a\r\nSet-Cookie: x\0y", 18));
    response.headers.add("Bad Name", "x");
    response.headers.add("X:", "x");
    response.headers.add("", "x");
    response.headers.add("Content-Length", "999");
    response.headers.add("transfer-encoding", "gzip");
    response.headers.add("Connection", "upgrade");
    response.headers.add("date", "yesterday");
    EXPECT_EQ(write_head(response, {BodyFraming::length, false, true, epoch}),
              "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nX-A: a  Set-Cookie: x y\r\nContent-Length: 0\r\n\r\n");
}

TEST(ResponseHead, framing_follows_rfc_9112) {
    const auto stream = storage::Body::stream([](std::span<std::uint8_t>) -> Result<std::size_t> { return std::size_t{0}; });
    Response sized;
    Response unsized;
    unsized.body = stream;
    EXPECT_EQ(framing_of(sized, false, false), BodyFraming::length);
    EXPECT_EQ(framing_of(unsized, false, false), BodyFraming::chunked);
    EXPECT_EQ(framing_of(unsized, false, true), BodyFraming::close);
    EXPECT_EQ(framing_of(sized, true, false), BodyFraming::none);
    for (const int status : {204, 304}) {
        unsized.status = status;
        EXPECT_EQ(framing_of(unsized, false, false), BodyFraming::none);
        const auto head = write_head(unsized, {BodyFraming::none, false, true, epoch});
        EXPECT_EQ(head.find("Content-Length"), std::string::npos);
        EXPECT_EQ(head.find("Transfer-Encoding"), std::string::npos);
    }
}

}  // namespace
}  // namespace streamforge::server
