// What a back end hands to browsers, used as browsers use it, against real servers.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <streamforge/crypto/hash.hpp>
#include <streamforge/storage/browser_uploads.hpp>

#include "s3/server.hpp"
#include "storage/s3/s3_checksum.hpp"

namespace streamforge::storage {
namespace {

using Kind = testing::S3Server::Kind;
using Json = nlohmann::json;

constexpr std::uint64_t part_bytes = std::uint64_t{5} << 20;

std::string crc_of(ByteView bytes) {
    s3::Checksum sum(S3Checksum::crc64nvme);
    sum.update(bytes);
    return sum.text();
}

class S3Browser : public ::testing::TestWithParam<Kind> {
protected:
    void SetUp() override {
        auto* server = testing::S3Server::shared(GetParam());
        if (server == nullptr) GTEST_SKIP() << testing::no_server(GetParam());
        store_ = open_s3(server->options(server->make_bucket())).value();
        content_.resize(part_bytes + 777);
        seeded_random(3)(content_);
    }
    BrowserUploads uploads() { return BrowserUploads::make(store_, {.prefix = "in/", .part_bytes = part_bytes}).value(); }
    [[nodiscard]] ByteView part(std::uint32_t number) const {
        return number == 1 ? ByteView(content_).first(part_bytes) : ByteView(content_).subspan(part_bytes);
    }
    int send(const PresignedRequest& presigned, ByteView body, http::Headers headers = {}) {
        http::Request request{.method = presigned.method};
        request.url = http::parse_url(presigned.url.reveal()).value();
        for (const auto& [name, value] : presigned.headers) headers.add(name, value);
        request.headers = std::move(headers);
        request.body = body;
        const auto answer = http_->send(request);
        EXPECT_TRUE(answer) << answer.error().describe();
        last_ = answer ? std::string(answer->body.begin(), answer->body.end()) : "";
        return answer ? answer->status : 0;
    }

