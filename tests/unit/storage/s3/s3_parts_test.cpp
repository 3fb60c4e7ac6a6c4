// The pure pieces of the S3 backend: XML, failures, endpoints, times, checksums.
#include <gtest/gtest.h>

#include <streamforge/crypto/checksum.hpp>
#include <streamforge/crypto/hash.hpp>

#include "storage/s3/endpoint.hpp"
#include "storage/s3/http_time.hpp"
#include "storage/s3/s3_checksum.hpp"
#include "storage/s3/s3_failure.hpp"
#include "storage/s3/s3_headers.hpp"
#include "storage/s3/s3_xml.hpp"

namespace streamforge::storage::s3 {
namespace {

ByteView bytes(std::string_view text) { return crypto::bytes_of(text); }

TEST(S3Xml, a_list_is_decoded_and_its_etags_quoted) {
    const auto list = parse_list(bytes(R"(<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
        <EncodingType>url</EncodingType><IsTruncated>true</IsTruncated><NextContinuationToken>T&amp;1</NextContinuationToken>
        <Contents><Key>a+b%2Bc%C3%A4</Key><Size>5</Size><ETag>&quot;e1&quot;</ETag><LastModified>2009-10-12T17:50:30.000Z</LastModified></Contents>
        <Contents><Key>d</Key><Size>18446744073709551615</Size><ETag>e2</ETag></Contents>
        <CommonPrefixes><Prefix>p%2F</Prefix></CommonPrefixes></ListBucketResult>)")).value();
    ASSERT_EQ(list.page.objects.size(), 2U);
    EXPECT_EQ(list.page.objects[0].key, "a b+cä");
    EXPECT_EQ(list.page.objects[0].etag, "\"e1\"");
    EXPECT_EQ(list.page.objects[0].last_modified, parse_iso_time("2009-10-12T17:50:30Z"));
    EXPECT_EQ(list.page.objects[1].etag, "\"e2\"");
    EXPECT_EQ(list.page.objects[1].size_bytes, UINT64_MAX);
    EXPECT_EQ(list.page.prefixes, std::vector<std::string>{"p/"});
    EXPECT_EQ(list.page.next_page_token, "T&1");
}

TEST(S3Xml, keys_are_left_alone_where_the_store_did_not_encode_them) {
    const auto list = parse_list(bytes("<ListBucketResult><Contents><Key>a+b%20</Key></Contents></ListBucketResult>")).value();
    EXPECT_EQ(list.page.objects.at(0).key, "a+b%20");
}

TEST(S3Xml, what_is_not_the_answer_asked_for_is_refused) {
    for (const auto* xml : {"", "x", "<a/>", "<Error><Code>x</Code></Error>", "<ListBucketResult>", "<html><body>proxy</body></html>"}) {
        EXPECT_EQ(parse_list(bytes(xml)).error().code, Errc::malformed) << xml;
        EXPECT_EQ(parse_parts(bytes(xml)).error().code, Errc::malformed) << xml;
        EXPECT_EQ(parse_uploads(bytes(xml)).error().code, Errc::malformed) << xml;
        EXPECT_EQ(parse_upload_id(bytes(xml)).error().code, Errc::malformed) << xml;
        EXPECT_EQ(parse_result(bytes(xml)).error().code, Errc::malformed) << xml;
        EXPECT_EQ(parse_delete(bytes(xml)).error().code, Errc::malformed) << xml;
    }
    EXPECT_FALSE(parse_list(bytes("<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>"))) << "no way to the next page";
    EXPECT_FALSE(parse_parts(bytes("<ListPartsResult><Part><PartNumber>0</PartNumber></Part></ListPartsResult>")));
    EXPECT_FALSE(parse_result(bytes("<CompleteMultipartUploadResult></CompleteMultipartUploadResult>"))) << "no ETag";
}

TEST(S3Xml, a_document_type_defines_no_entities) {
    const std::string bomb = R"(<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><ListBucketResult><Contents><Key>&b;</Key></Contents></ListBucketResult>)";
    const auto list = parse_list(bytes(bomb));
    if (list) {
        EXPECT_EQ(list->page.objects.at(0).key, "&b;");
    }
}

TEST(S3Xml, parts_tell_number_size_etag_and_whole_checksums_only) {
    const auto parts = parse_parts(bytes(R"(<ListPartsResult><ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm><IsTruncated>true</IsTruncated>
        <NextPartNumberMarker>2</NextPartNumberMarker>
        <Part><PartNumber>1</PartNumber><ETag>"a"</ETag><Size>7</Size><ChecksumCRC64NVME>AAAAAAAAAAA=</ChecksumCRC64NVME></Part>
        <Part><PartNumber>2</PartNumber><ETag>"b"</ETag><Size>8</Size><ChecksumCRC32C>AAAA-2</ChecksumCRC32C></Part></ListPartsResult>)")).value();
    ASSERT_EQ(parts.parts.size(), 2U);
    EXPECT_EQ(parts.parts[0], (PartInfo{1, 7, "\"a\"", "crc64nvme=AAAAAAAAAAA="}));
    EXPECT_EQ(parts.parts[1].checksum, "");
    EXPECT_EQ(parts.next_marker, "2");
    EXPECT_EQ(parts.checksum_algorithm, "CRC64NVME");
}

TEST(S3Xml, requests_are_escaped) {
    const PartInfo parts[] = {{1, 5, "\"a<b\"", "crc64nvme=AA=="}};
    EXPECT_NE(write_complete(parts).find("<Part><PartNumber>1</PartNumber><ETag>&quot;a&lt;b&quot;</ETag><ChecksumCRC64NVME>AA==</ChecksumCRC64NVME></Part>"),
              std::string::npos);
    const std::string keys[] = {"a&b<c>\"d"};
    EXPECT_NE(write_delete(keys).find("<Key>a&amp;b&lt;c&gt;&quot;d</Key>"), std::string::npos);
}

TEST(S3Failure, codes_mean_what_callers_need_to_know) {
    const auto failure = [](int status, const std::string& code) {
        return failure_of_answer(status, {}, bytes("<Error><Code>" + code + "</Code><Message>says &lt;the&gt; store</Message></Error>"), "test");
    };
    EXPECT_EQ(failure(404, "NoSuchKey").error.code, Errc::not_found);
    EXPECT_EQ(failure(403, "AccessDenied").error.code, Errc::permission_denied);
    EXPECT_EQ(failure(403, "SignatureDoesNotMatch").error.code, Errc::unauthenticated);
    EXPECT_EQ(failure(400, "RequestTimeout").kind, http::RetryKind::transient) << "a 400, and yet worth another try";
    EXPECT_EQ(failure(503, "SlowDown").kind, http::RetryKind::throttling);
    EXPECT_EQ(failure(403, "RequestTimeTooSkewed").remedy, Remedy::correct_clock);
    EXPECT_EQ(failure(400, "ExpiredToken").remedy, Remedy::renew_credentials);
    EXPECT_EQ(failure(400, "AuthorizationHeaderMalformed").remedy, Remedy::change_region);
    EXPECT_EQ(failure(400, "InvalidPart").error.code, Errc::integrity);
    EXPECT_EQ(failure(418, "SomethingNew").error.code, Errc::invalid_argument);
    EXPECT_EQ(failure(599, "SomethingNew").kind, http::RetryKind::transient);
}

TEST(S3Failure, a_success_that_holds_an_error_is_one) {
    const auto failure = failure_of_answer(200, {}, bytes("<Error><Code>InternalError</Code></Error>"), "test");
    EXPECT_EQ(failure.error.code, Errc::unavailable);
    EXPECT_EQ(failure.kind, http::RetryKind::transient);
    EXPECT_TRUE(failure_of_answer(200, {}, {}, "test").may_have_been_done) << "an empty success proves nothing";
    EXPECT_EQ(failure_of_answer(200, {}, {}, "test").kind, http::RetryKind::transient);
}

TEST(S3Failure, what_the_store_says_is_kept_apart) {
    const auto failure = failure_of_answer(403, {{"x-amz-request-id", "R\x1b[31mX"}}, bytes("<Error><Code>Bad\nCode;drop</Code><Message>secret words</Message></Error>"), "test");
    EXPECT_EQ(failure.error.remote_text, "secret words");
    const auto text = failure.error.describe();
    EXPECT_EQ(text.find("secret words"), std::string::npos);
    EXPECT_NE(text.find("code=BadCodedrop"), std::string::npos) << text;
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(S3Failure, refused_checksums_are_recognised) {
    for (const auto* message : {"unsupported header x-amz-checksum-crc64nvme", "Unsupported checksum", "x-amz-sdk-checksum-algorithm"}) {
        const auto xml = std::string("<Error><Code>InvalidArgument</Code><Message>") + message + "</Message></Error>";
        EXPECT_EQ(failure_of_answer(400, {}, bytes(xml), "test").remedy, Remedy::drop_checksum) << message;
    }
    EXPECT_EQ(failure_of_answer(501, {}, bytes("<Error><Code>NotImplemented</Code></Error>"), "test").remedy, Remedy::drop_checksum);
    EXPECT_EQ(failure_of_answer(400, {}, bytes("<Error><Code>InvalidArgument</Code></Error>"), "test").remedy, Remedy::none);
}

TEST(S3Endpoint, aws_buckets_go_into_the_host) {
    const auto endpoint = resolve_endpoint({.bucket = "videos", .region = "eu-west-1"}).value();
    EXPECT_EQ(endpoint.base.origin(), "https://videos.s3.eu-west-1.amazonaws.com");
    EXPECT_EQ(endpoint.path_of("a b/c"), "/a%20b/c");
    EXPECT_EQ(endpoint.path_of(""), "/");
    EXPECT_EQ(resolve_endpoint({.bucket = "videos"})->region, "us-east-1");
    EXPECT_EQ(resolve_endpoint({.bucket = "v.ideos", .region = "eu-west-1"})->base.origin(), "https://s3.eu-west-1.amazonaws.com") << "no certificate fits";
    EXPECT_EQ(resolve_endpoint({.bucket = "v.ideos"})->path_of("k"), "/v.ideos/k");
    EXPECT_EQ(resolve_endpoint({.bucket = "videos", .dualstack = true})->base.host, "videos.s3.dualstack.us-east-1.amazonaws.com");
    EXPECT_EQ(resolve_endpoint({.bucket = "videos", .accelerate = true})->base.host, "videos.s3-accelerate.amazonaws.com");
    EXPECT_EQ(resolve_endpoint({.bucket = "videos", .fips = true})->base.host, "videos.s3-fips.us-east-1.amazonaws.com");
    EXPECT_EQ(resolve_endpoint({.bucket = "videos", .region = "cn-north-1"})->base.host, "videos.s3.cn-north-1.amazonaws.com.cn");
}

TEST(S3Endpoint, other_stores_are_addressed_as_they_like_it) {
    const auto local = resolve_endpoint({.bucket = "videos", .endpoint_url = "http://127.0.0.1:9000/s3/"}).value();
    EXPECT_EQ(local.path_of("k"), "/s3/videos/k");
    EXPECT_EQ(local.profile->name, "unknown");
    const auto r2 = resolve_endpoint({.bucket = "videos", .endpoint_url = "https://abc.r2.cloudflarestorage.com"}).value();
    EXPECT_EQ(r2.profile->name, "r2");
    EXPECT_EQ(r2.region, "auto");
    EXPECT_TRUE(r2.profile->uniform_parts);
    EXPECT_EQ(resolve_endpoint({.bucket = "videos", .endpoint_url = "https://s3.us-west-004.backblazeb2.com"})->profile->checksum, S3Checksum::none);
    EXPECT_EQ(resolve_endpoint({.bucket = "videos", .endpoint_url = "https://s3.example.org", .addressing = S3Addressing::virtual_host})->base.host,
              "videos.s3.example.org");
}

TEST(S3Endpoint, what_cannot_work_is_refused) {
    for (const EndpointSettings& settings :
         {EndpointSettings{.bucket = "ab"}, EndpointSettings{.bucket = "a/b/c"}, EndpointSettings{.bucket = "videos", .endpoint_url = "nonsense"},
          EndpointSettings{.bucket = "videos", .endpoint_url = "https://a/?x"}, EndpointSettings{.bucket = "videos", .provider = "nobody"},
          EndpointSettings{.bucket = "videos", .region = "a b"}, EndpointSettings{.bucket = "vi.deos", .accelerate = true},
          EndpointSettings{.bucket = "videos", .endpoint_url = "https://a", .dualstack = true},
          EndpointSettings{.bucket = "videos", .endpoint_url = "http://127.0.0.1", .addressing = S3Addressing::virtual_host}}) {
        const auto endpoint = resolve_endpoint(settings);
        ASSERT_FALSE(endpoint) << settings.bucket << settings.endpoint_url;
        EXPECT_EQ(endpoint.error().code, Errc::invalid_argument);
    }
}

TEST(S3Time, both_forms_are_read_and_nothing_else) {
    EXPECT_EQ(parse_http_date("Wed, 21 Oct 2015 07:28:00 GMT"), parse_iso_time("2015-10-21T07:28:00Z"));
    EXPECT_EQ(parse_iso_time("2015-10-21T09:28:00+02:00"), parse_iso_time("2015-10-21T07:28:00.000Z"));
    for (const auto* text : {"", "Wed, 21 Oct 2015 07:28:00 CET", "Wed, 99 Oct 2015 07:28:00 GMT", "Wed, 21 Okt 2015 07:28:00 GMT"}) {
        EXPECT_FALSE(parse_http_date(text)) << text;
    }
    for (const auto* text : {"", "2015-02-29T00:00:00Z", "2015-10-21T24:00:00Z", "2015-10-21T07:28:00", "2015-10-21T07:28:00.Z", "2015-10-21T07:28:00+2:00",
                             "2015-10-21 07:28:00Z", "20x5-10-21T07:28:00Z"}) {
        EXPECT_FALSE(parse_iso_time(text)) << text;
    }
}

TEST(S3Checksum, wire_values_are_big_endian_base64) {
    for (const auto& [kind, text] : {std::pair(S3Checksum::crc64nvme, "crc64nvme=rosUhgp5mIg="), {S3Checksum::crc32c, "crc32c=4waSgw=="}}) {
        Checksum sum(kind);
        sum.update(bytes("1234"));
        sum.update(bytes("56789"));
        EXPECT_EQ(sum.text(), text);
    }
    EXPECT_EQ(Checksum(S3Checksum::none).text(), "");
}

TEST(S3Checksum, parts_combine_to_the_whole) {
    const std::string text = "The quick brown fox jumps over the lazy dog";
    for (const auto kind : {S3Checksum::crc64nvme, S3Checksum::crc32c}) {
        Checksum whole(kind);
        whole.update(bytes(text));
        for (std::size_t cut = 0; cut <= text.size(); ++cut) {
            Checksum a(kind);
            Checksum b(kind);
            a.update(bytes(text).first(cut));
            b.update(bytes(text).subspan(cut));
            const PartInfo parts[] = {{1, cut, "", a.text()}, {2, text.size() - cut, "", b.text()}};
            EXPECT_EQ(combine_checksums(kind, parts), whole.text());
        }
        const PartInfo without[] = {{1, 1, "", ""}};
        EXPECT_EQ(combine_checksums(kind, without), std::nullopt);
    }
}

TEST(S3Checksum, multipart_etags_are_known_beforehand) {
    const PartInfo parts[] = {{1, 1, "\"5d41402abc4b2a76b9719d911017c592\"", ""}, {2, 1, "\"7d793037a0760186574b0282f2f435e7\"", ""}};
    // md5(md5("hello") + md5("world")) by another program
    EXPECT_EQ(multipart_etag(parts), "\"065947336a2f2a95ba8899f3675c3be6-2\"");
    const PartInfo opaque[] = {{1, 1, "\"xyz\"", ""}};
    EXPECT_EQ(multipart_etag(opaque), std::nullopt);
}

TEST(S3Checksum, checksums_of_parts_are_not_taken_for_the_whole) {
    EXPECT_EQ(told_checksum({{"x-amz-checksum-crc64nvme", "AA=="}}), "crc64nvme=AA==");
    EXPECT_EQ(told_checksum({{"x-amz-checksum-crc32c", "AA==-3"}}), "");
    EXPECT_EQ(told_checksum({{"x-amz-checksum-crc32c", "AA=="}, {"x-amz-checksum-type", "COMPOSITE"}}), "");
}

TEST(S3Headers, content_ranges_are_read_exactly) {
    const auto range = parse_content_range("bytes 2-9/100");
    ASSERT_TRUE(range);
    EXPECT_EQ(range->first, 2U);
    EXPECT_EQ(range->last, 9U);
    EXPECT_EQ(range->size, 100U);
    for (const auto* text : {"", "bytes 9-2/100", "bytes 0-100/100", "bytes 0-1/*", "0-1/2", "bytes 0-1/2x"}) EXPECT_FALSE(parse_content_range(text)) << text;
}

TEST(S3Headers, the_mark_of_a_conditional_write_is_not_shown) {
    const auto info = info_of("k", {{"X-Amz-Meta-Plan", "p"}, {"x-amz-meta-streamforge-write", "m"}, {"ETag", "\"e\""}, {"Content-Length", "7"}});
    EXPECT_EQ(info.metadata, (Metadata{{"plan", "p"}}));
    EXPECT_EQ(info.size_bytes, 7U);
}

}  // namespace
}  // namespace streamforge::storage::s3
