#include "storage/s3/sigv4.hpp"

#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>

#include <streamforge/crypto/hash.hpp>

#include "storage/s3/http_time.hpp"

namespace streamforge::storage::s3 {
namespace {

SigningTime time_of(const std::string& iso) { return SigningTime(parse_iso_time(iso).value()); }

Credentials credentials_of(const nlohmann::json& json) {
    return {json["access_key"], Secret(json["secret_key"].get<std::string>()),
            Secret(json["token"].is_string() ? json["token"].get<std::string>() : std::string{}), std::nullopt};
}

nlohmann::json botocore_vectors() {
    const char* fresh = std::getenv("STREAMFORGE_SIGV4_VECTORS");
    std::ifstream file(fresh != nullptr ? fresh : STREAMFORGE_TEST_SOURCE_DIR "/vectors/sigv4/botocore.json");
    return nlohmann::json::parse(file);
}

http::Headers headers_of(const nlohmann::json& json) {
    http::Headers headers;
    headers.add("host", json["host"]);
    for (const auto& field : json["headers"]) headers.add(field[0], field[1]);
    return headers;
}

Query query_of(const nlohmann::json& json) {
    Query query;
    for (const auto& item : json["query"]) query.emplace_back(item[0], item[1]);
    return query;
}

TEST(SigV4, header_signatures_agree_with_botocore_step_by_step) {
    Signer signer;
    const auto vectors = botocore_vectors();
    ASSERT_GE(vectors["cases"].size(), 60U);
    for (const auto& json : vectors["cases"]) {
        const auto credentials = credentials_of(json);
        const auto time = time_of(json["time"]);
        const auto path = "/" + encode_key(json["key"].get<std::string>());
        const auto query = canonical_query(query_of(json));
        const auto method = json["method"].get<std::string>();
        auto headers = headers_of(json);
        ASSERT_TRUE(signer.sign_headers(method, path, query, headers, unsigned_payload, credentials, json["region"].get<std::string>(), time));
        const auto authorization = headers.get("authorization");
        headers.remove("authorization");
        const auto again = signer.sign({method, path, query, headers, unsigned_payload}, credentials, json["region"].get<std::string>(), time).value();
        EXPECT_EQ(again.canonical_request, json["header"]["canonical_request"]) << json["name"];
        EXPECT_EQ(again.string_to_sign, json["header"]["string_to_sign"]) << json["name"];
        EXPECT_TRUE(authorization.ends_with("Signature=" + json["header"]["signature"].get<std::string>())) << json["name"];
    }
}

TEST(SigV4, presigned_queries_agree_with_botocore) {
    Signer signer;
    const auto vectors = botocore_vectors();
    for (const auto& json : vectors["cases"]) {
        const auto query = signer
                               .presign(json["method"].get<std::string>(), "/" + encode_key(json["key"].get<std::string>()), query_of(json),
                                        headers_of(json), std::chrono::seconds(json["expires"].get<int>()), credentials_of(json),
                                        json["region"].get<std::string>(), time_of(json["time"]))
                               .value();
        EXPECT_TRUE(query.ends_with("&X-Amz-Signature=" + json["query_auth"]["signature"].get<std::string>())) << json["name"] << "\n" << query;
    }
}

/// The worked examples of the S3 documentation.
class S3Documentation : public ::testing::Test {
protected:
    std::string sign(std::string_view method, std::string_view path, const Query& query, http::Headers headers, std::string_view payload_hash) {
        headers.add("host", "examplebucket.s3.amazonaws.com");
        EXPECT_TRUE(signer_.sign_headers(method, path, canonical_query(query), headers, payload_hash, credentials_, "us-east-1", time_));
        const auto value = headers.get("authorization");
        return value.substr(value.rfind('=') + 1);
    }
    Signer signer_;
    Credentials credentials_{"AKIAIOSFODNN7EXAMPLE", Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), Secret(), std::nullopt};
    SigningTime time_ = time_of("2013-05-24T00:00:00Z");
};

TEST_F(S3Documentation, get_of_a_range) {
    EXPECT_EQ(sign("GET", "/test.txt", {}, {{"Range", "bytes=0-9"}}, empty_payload),
              "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

TEST_F(S3Documentation, put_with_a_storage_class) {
    EXPECT_EQ(encode_key("test$file.text"), "test%24file.text");
    EXPECT_EQ(sign("PUT", "/test%24file.text", {}, {{"Date", "Fri, 24 May 2013 00:00:00 GMT"}, {"x-amz-storage-class", "REDUCED_REDUNDANCY"}},
                   crypto::sha256_hex(std::string_view("Welcome to Amazon S3."))),
              "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
}

TEST_F(S3Documentation, get_of_a_sub_resource) {
    EXPECT_EQ(sign("GET", "/", {{"lifecycle", ""}}, {}, empty_payload), "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
}

TEST_F(S3Documentation, list_of_a_prefix) {
    EXPECT_EQ(sign("GET", "/", {{"prefix", "J"}, {"max-keys", "2"}}, {}, empty_payload),
              "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

TEST_F(S3Documentation, presigned_get) {
    const auto query = signer_
                           .presign("GET", "/test.txt", {}, {{"host", "examplebucket.s3.amazonaws.com"}}, std::chrono::seconds(86400), credentials_,
                                    "us-east-1", time_)
                           .value();
    EXPECT_TRUE(query.ends_with("&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")) << query;
}

TEST_F(S3Documentation, headers_of_a_chunked_upload) {
    http::Headers headers{{"host", "s3.amazonaws.com"},
                          {"x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"},
                          {"x-amz-date", "20130524T000000Z"},
                          {"x-amz-storage-class", "REDUCED_REDUNDANCY"},
                          {"content-encoding", "aws-chunked"},
                          {"x-amz-decoded-content-length", "66560"},
                          {"content-length", "66824"}};
    EXPECT_EQ(signer_.sign({"PUT", "/examplebucket/chunkObject.txt", "", headers, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"}, credentials_, "us-east-1", time_)
                  ->hex,
              "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9");
}

/// A case of AWS's public suite, as its files have it.
struct SuiteRequest {
    std::string method;
    std::string query;
    http::Headers headers;
    std::string body;
};

SuiteRequest parse_suite_request(const std::string& text) {
    SuiteRequest request;
    const auto head_end = text.find("\n\n");
    std::istringstream lines(text.substr(0, head_end));
    if (head_end != std::string::npos) request.body = text.substr(head_end + 2);
    std::string line;
    std::getline(lines, line);
    request.method = line.substr(0, line.find(' '));
    const auto target = line.substr(line.find(' ') + 1, line.rfind(" HTTP/") - line.find(' ') - 1);
    Query query;
    if (const auto mark = target.find('?'); mark != std::string::npos) {
        std::istringstream items(target.substr(mark + 1));
        for (std::string item; std::getline(items, item, '&');) {
            const auto equals = item.find('=');
            const auto decode = [](const std::string& part) { return http::percent_decode(part).value(); };
            query.emplace_back(decode(item.substr(0, equals)), equals == std::string::npos ? "" : decode(item.substr(equals + 1)));
        }
    }
    request.query = canonical_query(query);
    std::vector<std::pair<std::string, std::string>> fields;
    while (std::getline(lines, line)) {
        if (line.starts_with(' ')) {
            fields.back().second += line;  // a continued value
        } else {
            fields.emplace_back(line.substr(0, line.find(':')), line.substr(line.find(':') + 1));
        }
    }
    for (const auto& [name, value] : fields) request.headers.add(name, value);
    return request;
}

TEST(SigV4, the_public_suite_agrees_step_by_step) {
    std::ifstream file(STREAMFORGE_TEST_SOURCE_DIR "/vectors/sigv4/aws_suite.json");
    const auto suite = nlohmann::json::parse(file);
    ASSERT_GE(suite["cases"].size(), 34U);
    Signer signer(suite["service"].get<std::string>());
    const Credentials credentials{suite["access_key"], Secret(suite["secret_key"].get<std::string>()), Secret(), std::nullopt};
    for (const auto& json : suite["cases"]) {
        const auto name = json["name"].get<std::string>();
        const auto canonical = json["canonical_request"].get<std::string>();
        auto request = parse_suite_request(json["request"]);
        if (json.contains("session_token")) request.headers.add("X-Amz-Security-Token", json["session_token"]);
        // The path as the suite has it: other services normalise it, S3 never does.
        const auto path_at = canonical.find('\n') + 1;
        const auto path = canonical.substr(path_at, canonical.find('\n', path_at) - path_at);
        const auto signature = signer.sign({request.method, path, request.query, request.headers, crypto::sha256_hex(request.body)}, credentials,
                                           suite["region"].get<std::string>(), time_of(suite["time"]));
        ASSERT_TRUE(signature) << name;
        EXPECT_EQ(signature->canonical_request, canonical) << name;
        EXPECT_EQ(signature->string_to_sign, json["string_to_sign"]) << name;
        EXPECT_TRUE(json["authorization"].get<std::string>().ends_with("Signature=" + signature->hex)) << name;
    }
}

TEST(SigV4, header_values_are_trimmed_and_joined) {
    Signer signer;
    const http::Headers headers{{"Host", "h"}, {"My-Header2", "  \"a   b   c\" "}, {"My-Header1", "value2"}, {"my-header1", " value1 "},
                                {"User-Agent", "x"}, {"Expect", "100-continue"}, {"Accept-Encoding", "gzip"}};
    const auto signature = signer.sign({"GET", "/", "", headers, "H"}, {"id", Secret("secret"), Secret(), std::nullopt}, "r", time_of("2020-01-01T00:00:00Z"));
    EXPECT_EQ(signature->canonical_request, "GET\n/\n\nhost:h\nmy-header1:value2,value1\nmy-header2:\"a b c\"\n\nhost;my-header1;my-header2\nH");
}

TEST(SigV4, keys_are_encoded_once_and_never_normalised) {
    EXPECT_EQ(encode_key("a//b/../c/./d"), "a//b/../c/./d");
    EXPECT_EQ(encode_key("a b+c%20~ä"), "a%20b%2Bc%2520~%C3%A4");
}

TEST(SigV4, date_and_scope_come_from_one_reading_of_the_clock) {
    const auto last_instant = parse_iso_time("2024-02-29T23:59:59.999Z").value();
    const SigningTime before(last_instant);
    EXPECT_EQ(before.timestamp, "20240229T235959Z");
    EXPECT_EQ(before.date, "20240229");
    const SigningTime after(last_instant + std::chrono::milliseconds(1));
    EXPECT_EQ(after.timestamp, "20240301T000000Z");
    EXPECT_EQ(after.date, "20240301");
}

TEST(SigV4, the_derived_key_follows_day_region_and_secret) {
    Signer signer;
    const http::Headers headers{{"host", "h"}};
    const auto sign = [&](const char* secret, const char* region, const char* time) {
        return signer.sign({"GET", "/", "", headers, "H"}, {"id", Secret(secret), Secret(), std::nullopt}, region, time_of(time))->hex;
    };
    const auto first = sign("a", "r", "2020-01-01T00:00:00Z");
    EXPECT_NE(sign("b", "r", "2020-01-01T00:00:00Z"), first);
    EXPECT_NE(sign("a", "s", "2020-01-01T00:00:00Z"), first);
    EXPECT_NE(sign("a", "r", "2020-01-02T00:00:00Z"), first);
    EXPECT_EQ(sign("a", "r", "2020-01-01T00:00:00Z"), first);
}

}  // namespace
}  // namespace streamforge::storage::s3
