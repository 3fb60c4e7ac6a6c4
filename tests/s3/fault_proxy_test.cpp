// Every fault of the wire at every step of every kind of write: each ends in a whole, verified object or a typed error, never in a false
// success, never in parts left behind. Then storms of them, from seeds.
#include <ctime>
#include <fstream>
#include <gtest/gtest.h>
#include <random>

#include <streamforge/storage/transfer.hpp>

#include "s3/fault_proxy.hpp"
#include "s3/server.hpp"
#include "unit/storage/temporary_folder.hpp"

namespace streamforge::storage {
namespace {

using testing::FaultProxy;
using testing::WireFault;
using testing::WireRequest;
using Kind = WireFault::Kind;

constexpr std::size_t part_bytes = std::size_t{5} << 20;

std::string date_lines(std::time_t ahead_seconds) {
    const auto now = std::time(nullptr) + ahead_seconds;
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    char text[64];
    (void)std::strftime(text, sizeof text, "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &parts);
    return text;
}

std::vector<std::pair<std::string, WireFault>> all_faults() {
    std::vector<std::pair<std::string, WireFault>> faults{
        {"refused", {Kind::refuse}},
        {"reset in the body", {Kind::reset_in_body}},
        {"answer lost", {Kind::lose_answer}},
        {"half an answer", {Kind::half_close}},
        {"answer cut after its head", {Kind::cut_answer}},
        {"stall after the deed", {Kind::stall}},
        {"stall before it", {Kind::stall_before}},
        {"bytes corrupted on the way", {Kind::corrupt_request}},
        {"answer corrupted on the way", {Kind::corrupt_answer}},
        {"delivered twice", {Kind::twice}},
        {"clock", {Kind::answer, 403, "RequestTimeTooSkewed", date_lines(0)}},
    };
    for (const auto& [status, code] : {std::pair(500, "InternalError"), {503, "SlowDown"}, {400, "RequestTimeout"}, {400, "ExpiredToken"},
                                       {502, ""}, {200, "InternalError"}, {200, ""}}) {
        faults.push_back({std::to_string(status) + " " + code, {Kind::answer, status, code}});
        if (status != 400) faults.push_back({std::to_string(status) + " " + code + " after the deed", {Kind::answer_after, status, code}});
    }
    faults.push_back({"403 AccessDenied", {Kind::answer, 403, "AccessDenied"}});
    return faults;
}

class S3Wire : public ::testing::Test {
protected:
    void SetUp() override {
        server_ = testing::S3Server::shared(testing::S3Server::Kind::versitygw);
        if (server_ == nullptr) GTEST_SKIP() << testing::no_server(testing::S3Server::Kind::versitygw);
        const auto bucket = server_->make_bucket();
        plain_ = open_s3(server_->options(bucket)).value();
        proxy_ = std::make_unique<FaultProxy>(server_->url());
        auto options = server_->options(bucket);
        options.endpoint_url = proxy_->url();
        options.part_bytes = part_bytes;
        options.connection.stall = std::chrono::seconds(1);
        options.complete_stall = std::chrono::seconds(1);
        options.sleep = [](std::chrono::milliseconds, const std::stop_token&) -> Result<void> { return {}; };
        store_ = open_s3(options).value();
        content_.resize(part_bytes + 4321);
        std::mt19937 random(2);
        for (auto& byte : content_) byte = static_cast<std::uint8_t>(random());
        std::ofstream(path(), std::ios::binary).write(reinterpret_cast<const char*>(content_.data()), static_cast<std::streamsize>(content_.size()));
    }
    [[nodiscard]] std::filesystem::path path() const { return folder_.path() / "source"; }
    [[nodiscard]] std::filesystem::path journal() const { return folder_.path() / "journal"; }

    using Write = std::function<Result<ObjectInfo>(const std::string& key)>;
    struct Way {
        std::string name;
        std::size_t bytes;
        Write run;
    };
    std::vector<Way> ways() {
        const auto upload = [this](ObjectStore& store, const std::string& key) {
            return upload_file(store, path(), key, {}, {.part_bytes = part_bytes, .parallel = 1, .journal = journal()});
        };
        return {{"put", 1000, [this](const std::string& key) { return store_->put(key, ByteView(content_).first(1000)); }},
                {"create only", 1000, [this](const std::string& key) { return store_->put(key, ByteView(content_).first(1000), {.if_none_match = true}); }},
                {"in parts", content_.size(), [this](const std::string& key) { return store_->put(key, ByteView(content_)); }},
                {"file", content_.size(), [this, upload](const std::string& key) -> Result<ObjectInfo> {
                     auto report = upload(*store_, key);
                     if (!report) {
                         proxy_->set_plan({});
                         report = upload(*store_, key);  // the next run, without faults
                     }
                     if (!report) return report.error();
                     return report->info;
                 }}};
    }

    void judge(const Result<ObjectInfo>& outcome, const std::string& key, std::size_t bytes, const std::string& what) {
        if (outcome) {
            const auto object = plain_->get_bytes(key);
            ASSERT_TRUE(object) << what << ": a false success: " << object.error().describe();
            EXPECT_TRUE(std::ranges::equal(object->bytes, ByteView(content_).first(bytes))) << what << ": other bytes than were sent";
        } else {
            EXPECT_NE(outcome.error().code, Errc::internal) << what;
            EXPECT_EQ(outcome.error().describe().find(testing::S3Server::secret_key), std::string::npos);
        }
    }
    void expect_no_orphan(const std::string& what, bool empty_ones_allowed) {
        const auto uploads = plain_->list_uploads("").value().uploads;
        EXPECT_TRUE(uploads.empty() || empty_ones_allowed) << what << ": an upload was left behind";
        for (const auto& item : uploads) {
            const auto upload = plain_->resume_multipart(item.key, item.upload_id).value();
            EXPECT_TRUE(upload->list_parts()->empty()) << what << ": parts were left behind";
            (void)upload->abort();
        }
    }

    testing::S3Server* server_ = nullptr;
    std::unique_ptr<FaultProxy> proxy_;
    TemporaryFolder folder_;
    std::shared_ptr<ObjectStore> plain_;
    std::shared_ptr<ObjectStore> store_;
    Bytes content_;
};

TEST_F(S3Wire, every_fault_at_every_step_ends_well) {
    int runs = 0;
    for (const auto& way : ways()) {
        proxy_->set_plan({});
        ASSERT_TRUE(way.run("count " + way.name));
        const auto steps = proxy_->requests();
        for (const auto& [name, fault] : all_faults()) {
            // The journal changes what a broken connection means; answers mean the same as without it.
            const bool by_answer = fault.kind == Kind::answer || fault.kind == Kind::answer_after;
            if (way.name == "file" && by_answer && fault.code != "AccessDenied") continue;
            // A stall takes seconds to be noticed: two ways of writing are enough.
            const bool stalls = fault.kind == Kind::stall || fault.kind == Kind::stall_before;
            if (stalls && way.name != "put" && way.name != "in parts") continue;
            for (std::uint64_t step = 0; step < steps; ++step) {
                const auto key = "o" + std::to_string(runs++);
                const auto what = way.name + ", " + name + " at step " + std::to_string(step);
                proxy_->set_plan([&, broken = fault](const WireRequest&, std::uint64_t number) {
                    return number == step ? std::optional(broken) : std::nullopt;
                });
                const auto outcome = way.run(key);
                judge(outcome, key, way.bytes, what);
                // A Create whose answer came twice, or came changed on the way, may leave an empty upload that nobody was told of.
                expect_no_orphan(what, name == "delivered twice" || name == "answer corrupted on the way");
                // What only one answer in between can have spoilt must not fail the whole.
                const bool survivable = name != "403 AccessDenied" && name != "answer corrupted on the way";
                if (survivable) {
                    EXPECT_TRUE(outcome) << what << ": " << outcome.error().describe();
                }
            }
        }
    }
    RecordProperty("runs", runs);
    EXPECT_GE(runs, 160);
}

TEST_F(S3Wire, storms_from_seeds_end_well) {
    const auto faults = all_faults();
    for (std::uint32_t seed = 0; seed < 15; ++seed) {
        for (const auto& way : ways()) {
            auto random = std::make_shared<std::mt19937>(seed);
            const auto key = "storm-" + std::to_string(seed) + "-" + way.name.substr(0, 3);
            proxy_->set_plan([&faults, random](const WireRequest&, std::uint64_t) -> std::optional<WireFault> {
                if ((*random)() % 10 >= 3) return std::nullopt;
                const auto& fault = faults[(*random)() % faults.size()].second;
                // One stall takes a second: now and then is enough.
                if ((fault.kind == Kind::stall || fault.kind == Kind::stall_before) && (*random)() % 4 != 0) return std::nullopt;
                return fault;
            });
            judge(way.run(key), key, way.bytes, "storm " + std::to_string(seed) + ", " + way.name);
        }
    }
    // With several faults in a row even the clean-up may fail: the sweeper is for that.
    ASSERT_TRUE(sweep_uploads(*plain_, "", std::chrono::seconds(-3600), std::chrono::system_clock::now()));
    expect_no_orphan("after the sweeper", false);
}

TEST_F(S3Wire, reads_survive_the_wire_or_notice_it) {
    ASSERT_TRUE(plain_->put("read", ByteView(content_)));
    for (const auto& [name, fault] : all_faults()) {
        // Reads have no body and no deed: what differs in these only is the same for them.
        if (fault.kind == Kind::corrupt_request || fault.kind == Kind::answer_after || fault.status == 403) continue;
        for (std::uint64_t step = 0; step < 2; ++step) {
            proxy_->set_plan([&, broken = fault](const WireRequest&, std::uint64_t number) { return number == step ? std::optional(broken) : std::nullopt; });
            const auto target = folder_.path() / "target";
            std::filesystem::remove(target);
            const auto report = download_file(*store_, "read", target, {.part_bytes = part_bytes, .parallel = 1});
            if (!report) {
                EXPECT_EQ(fault.kind, Kind::corrupt_answer) << name << " at step " << step << ": " << report.error().describe();
                EXPECT_FALSE(std::filesystem::exists(target));
                continue;
            }
            Bytes bytes(std::filesystem::file_size(target));
            std::ifstream(target, std::ios::binary).read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
            EXPECT_TRUE(bytes == content_) << name << " at step " << step;
        }
    }
}

TEST(FaultProxy, understands_s3s_operations) {
    const auto name = [](const char* head) { return testing::understand(head).operation; };
    EXPECT_EQ(name("PUT /b/k HTTP/1.1\r\n"), "PutObject");
    EXPECT_EQ(name("PUT /b/k?partNumber=3&uploadId=x HTTP/1.1\r\n"), "UploadPart");
    EXPECT_EQ(testing::understand("PUT /b/k?partNumber=3&uploadId=x HTTP/1.1\r\nContent-Length: 77\r\n").part, 3U);
    EXPECT_EQ(testing::understand("PUT /b/k?partNumber=3&uploadId=x HTTP/1.1\r\nContent-Length: 77\r\n").body_bytes, 77U);
    EXPECT_EQ(name("POST /b/k?uploads= HTTP/1.1\r\n"), "CreateMultipartUpload");
    EXPECT_EQ(name("POST /b/k?uploadId=x HTTP/1.1\r\n"), "CompleteMultipartUpload");
    EXPECT_EQ(name("DELETE /b/k?uploadId=x HTTP/1.1\r\n"), "AbortMultipartUpload");
    EXPECT_EQ(name("GET /b?uploads=&prefix=x HTTP/1.1\r\n"), "ListMultipartUploads");
    EXPECT_EQ(name("GET /b/k?max-parts=2&uploadId=x HTTP/1.1\r\n"), "ListParts");
}

}  // namespace
}  // namespace streamforge::storage
