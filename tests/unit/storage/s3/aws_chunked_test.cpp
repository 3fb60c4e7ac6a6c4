#include "storage/s3/aws_chunked.hpp"

#include <gtest/gtest.h>

#include <streamforge/crypto/hash.hpp>

namespace streamforge::storage::s3 {
namespace {

std::string read_all(http::RequestBody body, std::size_t step) {
    EXPECT_TRUE(body.rewind());
    std::string text;
    Bytes slice(step);
    while (true) {
        const auto count = body.read(slice).value();
        if (count == 0) return text;
        text.append(slice.begin(), slice.begin() + static_cast<std::ptrdiff_t>(count));
    }
}

TEST(AwsChunked, frames_a_short_body_as_documented) {
    Body body("123456789");
    AwsChunked chunked(body, S3Checksum::crc64nvme);
    EXPECT_EQ(read_all(chunked.request_body(), 100), "9\r\n123456789\r\n0\r\nx-amz-checksum-crc64nvme:rosUhgp5mIg=\r\n\r\n");
    EXPECT_EQ(chunked.checksum(), "crc64nvme=rosUhgp5mIg=");
    http::Headers headers;
    chunked.add_headers(headers);
    EXPECT_EQ(headers.get("content-encoding"), "aws-chunked");
    EXPECT_EQ(headers.get("x-amz-decoded-content-length"), "9");
    EXPECT_EQ(headers.get("x-amz-trailer"), "x-amz-checksum-crc64nvme");
}

TEST(AwsChunked, says_its_length_exactly_around_every_border) {
    for (const std::size_t border : {std::size_t{0}, std::size_t{8192}, AwsChunked::chunk_bytes, 2 * AwsChunked::chunk_bytes}) {
        for (std::size_t size = border == 0 ? 0 : border - 1; size <= border + 1; ++size) {
            const std::string content(size, 'a');
            for (const auto kind : {S3Checksum::crc32c, S3Checksum::crc64nvme}) {
                Body body(content);
                AwsChunked chunked(body, kind);
                EXPECT_EQ(read_all(chunked.request_body(), 5000).size(), AwsChunked::framed_bytes(size, kind)) << size;
            }
        }
    }
}

TEST(AwsChunked, the_documentations_body_has_the_documented_checksum) {
    const std::string content(66560, 'a');
    Body body(content);
    AwsChunked chunked(body, S3Checksum::crc32c);
    const auto framed = read_all(chunked.request_body(), 1 << 20);
    EXPECT_TRUE(framed.ends_with("0\r\nx-amz-checksum-crc32c:sOO8/Q==\r\n\r\n"));
}

TEST(AwsChunked, begins_anew_when_sent_again) {
    const std::string content(100'000, 'b');
    Body body(content);
    AwsChunked chunked(body, S3Checksum::crc64nvme);
    auto request = chunked.request_body();
    ASSERT_TRUE(request.rewind());
    Bytes some(70'000);
    ASSERT_TRUE(request.read(some));
    const auto again = read_all(request, 4096);
    Body same(content);
    AwsChunked fresh(same, S3Checksum::crc64nvme);
    EXPECT_EQ(again, read_all(fresh.request_body(), 100'000));
}

}  // namespace
}  // namespace streamforge::storage::s3