    std::shared_ptr<ObjectStore> store_;
    std::shared_ptr<http::Transport> http_ = http::make_curl_transport({.proxy = "none"}).value();
    Bytes content_;
    std::string last_;
};

TEST_P(S3Browser, an_upload_with_checksums_is_verified_part_by_part_and_whole) {
    const auto desk = uploads();
    const auto plan = desk.create("a file.mov", content_.size(), "video/quicktime", true).value();
    EXPECT_EQ(plan.key, "in/a file.mov");
    EXPECT_EQ(plan.parts, 2U);
    ASSERT_TRUE(plan.checksums);
    const PartToSign wanted[] = {{1, crc_of(part(1))}, {2, crc_of(part(2))}};
    const auto urls = desk.sign_parts(plan.key, plan.upload_id, wanted).value();
    // Other bytes than were signed for are refused on arrival.
    EXPECT_EQ(send(urls[1], part(1)) / 100, 4);
    EXPECT_EQ(send(urls[0], part(1)), 200) << last_;
    EXPECT_EQ(send(urls[1], part(2)), 200) << last_;
    EXPECT_EQ(desk.list_parts(plan.key, plan.upload_id)->size(), 2U);
    const SentPart sent[] = {{1, {}, crc_of(part(1))}, {2, {}, crc_of(part(2))}};
    const auto done = desk.complete(plan.key, plan.upload_id, sent);
    ASSERT_TRUE(done) << done.error().describe();
    EXPECT_TRUE(done->verified);
    EXPECT_EQ(done->info.content_type, "video/quicktime");
    EXPECT_TRUE(store_->get_bytes(plan.key)->bytes == content_);
}

TEST_P(S3Browser, what_does_not_match_is_never_a_success) {
    const auto desk = uploads();
    const auto plan = desk.create("x", content_.size(), {}, true).value();
    const PartToSign first[] = {{1, crc_of(part(1))}};
    ASSERT_EQ(send(desk.sign_parts(plan.key, plan.upload_id, first)->front(), part(1)), 200);
    const SentPart two[] = {{1, {}, crc_of(part(1))}, {2, {}, crc_of(part(2))}};
    EXPECT_EQ(desk.complete(plan.key, plan.upload_id, two).error().code, Errc::integrity) << "a part is missing";
    const SentPart other[] = {{1, {}, crc_of(part(2))}};
    EXPECT_EQ(desk.complete(plan.key, plan.upload_id, other).error().code, Errc::integrity) << "another checksum than the part's";
    EXPECT_EQ(store_->head(plan.key).error().code, Errc::not_found);
    ASSERT_TRUE(desk.abort(plan.key, plan.upload_id));
    EXPECT_TRUE(desk.abort(plan.key, plan.upload_id)) << "gone is gone";
    EXPECT_TRUE(store_->list_uploads("")->uploads.empty());
}

TEST_P(S3Browser, clients_without_checksums_are_served_too) {
    const auto desk = uploads();
    const auto plan = desk.create("bare", content_.size()).value();
    EXPECT_FALSE(plan.checksums);
    const PartToSign wanted[] = {{1, {}}, {2, {}}};
    const auto urls = desk.sign_parts(plan.key, plan.upload_id, wanted).value();
    ASSERT_EQ(send(urls[0], part(1)), 200) << last_;
    ASSERT_EQ(send(urls[1], part(2)), 200) << last_;
    const SentPart sent[] = {{1, {}, {}}, {2, {}, {}}};
    const auto done = desk.complete(plan.key, plan.upload_id, sent);
    ASSERT_TRUE(done) << done.error().describe();
    EXPECT_TRUE(store_->get_bytes(plan.key)->bytes == content_);
}

TEST_P(S3Browser, messages_do_the_same) {
    const auto desk = uploads();
    const auto ask = [&](const Json& message) { return Json::parse(desk.answer(message.dump())); };
    const auto plan = ask({{"action", "create"}, {"name", "m.mov"}, {"size", content_.size()}, {"checksums", true}});
    ASSERT_EQ(plan["parts"], 2) << plan;
    const auto wire = [&](std::uint32_t number) { return crc_of(part(number)).substr(10); };
    const Json parts = Json::array({{{"number", 1}, {"crc64nvme", wire(1)}}, {{"number", 2}, {"crc64nvme", wire(2)}}});
    Json message{{"action", "sign"}, {"key", plan["key"]}, {"uploadId", plan["uploadId"]}, {"parts", parts}};
    const auto urls = ask(message);
    for (std::uint32_t number = 1; number <= 2; ++number) {
        const auto& one = urls["parts"][number - 1];
        PresignedRequest request{.method = "PUT", .url = Secret(one["url"].get<std::string>())};
        for (const auto& [name, value] : one["headers"].items()) request.headers.emplace_back(name, value.get<std::string>());
        ASSERT_EQ(send(request, part(number)), 200) << last_;
    }
    message["action"] = "list";
    EXPECT_EQ(ask(message)["parts"].size(), 2U);
    message["action"] = "complete";
    EXPECT_EQ(ask(message)["verified"], true);
    message["action"] = "abort";
    EXPECT_TRUE(ask(message).empty());
    for (const auto* text : {"", "[]", "{}", R"({"action":"create"})", R"({"action":"sign","key":"in/x","uploadId":"u","parts":[1]})",
                             R"({"action":"sign","key":"other/x","uploadId":"u","parts":[{"number":1}]})", R"({"action":"list","key":"../x"})"}) {
        const auto refused = Json::parse(desk.answer(text));
        EXPECT_TRUE(refused.contains("error")) << text << " gave " << refused;
    }
}

TEST_P(S3Browser, a_form_stores_one_file_within_its_limits) {
    const auto form = store_->presign("form.bin", {.method = PresignMethod::post, .content_type = "video/mp4", .min_bytes = 2, .max_bytes = 10}).value();
    const auto post = [&](std::string_view bytes) {
        const std::string boundary = "----boundary7d1";
        std::string body;
        const auto add = [&](std::string_view name, std::string_view value, std::string_view more = {}) {
            body += "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + std::string(name) + "\"" + std::string(more) + "\r\n\r\n" + std::string(value) + "\r\n";
        };
        for (const auto& [name, value] : form.fields) add(name, value.reveal());
        add("file", bytes, "; filename=\"x.bin\"\r\nContent-Type: application/octet-stream");
        body += "--" + boundary + "--\r\n";
        return send(form, crypto::bytes_of(body), {{"content-type", "multipart/form-data; boundary=" + boundary}});
    };
    EXPECT_EQ(post("within") / 100, 2) << last_;
    const auto stored = store_->get_bytes("form.bin");
    ASSERT_TRUE(stored) << stored.error().describe();
    EXPECT_EQ(std::string(stored->bytes.begin(), stored->bytes.end()), "within");
    EXPECT_EQ(post("longer than it may be") / 100, 4);
    EXPECT_EQ(post("1") / 100, 4);
}

TEST_P(S3Browser, presigned_requests_expire_with_their_credentials) {
    auto* server = testing::S3Server::shared(GetParam());
    auto options = server->options("some-bucket");
    class Short final : public CredentialsProvider {
    public:
        Short() : CredentialsProvider(system_clock()) {}

    private:
        Result<Credentials> do_fetch(std::stop_token) override {
            return Credentials{"id", Secret("secret"), Secret("token"), std::chrono::system_clock::now() + std::chrono::minutes(30)};
        }
    };
    options.credentials = std::make_shared<Short>();
    const auto request = open_s3(options).value()->presign("k", {.expires_in = std::chrono::hours(5)}).value();
    EXPECT_LT(request.expires_at, std::chrono::system_clock::now() + std::chrono::minutes(31));
}

TEST_P(S3Browser, long_parts_are_read_once_with_the_checksum_after_them) {
    auto* server = testing::S3Server::shared(GetParam());
    auto options = server->options(server->make_bucket());
    options.payload_signing = S3PayloadSigning::never;
    const auto store = open_s3(options).value();
    Bytes large(std::size_t{66} << 20);
    seeded_random(9)(std::span(large).first(1 << 20));
    class Counting final : public ByteSource {
    public:
        explicit Counting(const Bytes& bytes) : ByteSource("large"), bytes_(bytes) {}
        mutable std::atomic<std::uint64_t> read = 0;

    private:
        Result<std::size_t> do_read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
            const auto count = std::min<std::size_t>(into.size(), bytes_.size() - offset);
            std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(offset), count, into.begin());
            read += count;
            return count;
        }
        std::uint64_t do_size_bytes() const noexcept override { return bytes_.size(); }
        const Bytes& bytes_;
    };
    const auto source = std::make_shared<Counting>(large);
    const auto upload = store->begin_multipart("large").value();
    const auto stored = upload->put_part(1, Body(std::shared_ptr<const ByteSource>(source)));
    ASSERT_TRUE(stored) << stored.error().describe();
    EXPECT_EQ(stored->checksum, crc_of(large));
    EXPECT_EQ(source->read, large.size());
    const auto done = upload->complete({{*stored}});
    ASSERT_TRUE(done) << done.error().describe();
    EXPECT_EQ(store->head("large")->checksum, crc_of(large));
    EXPECT_EQ(store->head("large")->size_bytes, large.size());
}

INSTANTIATE_TEST_SUITE_P(Servers, S3Browser, ::testing::Values(Kind::versitygw, Kind::minio),
                         [](const auto& kind) { return kind.param == Kind::minio ? "Minio" : "Versitygw"; });

}  // namespace
}  // namespace streamforge::storage
